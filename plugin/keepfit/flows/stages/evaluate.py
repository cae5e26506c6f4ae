"""evaluate: challenger and champion on the same rows, by slice and rule; a candidate that fails is a result, not an error."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING

from keepfit.errors import ProjectError, UnknownNameError
from keepfit.flows.models.files_digest import files_digest, folder_bytes
from keepfit.flows.models.scoring import open_scorer
from keepfit.flows.project import Project
from keepfit.flows.rules.behaviour import about_model, behaviour_folder, run_behaviour
from keepfit.flows.stages.past import past_compared
from keepfit.gate.counted import place
from keepfit.integrations.models.scorer import Scorer, is_model
from keepfit.records import Attempt, Composition, Confirmation, ExpectationOutcome, Impact, Pin, RowBasis, Scorecard, ScoreRow, from_json, to_json
from keepfit.rule_kinds.spending import spent
from keepfit.tables.columns import id_column
from keepfit.tables.frames import to_frame
from keepfit.tables.judged_rows import judged_digest, judged_windows, of_windows
from keepfit.tables.labels import labelled_if_any, labels
from keepfit.tables.origins import origins
from keepfit.tables.time_features import DERIVED, in_frame, sliced_by

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa

    from keepfit.evaluate.behaviour.results import BehaviourResult
    from keepfit.evaluate.compare import Comparison, ScoredRows
    from keepfit.evaluate.rules import LaterAttempt
    from keepfit.params import Params

CHALLENGER, CHAMPION = "the challenger", "the champion"
WINDOWS = 3


@dataclass(frozen=True, kw_only=True)
class EvaluatePaths:
    """What evaluate reads (`rows`: the Parquet file of judging rows, those that are held out beside it) and writes; the suites lie where params say."""

    rows: Path
    candidate: Path
    champion: Path
    predictions: Path
    reports: Path

    @property
    def holdout(self) -> Path:
        """The permanent holdouts of all windows: compose leaves them beside the rows that judge."""
        return self.rows.with_name("holdout.parquet")


def run_evaluate(root: Path, paths: EvaluatePaths) -> None:
    """Judge the candidate and write predictions, scorecard.json, SCORECARD.md and metrics.json; raises for what is not a result."""
    from keepfit.evaluate.behaviour.results import outcomes_of
    from keepfit.evaluate.confusions import ByClass
    from keepfit.evaluate.predictions import predictions
    from keepfit.evaluate.scorecard import flat_metrics
    from keepfit.integrations.tables import read_table, write_parquet
    from keepfit.report.behaviour import behaviour_section
    from keepfit.report.forgetting import forgetting_section
    from keepfit.report.scorecard import scorecard_markdown
    from keepfit.update.promise import metric_of

    project = Project(root)
    champion = _champion(project, paths.champion)
    judging = read_table(paths.rows)
    rows = labelled_if_any(project.params, to_frame(judging))
    models = _models(project, paths, first=champion is None)
    judged, labels_of = _scored(project, rows, models)
    comparisons = _compared(project.params, rows, judged, labels_of=labels_of)
    tested = _tested(project, rows, models)
    past = past_compared(project, paths.holdout, rows, None if champion is None else lambda held: _scored(project, held, models)[0])
    beside = (*_beside(project, past.judged, tested, first=champion is None), *_serving(project, rows, paths, models))
    ids = rows[id_column(project.params)]
    known = Attempt(rows=judged_digest(ids.tolist(), judged.y), model=files_digest(paths.candidate))
    again = _again(project, rows, judged, known, labels_of=labels_of)
    card = _scorecard(project, comparisons, beside, paths, judged=judged, again=again)
    card = replace(card, judged_digest=known.rows, judged_model=known.model, confirmation=_confirmation(project, judging, paths, models))
    card = replace(card, expectations=(*card.expectations, *outcomes_of(tested)), impact=_impact(project, rows, judged, paths))
    write_parquet(predictions(ids, judged, project.params.model.classes), paths.predictions)
    paths.reports.mkdir(parents=True, exist_ok=True)
    by_class = ByClass.of(judged, project.params.model.classes, metric=metric_of(project.params))
    metrics = json.dumps(flat_metrics(comparisons), sort_keys=True, indent=2) + "\n"
    page = scorecard_markdown(card, comparisons, by_class, sections=[*forgetting_section(card, past), *behaviour_section(tested), *_selected(project)])
    texts = {"scorecard.json": to_json(card), "SCORECARD.md": page, "metrics.json": metrics}
    for name, text in texts.items():
        (paths.reports / name).write_text(text, encoding="utf-8")


def _selected(project: Project) -> list[str]:
    """What the page says of labels that exist only where a decision let them."""
    from keepfit.report.impact import selected_section

    asked = project.params.evaluate.selected_labels
    return selected_section(None if asked is None else asked.by)


def _impact(project: Project, rows: pd.DataFrame, judged: ScoredRows, paths: EvaluatePaths) -> Impact | None:
    """What the candidate is worth, where params say what answers cost."""
    from keepfit.evaluate.impact.selection import LabelSelection
    from keepfit.evaluate.impact.worth import ServedVolume, impact_of

    composed = paths.candidate / "composition.json"
    composition = from_json(Composition, composed.read_bytes(), where=str(composed))
    return impact_of(project.params, judged, ServedVolume.of(composition, len(judged.y)), LabelSelection.of(project.params, rows, composition))


def _champion(project: Project, folder: Path) -> Pin | None:
    """The pinned champion; raises `ProjectError` when the pin and the folder do not tell the same story."""
    pin = project.baseline.champion
    if (pin is not None) != is_model(folder):
        what = "baseline.json names a champion, models/champion/ holds none" if pin else "models/champion/ holds a model, baseline.json names none"
        raise ProjectError(what, where=str(folder), fix="dvc checkout, or keepfit sync")
    return pin


def _models(project: Project, paths: EvaluatePaths, *, first: bool) -> dict[str, Scorer]:
    """The challenger, and the champion where there is one."""
    train = project.params.train
    repo = project.repo if train.command is not None else None
    folders = {CHALLENGER: paths.candidate, **({} if first else {CHAMPION: paths.champion})}
    return {name: open_scorer(folder, train, repo, classes=project.params.model.classes) for name, folder in folders.items()}


def _scored(project: Project, rows: pd.DataFrame, models: Mapping[str, Scorer]) -> tuple[ScoredRows, str]:
    """Both models on the rows, and which of them answers labels only (none: empty)."""
    from keepfit.evaluate.compare import ScoredRows

    answers = {name: model.answer(rows) for name, model in models.items()}
    champion = None if CHAMPION not in answers else answers[CHAMPION].scores
    judged = ScoredRows(y=labels(project.params, rows), champion=champion, challenger=answers[CHALLENGER].scores)
    judged = judged.in_clusters(origins(project.params.data, rows).clusters())
    return judged, next((name for name, answer in answers.items() if answer.only_labels), "")


def _confirmation(project: Project, judging: pa.Table, paths: EvaluatePaths, models: Mapping[str, Scorer]) -> Confirmation:
    """The gain on the permanent holdout of the windows that judge, which no rule reads; of a first model it has judged, and nothing is left."""
    from keepfit.evaluate.confirmation import confirmed, unconfirmed
    from keepfit.integrations.tables import read_table
    from keepfit.update.promise import metric_of

    metric, held = metric_of(project.params), paths.holdout
    if CHAMPION not in models:
        return unconfirmed(metric.name, "a first model is judged on its windows' permanent holdout: no rows are left that no rule saw")
    windows = judged_windows(judging)
    rows = of_windows(read_table(held), windows) if held.is_file() else judging.slice(0, 0)
    found = labelled_if_any(project.params, to_frame(rows))
    if not len(found):
        return unconfirmed(metric.name, "no labelled row of the windows that judge is held out (data.holdout_share)")
    more = f" and {len(windows) - WINDOWS} more" if len(windows) > WINDOWS else ""
    of = f"the permanent holdout of {', '.join(windows[:WINDOWS])}{more}"
    return confirmed(metric, _scored(project, found, models)[0], rows=of, confidence=project.params.evaluate.confidence)


def _tested(project: Project, rows: pd.DataFrame, models: Mapping[str, Scorer]) -> tuple[BehaviourResult, ...]:
    """What came of the behaviour tests that people declared."""
    from keepfit.evaluate.behaviour.run import RowsToAsk

    params, champion = project.params, models.get(CHAMPION)
    derived = in_frame(rows, sliced_by(params, rows.columns))
    asked = RowsToAsk(rows=rows, derived=derived, id_column=id_column(params), about=about_model(params), redacted=params.view.redact)
    return run_behaviour(behaviour_folder(project), asked, challenger=models[CHALLENGER].score, champion=None if champion is None else champion.score)


def _compared(params: Params, rows: pd.DataFrame, judged: ScoredRows, *, labels_of: str, confidence: float | None = None) -> tuple[Comparison, ...]:
    from keepfit.evaluate.scorecard import ClassSlices, compare_all, metrics_of

    wanted, rows = params.evaluate, in_frame(rows, sliced_by(params, rows.columns))
    for column in params.sliced:
        if column not in rows.columns:
            known = [name for name in map(str, rows.columns) if not name.startswith("_")]
            raise UnknownNameError("column", column, known=[*known, *get_close_matches(column, DERIVED, n=1)], where=f"params.yaml: evaluate.slices.{column}")
    slices = {column: (rows[column].tolist(), its.min_rows) for column, its in params.sliced.items()}
    metrics = metrics_of(wanted, params.model.task, labels_of=labels_of, many=params.model.many)
    return compare_all(metrics, judged, slices, confidence=confidence or wanted.confidence, min_rows=wanted.min_rows, classes=ClassSlices.of(params))


def _again(project: Project, rows: pd.DataFrame, judged: ScoredRows, known: Attempt, *, labels_of: str) -> LaterAttempt | None:
    """All comparisons once more, at the confidence of a later attempt; None where the server had counted no other model on these rows when it was asked."""
    from keepfit.evaluate.rules import LaterAttempt

    number = place(project.baseline.attempts, rows=known.rows, model=known.model)
    if number == 1:
        return None
    confidence = spent(project.params.evaluate.confidence, number)
    comparisons = _compared(project.params, rows, judged, labels_of=labels_of, confidence=confidence)
    return LaterAttempt(number=number, comparisons=comparisons, confidence=confidence)


def _beside(project: Project, past: tuple[Comparison, ...], tested: tuple[BehaviourResult, ...], *, first: bool) -> tuple[ScoreRow, ...]:
    """What was measured beside the rows that judge, judged by the rules whose kind reads it; and the tests that people declared, by what these say."""
    from keepfit.evaluate.behaviour.results import rows_of
    from keepfit.evaluate.rules import judge_beside, rules_of

    rules = rules_of(project.params.evaluate, many=project.params.model.many)
    measured: dict[RowBasis, tuple[Comparison, ...]] = {"past": past}
    by_rules = (
        row
        for basis, comparisons in measured.items()
        for row in judge_beside(rules, comparisons, basis=basis, first=first, confidence=project.params.evaluate.confidence)
    )
    return (*by_rules, *rows_of(tested))


def _serving(project: Project, rows: pd.DataFrame, paths: EvaluatePaths, models: Mapping[str, Scorer]) -> tuple[ScoreRow, ...]:
    """How large the challenger is, and whether it answers the same twice, where params ask; `keepfit certify` asks its registered files."""
    from keepfit.evaluate.serving import repeated_row, size_row

    wanted = project.params.evaluate.serving
    if wanted is None:
        return ()
    found = [repeated_row(rows, models[CHALLENGER].score)] if wanted.deterministic else []
    if wanted.max_size_mb is not None:
        champion = folder_bytes(paths.champion) if CHAMPION in models else None
        found.append(size_row(folder_bytes(paths.candidate), champion, wanted.max_size_mb))
    return tuple(found)


def _scorecard(
    project: Project, comparisons: tuple[Comparison, ...], beside: tuple[ScoreRow, ...], paths: EvaluatePaths, *, judged: ScoredRows, again: LaterAttempt | None
) -> Scorecard:
    from keepfit.evaluate.rules import judge, rules_of

    params, wanted, champion = project.params, project.params.evaluate, project.baseline.champion
    rules, first = rules_of(wanted, many=params.model.many), champion is None
    composed = paths.candidate / "composition.json"
    composition = from_json(Composition, composed.read_bytes(), where=str(composed))
    return Scorecard(
        model=params.model.name,
        task=params.model.task,
        metric=wanted.metric,
        basis=composition.basis,
        champion=champion,
        evaluated_from=composition.evaluated_from,
        evaluated_until=composition.evaluated_until,
        n=len(judged.y),
        rows=(*judge(rules, comparisons, metric=wanted.metric, first=first, confidence=wanted.confidence, again=again), *beside),
        expectations=_expectations(comparisons, beside, project.suites / "model"),
        cluster=judged.cluster,
        curated=composition.curation.judging if composition.curation is not None else 0,
        attempt=1 if again is None else again.number,
        confidence=wanted.confidence,
    )


def _expectations(comparisons: tuple[Comparison, ...], beside: tuple[ScoreRow, ...], folder: Path) -> tuple[ExpectationOutcome, ...]:
    """What the model suites say about the long frame; no suite, no library import."""
    suites = sorted(folder.glob("*.json"))
    if not suites:
        return ()
    from keepfit.evaluate.scorecard import long_frame
    from keepfit.integrations.gx_suites import validate_suite

    frame = long_frame(comparisons, beside)
    found = [validate_suite(path.read_text(encoding="utf-8"), path.stem, frame, window=None, min_rows=1) for path in suites]
    return tuple(outcome for result in found for outcome in result.outcomes)
