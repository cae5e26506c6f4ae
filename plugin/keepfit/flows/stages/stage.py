"""How a short process runs a flow: an error is one sentence on stderr and an exit code; garbage is collected rarely."""

from __future__ import annotations

import gc
import os
import sys
import traceback
from collections.abc import Callable

from keepfit.errors import TRACEBACK, KeepfitError, unforeseen

OBJECTS = 500_000  # between two collections of the youngest


def collect_rarely() -> None:
    """Let imports make their hundreds of thousands of lasting objects without searching them for garbage.

    A quarter of what importing Great Expectations, MLflow and scikit-learn costs, which is most of what a short command costs.
    """
    gc.set_threshold(OBJECTS, 10, 10)


def run_stage(flow: Callable[[], object]) -> None:
    """Call the flow; an error ends the process with its sentence and exit code."""
    collect_rarely()
    try:
        flow()
    except Exception as error:  # noqa: BLE001 - the last resort: nobody is left to whom a traceback says more
        sys.exit(say_error(error))


def say_error(error: Exception) -> int:
    """Write an error's sentence to stderr, and its traceback where `KEEPFIT_TRACEBACK` asks for it; return the exit code."""
    known = error if isinstance(error, KeepfitError) else unforeseen(error)
    if os.environ.get(TRACEBACK):
        traceback.print_exception(error, file=sys.stderr)
    sys.stderr.write(f"keepfit: {known}\n")
    return known.exit_code
