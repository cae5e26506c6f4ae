"""What a run of the worker did."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, kw_only=True)
class Delivered:
    """Deliveries `taken`, attempts that `failed`, given up (`dead`), `dropped`; how many are still `open`, and when (UTC) the next of them is due."""

    taken: int = 0
    failed: int = 0
    dead: int = 0
    dropped: int = 0
    open: int = 0
    next_due: datetime | None = None
    troubles: tuple[str, ...] = ()

    def __add__(self, other: Delivered) -> Delivered:
        """Return what both did."""
        dues = [due for due in (self.next_due, other.next_due) if due is not None]
        return Delivered(
            taken=self.taken + other.taken,
            failed=self.failed + other.failed,
            dead=self.dead + other.dead,
            dropped=self.dropped + other.dropped,
            open=self.open + other.open,
            next_due=min(dues, default=None),
            troubles=(*self.troubles, *other.troubles),
        )

    @property
    def exit_code(self) -> int:
        """3 where a message was given up, for a person to look at; else 0: what waits is tried again."""
        return 3 if self.dead else 0
