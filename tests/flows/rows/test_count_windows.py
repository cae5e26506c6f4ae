"""Count windows of a source whose past changes: no row is judged twice, what is closed stays, and what came late is counted."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from keepfit.errors import ParamsError
from keepfit.flows.project import Project
from keepfit.flows.rows.window_store import WindowStore

PARAMS = """
model: {{name: m, task: regression, target: y}}
data: {{live: rows.csv, time: t, id: id, window: {n} rows}}
"""
UNTIL = datetime(2013, 3, 1)


@pytest.fixture
def rows(tmp_path: Path) -> pd.DataFrame:
    """400 rows, a minute apart but for pairs of the same time."""
    sized(tmp_path, 100)
    times = pd.Timestamp(2013, 2, 1) + pd.to_timedelta(np.arange(400) // 2 * 2, unit="min")
    return pd.DataFrame({"id": [f"r{number:03d}" for number in range(400)], "t": times, "y": 1.0})


def sized(root: Path, n: int) -> None:
    (root / "params.yaml").write_text(PARAMS.format(n=n))


def came(root: Path, rows: pd.DataFrame) -> None:
    """The source now holds these rows, in any order."""
    rows.sample(frac=1, random_state=0).to_csv(root / "rows.csv", index=False, date_format="%Y-%m-%dT%H:%M:%S")


def store(root: Path, since: datetime | None = None) -> WindowStore:
    return WindowStore(Project(root), since, UNTIL)


def closed(root: Path, since: datetime | None = None) -> dict[str, list[str]]:
    """The ids in each window, as `monitor` closes them."""
    looked = store(root, since)
    return {window.id: looked.rows(window)["id"].to_pylist() for window in looked.windows}


def late(root: Path) -> dict[str, int]:
    looked = store(root)
    return {window.id: count for window in looked.windows if (count := looked.late_rows(window, judged=100))}


def all_once(found: Mapping[str, list[str]]) -> list[str]:
    ids = [one for window in found.values() for one in window]
    assert len(ids) == len(set(ids)), "a row is in two windows"
    return ids


def test_rows_that_come_late_move_no_other_row_and_are_counted(tmp_path, rows):
    behind = rows.iloc[[0, 41, 80]]
    came(tmp_path, rows.drop(behind.index).head(150))
    before = closed(tmp_path)
    came(tmp_path, rows)
    after = closed(tmp_path)
    assert before == {"rows-000001": after["rows-000001"]}
    assert set(rows["id"][:303]) - set(all_once(after)) == set(behind["id"]), "all full windows but what came late"
    assert late(tmp_path) == {"rows-000001": 3}


def test_rows_that_come_between_two_closed_windows_are_late_in_the_second(tmp_path, rows):
    between = rows.iloc[[100, 101, 102]]
    came(tmp_path, rows.drop(between.index))
    assert list(closed(tmp_path)) == ["rows-000001", "rows-000002", "rows-000003"]
    came(tmp_path, rows)
    assert late(tmp_path) == {"rows-000002": 3}


def test_a_row_at_the_time_of_the_last_closed_row_is_in_the_next_window(tmp_path, rows):
    rows["t"] = rows["t"].where(~rows.index.isin(range(95, 110)), rows["t"][95])
    came(tmp_path, rows.head(100))
    closed(tmp_path)
    came(tmp_path, rows)
    assert closed(tmp_path)["rows-000002"] == rows["id"][100:200].to_list()
    assert late(tmp_path) == {}


def test_a_source_that_keeps_its_newest_rows_loses_no_window(tmp_path, rows):
    came(tmp_path, rows.head(200))
    before = closed(tmp_path)
    came(tmp_path, rows.iloc[150:])
    after = closed(tmp_path)
    assert {name: after[name] for name in before} == before
    assert all_once(after) == rows["id"].to_list()


def test_another_size_is_refused_and_what_is_closed_stays(tmp_path, rows):
    came(tmp_path, rows)
    before = closed(tmp_path)
    sized(tmp_path, 200)
    with pytest.raises(ParamsError, match="rows-000001 holds 100 rows, not 200") as refused:
        closed(tmp_path)
    assert refused.value.where == "params.yaml: data.window"
    sized(tmp_path, 100)
    assert closed(tmp_path) == before


def test_a_second_look_and_a_killed_one_end_with_the_same_windows(tmp_path, rows):
    came(tmp_path, rows)
    killed = store(tmp_path)
    for window in killed.windows[:2]:
        killed.rows(window)
    found = closed(tmp_path)
    assert found == closed(tmp_path) == {f"rows-00000{number + 1}": rows["id"][number * 100 : number * 100 + 100].to_list() for number in range(4)}


def test_the_windows_before_and_between_the_closed_ones_are_cut_from_these(tmp_path, rows):
    came(tmp_path, rows)
    young = store(tmp_path, since=rows["t"][100].to_pydatetime())
    for window in young.windows[::2]:
        young.rows(window)
    came(tmp_path, rows.iloc[50:])
    assert list(closed(tmp_path)) == ["rows-000002", "rows-000003", "rows-000004"], "the source no longer holds the first"
    came(tmp_path, pd.concat([rows, rows.head(150).assign(id=lambda one: "late-" + one["id"], t=datetime(2013, 1, 1))]))
    assert closed(tmp_path)["rows-000001"] == rows["id"][:100].to_list(), "nearest to the closed ones, and none before the first"


def test_a_window_that_since_cuts_is_left_out(tmp_path, rows):
    came(tmp_path, rows)
    assert list(closed(tmp_path, since=rows["t"][130].to_pydatetime())) == ["rows-000003", "rows-000004"]
    assert list(closed(tmp_path, since=rows["t"][230].to_pydatetime())) == ["rows-000004"]
