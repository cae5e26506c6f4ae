"""Labels that exist only where the champion's score is high: noted once, unless params say so."""

from __future__ import annotations

from datetime import datetime

import pytest
from tests.flows.monitoring.test_monitor import rows_of, run, write_rows

from keepfit.monitor.selected_labels import NOTE


@pytest.mark.parametrize(("said", "noted"), [("", ["2013-02"]), ("selected_labels: {by: approved loans}, ", [])])
def test_labels_that_follow_the_score_are_noted_in_the_first_window_alone(watched, said, noted):
    months = [rows_of(month) for month in (1, 2, 3)]
    write_rows(watched.root, *(rows.assign(y=rows["y"].where(rows["x"] > 0)) for rows in months))
    params = watched.root / "params.yaml"
    params.write_text(params.read_text().replace("evaluate: {", f"evaluate: {{{said}"))
    told = run(watched, until=datetime(2013, 4, 1))
    assert [seen.window.id for seen in told.windows] == ["2013-02", "2013-03"]
    assert [seen.window.id for seen in told.windows if NOTE in seen.notes] == noted


def test_labels_that_are_missing_by_chance_are_not_noted(watched):
    months = [rows_of(month) for month in (1, 2)]
    write_rows(watched.root, *(rows.assign(y=rows["y"].where(rows.index % 2 == 0)) for rows in months))
    assert not any(NOTE in seen.notes for seen in run(watched, until=datetime(2013, 3, 1)).windows)
