"""Labels that people gave, where windows are judged: those that count as their own would, from when they were known; chosen rows never."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from tests.flows.monitoring.test_late_labels import MAY, of, overall, policy
from tests.flows.monitoring.test_monitor import rows_of, run, write_rows

from keepfit.flows.retraining.retrain_tree import complete_windows
from keepfit.flows.rows.people_labels import add_labels
from keepfit.integrations.tables import read_table
from keepfit.records import Label
from keepfit.tables.windows import parse_window_id

KNOWN = datetime(2013, 4, 20, tzinfo=UTC)


@pytest.fixture
def project(watched):
    """January has its labels, February and March have none."""
    write_rows(watched.root, rows_of(1), *(rows_of(month).assign(y=None) for month in (2, 3)))
    return watched


def say(project, rows, *, name="a", known=KNOWN, selected=None, flipped=False, origin="annotator"):
    labels = [
        Label(row=row, label=str(abs(y - flipped)), origin=origin, known_at=known, selected=selected) for row, y in zip(rows["id"], rows["y"], strict=True)
    ]
    add_labels(project, name, labels)


def february(project, until=MAY):
    return of(run(project, until=until), "2013-02")


def test_labels_of_people_judge_as_the_sources_own_would(project, tmp_path_factory):
    say(project, rows_of(2))
    by_people = february(project)
    for file in (*project.state.rglob("*.parquet"), *project.state.glob("ledger.db*"), *(project.root / "labels").glob("*")):
        file.unlink()
    write_rows(project.root, rows_of(1), rows_of(2), rows_of(3))
    own = february(project)
    assert (by_people.labelled, by_people.value, by_people.low, by_people.high) == (400, own.value, own.low, own.high)
    assert by_people.arrivals == 1


def test_labels_that_come_after_a_window_was_judged_are_scored_once(project):
    assert february(project).value is None
    say(project, rows_of(2))
    seen = february(project)
    assert (seen.labelled, seen.arrivals, overall(seen).n) == (400, 1, 400)
    state = policy(project)
    assert february(project) == seen
    assert policy(project) == state


def test_rows_that_were_chosen_judge_nothing_and_those_that_chance_drew_do(project):
    write_rows(project.root, rows_of(1), rows_of(2), rows_of(3))
    say(project, rows_of(2).head(100), selected="active", flipped=True)
    say(project, rows_of(2).tail(50), selected="random", name="b", flipped=True)
    seen = february(project)
    assert seen.labelled == 300
    assert overall(seen).n == 300
    assert "100 rows that people were asked about by choice judge nothing" in seen.notes


def test_a_label_counts_from_when_it_was_known(project):
    say(project, rows_of(2), known=datetime(2013, 5, 3, tzinfo=UTC))
    assert february(project, until=MAY).value is None
    assert february(project, until=datetime(2013, 5, 4)).labelled == 400


def test_people_correct_the_source_and_what_was_taken_back_with_git_is_gone(project):
    write_rows(project.root, rows_of(1), rows_of(2), rows_of(3))
    before = february(project)
    say(project, rows_of(2), flipped=True)
    corrected = february(project)
    assert corrected.value < 0.2 < before.value
    (project.root / "labels" / "a.csv").unlink()
    back = february(project)
    assert (back.value, back.labelled, back.arrivals) == (before.value, 400, 2)


def test_a_proxy_stands_in_only_where_there_is_no_label(project):
    rows = rows_of(2)
    write_rows(project.root, rows_of(1), rows.assign(y=rows["y"].where(rows.index < 300)), rows_of(3))
    before = february(project)
    say(project, rows, origin="proxy", flipped=True)
    seen = february(project)
    assert (before.labelled, seen.labelled) == (300, 400)


def test_the_windows_that_a_retraining_brings_hold_their_own_labels_alone(project):
    say(project, rows_of(2))
    february(project)
    folder = project.state / "windows"
    complete_windows(project, folder, until=parse_window_id("2013-03"))
    assert read_table(folder / "2013-02.parquet")["y"].null_count == 400
