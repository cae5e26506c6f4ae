"""Queues as a person reads them: one line a queue, or one queue with its slices."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from keepfit.compose.queue.progress import AnsweredRows, QueueProgress
from keepfit.report.tables import inline, markdown_table

HEADERS = ("queue", "made", "strategy", "ticket", "rows", "answered", "waiting", "ties", "most waiting in")
SLICES, TIES = 12, 5


def status_table(queues: Sequence[QueueProgress]) -> str:
    """Return one line a queue."""
    return markdown_table(HEADERS, [_line(one) for one in queues])


def status_report(one: QueueProgress) -> str:
    """Return a queue by why its rows were selected and by slice."""
    counts = [("all", one.total), *one.selected.items()]
    parts = [
        f"**queue {inline(one.name)}: {one.total.answered:,} of {one.total.rows:,} rows answered**",
        markdown_table(("selected", "rows", "answered", "waiting"), [(name, *_counts(found)) for name, found in counts]),
    ]
    if one.slices:
        more = len(one.slices) - SLICES
        table = markdown_table(("slice", "rows", "answered", "waiting"), [(name, *_counts(found)) for name, found in list(one.slices.items())[:SLICES]])
        parts.append(table + (f"… and {more} more slices\n" if more > 0 else ""))
    if one.ties:
        shown = ", ".join(map(inline, one.ties[:TIES]))
        parts.append(f"people disagree on {len(one.ties):,} rows, which the next export asks about again: {shown}{' …' if len(one.ties) > TIES else ''}")
    return "\n\n".join(part.rstrip("\n") for part in parts) + "\n"


def status_data(one: QueueProgress) -> dict[str, Any]:
    """Return a queue's progress as plain values."""
    return {
        "queue": one.name,
        "made_at": one.made_at.isoformat(),
        "strategy": one.strategy,
        "ticket": one.ticket,
        "open": one.is_open,
        **_data(one.total),
        "by_selection": {name: _data(found) for name, found in one.selected.items()},
        "by_slice": {name: _data(found) for name, found in one.slices.items()},
        "ties": list(one.ties),
    }


def _line(one: QueueProgress) -> tuple[object, ...]:
    worst = [name for name, found in one.slices.items() if found.missing][:2]
    made = f"{one.made_at:%Y-%m-%d %H:%M}"
    return (one.name, made, one.strategy, one.ticket or None, *_counts(one.total), len(one.ties) or None, ", ".join(worst) or None)


def _counts(found: AnsweredRows) -> tuple[int, int, int]:
    return found.rows, found.answered, found.missing


def _data(found: AnsweredRows) -> dict[str, int]:
    return {"rows": found.rows, "answered": found.answered, "waiting": found.missing}
