"""Policies by name: the known ones, numbers in names, and what is refused."""

from __future__ import annotations

import pytest

from keepfit.errors import KeepfitError
from keepfit.update.policies import policy_of


@pytest.mark.parametrize("name", ["params", "all", "never", "calendar", "harm", "debt", "age", "adwin", "cara", "every-1", "debt:0", "reviews:0.5", "cara:1"])
def test_a_known_policy_keeps_its_name(name):
    assert policy_of(name).name == name


@pytest.mark.parametrize(("name", "number"), [("every-3", 3.0), ("debt:0.02", 0.02), ("reviews:4", 4.0), ("cara:0.1", 0.1), ("params", None)])
def test_the_number_is_in_the_name(name, number):
    assert policy_of(name).number == number


@pytest.mark.parametrize("name", ["debt:-0.1", "reviews:0", "reviews:-4", "every-0", "every-1.5", "every-x", "debt:", "debt:nan", "debt:inf", "cara:-1"])
def test_a_number_that_cannot_be_is_refused_with_an_example(name):
    with pytest.raises(KeepfitError) as bad:
        policy_of(name)
    assert repr(name) in bad.value.what
    assert "e.g." in bad.value.fix


def test_an_unknown_policy_is_refused_with_the_known_ones():
    with pytest.raises(KeepfitError, match="no policy 'callendar'") as bad:
        policy_of("callendar")
    assert bad.value.fix.startswith("did you mean 'calendar'?")


def test_the_ground_of_before_is_refused_with_the_new_one():
    with pytest.raises(KeepfitError) as bad:
        policy_of("opportunity")
    assert bad.value.fix == "--policies debt"


def test_only_the_update_policy_is_reviewed():
    assert [policy_of(name).folds for name in ("params", "reviews:4", "debt:0.1", "harm", "calendar", "every-2", "adwin")] == [True] * 4 + [False] * 3
