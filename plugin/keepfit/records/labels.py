"""Records of people's labels: a queue of rows that people are asked about, and what they answered.

A queue lies in `.keepfit/queues/NAME.json`, answers in the reviewed `labels/NAME.csv` (`tables/label_file.py`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from datetime import datetime
from typing import Final, Literal, get_args

from keepfit.records.form import record

LabelOrigin = Literal["gold", "annotator", "source", "proxy", "weak"]
"""Who says a label, the best first: what experts agreed on, one who was asked, the data's own labels, what stands in for a label, a rule of thumb."""
Selected = Literal["random", "active", "ticket"]
"""Why a row was asked about: drawn from all, chosen by a strategy, or one of a ticket's slice."""
QueueFormat = Literal["csv", "label-studio"]

ORIGINS: Final[tuple[LabelOrigin, ...]] = get_args(LabelOrigin)
CURATED: Final = "curated"
"""What the origin of a label is called that a rule of `curation.yaml` set."""


@record
class QueueRow:
    """A row that people are asked about: its `probability` of having been selected, at or below 1, and the label it had then (None: none).

    `slice` is the slice that it was drawn for (a ticket's, or one that was named); `score` what the strategy ranked it by; `slices` are the slices that
    it is of.
    """

    row: str
    window: str = ""
    selected: Selected
    probability: float | None = None
    score: float | None = None
    slice: str = ""
    label: str | None = None
    slices: tuple[str, ...] = ()


@record
class Queue:
    """Rows that people are asked about, in the order in which they are shown.

    `classes` are the answers that are allowed (none: a number). `model` and `version` are of the champion that scored them (version None: there was none),
    `ticket` the id of the ticket that asked. The probabilities are of the `population`: rows of the `windows` without a label (or any, where `labelled`)
    that no open queue asked about. `random_share` of the queue were drawn by chance alone; where that is 0, `reason` says why.
    """

    schema: int = 1
    name: str
    made_at: datetime
    strategy: str
    seed: int
    format: QueueFormat
    model: str
    version: str | None = None
    classes: tuple[str, ...] = ()
    ticket: str = ""
    slice: str = ""
    rows: tuple[QueueRow, ...] = field(default=())
    windows: tuple[str, ...] = ()
    population: int | None = None
    labelled: bool = False
    random_share: float | None = None
    reason: str = ""


@record
class Label:
    """What is known of a row's label from `known_at` (UTC) on. `row` is its id, `label` the value as people write it.

    `selected` says how a queue chose the row (None: no queue did), with its `probability`.
    """

    row: str
    label: str
    origin: LabelOrigin
    annotator: str = ""
    known_at: datetime
    queue: str = ""
    selected: Selected | None = None
    probability: float | None = None

    @property
    def judges(self) -> bool:
        """Whether its row may judge a model: one that was chosen for what a model said of it, or for its slice, is not like the others.

        >>> said = Label(row="7", label="yes", origin="annotator", known_at=datetime(2026, 1, 1), selected="active")
        >>> said.judges
        False
        """
        return self.selected is None or self.by_chance

    @property
    def by_chance(self) -> bool:
        """Whether a queue drew its row by chance alone, out of all."""
        return self.selected == "random"


@record
class LabelCount:
    """How many rows that train, and that judge, have labels of an origin; `chosen` are left out of judging, as they were chosen to be asked about."""

    origin: LabelOrigin | Literal["curated"]
    train: int
    judge: int
    chosen: int = 0


@record
class Tie:
    """A row on which people disagree and no label has the most votes: what each of them answered, by annotator."""

    row: str
    answers: Mapping[str, str]
    queue: str = ""


@record
class Ties:
    """The ties of one import, as they are kept."""

    schema: int = 1
    ties: tuple[Tie, ...]


@record
class Agreement:
    """How far people agree beyond chance on the `rows` that at least two of the `annotators` answered; `value` None: undefined, as all gave one label."""

    measure: Literal["Cohen's kappa", "Fleiss' kappa"]
    value: float | None
    rows: int
    annotators: int


@record
class RefusedAnswer:
    """An answer that is no label: where it stands in the file, the id that it names, and why."""

    place: str
    row: str
    why: str


@record
class LabelImport:
    """What an import made of a file. `file` is what was written (None: nothing, as something was refused or all was known), `taken` the labels in it.

    `known` are labels that the project had, `empty` answers that say nothing, `repeated` the same answers twice, `ties` rows that are asked about again.
    `changed` are rows of `taken` that had another label of people: the newer one counts.
    """

    schema: int = 1
    source: str
    file: str | None = None
    taken: int = 0
    known: int = 0
    changed: int = 0
    empty: int = 0
    repeated: int = 0
    refused: tuple[RefusedAnswer, ...] = ()
    ties: tuple[Tie, ...] = ()
    agreement: Agreement | None = None
    remarks: tuple[str, ...] = ()
