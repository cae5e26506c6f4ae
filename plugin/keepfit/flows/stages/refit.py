"""The stage refit: the recipe that was judged, fitted once more with the rows that judged it; or the judged model as it is."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from keepfit.errors import DataError, ProjectError, TrainError
from keepfit.evaluate.predictions import challenger_scores
from keepfit.evaluate.refit import as_judged, copied, refitted, unchanged
from keepfit.flows.models.scoring import open_scorer
from keepfit.flows.models.training import same_model, train_once
from keepfit.flows.project import Project
from keepfit.flows.stages.compose import DECISION, read_decision, sources_of
from keepfit.records import Composition, RefitReport, Scorecard, from_json, to_json
from keepfit.tables.columns import id_column
from keepfit.tables.judged_scores import FILE, MOST, judged_scores, scores_known
from keepfit.tables.origins import origins
from keepfit.tables.training_rows import with_judged

if TYPE_CHECKING:
    import pandas as pd

    from keepfit.compose.composed import Composed
    from keepfit.integrations.models.answer import Answer

REPORT = "refit.json"


@dataclass(frozen=True, kw_only=True)
class RefitPaths:
    """What the stage reads and writes; `predictions` is evaluate's table of scores."""

    ingest: Path
    validate: Path
    candidate: Path
    predictions: Path
    reports: Path
    out: Path


def run_refit(root: Path, paths: RefitPaths) -> None:
    """Write the model that is shipped to `out` (replaced) and refit.json to `reports`.

    Raises `TrainError` where the training fails: the judged model and its scorecard stay as they are, and nothing is registered.
    """
    project = Project(root)
    judged = from_json(Composition, _left(root, paths.candidate / "composition.json"), where="models/candidate/composition.json")
    card = from_json(Scorecard, _left(root, paths.reports / "scorecard.json"), where="reports/scorecard.json")
    decided = read_decision(project.root / DECISION).get("refit", True) is not False
    why = as_judged(card, wanted=project.params.update.refit, decided=decided)
    shutil.rmtree(root / paths.out, ignore_errors=True)
    if why:
        shutil.copytree(root / paths.candidate, root / paths.out)
    report = RefitReport(shipped=copied(judged, why)) if why else Refitting(project, paths, judged).run()
    (root / paths.reports / REPORT).write_text(to_json(report), encoding="utf-8")


def _left(root: Path, name: Path) -> bytes:
    """What a stage before this one left."""
    try:
        return (root / name).read_bytes()
    except OSError as gone:
        raise ProjectError(f"{name.name} cannot be read: {gone.strerror}", where=str(name), fix="dvc repro, or dvc checkout") from gone


@dataclass(frozen=True)
class Refitting:
    """One refit: what was judged, and where all of it lies."""

    project: Project
    paths: RefitPaths
    judged: Composition

    def run(self) -> RefitReport:
        """Fit once more, keep what the judged model answered to the rows that judged it, and look the refit over."""
        from keepfit.integrations.tables import read_table, write_parquet
        from keepfit.tables.frames import to_frame

        composed, row_id = self._composed(), id_column(self.project.params)
        smoke, predicted = to_frame(composed.evaluate), read_table(self.project.root / self.paths.predictions)
        before = self._ask(self.paths.candidate, smoke)
        classes = self.project.params.model.classes
        ids, answered = predicted["row_id"].to_pylist(), challenger_scores(predicted, classes)
        known = judged_scores(ids, answered, classes=classes)
        rows = to_frame(composed.train)
        self._train(with_judged(rows, scores_known(known, rows[row_id], classes)), composed.composition, held=to_frame(composed.holdout))
        kept = judged_scores([*ids, *smoke[row_id]], [*answered, *before.scores], most=MOST, classes=classes)
        write_parquet(kept, self.project.root / self.paths.out / FILE)
        return self._looked_over(smoke, before, composed.composition)

    def _composed(self) -> Composed:
        """The recipe's rows up to the end of those that judged it."""
        from keepfit.compose.assemble import CompositionRequest, compose
        from keepfit.compose.recipe import recipe_of

        root, params = self.project.root, self.project.params
        sources = sources_of(self.project, root / self.paths.ingest, root / self.paths.validate, root / self.paths.reports)
        return compose(sources, CompositionRequest.refit(self.judged), params, id_column=id_column(params), recipe=recipe_of(params.compose))

    @property
    def _repo(self) -> Path | None:
        return self.project.repo if self.project.params.train.command is not None else None

    def _ask(self, model: Path, rows: pd.DataFrame) -> Answer:
        params = self.project.params
        return open_scorer(self.project.root / model, params.train, self._repo, classes=params.model.classes).answer(rows)

    def _train(self, rows: pd.DataFrame, composition: Composition, *, held: pd.DataFrame) -> None:
        try:
            train_once(self.project.params, rows, self.project.root / self.paths.out, composition, self._repo, held=held)
        except TrainError as bad:
            fix = "; or ship the model that was judged: update.refit: false in params.yaml"
            raise TrainError(f"the refit failed: {bad.what}", where=bad.where, fix=f"{bad.fix or 'mend the training'}{fix}") from bad

    def _looked_over(self, smoke: pd.DataFrame, before: Answer, composition: Composition) -> RefitReport:
        """Hold the refit beside what was judged, on rows that neither has trained on."""
        from keepfit.evaluate.compare import ScoredRows
        from keepfit.evaluate.smoke import smoke_rows, unloadable
        from keepfit.tables.labels import labels
        from keepfit.update.promise import metric_of

        params, metric = self.project.params, metric_of(self.project.params)
        try:
            after = self._ask(self.paths.out, smoke)
        except (DataError, TrainError) as bad:
            return RefitReport(shipped=refitted(self.judged), rows=unloadable(metric, bad.what))
        judged = ScoredRows(y=labels(params, smoke), champion=before.scores, challenger=after.scores)
        judged = judged.in_clusters(origins(params.data, smoke).clusters() if len(smoke) else None)
        same = same_model(self.project.root / self.paths.candidate, self.project.root / self.paths.out)
        notes = unchanged(self.judged, composition, same_files=same, smoke=judged) if params.train.command is not None else ()
        return RefitReport(shipped=refitted(self.judged, notes=notes), rows=smoke_rows(judged, metric, confidence=params.evaluate.confidence))
