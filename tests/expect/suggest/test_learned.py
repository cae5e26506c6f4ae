"""Lines that windows give: what they hold, what they catch, and which are refused with their reason."""

from __future__ import annotations

from dataclasses import replace

import pytest
from tests.expect.suggest import streams

from keepfit.expect.suggest.facts import ColumnFacts, WindowFacts
from keepfit.expect.suggest.learned import LearnedLine, Refused, learn
from keepfit.expect.suggest.measures import MeanOfNumbers, Present

CAUGHT = [
    (streams.without_gap, "gap_present"),
    (streams.other_unit, "x_mean"),
    (streams.renamed, "of_known"),
    (streams.renamed, "of_c_usual"),
    (streams.stuck, "x_spread"),
    (streams.doubled, "id_unique"),
    (streams.doubled, "rows_repeat"),
    (streams.cut, "rows_usual"),
]


@pytest.fixture(scope="module")
def lines():
    past = streams.past()
    alpha = past.alpha(len(past.measures))
    return {found.measure.id: found for found in (learn(measure, past.accepted, alpha) for measure in past.measures) if isinstance(found, LearnedLine)}


def test_months_like_those_before_meet_every_line(lines):
    later = [streams.facts(number) for number in range(12, 36)]
    assert {name for name, line in lines.items() for facts in later if line.holds(facts) is False} == set()


@pytest.mark.parametrize(("change", "line"), CAUGHT)
def test_what_breaks_is_caught_by_the_line_that_is_about_it(lines, change, line):
    assert lines[line].holds(streams.facts(40, change=change)) is False


def of_means(*means: float, missing: tuple[int, ...] = ()) -> list[WindowFacts]:
    """Months with these means of a column of 1,000 rows."""
    gaps = missing or (0,) * len(means)
    columns = [
        ColumnFacts(kind="number", n=1000 - gap, missing=gap, mean=mean, stdev=1.0, low=mean - 3, high=mean + 3) for mean, gap in zip(means, gaps, strict=True)
    ]
    months = [streams.month(number) for number in range(len(means))]
    return [WindowFacts(window=one.id, rows=1000, start=one.start, days=30.0, columns={"x": column}) for one, column in zip(months, columns, strict=True)]


def why(found: LearnedLine | Refused) -> str:
    assert isinstance(found, Refused)
    return found.why


def test_a_drift_a_jump_and_an_outlier_are_refused_with_their_reason():
    mean = MeanOfNumbers(column="x", scale="plain")
    assert "drift" in why(learn(mean, of_means(1, 2, 3, 4, 5, 6), 0.01))
    assert "less than a year" in why(learn(mean, of_means(1, 2, 3, 4, 5, 6), 0.01))
    jumped = of_means(*([5, 5.1, 4.9, 5.05, 4.95, 5.1, 4.9] * 2), *([9, 9.1, 8.9] * 2))
    assert "it changes over time" in why(learn(mean, jumped, 0.001))
    assert "lies outside what all windows predict" in why(learn(mean, of_means(*([0.0, 0.1, -0.1, 0.05, -0.05] * 8), 9.0), 0.05))


def test_where_accepted_windows_have_none_of_it_there_is_no_bound_below():
    found = learn(MeanOfNumbers(column="x", scale="log"), of_means(1, 0, 1.2, 0, 0.9, 1.1, 0, 1.05, 1), 0.01)
    assert isinstance(found, LearnedLine)
    assert found.told[0] is None
    assert found.kwargs.keys() == {"column", "max_value"}


def test_four_windows_and_windows_without_a_value_give_no_line():
    mean = MeanOfNumbers(column="x", scale="plain")
    assert "needs 5" in why(learn(mean, of_means(1, 3, 2, 4), 0.01))
    empty = [replace(one, columns={"x": ColumnFacts(kind="number", n=0, missing=1000)}) for one in of_means(*range(8))]
    assert why(learn(mean, empty, 0.01)).startswith("0 windows have it")


def test_a_column_that_was_never_missing_may_miss_a_few_rows():
    found = learn(Present(column="x"), of_means(*([1.0, 3.0, 2.0] * 4)), 0.001)
    assert isinstance(found, LearnedLine)
    assert 0.5 < found.kwargs["mostly"] < 0.999


def test_a_season_that_was_seen_whole_is_no_drift():
    season = [10.0, 12, 15, 19, 22, 25, 26, 24, 20, 16, 13, 11]
    twice = of_means(*season, *[value + (0.2 if at % 2 else -0.2) for at, value in enumerate(season)])
    assert isinstance(learn(MeanOfNumbers(column="x", scale="plain"), twice, 0.001), LearnedLine)
    assert "drift" in why(learn(MeanOfNumbers(column="x", scale="plain"), twice[:7], 0.001))
    thrice = of_means(*season, *[value + 3 for value in season], *[value + 6 for value in season])
    assert "from year to year" in why(learn(MeanOfNumbers(column="x", scale="plain"), thrice, 0.001))
