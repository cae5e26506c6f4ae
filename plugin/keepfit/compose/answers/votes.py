"""Several people on one row: the label that most of them give stands, and where none has the most the row is asked about again.

Of numbers the median stands (with an even count, the lower of the two in the middle: a number that somebody gave).
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from keepfit.records.labels import Agreement, Tie
from keepfit.stats.agreement import cohen_kappa, fleiss_kappa

JOINED = "; "


@dataclass(frozen=True, kw_only=True)
class Vote:
    """One person's answer on one row; `dated`: the file says when it was given."""

    place: str
    row: str
    label: str
    annotator: str
    known_at: datetime
    dated: bool
    queue: str = ""


@dataclass(frozen=True, kw_only=True)
class Votes:
    """One vote a row that is decided, by all who gave its label; the rows that are not; and how far people agree (None: no row has two answers)."""

    decided: Sequence[Vote]
    ties: Sequence[Tie]
    agreement: Agreement | None


def counted(votes: Iterable[Vote], *, numbers: bool) -> Votes:
    """Return the votes (one of each person on a row) row by row."""
    by_row: dict[str, list[Vote]] = defaultdict(list)
    for vote in votes:
        by_row[vote.row].append(vote)
    decided, ties = [], []
    for row, found in by_row.items():
        winner = _middle(found) if numbers else _most(found)
        if winner is None:
            ties.append(Tie(row=row, answers={vote.annotator: vote.label for vote in sorted(found, key=lambda vote: vote.annotator)}))
        else:
            decided.append(_by_all_who_say_so(winner, found))
    return Votes(decided=decided, ties=ties, agreement=None if numbers else agreement(by_row.values()))


def _middle(found: Sequence[Vote]) -> str:
    ordered = sorted((vote.label for vote in found), key=float)
    return ordered[(len(ordered) - 1) // 2]


def _most(found: Sequence[Vote]) -> str | None:
    counts = Counter(vote.label for vote in found).most_common(2)
    return None if len(counts) == 2 and counts[0][1] == counts[1][1] else counts[0][0]


def _by_all_who_say_so(label: str, found: Sequence[Vote]) -> Vote:
    """The vote of those who gave this label: known when the last of them answered, as only then it was decided."""
    said = [vote for vote in found if vote.label == label]
    who = JOINED.join(sorted({vote.annotator for vote in said if vote.annotator}))
    return replace(said[0], annotator=who, known_at=max(vote.known_at for vote in found))


def agreement(rows: Iterable[Sequence[Vote]]) -> Agreement | None:
    """Return how far people agree on the rows that at least two of them answered: Cohen's kappa for two people in all, Fleiss' for more."""
    both = [{vote.annotator: vote.label for vote in found} for found in rows if len(found) > 1]
    people = sorted({name for said in both for name in said})
    if not both:
        return None
    if len(people) == 2:
        value = cohen_kappa([said[people[0]] for said in both], [said[people[1]] for said in both])
        return Agreement(measure="Cohen's kappa", value=value, rows=len(both), annotators=2)
    return Agreement(measure="Fleiss' kappa", value=fleiss_kappa([list(said.values()) for said in both]), rows=len(both), annotators=len(people))
