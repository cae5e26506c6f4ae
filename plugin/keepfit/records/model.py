"""Records of a model: what it is, which champion is pinned, and its scorecard."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import field, replace
from datetime import datetime
from typing import Annotated, Any, Literal

from keepfit.records import form
from keepfit.records.attempts import Attempt, Confirmation
from keepfit.records.data import ExpectationOutcome, Reference
from keepfit.records.form import record, writes_record
from keepfit.records.impact import Impact
from keepfit.records.time_features import TimeFeatures
from keepfit.records.words import BESIDE, Basis, RowBasis, Status, Task, Undecided, Unseen, ValueForm


@record
class ModelMeta:
    """What keepfit knows of a trained model; lies as `meta.json` in train's out beside the estimator.

    `classes` are the target's values as text, the one that counts as 1 last. `answers`: what a classifier that keepfit did not build was
    seen to answer on its training rows; None (left out of the JSON) is not known. `values` says what each feature's values are
    (`tables/values.py`); none are known of a model that was trained before they were kept. `made_from` are digests of the recipe and the rows that
    made it: a retraining that would be the same model need not be done. `time_features` are those of the features that are derived from a time.
    `many`: it tells between all of its classes, three or more, and answers a probability for each, in their order; without it, `classes` may hold several
    words that count as 0.
    """

    schema: int = 1
    model: str
    task: Task
    target: str
    features: Mapping[str, Literal["numeric", "categorical", "text"]]
    flavor: Literal["sklearn", "mlflow", "command"]
    estimator: str
    classes: tuple[str, ...] = ()
    rows: int
    trained_from: datetime | None
    trained_until: datetime | None
    answers: Literal["probabilities", "labels"] | None = None
    values: Mapping[str, ValueForm] = field(default_factory=dict)
    made_from: str = ""
    time_features: TimeFeatures | None = None
    many: bool = False

    @writes_record
    def _as_before(self, write: Callable[[object], dict[str, Any]]) -> dict[str, Any]:
        """Metas without the fields that came later keep the bytes, and with them the digests, that they had before there were such fields."""
        said: dict[str, Any] = write(self)
        return {name: value for name, value in said.items() if name not in ("answers", "values", "made_from", "time_features", "many") or value}


@record
class Adopted:
    """What is known of a champion that keepfit did not train: its meta, and its reference profile, from rows that a person named."""

    schema: int = 1
    meta: ModelMeta
    reference: Reference


@record
class Pin:
    """A registered version as a comparison's other side; `value` is its certified primary metric."""

    schema: int = 1
    model: str
    version: str
    digest: str
    model_id: str | None = None
    trained_until: datetime | None
    evaluated_until: datetime | None
    metric: str | None = None
    value: float | None = None


@record
class Baseline:
    """`baseline.json`: what comparisons are made against; `previous` is what served before (rollback).

    `attempts` are the models that the server had counted on rows which may judge again, in its order: a stage asks no server.
    """

    schema: int = 1
    champion: Pin | None = None
    previous: Pin | None = None
    attempts: Annotated[tuple[Attempt, ...], form.LATER] = ()


@record
class ScoreRow:
    """Slice x metric x rule, which is the name of a rule's kind. `difference` is challenger against champion, signed so that positive is better.

    `basis` says on which rows; None: the scorecard's own. Of basis `past` are rows of the permanent holdouts of past windows and of incidents, of
    basis `behaviour` the tests that people declared, of basis `serving` what it takes to serve the model. Of basis `smoke` are a refit's rows: it is
    the challenger, and the model that was judged in its place stands where the champion does. They only refuse what is broken: a rule reads them
    where it says so. `confidence` is that of each end of the interval, None where none was drawn or the row is of before it was kept. `undecided` is
    what the rule says of an undecided outcome; None: what its kind says. `clusters` is how many groups of rows (days …) the interval knows, `design`
    how much larger its variance is for it than that of independent rows; None where rows were taken as independent, or the metric does not say.
    """

    slice: str
    metric: str
    rule: str
    bound: float | None
    champion: float | None
    challenger: float | None
    difference: float | None
    low: float | None
    high: float | None
    p_value: float | None
    n: int
    status: Status
    detail: str = ""
    basis: RowBasis | None = None
    confidence: float | None = None
    undecided: Undecided | None = None
    clusters: int | None = None
    design: float | None = None

    @writes_record
    def _as_before(self, write: Callable[[object], dict[str, Any]]) -> dict[str, str | int | float | None]:
        """Rows that say none of what rows could not say before keep the bytes that they had then; a NaN stays one, and is refused."""
        grown, said = ("basis", "confidence", "undecided", "clusters", "design"), write(self)
        return {name: value for name, value in said.items() if name not in grown or value is not None}


@record
class Shipped:
    """Which bytes a version holds: those that were judged, or their `refit`, the judged recipe fitted once more with the rows that judged it.

    `text` says it in one sentence. `judged_until` and `trained_until` are where the rows end that trained the judged model, and the shipped one.
    """

    schema: int = 1
    refit: bool
    text: str
    judged_until: datetime | None
    trained_until: datetime | None
    notes: tuple[str, ...] = ()


@record
class Scorecard:
    """What evaluate found: the rows, the model expectations' outcomes, and on which data; `shipped` is None where nothing can be refitted.

    `cluster` is what rows that vary together have in common (`day`, `group`), empty where rows were taken as independent. `curated`: how many rows that
    judge, or are held out, people's rules (`curation.yaml`) changed or left out. `judged_digest` is of the rows that judge and their labels, whatever
    they are stored as and whoever scores them; `judged_model` of the files of the model that they judged (a refit's are others). `attempt` is which model
    on these rows it was (1, 2, …), and `confidence` what each end of an interval has at the first attempt: at a later one what must be shown is judged
    at a higher one (`rule_kinds/spending.py`). `confirmation` is the gain on rows that no rule saw. `impact` is what the candidate is
    worth as params price answers; None where they price none. `unseen`: of an evaluation outside a project, whether it is known that
    no judged row trained one of the models; its rows count as later ones either way, and it is said. None: a project composed the rows.
    """

    schema: int = 1
    model: str
    task: Task
    metric: str
    basis: Basis
    champion: Pin | None
    evaluated_from: datetime | None
    evaluated_until: datetime | None
    n: int
    rows: tuple[ScoreRow, ...]
    expectations: tuple[ExpectationOutcome, ...] = ()
    shipped: Shipped | None = None
    cluster: str = ""
    curated: int = 0
    judged_digest: Annotated[str, form.LATER] = ""
    judged_model: Annotated[str, form.LATER] = ""
    attempt: Annotated[int | None, form.LATER] = None
    confidence: Annotated[float | None, form.LATER] = None
    confirmation: Annotated[Confirmation | None, form.LATER] = None
    impact: Annotated[Impact | None, form.LATER] = None
    unseen: Annotated[Unseen | None, form.LATER] = None

    @property
    def judged_rows(self) -> tuple[ScoreRow, ...]:
        """The rows that judge the candidate on the scorecard's own basis."""
        return tuple(row for row in self.rows if row.basis not in BESIDE)

    @property
    def candidate_rows(self) -> tuple[ScoreRow, ...]:
        """All rows that judge the candidate, on whatever basis: those of its refit are left out."""
        return tuple(row for row in self.rows if row.basis != "smoke")

    def rows_of(self, basis: RowBasis) -> tuple[ScoreRow, ...]:
        """The rows that name this basis."""
        return tuple(row for row in self.rows if row.basis == basis)

    @property
    def smoke_rows(self) -> tuple[ScoreRow, ...]:
        """The rows that say whether its refit is broken."""
        return tuple(row for row in self.rows if row.basis == "smoke")


@record
class RefitReport:
    """What the stage refit did (`reports/refit.json`), and the refit's `smoke` rows; none where the candidate was copied."""

    schema: int = 1
    shipped: Shipped
    rows: tuple[ScoreRow, ...] = ()

    def beside(self, card: Scorecard) -> Scorecard:
        """Return the scorecard of the judged model with what is known of the shipped one."""
        return replace(card, rows=(*card.rows, *self.rows), shipped=self.shipped)
