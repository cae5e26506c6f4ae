"""Answers held against what was asked: which of them are labels, and why the others are none.

A row that is not known, a label that is no class and a row with two labels of one person are refused by the place where they stand; an empty label
is no answer. Of a row that a queue asked about, the label says how the queue had selected it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cached_property

from keepfit.compose.answers.answer import GivenAnswer, HandedIn, Misread, shown
from keepfit.compose.answers.damaged_ids import meant_id
from keepfit.compose.answers.meant import class_meant, is_empty, number_meant
from keepfit.compose.answers.votes import Vote, Votes, counted
from keepfit.records.labels import Label, LabelOrigin, Queue, QueueRow
from keepfit.tables.spreadsheet import is_formula

SHOWN = 5
CLASSES_SHOWN = 10
SKEW = timedelta(minutes=5)
"""How far another machine's clock may be ahead of ours."""


@dataclass(frozen=True, kw_only=True)
class Asked:
    """What answers are held against.

    `rows` are the ids that exist, among those that are answered, `alike` other ids, of which one may have been meant. `classes` are the allowed labels
    (none: any text, or numbers where `numbers`), `queues` those that asked, the newest first, `only` the one that is answered (None: any). `now` is
    when labels are known that say no time.
    """

    rows: Collection[str]
    classes: Sequence[str]
    numbers: bool
    queues: Sequence[Queue]
    now: datetime
    origin: LabelOrigin = "annotator"
    annotator: str = ""
    only: str | None = None
    alike: Collection[str] = ()

    @cached_property
    def by_row(self) -> Mapping[str, tuple[Queue, QueueRow]]:
        """The newest queue that asked about each row, and what it noted of it."""
        return {row.row: (queue, row) for queue in reversed(self.queues) for row in queue.rows}

    @cached_property
    def by_queue(self) -> Mapping[tuple[str, str], tuple[Queue, QueueRow]]:
        """The same by the queue's name and the row."""
        return {(queue.name, row.row): (queue, row) for queue in self.queues for row in queue.rows}


@dataclass(frozen=True, kw_only=True)
class Accepted:
    """The labels, one a row; what was refused; how many answers were empty, or the same twice; what annotators agree on.

    `queues` are the names of those that asked about rows on which people disagree.
    """

    labels: Sequence[Label]
    refused: Sequence[Misread]
    empty: int
    repeated: int
    votes: Votes
    queues: Mapping[str, str]
    remarks: Sequence[str] = ()


@dataclass
class _Held:
    """Answers as they are taken one by one."""

    asked: Asked
    votes: list[Vote] = field(default_factory=list)
    refused: list[Misread] = field(default_factory=list)
    empty: int = 0
    otherwise: dict[str, str] = field(default_factory=dict)

    def take(self, answer: GivenAnswer) -> None:
        label = self._label(answer)
        if is_empty(answer.label, self.asked.classes):
            self.empty += 1
        elif why := self._stranger(answer) or self._no_label(answer, label):
            self.refused.append(Misread(place=answer.place, row=shown(answer.row), why=why))
        elif label is not None:
            if label != answer.label:
                self.otherwise[answer.label] = label
            self.votes.append(
                Vote(
                    place=answer.place,
                    row=answer.row,
                    label=label,
                    annotator=answer.annotator or self.asked.annotator,
                    known_at=min(answer.known_at or self.asked.now, self.asked.now),
                    dated=answer.known_at is not None,
                    queue=answer.queue,
                )
            )

    def _label(self, answer: GivenAnswer) -> str | None:
        if self.asked.numbers:
            return number_meant(answer.label)
        return class_meant(answer.label, self.asked.classes) if self.asked.classes else answer.label

    def _stranger(self, answer: GivenAnswer) -> str:
        """Why the row is not one that was asked about."""
        if answer.row not in self.asked.rows:
            return "a formula stands in place of the id" if is_formula(answer.row) else f"no row has this id{self._perhaps(answer.row)}"
        if self.asked.only is not None and answer.row not in self.asked.by_row:
            return f"the queue {self.asked.only} did not ask about it"
        return ""

    def _perhaps(self, row: str) -> str:
        """What a spreadsheet may have made the id of; looked up for the first few."""
        if len(self.refused) >= SHOWN:
            return ""
        meant = meant_id(row, self.asked.alike)
        return f": a spreadsheet may have turned {shown(meant)} into it" if meant is not None else ""

    def _no_label(self, answer: GivenAnswer, label: str | None) -> str:
        if answer.known_at is not None and answer.known_at > self.asked.now + SKEW:
            return f"known_at {answer.known_at:%Y-%m-%dT%H:%M:%SZ} is in the future"
        if label is not None:
            return ""
        if is_formula(answer.label):
            return f"the label {shown(answer.label)} is a formula"
        if self.asked.numbers:
            return f"the label {shown(answer.label)} is no number"
        more = f" and {len(self.asked.classes) - CLASSES_SHOWN} more" if len(self.asked.classes) > CLASSES_SHOWN else ""
        return f"the label {shown(answer.label)} is none of {', '.join(map(shown, self.asked.classes[:CLASSES_SHOWN]))}{more}"


def accept(handed: HandedIn, asked: Asked) -> Accepted:
    """Return the labels of what was handed in, and what was refused of it, in the order of the file."""
    held = _Held(asked)
    for answer in handed.answers:
        held.take(answer)
    single, torn, repeated = _one_each(held.votes)
    votes = counted(single, numbers=asked.numbers)
    refused = sorted([*handed.misread, *held.refused, *torn], key=lambda one: _order(one.place))
    otherwise = [f"{shown(text)} as {shown(label)}" for text, label in sorted(held.otherwise.items())]
    more = f" and {len(otherwise) - SHOWN} more" if len(otherwise) > SHOWN else ""
    remarks = [*handed.remarks, *([f"read {', '.join(otherwise[:SHOWN])}{more}"] if otherwise else [])]
    labels = [_labelled(vote, asked) for vote in votes.decided]
    queues = {tie.row: asked.by_row[tie.row][0].name for tie in votes.ties if tie.row in asked.by_row}
    return Accepted(labels=labels, refused=refused, empty=held.empty, repeated=repeated, votes=votes, queues=queues, remarks=remarks)


def _order(place: str) -> tuple[int, str]:
    number = "".join(sign for sign in place.split(",")[0] if sign.isdigit())
    return (int(number) if number else 0, place)


def _one_each(votes: Iterable[Vote]) -> tuple[list[Vote], list[Misread], int]:
    """One vote of each person on each row, those who contradict themselves, and how many votes were the same again.

    Of several answers that say their times the newest stands.
    """
    by_person: dict[tuple[str, str], list[Vote]] = defaultdict(list)
    for vote in votes:
        by_person[vote.row, vote.annotator].append(vote)
    single: list[Vote] = []
    torn: list[Misread] = []
    repeated = 0
    for found in by_person.values():
        newest = max(found, key=lambda vote: vote.known_at)
        said = {vote.label for vote in found if vote.known_at == newest.known_at or not vote.dated}
        if len(said) == 1:
            single.append(newest)
            repeated += len(found) - 1
        else:
            where = ", ".join(vote.place for vote in found[:SHOWN])
            torn += [Misread(place=vote.place, row=shown(vote.row), why=f"two labels for one row ({where})") for vote in found]
    return single, torn, repeated


def _labelled(vote: Vote, asked: Asked) -> Label:
    queue, row = asked.by_queue.get((vote.queue, vote.row), asked.by_row.get(vote.row, (None, None)))
    return Label(
        row=vote.row,
        label=vote.label,
        origin=asked.origin,
        annotator=vote.annotator,
        known_at=vote.known_at,
        queue="" if queue is None else queue.name,
        selected=None if row is None else row.selected,
        probability=None if row is None else row.probability,
    )
