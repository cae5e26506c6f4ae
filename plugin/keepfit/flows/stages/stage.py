"""How a short process runs a flow: an error is one sentence on stderr and an exit code; garbage is collected rarely."""

from __future__ import annotations

import gc
import sys
from collections.abc import Callable

from keepfit.errors import KeepfitError

OBJECTS = 500_000  # between two collections of the youngest


def collect_rarely() -> None:
    """Let imports make their hundreds of thousands of lasting objects without searching them for garbage.

    A quarter of what importing Great Expectations, MLflow and scikit-learn costs, which is most of what a short command costs.
    """
    gc.set_threshold(OBJECTS, 10, 10)


def run_stage(flow: Callable[[], object]) -> None:
    """Call the flow; a `KeepfitError` ends the process with its sentence and exit code, anything else with its traceback."""
    collect_rarely()
    try:
        flow()
    except KeepfitError as error:
        sys.stderr.write(f"keepfit: {error}\n")
        sys.exit(error.exit_code)
