"""What a window is compared with: the training rows, or the same period last year as far as it is known."""

from __future__ import annotations

from datetime import datetime

from tests.update.watched import APRIL, MARCH, champion, rows, scores

from keepfit.monitor.compared import LastYear, compared
from keepfit.records import Window

LAST_MARCH = Window(id="2012-03", source="rows.csv", start=datetime(2012, 3, 1), end=datetime(2012, 4, 1))
SAID = "2012-03-01 to 2012-04-01 (monitor.reference: last_year)"


def last_year(*tables, window=MARCH):
    return LastYear.of(champion(), window, tables)


def test_without_a_period_windows_are_held_to_the_training_rows():
    against = compared(champion(), None)
    assert (against.champion is champion(), against.rule is champion().rule, against.notes) == (True, True, ())


def test_the_same_period_last_year_is_another_reference_under_its_own_name():
    table = rows(LAST_MARCH, shift=1.0)
    season = last_year(table)
    against = compared(champion(), season, scores(season.rows).values)
    assert [profile.window for profile in against.champion.reference.profiles] == [f"2012-03-{day:02}" for day in range(1, 13)]
    assert against.champion.stream.startswith("last_year:sha256:")
    moved = rows(MARCH, shift=1.0, seed=3)
    _, evidence = against.drift(against.champion.profile(moved, scores(moved).values, MARCH))
    assert max(one.effect for one in evidence if one.subject == "x") < 0.1


def test_rows_come_in_the_order_of_time_whatever_order_the_windows_had():
    table = rows(LAST_MARCH)
    season = last_year(table.slice(600), table.slice(0, 600))
    assert season.rows["t"].to_pylist() == table["t"].to_pylist()


def test_what_is_missing_is_said_and_the_comparison_is_only_shown():
    few, days = last_year(rows(LAST_MARCH, n=20)), last_year(rows(LAST_MARCH).slice(0, 300))
    other = last_year(rows(LAST_MARCH).drop_columns(["x"]))
    assert few.missing == f"only 20 rows are known of the same period last year, {SAID}"
    assert last_year().missing == f"only 0 rows are known of the same period last year, {SAID}"
    assert other.missing == f"x cannot be compared with the rows of the same period last year, {SAID}"
    against = compared(champion(), days, scores(days.rows).values)
    assert against.missing == f"fewer than 8 days are known of the same period last year, {SAID}"
    table = rows()
    drift, evidence = against.drift(champion().profile(table, scores(table).values, MARCH))
    assert (len(drift.changes) > 0, evidence) == (True, ())
    assert against.notes == (f"drift is not judged: {against.missing}; shown beside the training rows",)


def test_a_window_without_times_has_no_last_year():
    assert last_year(window=Window(id="rows-000001", source="rows.csv")).missing == "the window says no time"
    assert APRIL.start is not None
