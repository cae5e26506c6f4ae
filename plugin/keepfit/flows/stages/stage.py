"""How a short process runs a flow: an error is one sentence on stderr and an exit code."""

from __future__ import annotations

import os
import sys
import traceback
from collections.abc import Callable

from keepfit.errors import TRACEBACK, KeepfitError, unforeseen
from keepfit.integrations.programs.asking import ask
from keepfit.integrations.programs.collector import collect_rarely


def run_stage(flow: Callable[[], object]) -> None:
    """Call the flow, here or in an interpreter that is warm; an error ends the process with its sentence and exit code."""
    done = ask()
    if done is not None:
        sys.exit(done)
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
