"""Records of the quality of rows: what was found wrong with them, and which labels are the most doubtful."""

from __future__ import annotations

from typing import Literal

from keepfit.records.form import record
from keepfit.records.words import Severity

QualityKind = Literal["duplicates", "near_duplicates", "conflicts", "label_errors", "leaks", "contamination", "constants"]
QualityAction = Literal["quarantine", "report"]


@record
class DoubtfulRow:
    """One row of a finding; `beside` is the row that it repeats or contradicts, `detail` what is odd about it."""

    row: str
    beside: str | None = None
    detail: str = ""


@record
class QualityFinding:
    """One thing that is wrong, in a sentence: `rows` of the `of` rows that were looked at, of which `examples` are a few. `column` is the one concerned."""

    kind: QualityKind
    severity: Severity
    sentence: str
    rows: int
    of: int
    column: str | None = None
    examples: tuple[DoubtfulRow, ...] = ()


@record
class Suspect:
    """A row whose label is doubtful: `score` (0 to 1, higher is more doubtful) ranks it, `label` is what it has, `instead` what the model would say."""

    row: str
    kind: QualityKind
    score: float
    label: str
    instead: str = ""


@record
class Suspects:
    """The most doubtful labels, the most doubtful first. A ranking, no verdict: `keepfit label export --from quality` asks people about these rows.

    `judged` rows were ranked, by `method`, out of `folds` folds, with `evidence` columns beside the features. `expected_recall` is which share of wrong labels
    this list holds if 3 % are wrong and the probabilities are right (None: of a regression nothing of the kind is known). `witnesses` are columns that are
    no features and tell the target by themselves: as evidence they would find more.
    """

    schema: int = 1
    source: str
    target: str
    method: str
    folds: int
    seed: int
    judged: int
    rows: tuple[Suspect, ...]
    evidence: tuple[str, ...] = ()
    witnesses: tuple[str, ...] = ()
    expected_recall: float | None = None


@record
class QualityReport:
    """All that was found in a table or a training set; `skipped` are checks that were not made, each with why."""

    schema: int = 1
    source: str
    rows: int
    labelled: int
    findings: tuple[QualityFinding, ...]
    skipped: tuple[str, ...] = ()
    suspects: Suspects | None = None


@record
class QualityOutcome:
    """What composing did about one kind: `rows` that may train were found, of which `left_out` do not."""

    kind: QualityKind
    action: QualityAction
    rows: int
    left_out: int
    examples: tuple[DoubtfulRow, ...] = ()
