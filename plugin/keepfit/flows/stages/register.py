"""register: what is shipped becomes a version in MLflow, once, also when it failed (labelled so: a reviewer must see it).

The key is a hash of what decided the candidate and its evaluation, so a second run, a forced run, another machine and a rerun
after a crash all mean the same version. The out names only key and model: another server's numbers are not this one's.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from keepfit.errors import ProjectError
from keepfit.flows.effects import effect
from keepfit.flows.models.attempts import announce
from keepfit.flows.project import Project
from keepfit.flows.stages.held_params import refuse_confused, refuse_untold
from keepfit.integrations.mlflow.client import Mlflow, ModelContent, Run, RunContent, Version
from keepfit.integrations.programs.dvc import file_md5, stages_of
from keepfit.records import Composition, ModelMeta, RefitReport, Scorecard, from_json
from keepfit.report.version_page import open_rows, passed, primary_value, verdict_line, version_description
from keepfit.tables.time_features import asked_for

KEYED = ("compose", "train", "evaluate")
REFIT = "refit"
ARTIFACTS = "reports"
PAGE = f"{ARTIFACTS}/SCORECARD.md"
RUNTIME = ("scikit-learn", "pandas", "numpy", "joblib")


@dataclass(frozen=True, kw_only=True)
class Candidate:
    """What is registered: the key, the out of refit (of train, in a pipeline without one) and what was found about it.

    The scorecard is of the model that was judged, with what is known of the one that is shipped.
    """

    key: str
    folder: Path
    meta: ModelMeta
    scorecard: Scorecard
    composition: Composition
    reports: Mapping[str, str]


def run_register(root: Path, *, candidate: Path, lock: Path, reports: Path, out: Path) -> None:
    """Register the model and write `{key, model}` to `out`; raises `ServerError`, and a rerun completes what is missing.

    Raises `ProjectError` where the candidate was trained with other params than params.yaml holds and DVC took them for equal.
    """
    project = Project(root)
    runs = Mlflow(project.tracking_uri)
    runs.probe()
    found = read_candidate(shipped_folder(root, candidate, lock=lock), lock=lock, reports=reports)
    refuse_confused(stages_of(_text(lock), where=str(lock)), project.params.train.params)
    refuse_untold(found.meta.time_features, project.params.data.derived)
    version = register(runs, found, experiment=project.params.mlflow.experiment)
    out.parent.mkdir(parents=True, exist_ok=True)
    out.write_text(json.dumps({"key": found.key, "model": found.meta.model}, sort_keys=True, indent=2) + "\n", encoding="utf-8")
    print(f"registered {version.model} version {version.number}: {verdict_line(found.scorecard)}")  # noqa: T201 - a stage's word in dvc's output


def shipped_folder(root: Path, named: Path, *, lock: Path) -> Path:
    """Return the folder that is registered: refit's out, or train's where the pipeline has no such stage, whichever of them the script names."""
    stages = stages_of(_text(lock), where=str(lock))
    outs = stages.get(REFIT, stages.get("train", {})).get("outs") or ()
    return root / next((str(out["path"]) for out in outs if str(out["path"]).startswith("models/")), named)


def read_candidate(folder: Path, *, lock: Path, reports: Path) -> Candidate:
    """Read what the stages above left; raises `ProjectError` if dvc.lock does not belong to it."""
    stages = stages_of(_text(lock), where=str(lock))
    scorecard, report = reports / "scorecard.json", reports / "refit.json"
    _check_lock(stages.get("evaluate", {}), scorecard)
    card = from_json(Scorecard, _text(scorecard), where=str(scorecard))
    if REFIT in stages:
        _check_lock(stages[REFIT], report)
        card = from_json(RefitReport, _text(report), where=str(report)).beside(card)
    return Candidate(
        key=registration_key(stages),
        folder=folder,
        meta=from_json(ModelMeta, _text(folder / "meta.json"), where=str(folder / "meta.json")),
        scorecard=card,
        composition=from_json(Composition, _text(reports / "composition.json"), where="reports/composition.json"),
        reports={
            f"{ARTIFACTS}/{path.name}": _text(path) for path in sorted(reports.iterdir()) if path.suffix in {".md", ".json"} and path.name not in _NOT_YET
        },
    )


_NOT_YET = {"registered.json", "REVIEW.md"}  # written after this stage: theirs are another candidate's


def registration_key(stages: Mapping[str, Mapping[str, Any]]) -> str:
    """Return `sha256:…` over the md5 of the deps and the params of compose, train, evaluate and, where there is one, refit, as dvc.lock holds them.

    >>> lock = {name: {"deps": [{"path": "x", "md5": "ab", "size": 3}], "params": {"params.yaml": {"seed": 0}}} for name in KEYED}
    >>> registration_key(lock) == registration_key({**lock, "register": {}, "ingest": {}})
    True
    """
    names = (*KEYED, REFIT) if REFIT in stages else KEYED
    try:
        keyed = {name: {"deps": {dep["path"]: dep.get("md5") for dep in stages[name]["deps"]}, "params": stages[name].get("params", {})} for name in names}
    except KeyError as missing:
        raise ProjectError(f"dvc.lock holds no stage {missing}", where="dvc.lock", fix="dvc repro") from missing
    return "sha256:" + hashlib.sha256(json.dumps(keyed, sort_keys=True, default=str).encode()).hexdigest()


def register(runs: Mlflow, found: Candidate, *, experiment: str) -> Version:
    """Find the version of this key, or make what is missing of run, reports, model, registered model and version."""
    key, name = found.key, found.meta.model
    experiment_id = runs.experiment(experiment)
    effect("register", "experiment")
    content = RunContent(name=f"candidate of {name}", tags=_tags(found), metrics=_metrics(found), texts=found.reports)
    run = runs.find_run(experiment_id, key) or runs.start_run(experiment_id, key, content)
    effect("register", "run")
    if not run.finished:
        runs.fill_run(run.id, content)
    effect("register", "reports")
    model_id = runs.find_model(run, key) or runs.log_model(run, key, _model(found))
    effect("register", "model")
    runs.ensure_model(name)
    effect("register", "registered_model")
    version = runs.find_version(name, key) or _create_version(runs, found, run=run, model_id=model_id)
    effect("register", "version")
    announce(runs, name, version.number, found.scorecard)
    if not run.finished:
        runs.finish_run(run.id)
    effect("register", "finished")
    return version


def _create_version(runs: Mlflow, found: Candidate, *, run: Run, model_id: str) -> Version:
    page = runs.run_page(run.experiment_id, run.id, PAGE)
    description = version_description(found.scorecard, page=page)
    return runs.create_version(found.meta.model, found.key, model_id=model_id, run_id=run.id, tags=_version_tags(found), description=description)


def _model(found: Candidate) -> ModelContent:
    from keepfit.integrations.models import keepfit_model

    return ModelContent(
        folder=found.folder,
        loader=Path(keepfit_model.__file__),
        requirements=_requirements(found.folder),
        inputs=asked_for(found.meta),
        outputs=found.meta.classes if found.meta.many else (),
        tags=_tags(found),
    )


def _requirements(folder: Path) -> list[str]:
    """What the model was saved with says it itself; else the versions that trained it, which are the ones running here."""
    from importlib.metadata import version

    said = folder / "model" / "requirements.txt"
    if said.is_file():
        return [line.strip() for line in _text(said).splitlines() if line.strip()]
    return [f"{name}=={version(name)}" for name in RUNTIME]


def _tags(found: Candidate) -> dict[str, str]:
    """Display tags: copies for people, never evidence."""
    card = found.scorecard
    tags = {
        "kf.status": "failed" if not passed(card) else "undecided" if open_rows(card) else "passed",
        "kf.verdict": verdict_line(card),
        "kf.basis": card.basis,
        "kf.metric": card.metric,
        "kf.value": _shown(primary_value(card)),
        "kf.champion": card.champion.version if card.champion else "none",
        "kf.shipped": "" if card.shipped is None else "refit" if card.shipped.refit else "as judged",
        "kf.answers": found.meta.answers or "",
        "kf.trained_until": _shown(found.meta.trained_until),
        "kf.evaluated_until": _shown(found.composition.evaluated_until),
    }
    return {key: value for key, value in tags.items() if value}


def _version_tags(found: Candidate) -> dict[str, str]:
    """What a list of versions shows, short; everything else is on the version's page, on its model and its run."""
    whole = _tags(found)
    value = f"{whole['kf.metric']} {whole['kf.value']}" if "kf.value" in whole else ""
    return {key: said for key, said in (("kf.status", whole["kf.status"]), ("kf.value", value)) if said}


def _metrics(found: Candidate) -> dict[str, float]:
    overall = [row for row in found.scorecard.judged_rows if row.slice == "overall" and row.challenger is not None]
    return {row.metric: row.challenger for row in overall if row.challenger is not None}


def _shown(value: object) -> str:
    if value is None:
        return ""
    return f"{value:.6g}" if isinstance(value, float) else value.isoformat() if hasattr(value, "isoformat") else str(value)


def _check_lock(stage: Mapping[str, Any], report: Path) -> None:
    """A stage run out of its turn (`dvc repro -s register`) would be filed under another candidate's key."""
    outs = {Path(out["path"]).name: out.get("md5") for out in stage.get("outs", ())}
    if not report.is_file() or outs.get(report.name) != file_md5(report):
        raise ProjectError(f"dvc.lock does not name this {report.stem}", where=str(report), fix="dvc repro (the whole pipeline, not one stage)")


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as bad:
        raise ProjectError(f"{path.name} cannot be read: {bad}", where=str(path), fix="dvc repro, or dvc checkout") from bad
