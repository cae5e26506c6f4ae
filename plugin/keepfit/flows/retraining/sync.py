"""sync: pin the registry's champion as the other side of the next comparison.

Writes `models/champion/` (its train out, tracked by DVC) and `baseline.json` (reviewed in git); nothing else writes them.
"""

from __future__ import annotations

import shutil
import tempfile
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from keepfit.errors import ProjectError
from keepfit.flows.ignored import refuse_hidden
from keepfit.flows.models.attempts import counted_by_server, that_may_judge_again
from keepfit.flows.models.files_digest import files_digest
from keepfit.flows.project import Project
from keepfit.flows.retraining.adoption import bring_out
from keepfit.integrations.mlflow.client import Mlflow, Version
from keepfit.integrations.programs.dvc import DvcRepo
from keepfit.records import Attempt, Baseline, Composition, ModelMeta, Pin, Scorecard, from_json, to_json
from keepfit.report.version_page import primary_value

SCORECARD = "reports/scorecard.json"
PINNED = ("baseline.json", "models/champion.dvc", "models/.gitignore")
NONE = "no model serves yet\n"


@dataclass(frozen=True, kw_only=True)
class Synced:
    """What sync found: the champion's pin (None: there is none) and if anything was written."""

    pin: Pin | None
    changed: bool


def sync(project: Project, *, runs: Mlflow | None = None, dvc: DvcRepo | None = None) -> Synced:
    """Bring the champion of the registry into the project, and how many models rows have judged; writes nothing if that is pinned already.

    Raises `ProjectError` if the registry has no champion but baseline.json names one: another server, or a retired model.
    """
    runs = runs or Mlflow(project.tracking_uri)
    dvc = dvc or DvcRepo(project.root)
    model, alias = project.params.model.name, project.params.mlflow.alias
    champion = runs.champion(model, alias)
    pinned = project.baseline.champion
    if champion is None and pinned is not None:
        raise ProjectError(
            f"the registry has no {alias} of {model}, but baseline.json names version {pinned.version}",
            where=runs.uri,
            fix=f"set MLFLOW_TRACKING_URI to the server that serves it, or keepfit promote {model} VERSION",
        )
    counted = counted_by_server(runs, model)
    if champion is None or (_is(pinned, champion) and (project.champion_dir / "meta.json").is_file()):
        folder = _ensure_folder(project, dvc)
        return Synced(pin=pinned, changed=_write(project, project.baseline, counted) or folder)
    refuse_hidden(project.root, ["models/champion.dvc"])
    pin = _bring(project, champion, runs=runs)
    dvc.add("models/champion")
    previous = project.baseline.previous if _is(pinned, champion) else pinned
    _write(project, Baseline(champion=pin, previous=previous, attempts=project.baseline.attempts), counted)
    return Synced(pin=pin, changed=True)


def _write(project: Project, wanted: Baseline, counted: tuple[Attempt, ...] | None) -> bool:
    """Pin, with the attempts that the server counts on rows which may judge again (None: it counts none, what is known stays); whether that is new."""
    after = None if wanted.champion is None else wanted.champion.trained_until
    made = wanted if counted is None else replace(wanted, attempts=that_may_judge_again(counted, after=after))
    if made == project.baseline:
        return False
    (project.root / "baseline.json").write_text(to_json(made), encoding="utf-8")
    project.__dict__.pop("baseline", None)
    return True


def _is(pin: Pin | None, version: Version) -> bool:
    """Numbers restart on another server; the model's id does not come twice."""
    return pin is not None and pin.version == version.number and pin.model_id == version.model_id


def _ensure_folder(project: Project, dvc: DvcRepo) -> bool:
    """A stage that depends on models/champion/ needs it to be there, also before the first promotion."""
    if project.champion_dir.is_dir() and any(project.champion_dir.iterdir()):
        return False
    project.champion_dir.mkdir(parents=True, exist_ok=True)
    (project.champion_dir / "NONE").write_text(NONE, encoding="utf-8")
    dvc.add("models/champion")
    return True


def _bring(project: Project, version: Version, *, runs: Mlflow) -> Pin:
    """Download the version's model, put its train out into models/champion/, and say what was pinned."""
    with tempfile.TemporaryDirectory() as scratch:
        whole = runs.download(version, Path(scratch) / "model")
        bring_out(runs, version, whole, Path(scratch) / "out")
        shutil.rmtree(project.champion_dir, ignore_errors=True)
        shutil.copytree(Path(scratch) / "out", project.champion_dir)
        digest = files_digest(whole)
    meta = from_json(ModelMeta, (project.champion_dir / "meta.json").read_bytes(), where="models/champion/meta.json")
    card = _scorecard(runs, version)
    return Pin(
        model=version.model,
        version=version.number,
        digest=digest,
        model_id=version.model_id,
        trained_until=meta.trained_until,
        evaluated_until=_evaluated_until(project.champion_dir) or meta.trained_until,
        metric=card.metric if card else None,
        value=primary_value(card) if card else None,
    )


def _evaluated_until(folder: Path) -> datetime | None:
    path = folder / "composition.json"
    return from_json(Composition, path.read_bytes(), where=str(path)).evaluated_until if path.is_file() else None


def _scorecard(runs: Mlflow, version: Version) -> Scorecard | None:
    text = runs.read_text(version.run_id, SCORECARD) if version.run_id else None
    return from_json(Scorecard, text, where=SCORECARD) if text else None
