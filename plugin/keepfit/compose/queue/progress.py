"""How far a queue is answered: by why rows were selected, and by slice."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from keepfit.records.labels import Queue, QueueRow, Selected


@dataclass(frozen=True, kw_only=True)
class AnsweredRows:
    """Of how many rows how many have an answer."""

    rows: int
    answered: int

    @property
    def missing(self) -> int:
        """How many still wait."""
        return self.rows - self.answered


@dataclass(frozen=True, kw_only=True)
class QueueProgress:
    """A queue and how many of its rows are answered, in all, by why they were selected and by slice; `ties` are rows on which people disagree."""

    name: str
    made_at: datetime
    strategy: str
    ticket: str
    total: AnsweredRows
    selected: Mapping[Selected, AnsweredRows]
    slices: Mapping[str, AnsweredRows]
    ties: tuple[str, ...] = field(default=())

    @property
    def is_open(self) -> bool:
        """Whether a row waits for its answer."""
        return self.total.missing > 0


def progress_of(queue: Queue, *, labelled: Collection[str], tied: Collection[str]) -> QueueProgress:
    """Return how far a queue is answered; `labelled` are the ids that people have labelled, `tied` those on which they disagree.

    A row is answered whichever file its label came in: what counts is that nobody has to be asked any more.
    """
    return QueueProgress(
        name=queue.name,
        made_at=queue.made_at,
        strategy=queue.strategy,
        ticket=queue.ticket,
        total=_counted(queue.rows, labelled),
        selected={kind: _counted([row for row in queue.rows if row.selected == kind], labelled) for kind in sorted({row.selected for row in queue.rows})},
        slices=_by_slice(queue.rows, labelled),
        ties=tuple(row.row for row in queue.rows if row.row in tied),
    )


def _counted(rows: Collection[QueueRow], labelled: Collection[str]) -> AnsweredRows:
    return AnsweredRows(rows=len(rows), answered=sum(row.row in labelled for row in rows))


def _by_slice(rows: Iterable[QueueRow], labelled: Collection[str]) -> dict[str, AnsweredRows]:
    """The slices with most rows missing first."""
    all_rows, answered = Counter[str](), Counter[str]()
    for row in rows:
        names = {*row.slices, *([row.slice] if row.slice else [])}
        all_rows.update(names)
        answered.update(names if row.row in labelled else ())
    found = {name: AnsweredRows(rows=n, answered=answered[name]) for name, n in all_rows.items()}
    return dict(sorted(found.items(), key=lambda one: (-one[1].missing, one[0])))
