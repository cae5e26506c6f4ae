"""The stage compose: the rows that train, judge and stay apart, chosen by params.yaml and decision.json."""

from __future__ import annotations

import json
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Any

from keepfit.errors import DataError, ProjectError
from keepfit.flows.project import Project
from keepfit.flows.rows.curation import curation
from keepfit.flows.rows.drawn_files import drawn_of
from keepfit.flows.rows.made_rows import suite_of_made
from keepfit.flows.rows.new_folder import new_folder
from keepfit.flows.rows.people_labels import labels_that_count
from keepfit.flows.rows.windows import window_decisions
from keepfit.records import Composition, Validation, from_json, to_json
from keepfit.report.composition import composition_report
from keepfit.tables.columns import id_column

if TYPE_CHECKING:
    from keepfit.compose.assemble import Sources
    from keepfit.compose.composed import Composed

DECISION = "decision.json"


def run_compose(root: Path, *, ingest: Path, validate: Path, out: Path, reports: Path) -> None:
    """Write train, evaluate, holdout and manifest to `out` (replaced), composition.json and COMPOSITION.md to `reports`.

    Raises `BlockedError` while a window waits for a person's decision, and what `compose.assemble.compose` refuses.
    """
    from keepfit.integrations.programs.memory import from_the_system

    from_the_system()
    from keepfit.compose.assemble import compose
    from keepfit.compose.decision_file import asked_of, check_first_windows
    from keepfit.compose.recipe import recipe_of

    project = Project(root)
    asked = asked_of(read_decision(project.root / DECISION), project.baseline.champion)
    sources = sources_of(project, root / ingest, root / validate, root / reports)
    check_first_windows(asked, sources.windows, project.params.data)
    composed = compose(sources, asked, project.params, id_column=id_column(project.params), recipe=recipe_of(project.params.compose))
    with new_folder(root / out) as folder:
        composition = write_composed(composed, folder, unique=id_column(project.params))
    (root / reports / "composition.json").write_text(to_json(composition), encoding="utf-8")
    report = composition_report(composition, _champions(project.champion_dir), sources.drawn)
    (root / reports / "COMPOSITION.md").write_text(report, encoding="utf-8")


def write_composed(composed: Composed, folder: Path, *, unique: str) -> Composition:
    """Write the manifest and the tables as they stream by; return what they are."""
    from shutil import copyfile

    from keepfit.compose.composed import FILES
    from keepfit.integrations.programs.memory import give_back
    from keepfit.integrations.tables.row_groups import RowGroups

    give_back()
    with RowGroups(folder / "manifest.parquet", composed.manifest_schema, unique=["row_id"]) as manifest:
        composition = composed.told(manifest.passed(composed.manifest_blocks()))
    names = [name for name in FILES if not (name == "evaluate" and composed.judged_by_all_held)]
    with ExitStack() as stack:
        files = {name: stack.enter_context(RowGroups(folder / f"{name}.parquet", composed.schema(name), unique=[unique])) for name in names}
        for name, rows in composed.blocks(*names):
            files[name].add(rows)
    if "evaluate" not in names:
        copyfile(folder / "holdout.parquet", folder / "evaluate.parquet")
    return composition


def read_decision(path: Path) -> dict[str, Any]:
    """Return what decision.json holds; raises `ProjectError` for what is no JSON object."""
    try:
        decision = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as bad:
        raise ProjectError(f"{DECISION} cannot be read: {bad}", where=str(path), fix="restore it with git, or keepfit improve TICKET") from bad
    if not isinstance(decision, dict):
        raise ProjectError(f"{DECISION} holds no JSON object", where=str(path), fix='{"action": "improve", "target": null}')
    return decision


def sources_of(project: Project, ingest: Path, validate: Path, reports: Path) -> Sources:
    """Return all that ingest and validate left; raises `BlockedError` while a window waits for a person's decision.

    Raises `ProjectError` for rows that were drawn by another recipe than params.yaml has.
    """
    from keepfit.compose.assemble import Sources
    from keepfit.compose.drawing.drawn import check_drawn
    from keepfit.compose.quality.admissible import check_blocked
    from keepfit.compose.recipe import recipe_of
    from keepfit.integrations.tables import read_table
    from keepfit.integrations.tables.window_file import WindowFile
    from keepfit.tables.windows import parse_window_id

    decisions = window_decisions(project)
    check_blocked(_validation(reports / "validation.json"), decisions)
    tables = {path.stem: WindowFile(path) for path in sorted((ingest / "windows").glob("*.parquet"))}
    if not tables:
        raise DataError("ingest left no window", where=str(ingest.name), fix="dvc repro ingest")
    drawn = drawn_of(ingest)
    check_drawn(drawn, recipe_of(project.params.compose), project.params)
    aside = read_table(validate / "quarantine.parquet")
    quarantined = zip(aside["window"].to_pylist(), aside["row_id"].to_pylist(), strict=True)
    return Sources(
        tables=tables,
        windows=[parse_window_id(name) for name in tables],
        quarantined=set(quarantined),
        decisions=decisions,
        curation=curation(project),
        suite=suite_of_made(project),
        people=labels_that_count(project),
        drawn=drawn,
    )


def _validation(path: Path) -> Validation:
    if not path.is_file():
        raise ProjectError("there is no validation yet", where="reports/validation.json", fix="dvc repro compose")
    return from_json(Validation, path.read_bytes(), where="reports/validation.json")


def _champions(folder: Path) -> Composition | None:
    """What the champion was made of; None for a first model, or one trained elsewhere."""
    path = folder / "composition.json"
    return from_json(Composition, path.read_bytes(), where="models/champion/composition.json") if path.is_file() else None
