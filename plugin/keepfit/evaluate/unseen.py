"""Whether the rows on which models are compared are known to have trained none of them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime

from keepfit.records import Unseen


def unseen_rows(first: datetime | None, trained_until: Iterable[datetime | None]) -> Unseen:
    """Return `known` where the first row is later than the last training row of every model, `unknown` where it is not, or one of these times is not known.

    >>> unseen_rows(datetime(2026, 2, 1), [datetime(2026, 1, 31), datetime(2026, 1, 1)])
    'known'
    >>> unseen_rows(datetime(2026, 2, 1), [datetime(2026, 1, 31), None])
    'unknown'
    """
    ends = list(trained_until)
    if first is None or not ends:
        return "unknown"
    return "known" if all(end is not None and _naive(end) < _naive(first) for end in ends) else "unknown"


def _naive(at: datetime) -> datetime:
    """A time without a zone, as tables have it; one with a zone in UTC."""
    return at if at.tzinfo is None else at.astimezone(UTC).replace(tzinfo=None)
