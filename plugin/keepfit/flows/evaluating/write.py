"""What an evaluation leaves: `evaluation.json` (of which bytes, on which rows), `scorecard.json`, and SCORECARD.md for people."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from keepfit.errors import ProjectError
from keepfit.records import Evaluation, Scorecard, to_json
from keepfit.report.version_page import failing_rows, open_rows, passed
from keepfit.slices.past_entries import incident_slice

if TYPE_CHECKING:
    import pyarrow as pa

    from keepfit.evaluate.compare import Comparison
    from keepfit.evaluate.labelled_table import EvaluationQuestion
    from keepfit.flows.evaluating.beside import Judged

FOLDER = "keepfit-evaluation"
EVALUATION, SCORECARD, PAGE = "evaluation.json", "scorecard.json", "SCORECARD.md"
PASSES, FAILED, UNDECIDED = 0, 3, 4


@dataclass(frozen=True, kw_only=True)
class NamedRows:
    """Rows with what they are called, where they lie, and the digest of the file or files that hold them."""

    name: str
    place: str
    digest: str
    table: pa.Table


@dataclass(frozen=True, kw_only=True)
class Writing:
    """What is known besides the scores: what was asked, the rows, the rules' digest and place, and where to write."""

    asked: EvaluationQuestion
    rows: NamedRows
    trained_on: tuple[str, ...] = ()
    rules: str
    place: str
    out: Path | None
    also: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Evaluated:
    """What was found, and the folder in which it lies."""

    evaluation: Evaluation
    card: Scorecard
    page: str
    out: Path

    @property
    def exit_code(self) -> int:
        """0 nothing speaks against the version, 3 something does, 4 only rows that too few labels leave undecided."""
        if passed(self.card):
            return UNDECIDED if open_rows(self.card) else PASSES
        return UNDECIDED if all(row.status == "undecided" for row in failing_rows(self.card)) else FAILED


def write(found: Judged, card: Scorecard, comparisons: Sequence[Comparison], how: Writing) -> Evaluated:
    """Write the three files; raises `ProjectError` for a place that cannot be written."""
    from keepfit.evaluate.confusions import ByClass
    from keepfit.report.behaviour import behaviour_section
    from keepfit.report.evaluation import evaluation_markdown
    from keepfit.stats.known_metric import metric_named

    version = found.challenger.version
    out = how.out or Path(FOLDER) / f"{re.sub(r'[^A-Za-z0-9._-]+', '-', version.model)}-v{version.number}"
    scorecard = to_json(card)
    evaluation = Evaluation(
        model=version.model,
        version=version.number,
        model_id=version.model_id,
        model_digest=found.challenger.digest,
        table=how.rows.place,
        target=how.asked.target,
        data={how.rows.name: how.rows.digest, **{incident_slice(name): digest for name, digest in how.also.items()}},
        asked=said_of(how.asked) | ({"trained_on": ", ".join(how.trained_on)} if how.trained_on else {}),
        rules=how.rules,
        place=how.place,
        scorecard="sha256:" + hashlib.sha256(scorecard.encode()).hexdigest(),
        notes=found.notes,
        suites=found.suites,
    )
    by_class = ByClass.of(found.rows, found.params.model.classes, metric=metric_named(card.metric, where="--metric"))
    page = evaluation_markdown(evaluation, card, comparisons, by_class, sections=behaviour_section(found.tested))
    try:
        out.mkdir(parents=True, exist_ok=True)
        for name, text in ((EVALUATION, to_json(evaluation)), (SCORECARD, scorecard), (PAGE, page)):
            (out / name).write_text(text, encoding="utf-8")
    except (FileExistsError, NotADirectoryError, PermissionError) as bad:
        raise ProjectError(f"the evaluation cannot be written: {bad.strerror}", where=str(out), fix="--out FOLDER") from bad
    return Evaluated(evaluation=evaluation, card=card, page=page, out=out)


def said_of(asked: EvaluationQuestion) -> dict[str, str]:
    """Return what was said of the table, as texts by option; what was not said is not there."""
    listed = {name: ",".join(value) if isinstance(value, tuple) else value for name, value in vars(asked).items() if name != "target"}
    return {name: value for name, value in listed.items() if value}
