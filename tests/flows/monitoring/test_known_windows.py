"""What a scout may learn from: the windows before the one it is judged on, and of those only what can train."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pyarrow as pa
import pytest

from keepfit.compose.assemble import Sources
from keepfit.flows.monitoring.known_windows import KnownWindows
from keepfit.flows.project import Project
from keepfit.flows.rows.window_store import WindowStore
from keepfit.flows.tickets.tickets import ledger_of
from keepfit.integrations.tables import write_parquet
from keepfit.tables.windows import parse_window_id

PARAMS = "model: {{name: m, task: regression, target: y}}\ndata: {{live: rows.csv, time: t, id: id}}\ncompose: {compose}\n"
MONTHS = ("2013-01", "2013-02", "2013-03", "2013-04", "2013-05")


def rows(month: str, y: float | None = 1.0) -> pa.Table:
    start = datetime.strptime(month, "%Y-%m")
    return pa.table({"id": [f"{month}-1"], "t": pa.array([start], pa.timestamp("us")), "y": pa.array([y], pa.float64())})


@pytest.fixture
def windows(tmp_path: Path) -> Path:
    folder = tmp_path / ".keepfit" / "windows"
    folder.mkdir(parents=True)
    for month in MONTHS:
        write_parquet(rows(month), folder / f"{month}.parquet")
    (tmp_path / "expectations").mkdir()
    (tmp_path / "baseline.json").write_text("{}")
    return folder


def sources(windows: Path, compose: str) -> Sources:
    root = windows.parent.parent
    (root / "params.yaml").write_text(PARAMS.format(compose=compose))
    project = Project(root)
    store = WindowStore(project, since=datetime(2013, 1, 1), until=datetime(2013, 6, 1))
    with ledger_of(project) as ledger:
        return KnownWindows(project, store).until(parse_window_id("2013-05"), ledger.view("m"))


def known(windows: Path, compose: str) -> list[str]:
    return [window.id for window in sources(windows, compose).windows]


def test_without_replay_only_the_recent_windows_and_the_judged_one_are_read(windows):
    assert known(windows, "{recent_windows: 2}") == ["2013-03", "2013-04", "2013-05"]


@pytest.mark.parametrize("compose", ["{recent_windows: 2, replay_share: 0.1}", "{recent_windows: null}"])
def test_all_windows_are_read_where_all_can_train(windows, compose):
    assert known(windows, compose) == list(MONTHS)


def test_a_window_without_labels_or_that_a_person_excluded_is_no_recent_one(windows):
    write_parquet(rows("2013-04", None), windows / "2013-04.parquet")
    (windows.parent.parent / "expectations" / "windows.yaml").write_text("2013-03: {verdict: exclude, reason: known}\n")
    assert known(windows, "{recent_windows: 1}") == ["2013-02", "2013-04", "2013-05"]


def test_a_scout_goes_by_the_rules_on_single_rows_which_may_name_a_column_that_only_windows_of_before_have(windows):
    write_parquet(rows("2013-01").append_column("gone", pa.array([1.0])), windows / "2013-01.parquet")
    rule = "{action: exclude, where: 'gone > 3', author: ann, reason: why, expires: null}"
    (windows.parent.parent / "curation.yaml").write_text(f"rules: {{old: {rule}}}\n")
    found = sources(windows, "{recent_windows: 2}")
    assert [rule.name for rule in found.curation.rules] == ["old"]
    assert "gone" in found.curation.columns
    assert "gone" not in {name for rows in found.tables.values() for name in rows.column_names}
