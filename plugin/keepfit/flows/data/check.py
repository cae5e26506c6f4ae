"""`keepfit data check`: what is wrong with the rows that train, or with a table; with `suspects` which labels are the most doubtful."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from keepfit.errors import KeepfitError, ProjectError
from keepfit.records import to_json
from keepfit.records.quality import QualityFinding, QualityReport, Suspects

if TYPE_CHECKING:
    import numpy as np

    from keepfit.compose.quality.checked_rows import CheckedRows
    from keepfit.compose.quality.folds import OutOfFold
    from keepfit.expect.checked_table import TableQuestion
    from keepfit.flows.project import Project
    from keepfit.params import Params

Say = Callable[[str], None]
SUSPECTS = "suspects.json"
COMPOSED = Path("build/compose")
PARTS = ("train", "evaluate", "holdout")


@dataclass(frozen=True, kw_only=True)
class SuspectsAsked:
    """How doubtful labels are looked for: out of how many folds of rows or days, with which columns as evidence, ranked by what, and which share is listed."""

    evidence: tuple[str, ...] = ()
    share: float = 0.05
    folds: int = 5
    seed: int = 0
    by: Literal["rows", "day"] = "rows"
    rank: Literal["confidence", "cleanlab"] = "confidence"


def check_project(project: Project, asked: SuspectsAsked | None, *, say: Say) -> QualityReport:
    """Check the composed training set, and keep the suspects in `.keepfit/suspects.json`; raises `ProjectError` where nothing is composed yet."""
    from keepfit.compose.quality.checked_rows import CheckedRows
    from keepfit.integrations.tables import read_table

    folder = project.root / COMPOSED
    if not (folder / "train.parquet").is_file():
        raise ProjectError("there is no training set yet", where=str(COMPOSED), fix="dvc repro compose, or name a table: keepfit data check TABLE --target …")
    parts = {name: read_table(folder / f"{name}.parquet") for name in PARTS if (folder / f"{name}.parquet").is_file()}
    repo = project.repo if project.params.train.command is not None else None
    report = _report(CheckedRows.of(parts, project.params), asked, source=str(COMPOSED), repo=repo, say=say)
    if report.suspects is not None:
        project.state.mkdir(exist_ok=True)
        (project.state / SUSPECTS).write_text(to_json(report.suspects), encoding="utf-8")
    return report


def check_table(path: Path, question: TableQuestion, asked: SuspectsAsked | None, *, against: Path | None = None, say: Say) -> QualityReport:
    """Check a CSV or Parquet file by itself; the rows of `against`, if that is given, are those that judge."""
    from keepfit.compose.quality.checked_rows import CheckedRows
    from keepfit.expect.checked_table import params_of
    from keepfit.integrations.tables import read_table
    from keepfit.tables.union import stacked

    tables = {"train": read_table(path)} | ({} if against is None else {"judge": read_table(against)})
    rows, params = params_of(stacked(list(tables.values()), where=str(path)), question, evidence=asked.evidence if asked else ())
    first = tables["train"].num_rows
    parts = {"train": rows.slice(0, first)} | ({} if against is None else {"judge": rows.slice(first)})
    return _report(CheckedRows.of(parts, params), asked, source=path.name, repo=None, say=say)


def _report(rows: CheckedRows, asked: SuspectsAsked | None, *, source: str, repo: Path | None, say: Say) -> QualityReport:
    from keepfit.compose.quality.checked_rows import suspicion
    from keepfit.expect.leaks import leaks

    places, frame = rows.labelled()
    found = [*rows.findings(), *leaks(frame, rows.params.data.inputs, rows.label[places], classes=rows.classes)]
    report = QualityReport(source=source, rows=len(rows.train_places), labelled=len(places), findings=tuple(found))
    if asked is None:
        return report
    try:
        suspects = _suspects(rows, asked, source=source, repo=repo, say=say)
    except KeepfitError as bad:
        if bad.where == "--evidence":
            raise
        return replace(report, skipped=(f"label_errors: {bad.what}",))
    finding: QualityFinding = suspicion(suspects.rows, suspects.judged, suspects.expected_recall, suspects.method)
    return replace(report, findings=(*report.findings, *([finding] if suspects.rows else [])), suspects=suspects)


def _suspects(rows: CheckedRows, asked: SuspectsAsked, *, source: str, repo: Path | None, say: Say) -> Suspects:
    from keepfit.expect.checked_table import with_evidence
    from keepfit.expect.leaks import witnesses

    params = with_evidence(rows.params, rows.table, asked.evidence)
    places, judged = out_of_fold(rows, params, asked, repo=repo, say=say)
    doubt = _by_cleanlab(rows, judged) if asked.rank == "cleanlab" else None
    told = [name for name in rows.beside_features() if name not in asked.evidence]
    estimator = (params.train.command or params.train.estimator or "").rpartition(".")[2]
    return Suspects(
        source=source,
        target=params.model.target,
        method=f"{estimator} out of {len(judged.folds)} folds of {asked.by}" + (", ranked by cleanlab" if doubt is not None else ""),
        folds=len(judged.folds),
        seed=asked.seed,
        judged=rows.judged(judged),
        rows=tuple(rows.suspects(places, judged, share=asked.share, doubt=doubt)),
        evidence=asked.evidence,
        witnesses=witnesses(rows.labelled()[1], told, judged.label, classes=rows.classes),
        expected_recall=rows.recall(judged, asked.share),
    )


def out_of_fold(rows: CheckedRows, params: Params, asked: SuspectsAsked, *, repo: Path | None, say: Say) -> tuple[np.ndarray, OutOfFold]:
    """Return the rows that have a label, and the scores of each by the project's own estimator trained on the other folds."""
    from keepfit.compose.quality.folds import OutOfFold, dealt
    from keepfit.flows.models.scoring import open_scorer
    from keepfit.flows.models.training import train_once

    places, frame = rows.labelled()
    label = rows.label[places]
    fold = dealt(rows.groups(places, asked.by), folds=asked.folds, seed=asked.seed, label=None if rows.numbers else label)
    judged = OutOfFold(fold, label, classes=rows.classes if params.model.many else 0)
    with tempfile.TemporaryDirectory(prefix="keepfit-check-") as folder:
        for at, one in enumerate(judged.folds, 1):
            learn, held = frame[judged.learns(one)], frame[judged.held(one)]
            say(f"training {at} of {len(judged.folds)}, on {len(learn):,} rows")
            out = Path(folder) / "model"
            train_once(params, learn.reset_index(drop=True), out, repo=repo, profile=False)
            answer = open_scorer(out, params.train, repo).answer(held.reset_index(drop=True)).told_as(params.model.class_names)
            judged.put(one, answer.scores, numbers=rows.numbers)
    return places, judged


def _by_cleanlab(rows: CheckedRows, judged: OutOfFold) -> np.ndarray:
    from keepfit.integrations.cleanlab import doubtfulness

    return doubtfulness(judged.scores, judged.label, numbers=rows.numbers)
