"""`keepfit label export` and `status` as they are typed: what they print, and how they end."""

from __future__ import annotations

import json
from datetime import datetime

import pytest
from click.testing import CliRunner
from tests.flows.labelling.test_export import half_labelled
from tests.flows.monitoring.test_monitor import rows_of, write_rows
from tests.flows.monitoring.test_monitor import run as monitor

from keepfit.cli import app
from keepfit.errors import KeepfitError, UnknownNameError


@pytest.fixture
def typed(watched, monkeypatch):
    """What typing a command in a project gives; March is closed, half of its rows labelled."""
    write_rows(watched.root, rows_of(1), rows_of(2), half_labelled(3))
    monitor(watched, until=datetime(2013, 4, 1))
    monkeypatch.chdir(watched.root)
    return lambda *words: CliRunner().invoke(app, ["label", *words])


def test_an_export_says_what_was_asked_and_what_to_type_next(typed):
    done = typed("export", "--rows", "20", "--out", "ask.csv", "--strategy", "margin")
    assert done.exit_code == 0
    assert "queue ask: 20 rows of 200 rows that could be asked about, in 2013-03" in done.stdout
    assert "4 drawn by chance from all rows that waited" in done.stdout
    assert "16 chosen by the strategy" in done.stdout
    assert done.stderr == "next: fill in ask.csv, then keepfit label import ask.csv\n"


def test_programs_get_the_record_the_files_and_the_remarks(typed):
    found = json.loads(typed("export", "--rows", "500", "--out", "ask.json", "--json").stdout)
    assert (found["name"], found["format"], len(found["rows"]), found["population"]) == ("ask", "label-studio", 200, 200)
    assert found["files"] == ["ask.json", "ask.xml"]
    assert found["remarks"][0] == "200 of 500 rows: no more wait for a label (200 have one, 0 are being asked about)"


def test_a_quota_is_a_slice_and_its_rows(typed):
    found = json.loads(typed("export", "--rows", "10", "--out", "ask.csv", "--strategy", "slices", "--quota", "c=a:8", "--json").stdout)
    assert {row["slices"][0] for row in found["rows"] if row["selected"] == "active"} == {"c=a"}
    wrong = typed("export", "--rows", "10", "--out", "more.csv", "--strategy", "slices", "--quota", "c=a")
    assert (wrong.exit_code, "--quota c=a: a slice and its rows, such as carrier=HA:20" in wrong.stderr) == (2, True)


def test_an_unknown_strategy_is_offered_the_nearest_and_leaves_nothing(typed, tmp_path):
    done = typed("export", "--rows", "10", "--out", "ask.csv", "--strategy", "mragin")
    assert isinstance(done.exception, UnknownNameError)
    assert "did you mean 'margin'?" in str(done.exception)
    assert not (tmp_path / "ask.csv").exists()


@pytest.mark.parametrize("rows", ["0", "-3", "many"])
def test_rows_are_a_whole_number_from_one_on(typed, rows):
    assert typed("export", "--rows", rows, "--out", "ask.csv").exit_code == 2


def test_a_status_lists_queues_and_shows_one(typed):
    assert typed("status").stderr == "no queue waits for answers\n"
    typed("export", "--rows", "10", "--out", "ask.csv")
    assert "ask" in typed("status").stdout
    assert "queue ask: 0 of 10 rows answered" in typed("status", "ask").stdout
    (found,) = json.loads(typed("status", "--json").stdout)["queues"]
    assert (found["queue"], found["waiting"], found["open"]) == ("ask", 10, True)
    assert isinstance(typed("status", "aks").exception, KeepfitError)
