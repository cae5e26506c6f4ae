"""The course of a model: what was measured in each window, and at which window what happened."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from keepfit.records import Decision, Estimate, Evidence, JournalRow, JudgedWindow, Ticket, Window
from keepfit.report.performance import CourseMark, performance_course, performance_line, performance_rows

START = datetime(2024, 1, 1)
JOURNAL = JournalRow(
    at=datetime(2024, 1, 3, 12, tzinfo=UTC),
    kind="promoted",
    model="m",
    version="2",
    target="alias champion",
    previous="1",
    who="paul",
    via="browser",
    text="said",
)
TICKET = Ticket(
    id="2024-01-02-harm",
    model="m",
    champion="1",
    action="improve",
    ground="harm",
    cause="harm:overall",
    window="2024-01-02",
    opened=START,
    target=None,
    reasons=(),
    evidence=(),
    affected="",
    next=(),
)


def window(day, version="1", value=0.7, **changes):
    """A day's window: measured at `value`, .02 above its promise of .68."""
    begins = START + timedelta(days=day - 1)
    name = f"{begins:%Y-%m-%d}"
    found = Evidence(kind="performance", subject="overall", detector="roc_auc", statistic=value, effect=0.02, low=-0.01, high=0.05, n=90, n_reference=0)
    known = {
        "model": "m",
        "champion": f"sha256:{version}",
        "version": version,
        "window": Window(id=name, source="live", start=begins, end=begins + timedelta(days=1)),
        "status": "seen",
        "rows": 100,
        "labelled": 90,
        "metric": "roc_auc",
        "value": value,
        "low": value - 0.03,
        "high": value + 0.03,
        "evidence": (found,),
        "decision": Decision(window=name, action="continue", ground=None, cause=None, target=None, reasons=()),
    }
    return JudgedWindow(**{**known, **changes})


def unlabelled(day, version="1"):
    said = Estimate(metric="roc_auc", status="estimated", value=0.66, low=0.6, high=0.7, n=100, n_reference=900)
    return replace(window(day, version), value=None, low=None, high=None, labelled=0, evidence=(), estimate=said)


def marks(course):
    return [(one.at, one.kind, one.label) for one in course.marks]


def test_the_promise_is_what_the_measured_value_is_better_than():
    (greater,), (less,) = (performance_course([window(1)], greater_is_better=way).points for way in (True, False))
    assert round(greater.promised, 9) == 0.68
    assert round(less.promised, 9) == 0.72


def test_an_estimate_stands_until_labels_come_and_no_longer():
    labelled = replace(window(2), estimate=unlabelled(2).estimate)
    first, second, third = performance_course([window(1), labelled, unlabelled(3)], greater_is_better=True).points
    assert (first.estimate, second.estimate, third.estimate) == (None, None, 0.66)
    doubted = replace(unlabelled(3), estimate=replace(unlabelled(3).estimate, status="cannot tell"))
    assert not performance_course([doubted], greater_is_better=True).known


def test_a_change_of_the_champion_stands_at_the_first_window_judged_under_it_and_one_that_comes_back_is_a_rollback():
    course = performance_course([window(1), window(2, "2"), window(3, "2"), window(4)], greater_is_better=True)
    assert marks(course) == [(1, "promoted", "v2"), (3, "rolled back", "v1")]


def test_a_window_judged_under_both_champions_is_no_rollback():
    both = [window(1), window(2, "2"), window(2), window(3, "2")]
    course = performance_course(both, greater_is_better=True)
    assert marks(course) == [(1, "promoted", "v2")]
    assert [one.at for one in course.points] == [0, 1, 1, 2]


def test_the_journal_says_who_promoted_and_what_was_refused():
    refused = replace(JOURNAL, kind="refused", version="3", at=JOURNAL.at + timedelta(days=1))
    course = performance_course([window(1), window(2), window(3, "2"), window(4, "2"), window(5, "2")], greater_is_better=True, journal=[JOURNAL, refused])
    assert marks(course) == [(2, "promoted", "v2"), (3, "refused", "v3")]
    assert course.marks[0].text == "version 2 took the place of version 1 (promoted by paul on 2024-01-03)"


def test_where_the_tables_clock_is_years_behind_a_refusal_stands_at_the_last_window_of_the_champion_of_then():
    late = [replace(JOURNAL, at=JOURNAL.at.replace(year=2031)), replace(JOURNAL, kind="refused", version="3", at=JOURNAL.at.replace(year=2031, month=2))]
    course = performance_course([window(1), window(2, "2"), window(3, "2"), window(4, "4")], greater_is_better=True, journal=late)
    assert (2, "refused", "v3") in marks(course)


def test_a_refusal_stands_at_the_window_of_the_ticket_that_asked_for_the_version_where_that_is_known():
    refused = replace(JOURNAL, kind="refused", version="3", at=JOURNAL.at + timedelta(days=1))
    course = performance_course([window(day) for day in (1, 2, 3, 4, 5)], greater_is_better=True, journal=[refused], answered={"3": "2024-01-02", "9": "1999"})
    assert marks(course) == [(1, "refused", "v3")]


def test_a_ticket_stands_at_its_window_and_says_if_it_is_open():
    course = performance_course([window(1), window(2)], greater_is_better=True, tickets=[TICKET, replace(TICKET, window="1999", id="x")])
    assert course.marks == (CourseMark(at=1, kind="ticket", label="harm", text="ticket 2024-01-02-harm (open)", open=True),)


def test_of_many_windows_the_newest_are_kept_and_the_rest_is_counted():
    course = performance_course([window(day) for day in range(1, 31)], greater_is_better=True, most=20, tickets=[TICKET])
    assert (len(course.windows), course.windows[0], course.older, course.marks) == (20, "2024-01-11", 10, ())
    assert "The 10 windows before are left out." in performance_line(course)


def test_the_table_holds_every_number_and_every_mark_once():
    course = performance_course([window(1), window(2, "2"), window(2)], greater_is_better=True, tickets=[TICKET])
    rows = performance_rows(course)
    assert [row[:3] for row in rows] == [("2024-01-02", "v1", 0.7), ("2024-01-02", "v2", 0.7), ("2024-01-01", "v1", 0.7)]
    assert [row[-1] for row in rows if row[-1]] == ["version 2 took the place of version 1; ticket 2024-01-02-harm (open)"]


def test_nothing_measured_is_said_to_be_so():
    course = performance_course([], greater_is_better=True)
    assert performance_line(course) == "Nothing was measured yet."
    assert performance_rows(course) == []
