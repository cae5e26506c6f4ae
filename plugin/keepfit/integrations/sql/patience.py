"""How long keepfit waits for a database: to be let in, for a lock, and for the rows of one query."""

from __future__ import annotations

import time
from dataclasses import dataclass

CONNECT_SECONDS, LOCK_SECONDS = 10, 30


@dataclass
class Patience:
    """So many seconds for each query, from `begin` on."""

    seconds: int
    _until: float = 0.0

    def begin(self) -> None:
        """A query begins."""
        self._until = time.monotonic() + self.seconds

    @property
    def is_over(self) -> bool:
        """Whether the query that began takes too long."""
        return time.monotonic() > self._until > 0

    @property
    def for_locks(self) -> int:
        """Seconds to wait for another program's lock."""
        return min(LOCK_SECONDS, self.seconds)
