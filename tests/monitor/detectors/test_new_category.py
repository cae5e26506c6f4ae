"""New values: their share, and when it is a surprise."""

import pyarrow as pa
import pytest
from scipy import stats

from keepfit.errors import DataError
from keepfit.monitor.detectors.new_category import NewCategory
from keepfit.profiles.profile import learn_layout, profile_table
from keepfit.records import CategoricalProfile


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


def test_a_rare_value_of_the_reference_is_not_new():
    many = [f"c{i:03d}" for i in range(100)]
    found = compare(many, [*many[50:], *many[50:95], *["new"] * 5], max_categories=50)
    assert (found.statistic, found.effect) == (0.05, 0.05)
    assert found.detail == "5 rows (5.0%) hold a value that the reference does not have"


def test_where_the_reference_has_too_many_values_it_cannot_tell_new_from_rare_and_says_so():
    many = [f"c{i:04d}" for i in range(1000)]
    found = compare(many, [*many[:25], *many[:25], *many[50:]], max_categories=50)
    assert found.effect == 0
    assert "new or rare cannot be told" in found.detail


def test_a_profile_of_old_that_holds_every_value_still_tells_what_is_new():
    before = CategoricalProfile(categories=("a",), counts=(100,), n=100, missing=0, other=0)
    now = CategoricalProfile(categories=("a",), counts=(70,), n=100, missing=0, other=30)
    found = NewCategory().compare(before, now, "x")
    assert (found.effect, found.detail) == (0.3, "30 rows (30.0%) hold a value that the reference does not have")


def test_numbers_are_refused():
    with pytest.raises(DataError, match="compares categories"):
        compare([1.0], [2.0], "numeric")
