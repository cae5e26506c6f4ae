"""What a detector cannot compare is refused by name, what it cannot measure is a record that says why."""

import pytest

from keepfit.errors import DataError
from keepfit.monitor.detectors.sides import categories_of, numbers_of, unmeasured
from keepfit.records import CategoricalProfile, NumericProfile

NUMBERS = NumericProfile(edges=(0.0, 1.0), counts=(0, 1, 0), n=1, missing=0, nonfinite=0, total=1.0, total_squared=1.0, low=1.0, high=1.0)
TEXTS = CategoricalProfile(categories=("a",), counts=(1,), n=1, missing=0, other=0)
OTHER_NUMBERS = NumericProfile(edges=(0.0, 2.0), counts=(0, 1, 0), n=1, missing=0, nonfinite=0, total=1.0, total_squared=1.0, low=1.0, high=1.0)
OTHER_TEXTS = CategoricalProfile(categories=("b",), counts=(1,), n=1, missing=0, other=0)


def test_two_of_a_kind_on_one_layout_come_back_as_they_are():
    assert numbers_of("ks", NUMBERS, NUMBERS, "x") == (NUMBERS, NUMBERS)
    assert categories_of("new_category", TEXTS, TEXTS, "x") == (TEXTS, TEXTS)


@pytest.mark.parametrize(("a", "b"), [(TEXTS, NUMBERS), (NUMBERS, TEXTS)])
def test_the_other_kind_is_refused_with_a_detector_that_takes_it(a, b):
    with pytest.raises(DataError, match="the detector 'ks' compares numbers, 'x' is categorical") as refused:
        numbers_of("ks", a, b, "x")
    assert refused.value.fix == "one of chi2, psi, missing, js, new_category, lost_category"
    with pytest.raises(DataError, match="the detector 'new_category' compares categories, 'x' is numeric"):
        categories_of("new_category", a, b, "x")


def test_two_layouts_are_refused():
    with pytest.raises(DataError, match="'x' is counted on two different layouts"):
        numbers_of("ks", NUMBERS, OTHER_NUMBERS, "x")
    with pytest.raises(DataError, match="'x' is counted on two different layouts"):
        categories_of("new_category", TEXTS, OTHER_TEXTS, "x")


def test_nothing_measured_is_none_and_says_why():
    found = unmeasured("ks", "x", n=0, n_reference=7, why="no rows")
    assert (found.statistic, found.effect, found.p_value, found.n, found.n_reference, found.detail) == (None, None, None, 0, 7, "no rows")
