from __future__ import annotations

import inspect

import pytest
from hypothesis import given
from hypothesis import strategies as st

from keepfit import errors
from keepfit.errors import BlockedError, KeepfitError, ParamsError, RefusedError, UnknownNameError, did_you_mean

ERRORS = [cls for _, cls in inspect.getmembers(errors, inspect.isclass) if issubclass(cls, Exception)]


def test_an_error_says_what_where_and_what_to_do():
    error = KeepfitError("no table", where="data/rows.csv", fix="put it there")
    assert str(error) == "no table (data/rows.csv)\n  fix: put it there"
    assert (error.what, error.where, error.fix) == ("no table", "data/rows.csv", "put it there")


def test_place_and_fix_are_optional():
    assert str(KeepfitError("no table")) == "no table"


@pytest.mark.parametrize("cls", ERRORS, ids=lambda cls: cls.__name__)
def test_every_error_is_a_keepfit_error_and_its_name_says_so(cls):
    assert issubclass(cls, KeepfitError)
    assert cls.__name__.endswith("Error")
    assert cls.__doc__


@pytest.mark.parametrize(("cls", "code"), [(KeepfitError, 1), (UnknownNameError, 2), (ParamsError, 2), (BlockedError, 3), (RefusedError, 3)])
def test_exit_codes_are_those_of_the_documentation(cls, code):
    assert cls.exit_code == code


def test_the_nearest_known_name_is_offered():
    error = UnknownNameError("detector", "kss", known=["psi", "ks", "chi2"])
    assert error.fix == "did you mean 'ks'? known: chi2, ks, psi"


def test_nothing_is_guessed_when_nothing_is_near():
    assert did_you_mean("zzz", ["ks"]) == "known: ks"
    assert did_you_mean("zzz", []) == "known: none"


@given(st.text(max_size=10), st.sets(st.text(st.characters(codec="ascii", exclude_characters=", "), min_size=1, max_size=10), max_size=200))
def test_a_fix_names_at_most_twelve(name, known):
    listed = did_you_mean(name, known).rpartition("known: ")[2]
    assert listed.count(", ") <= 12
