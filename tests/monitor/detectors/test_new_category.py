"""New values: their share, and when it is a surprise."""

import pyarrow as pa
import pytest
from scipy import stats

from keepfit.errors import DataError
from keepfit.monitor.detectors.new_category import NewCategory
from keepfit.monitor.profile import learn_layout, profile_table


def compare(a, b, kind="categorical", **options):
    layout = learn_layout(pa.table({"x": a}), {"x": kind}, **options)
    sides = [profile_table(pa.table({"x": side}), layout, "w").columns["x"] for side in (a, b)]
    return NewCategory().compare(*sides, "x")


def test_the_effect_is_the_share_of_rows_with_new_values():
    found = compare(["a", "b"] * 50, ["a"] * 90 + ["c", "d"] * 5)
    assert (found.statistic, found.effect) == (pytest.approx(0.1), pytest.approx(0.1))
    assert found.p_value == pytest.approx(stats.fisher_exact([[0, 10], [100, 90]]).pvalue)
    assert found.detail == "10 rows (10.0%) hold a value that the reference does not have"


def test_one_new_row_is_told_and_no_surprise():
    found = compare(["a"] * 1000, ["a"] * 999 + ["b"])
    assert found.effect == pytest.approx(0.001)
    assert found.p_value == 1


def test_a_lost_category_is_not_new():
    found = compare(["a", "b"] * 50, ["a"] * 100)
    assert (found.effect, found.p_value, found.detail) == (0, 1, "")


def test_past_the_most_frequent_it_cannot_tell_new_from_rare_and_says_so():
    many = [f"c{i:03d}" for i in range(100)]
    found = compare(many, [*many[:25], *many[:25], *many[50:]], max_categories=50)
    assert found.effect == 0
    assert "new or rare cannot be told" in found.detail


def test_numbers_are_refused():
    with pytest.raises(DataError, match="compares categories"):
        compare([1.0], [2.0], "numeric")
