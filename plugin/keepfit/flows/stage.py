"""How a stage script runs its flow: an error is one sentence on stderr and an exit code, as on the command line."""

from __future__ import annotations

import sys
from collections.abc import Callable

from keepfit.errors import KeepfitError


def run_stage(flow: Callable[[], object]) -> None:
    """Call the flow; a `KeepfitError` ends the process with its sentence and exit code, anything else with its traceback."""
    try:
        flow()
    except KeepfitError as error:
        sys.stderr.write(f"keepfit: {error}\n")
        sys.exit(error.exit_code)
