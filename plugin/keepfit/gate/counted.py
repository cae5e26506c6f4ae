"""How many models the same frozen rows have judged, as the journal counts them.

Each model that is held against rows is announced to the server, which writes it down (`evaluated`): at its registration, and before its certificate is
uploaded. The same model on the same rows counts once, whenever it is evaluated again.

Blind to evaluations that were announced to nobody (on a laptop, never registered), and to rows that differ by one row or label: those are counted by
themselves. The gain on rows that no rule saw (`Scorecard.confirmation`) shows what was picked by luck all the same.

>>> known = (Attempt(rows="a", model="m1"), Attempt(rows="b", model="m1"), Attempt(rows="a", model="m2"))
>>> place(known, rows="a", model="m2"), place(known, rows="a", model="m3"), place(known, rows="c", model="m3")
(2, 3, 1)
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from keepfit.records import Attempt, JournalRow

ROWS, MODEL, UNTIL = "judged_rows", "judged_model", "judged_until"  # in an evaluated row's detail


def counted_attempts(rows: Iterable[JournalRow]) -> tuple[Attempt, ...]:
    """Return the attempts that a model's journal rows count, each once, in their order."""
    found: dict[tuple[str, str], Attempt] = {}
    for row in rows:
        if row.kind == "evaluated" and ROWS in row.detail and MODEL in row.detail:
            found.setdefault((row.detail[ROWS], row.detail[MODEL]), _attempt(row))
    return tuple(found.values())


def place(known: Sequence[Attempt], *, rows: str, model: str) -> int:
    """Return which model on these rows this one is (1, 2, …): where it is counted, else after all that are."""
    models = list(dict.fromkeys(one.model for one in known if one.rows == rows))
    return models.index(model) + 1 if model in models else len(models) + 1


def _attempt(row: JournalRow) -> Attempt:
    until = row.detail.get(UNTIL)
    return Attempt(rows=row.detail[ROWS], model=row.detail[MODEL], until=None if until is None else datetime.fromisoformat(until))
