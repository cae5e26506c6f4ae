"""Records of what a model learns from: the training rows by class and slice, samples, and what the model relies on."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from keepfit.records.data import Composition
from keepfit.records.data_diff import DataDiff, LabelSpread
from keepfit.records.form import record
from keepfit.records.words import Basis, Task

ModelSide = Literal["champion", "candidate"]


@record
class ClassRows:
    """Rows of a class, their share of the rows, and of the weights."""

    name: str
    rows: int
    share: float
    weight: float


@record
class SliceRows:
    """Rows of a slice; `classes` are its rows of each class that is shown, `mean` that of a number's labels."""

    name: str
    rows: int
    share: float
    weight: float
    classes: tuple[int, ...] = ()
    mean: float | None = None


@record
class SliceColumn:
    """A slicing column: its commonest values, and how many `others` there are, with their rows."""

    column: str
    slices: tuple[SliceRows, ...]
    others: int = 0
    other_rows: int = 0


@record
class Contents:
    """What is in the training set. `classes`: the commonest first; `shown` are those that slices are told by. `spread`: of a number's labels."""

    rows: int
    labelled: int
    classes: tuple[ClassRows, ...] = ()
    other_classes: int = 0
    shown: tuple[str, ...] = ()
    spread: LabelSpread | None = None
    columns: tuple[SliceColumn, ...] = ()


@record
class Importance:
    """How much worse a model is where a column is shuffled, in the metric (positive: worse), with one-sided bounds."""

    value: float
    low: float
    high: float


@record
class Reliance:
    """What both models rely on of a column; None: that model does not read it, or is not there."""

    column: str
    champion: Importance | None = None
    candidate: Importance | None = None


@record
class ReliancePart:
    """What models rely on within a slice (`overall`: all rows); `values` are the metric as it is. `why`: why nothing was measured."""

    slice: str
    rows: int
    champion: float | None = None
    candidate: float | None = None
    columns: tuple[Reliance, ...] = ()
    unit: str = ""
    clusters: int = 0
    why: str = ""


@record
class Relied:
    """What models rely on, overall and in the worst slice, by a metric; `left_out` columns were not shuffled."""

    metric: str
    greater_is_better: bool
    confidence: float
    repeats: int
    parts: tuple[ReliancePart, ...] = ()
    left_out: int = 0


@record
class SampleRow:
    """A training row as people see it; scores are texts, '' of a model that is not there."""

    id: str
    time: str
    label: str
    champion: str = ""
    candidate: str = ""
    cells: tuple[str, ...] = ()


@record
class Samples:
    """Rows drawn by class; `columns` are what `cells` show, `more_columns` how many are not shown."""

    columns: tuple[str, ...] = ()
    more_columns: int = 0
    rows: tuple[SampleRow, ...] = ()


@record
class SuspectRow:
    """A training row whose label is doubtful: what a model that did not train on it would say `instead`, and how doubtful it is (0 to 1)."""

    row: SampleRow
    instead: str
    score: float


@record
class SuspectRows:
    """The most doubtful labels, the most doubtful first: of the `listed` ones those that are shown, ranked by `method` among the `judged` rows."""

    method: str
    judged: int
    listed: int
    rows: tuple[SuspectRow, ...] = ()


@record
class QueueRows:
    """A queue that people are asked by: how many of its rows are answered, and on how many people disagree."""

    name: str
    made_at: datetime
    strategy: str
    ticket: str = ""
    rows: int
    answered: int
    ties: int = 0


@record
class DataView:
    """All that a page for domain experts says of a training set. `notes` say what could not be shown, and why."""

    schema: int = 1
    model: str
    task: Task
    target: str
    what: str
    basis: Basis
    trained_from: datetime | None
    trained_until: datetime | None
    champion: str = ""
    contents: Contents
    composition: Composition
    champion_composition: Composition | None = None
    relied: Relied | None = None
    samples: Samples
    suspects: SuspectRows | None = None
    queues: tuple[QueueRows, ...] = ()
    diff: DataDiff | None = None
    redacted: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
