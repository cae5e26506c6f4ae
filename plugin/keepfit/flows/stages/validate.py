"""The stage validate: every table against its suite. A failed check is a file, not an exit code.

Rows that fail a critical row-level expectation are quarantined; a critical batch-level failure, or a critical expectation
that could not be measured, blocks the window until a person decides (`compose` says so).
"""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from keepfit.errors import ExpectationError, did_you_mean
from keepfit.expect.quarantine import SetAside, blocks, quarantine_table, set_aside
from keepfit.flows.project import Project
from keepfit.integrations.gx_suites import Roles
from keepfit.records import TimeFeatures, Validation, WindowValidation, to_json
from keepfit.report.validation import validation_report
from keepfit.tables.columns import id_column
from keepfit.tables.time_features import with_time_features
from keepfit.tables.written_targets import without_written

ROWS = "rows"
ROW_ID = "row_id"


@dataclass(frozen=True, kw_only=True)
class _Table:
    """One file of ingest, the suite that judges it, the column that names its rows and, of a window, the one whose labels may come later.

    `derived` are the time features that its rows are judged with.
    """

    name: str
    path: Path
    suite: str
    roles: Roles
    derived: TimeFeatures | None = None


def run_validate(root: Path, *, ingest: Path, out: Path, reports: Path) -> None:
    """Write `out`/quarantine.parquet, `reports`/validation.json and .md from the tables in `ingest`; replaces `out`.

    Raises `ExpectationError` for a suite that could not do what it says, or that no table answers to.
    """
    from keepfit.integrations.tables import write_parquet

    project = Project(root)
    suites = _suites(project.suites / "data")
    tables = _tables(root / ingest, Roles(id=id_column(project.params), target=project.params.model.target), project.params.data.derived)
    _check_names(suites, {table.suite for table in tables} | {ROWS})
    windows, quarantine = [], []
    for table in tables:
        window, rows = _validate(table, suites, project.params.expect.min_rows)
        windows.append(window)
        quarantine += rows
    validation = Validation(windows=tuple(windows), suites={name: _digest(text) for name, text in suites.items()})
    shutil.rmtree(root / out, ignore_errors=True)
    write_parquet(quarantine_table(quarantine), root / out / "quarantine.parquet")
    (root / reports).mkdir(parents=True, exist_ok=True)
    (root / reports / "validation.json").write_text(to_json(validation), encoding="utf-8")
    (root / reports / "validation.md").write_text(validation_report(validation), encoding="utf-8")


def _suites(folder: Path) -> dict[str, str]:
    try:
        return {path.stem: path.read_text(encoding="utf-8") for path in sorted(folder.glob("*.json"))}
    except (OSError, UnicodeDecodeError) as bad:
        raise ExpectationError(f"a suite cannot be read: {bad}", where="expectations/data", fix="restore it with git") from bad


def _tables(ingest: Path, of_rows: Roles, derived: TimeFeatures | None) -> list[_Table]:
    files = sorted((ingest / "windows").glob("*.parquet"))
    windows = [_Table(name=path.stem, path=path, suite=ROWS, roles=of_rows, derived=derived) for path in files]
    sides = [_Table(name=path.stem, path=path, suite=path.stem, roles=Roles(id=ROW_ID)) for path in sorted((ingest / "tables").glob("*.parquet"))]
    return [*windows, *sides]


def _check_names(suites: Mapping[str, str], tables: set[str]) -> None:
    for name in suites:
        if name not in tables:
            raise ExpectationError(f"the suite {name!r} is about no table", where=f"expectations/data/{name}.json", fix=did_you_mean(name, tables))


def _validate(table: _Table, suites: Mapping[str, str], min_rows: int) -> tuple[WindowValidation, list[SetAside]]:
    from keepfit.integrations.tables import read_table
    from keepfit.tables.frames import to_frame

    rows = read_table(table.path)
    if table.suite not in suites:
        return WindowValidation(window=table.name, rows=rows.num_rows, quarantined=0, blocked=False, outcomes=()), []
    from keepfit.integrations.gx_suites import validate_suite

    frame = to_frame(without_written(with_time_features(rows, table.derived)))
    result = validate_suite(suites[table.suite], table.suite, frame, window=table.name, min_rows=min_rows, roles=table.roles)
    aside = set_aside(table.name, table.suite, result.outcomes, result.unexpected_rows)
    window = WindowValidation(
        window=table.name,
        rows=rows.num_rows,
        quarantined=len({one.row_id for one in aside}),
        blocked=blocks(result.outcomes),
        outcomes=result.outcomes,
    )
    return window, aside


def _digest(text: str) -> str:
    return "sha256:" + hashlib.sha256(text.encode()).hexdigest()
