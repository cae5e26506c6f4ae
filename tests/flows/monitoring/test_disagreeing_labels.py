"""Two labels for one row that disagree: counted and shown wherever the two come from; the same label twice is nothing."""

from __future__ import annotations

import json

import pandas as pd
import pytest
from click.testing import CliRunner
from tests.flows.monitoring.test_late_labels import MAY, come, months, of, own_table
from tests.flows.monitoring.test_monitor import rows_of, run, write_rows

from keepfit.cli import app
from keepfit.report.monitoring import window_data, windows_table

SENTENCE = "100 rows have labels that disagree (ids 2-0, 2-1, 2-10, 2-11, 2-12, …): of each the first that was known is used"


@pytest.fixture
def project(watched):
    """Months without labels from February on."""
    write_rows(watched.root, *months())
    return watched


def turned(rows, count=100):
    """The rows with the first `count` labels turned round."""
    return rows.assign(y=rows["y"].where(rows.index >= count, 1 - rows["y"]))


def one_file(project):
    own_table(project, rows_of(2), turned(rows_of(2)))


def two_files(project):
    own_table(project, rows_of(2))
    text = (project.root / "params.yaml").read_text()
    (project.root / "params.yaml").write_text(text.replace("labels: labels.csv", "labels: labels"))
    (project.root / "labels").mkdir()
    for name, rows in (("a.csv", rows_of(2)), ("b.csv", turned(rows_of(2)))):
        rows[["id", "y"]].to_csv(project.root / "labels" / name, index=False)


def the_source_and_a_table(project):
    come(project, m2=1)
    own_table(project, turned(rows_of(2)))


@pytest.mark.parametrize("door", [one_file, two_files, the_source_and_a_table])
@pytest.mark.parametrize("late", [False, True])
def test_rows_whose_labels_disagree_are_counted_and_the_first_is_used(project, door, late):
    if late:
        run(project, until=MAY)
    door(project)
    said = []
    told = run(project, until=MAY, said=said)
    seen = of(told, "2013-02")
    assert (seen.labelled, seen.disagreeing, seen.disagreeing_rows) == (400, 100, ("2-0", "2-1", "2-10", "2-11", "2-12"))
    assert seen.value > 0.8, "the first labels are used"
    assert f"window 2013-02: {SENTENCE}" in said
    assert SENTENCE in window_data(seen)["reasons"]
    assert window_data(seen)["disagreeing_labels"] == {"rows": 100, "examples": list(seen.disagreeing_rows)}
    assert "on 400 labels, 100 of which disagree" in windows_table(told.windows)
    (page,) = (project.state / "reports").glob("2013-02-*.html")
    assert SENTENCE in page.read_text()
    assert of(told, "2013-03").disagreeing == 0


def test_a_label_that_comes_again_as_another_is_counted_and_what_was_scored_stands(project):
    come(project, m2=0.5)
    run(project, until=MAY)
    come(project, m2=1)
    before = of(run(project, until=MAY), "2013-02")
    rows = months(m2=1)
    write_rows(project.root, rows[0], turned(rows[1], 300), *rows[2:])  # the window's own labels, and those that came late
    said = []
    seen = of(run(project, until=MAY, said=said), "2013-02")
    assert (seen.disagreeing, seen.value, seen.arrivals) == (300, before.value, before.arrivals)
    assert any("300 rows have labels that disagree" in line for line in said)
    said = []
    assert of(run(project, until=MAY, said=said), "2013-02") == seen
    assert not any("disagree" in line for line in said), "told once, and shown for ever"
    come(project, m2=1)
    assert of(run(project, until=MAY), "2013-02").disagreeing == 0, "the source was put right"


def test_the_same_labels_from_many_doors_are_no_disagreement(project):
    come(project, m2=1)
    own_table(project, rows_of(2), rows_of(2), rows_of(2).assign(y=lambda rows: rows["y"].astype(float)))
    told = run(project, until=MAY)
    assert (of(told, "2013-02").labelled, of(told, "2013-02").disagreeing) == (400, 0)


def test_json_has_the_rows_whose_labels_disagree(project, monkeypatch):
    monkeypatch.chdir(project.root)
    own_table(project, pd.concat([rows_of(3), turned(rows_of(3), 2)]))
    done = CliRunner().invoke(app, ["monitor", "--until", "2013-05-01", "--json"])
    found = {window["window"]: window["disagreeing_labels"] for window in json.loads(done.stdout)["windows"]}
    assert found["2013-03"] == {"rows": 2, "examples": ["3-0", "3-1"]}
