"""Performance before labels, window by window: what teaches it, how it is held against the truth, where it is shown."""

from __future__ import annotations

import shutil
from dataclasses import replace
from datetime import datetime

import numpy as np
import pytest
from tests.flows.monitoring.test_monitor import pin, rows_of, run, same_period, write_rows

from keepfit.integrations.tables import write_parquet
from keepfit.records import to_json
from keepfit.report.monitoring import windows_table
from keepfit.tables.frames import from_frame
from keepfit.tables.judged_scores import judged_scores

ALL = datetime(2013, 8, 1)


@pytest.fixture
def project(watched):
    return watched


def stream(project, *, labelled, flipped=()):
    """Months up to July, labelled up to `labelled`; in `flipped` months the relation is turned round."""
    months = [rows_of(month, flipped=month in flipped) for month in range(1, 8)]
    write_rows(project.root, *(rows if month <= labelled else rows.assign(y=None) for month, rows in enumerate(months, start=1)))
    return {seen.window.id: seen for seen in run(project, until=ALL).windows}


def test_the_first_labelled_window_teaches_and_the_next_is_estimated_before_its_labels(project):
    windows = stream(project, labelled=2)
    assert (windows["2013-02"].estimate.status, windows["2013-02"].estimate.n_reference) == ("not estimated", 0)
    said = windows["2013-03"].estimate
    assert (said.status, said.n, said.n_reference, said.truth, said.held) == ("estimated", 400, 400, None, None)
    assert said.low < windows["2013-02"].value < said.high


def test_when_labels_come_the_estimate_stays_as_it_was_made_and_is_held_against_the_truth(project):
    before = stream(project, labelled=2)
    after = stream(project, labelled=7, flipped=(4,))
    said, now = before["2013-03"].estimate, after["2013-03"].estimate
    assert (now.value, now.low, now.high) == (said.value, said.low, said.high)
    assert (now.truth, now.labelled, now.held) == (after["2013-03"].value, 400, True)
    assert after["2013-04"].estimate.held is False, "a relation that turned round is not seen before labels"


def test_after_two_misses_it_says_that_it_cannot_tell(project):
    windows = stream(project, labelled=5, flipped=(4, 5, 6))
    assert [windows[f"2013-0{month}"].estimate.held for month in (3, 4, 5, 6)] == [True, False, False, None]
    assert [windows[f"2013-0{month}"].estimate.status for month in (4, 5, 6)] == ["estimated", "estimated", "cannot tell"]


def judged_in_february(project, **composition):
    """February judged the champion, or what was judged in its place."""
    judged = replace(same_period(), basis="later", evaluated_from=datetime(2013, 2, 1), evaluated_until=datetime(2013, 3, 1), **composition)
    copied = project.root / "copied"
    copied.mkdir()
    for file in (project.root / "models" / "champion").iterdir():
        (copied / file.name).symlink_to(file.resolve())
    (copied / "composition.json").write_text(to_json(judged))
    (project.root / "models" / "champion").unlink()
    copied.rename(project.root / "models" / "champion")
    write_parquet(from_frame(rows_of(2, n=300)), project.root / "data" / "windows" / "2013-02.parquet")


def test_the_rows_that_judged_the_champion_teach(project):
    """There is an estimate for the first window, learned on February alone."""
    judged_in_february(project)
    pin(project.root, evaluated_until=datetime(2013, 3, 1))
    windows = stream(project, labelled=2)
    assert min(windows) == "2013-03"
    assert (windows["2013-03"].estimate.status, windows["2013-03"].estimate.n_reference) == ("estimated", 300)


def test_of_a_refit_what_its_sibling_answered_teaches_and_it_is_provisional_until_labels_judge_it(project):
    """Kept are 200 rows of February, with scores that say nothing: that is what is learned, not what the refit says of rows it knows."""
    judged_in_february(project, trained_until=datetime(2013, 3, 1), sibling_until=datetime(2013, 2, 1))
    rows = rows_of(2, n=300)
    answers = np.random.default_rng(0).random(300)
    write_parquet(judged_scores(rows["id"][:200], answers[:200]), project.root / "models" / "champion" / "judged.parquet")
    pin(project.root, trained_until=datetime(2013, 3, 1), evaluated_until=datetime(2013, 3, 1))
    windows = stream(project, labelled=3)
    said = windows["2013-03"].estimate
    assert min(windows) == "2013-03", "the windows that judge begin after the refit's data"
    assert (said.status, said.n_reference) == ("estimated", 200)
    assert said.value < 0.7 < windows["2013-03"].value
    assert "v1 is a refit: this is the first labelled window that judges its own bytes" in windows["2013-03"].notes
    assert not [note for note in windows["2013-04"].notes if "refit" in note]
    (project.root / "models" / "champion" / "judged.parquet").unlink()
    shutil.rmtree(project.state)
    without = stream(project, labelled=2)
    assert without["2013-03"].estimate.status == "not estimated", "nothing else is learned from rows that it knows"
    assert "v1 is a refit and provisional" in without["2013-03"].notes[0]


def test_it_is_shown_on_the_page_and_in_the_table(project):
    windows = stream(project, labelled=4, flipped=(4,))
    (page,) = (project.state / "reports").glob("2013-05-*.html")
    text = page.read_text()
    assert "Performance before labels" in text
    assert "the interval held the truth in 1 of 2 windows so far" in text
    assert "cannot tell a changed relation" in text
    table = windows_table(run(project, until=ALL).windows)
    assert f"roc_auc about {windows['2013-05'].estimate.value:.3f}"[:18] in table
    assert "no labels yet" in table


def test_an_estimate_is_no_ground_to_act(project):
    windows = stream(project, labelled=2)
    assert {seen.decision.action for seen in windows.values()} == {"continue"}
    assert "estimate" not in {one.kind for seen in windows.values() for one in seen.evidence}
