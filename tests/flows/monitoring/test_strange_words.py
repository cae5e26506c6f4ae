"""A word of the target that nobody trained on is no silent 0: the window is inspected, until the labels are right or a person accepts it."""

from __future__ import annotations

from datetime import datetime

import pandas as pd
import pytest
from tests.flows.monitoring.test_monitor import by_window, decide, rows_of, run, write_rows

from keepfit.flows.project import Project
from keepfit.flows.rows.sources import live_rows
from keepfit.integrations.tables import write_parquet
from keepfit.report.monitoring import windows_table

APRIL = datetime(2013, 4, 1)
MONTHS = {month: rows_of(month).replace({"y": {0: "no", 1: "yes"}}) for month in (1, 2, 3)}


@pytest.fixture
def project(watched):
    """January trained, on yes and no; February and March are live."""
    params = watched.root / "params.yaml"
    params.write_text(params.read_text().replace("target: y}", 'target: y, positive: "yes"}'))
    write_rows(watched.root, *MONTHS.values())
    project = Project(watched.root)
    (project.root / "data" / "windows").mkdir(parents=True)
    write_parquet(live_rows(project, start=None, end=datetime(2013, 2, 1)), project.root / "data" / "windows" / "2013-01.parquet")
    return project


def write(project, **march):
    write_rows(project.root, MONTHS[1], MONTHS[2], MONTHS[3].replace({"y": march}))


def test_the_words_of_the_training_are_no_news(project):
    assert [(seen.status, seen.labelled) for seen in run(project, until=APRIL).windows] == [("seen", 400)] * 2


@pytest.mark.parametrize("words", [{"yes": "Y", "no": "N"}, {"no": "N"}, {"yes": "Yes"}, {"yes": "perhaps"}])
def test_a_word_that_nobody_trained_on_blocks_its_window_and_no_other(project, words):
    write(project, **words)
    told = run(project, until=APRIL)
    february, march = told.windows
    assert (february.status, february.decision.action, march.status, march.decision.action, march.decision.ground) == (
        "seen",
        "continue",
        "blocked",
        "inspect",
        "schema",
    )
    (found,) = [one for one in march.evidence if one.detector == "target_words"]
    count = MONTHS[3]["y"].isin(words).sum()
    assert (found.statistic, found.effect, found.n) == (count, count / 400, 400)
    shown = ", ".join(repr(word) for word in sorted(words.values()))
    assert f"{count} of 400 labels are words that nobody trained on ({shown}; known are 'no', 'yes'), and would count as 0" in march.decision.reasons[0]
    assert [ticket.id for ticket in told.tickets] == ["2013-03-schema"]


def test_an_accepted_window_counts_them_as_zero_and_says_so(project):
    write(project, no="perhaps")
    run(project, until=APRIL)
    decide(project, "2013-03", "accept")
    march = by_window(run(project, until=APRIL))["2013-03"]
    assert (march.status, march.labelled) == ("seen", 400)
    assert any("accepted: " in note and "'perhaps'" in note for note in march.notes)
    assert march.value == by_window(run(project, until=APRIL))["2013-03"].value > 0.8


def test_one_word_against_all_others_is_no_news_where_the_training_had_many(project):
    january = pd.concat([MONTHS[1].assign(y=MONTHS[1]["y"].where(MONTHS[1].index != 3, "maybe")), MONTHS[2], MONTHS[3].replace({"y": {"no": "never"}})])
    write_rows(project.root, january)
    write_parquet(live_rows(project, start=None, end=datetime(2013, 2, 1)), project.root / "data" / "windows" / "2013-01.parquet")
    assert [seen.status for seen in run(project, until=APRIL).windows] == ["seen", "seen"]


def test_labels_that_come_late_in_such_words_are_not_used_and_the_line_says_why(project):
    write_rows(project.root, MONTHS[1], MONTHS[2], MONTHS[3].assign(y=None))
    run(project, until=APRIL)
    write(project, yes="Y", no="N")
    said = []
    told = run(project, until=APRIL, said=said)
    assert told.news == {"2013-03"}
    why = "y: 400 of 400 labels are words that nobody trained on ('N', 'Y'; known are 'no', 'yes'), and would count as 0"
    assert f"window 2013-03: 400 labels came late, they are not used: {why}" in said
    assert f"labels that came late are not used: {why}" in windows_table(told.new_windows)
