"""The stage compose: the rows that train, judge and stay apart, chosen by params.yaml and decision.json."""

from __future__ import annotations

import json
import shutil
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast, get_args

from keepfit.errors import DataError, ProjectError
from keepfit.flows.project import Project
from keepfit.flows.rows.windows import window_decisions
from keepfit.records import Action, Composition, Validation, from_json, to_json
from keepfit.report.composition import composition_report
from keepfit.tables.columns import id_column

if TYPE_CHECKING:
    from keepfit.compose.assemble import Asked, Sources

DECISION = "decision.json"


def run_compose(root: Path, *, ingest: Path, validate: Path, out: Path, reports: Path) -> None:
    """Write train, evaluate, holdout and manifest to `out` (replaced), composition.json and COMPOSITION.md to `reports`.

    Raises `BlockedError` while a window waits for a person's decision, and what `compose.assemble.compose` refuses.
    """
    from keepfit.compose.assemble import compose
    from keepfit.compose.samplers.sampler import sampler_of
    from keepfit.integrations.tables import write_parquet

    project = Project(root)
    asked = _asked(project)
    sources = _sources(project, root / ingest, root / validate, root / reports)
    _check_as_of(project, asked, sources)
    composed = compose(sources, asked, project.params, id_column=id_column(project.params), sampler=sampler_of(project.params.compose))
    shutil.rmtree(root / out, ignore_errors=True)
    for name in ("train", "evaluate", "holdout", "manifest"):
        write_parquet(getattr(composed, name), root / out / f"{name}.parquet")
    (root / reports / "composition.json").write_text(to_json(composed.composition), encoding="utf-8")
    report = composition_report(composed.composition, _champions(project.champion_dir))
    (root / reports / "COMPOSITION.md").write_text(report, encoding="utf-8")


def _check_as_of(project: Project, asked: Asked, sources: Sources) -> None:
    """A first model learns from all windows up to `data.as_of`: refuse if some that closed by then are not among the tracked ones."""
    from keepfit.tables.windows import rows_per_window, windows_covering

    data = project.params.data
    newest = max((window.end for window in sources.windows if window.end is not None), default=None)
    if asked.champion or asked.target is not None or data.history is not None or data.as_of is None or newest is None or rows_per_window(data.window):
        return
    lacking = windows_covering(data.window, newest, data.as_of)
    if lacking:
        what = f"data.as_of is {data.as_of:%Y-%m-%d}, but data/windows ends before {newest:%Y-%m-%d}: {len(lacking)} windows up to there are not tracked"
        raise DataError(what, where="params.yaml: data.as_of", fix=f"keepfit init --as-of {data.as_of:%Y-%m-%d}, which brings them from data.live")


def _asked(project: Project) -> Asked:
    from keepfit.compose.assemble import Asked

    decision = _decision(project.root / DECISION)
    action, target = decision.get("action"), decision.get("target")
    if action not in get_args(Action):
        raise ProjectError(f"the action {action!r} is none of {', '.join(get_args(Action))}", where=f"{DECISION}: action", fix="improve")
    pin = project.baseline.champion
    until = pin.trained_until if pin else None
    target = _time(target) if action == "improve" and target is not None else None
    return Asked(action=cast("Action", action), target=target, champion=pin is not None, champion_trained_until=until)


def _decision(path: Path) -> dict[str, Any]:
    try:
        decision = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as bad:
        raise ProjectError(f"{DECISION} cannot be read: {bad}", where=str(path), fix="restore it with git, or keepfit improve TICKET") from bad
    if not isinstance(decision, dict):
        raise ProjectError(f"{DECISION} holds no JSON object", where=str(path), fix='{"action": "improve", "target": null}')
    return decision


def _time(text: Any) -> datetime:
    """An ISO 8601 date or time, naive (the table's own clock) or made naive UTC."""
    try:
        time = datetime.fromisoformat(text)
    except (TypeError, ValueError) as bad:
        raise ProjectError(f"the target {text!r} is no time", where=f"{DECISION}: target", fix="an ISO date, e.g. 2013-03-01, or null") from bad
    return time if time.tzinfo is None else time.astimezone(UTC).replace(tzinfo=None)


def _sources(project: Project, ingest: Path, validate: Path, reports: Path) -> Sources:
    from keepfit.compose.assemble import Sources
    from keepfit.compose.quality import check_blocked
    from keepfit.integrations.tables import read_table
    from keepfit.tables.windows import parse_window_id

    decisions = window_decisions(project)
    check_blocked(_validation(reports / "validation.json"), decisions)
    tables = {path.stem: read_table(path) for path in sorted((ingest / "windows").glob("*.parquet"))}
    if not tables:
        raise DataError("ingest left no window", where=str(ingest.name), fix="dvc repro ingest")
    aside = read_table(validate / "quarantine.parquet")
    quarantined = zip(aside["window"].to_pylist(), aside["row_id"].to_pylist(), strict=True)
    return Sources(tables=tables, windows=[parse_window_id(name) for name in tables], quarantined=set(quarantined), decisions=decisions)


def _validation(path: Path) -> Validation:
    if not path.is_file():
        raise ProjectError("there is no validation yet", where="reports/validation.json", fix="dvc repro compose")
    return from_json(Validation, path.read_bytes(), where="reports/validation.json")


def _champions(folder: Path) -> Composition | None:
    """What the champion was made of; None for a first model, or one trained elsewhere."""
    path = folder / "composition.json"
    return from_json(Composition, path.read_bytes(), where="models/champion/composition.json") if path.is_file() else None
