"""Where Arrow takes its memory from, in a process that streams tables of millions of rows."""

from __future__ import annotations

import os
import sys

CHOSEN = "ARROW_DEFAULT_MEMORY_POOL"
"""Arrow's own variable: whoever sets it has chosen."""


def from_the_system() -> None:
    """Take Arrow's memory from the C library instead of the allocator that pyarrow brings (mimalloc), which has the kernel clear its pages again and again.

    Before pyarrow is imported it is for all of Arrow, afterwards for what is asked of it from Python; child processes choose for themselves.
    """
    if CHOSEN in os.environ:
        return
    late = "pyarrow" in sys.modules
    os.environ[CHOSEN] = "system"
    try:
        import pyarrow as pa

        if late:
            pa.set_memory_pool(pa.system_memory_pool())
        pa.default_memory_pool()
    finally:
        del os.environ[CHOSEN]


def give_back() -> None:
    """Return to the system what Arrow and the C library keep of freed memory."""
    import pyarrow as pa

    pa.default_memory_pool().release_unused()
