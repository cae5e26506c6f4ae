"""`keepfit expect lint`: read every suite and say what is wrong with it, before a pipeline or a window does."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from keepfit.expect.lint import lint
from keepfit.flows.project import Project
from keepfit.flows.rows.closed_windows import closed_windows
from keepfit.flows.rules.behaviour import behaviour_problems
from keepfit.flows.stages.ingest import history_windows
from keepfit.records.expectation_record import LintFinding

ROWS, MODEL = "rows", "model"


def lint_suites(project: Project, *, today: date) -> tuple[LintFinding, ...]:
    """Return what is wrong with the suites of tables and scorecards and with the behaviour tests; one finding where there is no suite at all."""
    from keepfit.integrations.gx_suites import known_types

    files = [path for folder in ("data", MODEL) for path in sorted((project.suites / folder).glob("*.json"))]
    known = known_types() if files else frozenset()
    found: list[LintFinding] = []
    for file in files:
        shown = f"{project.params.expect.suites}/{file.parent.name}/{file.name}"
        try:
            text = file.read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as bad:
            found.append(LintFinding(file=shown, id="", level="error", what=f"cannot be read: {bad}", fix="restore it with git"))
            continue
        found += lint(text, file.stem, file=shown, known=known, columns=_columns(project, file), today=today)
    found += behaviour_findings(project)
    if not files:
        found.append(LintFinding(file=project.params.expect.suites, id="", level="warning", what="there is no suite", fix="keepfit suggest --write makes one"))
    return tuple(found)


def behaviour_findings(project: Project) -> tuple[LintFinding, ...]:
    """Return what is wrong with the declared behaviour tests, a finding a file."""
    folder = f"{project.params.expect.suites}/behaviour"
    return tuple(LintFinding(file=folder, id=bad.where or "", level="error", what=bad.what, fix=bad.fix or "") for bad in behaviour_problems(project))


def _columns(project: Project, file: Path) -> frozenset[str] | None:
    """The columns that any window, or the side table, has; None where none is at hand, or of a scorecard."""
    from keepfit.integrations.tables import columns_of

    if file.parent.name == MODEL:
        return None
    if file.stem != ROWS:
        side = project.root / "build" / "ingest" / "tables" / file.name.replace(".json", ".parquet")
        return frozenset(columns_of(side)) if side.is_file() else None
    windows = [name for path in closed_windows(project).values() for name in columns_of(path)]
    history = [name for table in history_windows(project.params).values() for name in table.column_names]
    derived = project.params.data.time_features
    return frozenset({*windows, *history, *map(str, derived)}) if windows or history else None
