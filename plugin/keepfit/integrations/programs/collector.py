"""Garbage in a short process: searched for rarely while it runs, and not at all when it ends."""

from __future__ import annotations

import atexit
import gc

OBJECTS = 1_000_000  # between two collections of the youngest; the libraries of all stages together make 700,000 that last


def collect_rarely() -> None:
    """Let imports make their hundreds of thousands of lasting objects without searching them for garbage, also at the end.

    With Great Expectations loaded the interpreter's last searches took a second of CPU, as much as importing it.
    """
    gc.set_threshold(OBJECTS, 10, 10)
    atexit.register(gc.freeze)
