"""Strata by name: what a pattern covers, and which value a row has."""

import numpy as np
import pyarrow as pa
import pytest

from keepfit.compose.strata import check_columns, classes, coded, columns_of, named, said_of
from keepfit.errors import ParamsError, UnknownNameError
from keepfit.params import Params


@pytest.mark.parametrize(
    "values",
    [
        pa.array(["b", None, "a", "b"]),
        pa.array(["b", None, "a", "b"]).dictionary_encode(),
        pa.chunked_array([["b", None], ["a", "b"]]),
        pa.chunked_array([pa.array(["b", None]).dictionary_encode(), pa.array(["a", "b"]).dictionary_encode()]).unify_dictionaries(),
        pa.array(["b", None, "a", "b"], pa.large_string()),
    ],
)
def test_a_row_has_the_stratum_of_its_value_however_it_is_stored(values):
    found = coded("c", values)
    assert [found.names[code] for code in found.codes] == ["c=b", "c=(missing)", "c=a", "c=b"]


def test_numbers_are_named_as_slices_are():
    found = coded("n", pa.array([3.0, 2.5, float("nan"), None]))
    assert [found.names[code] for code in found.codes] == ["n=3", "n=2.5", "n=(missing)", "n=(missing)"]
    assert coded("n", pa.array([3, 3])).names == ("n=3",)
    assert classes(np.array([1.0, 0.0, 1.0])).names == ("class=0", "class=1")


def test_a_name_that_is_written_out_goes_before_a_pattern_and_a_longer_pattern_before_a_shorter():
    said = {"c=*": 1, "c=A*": 2, "c=AA": 3}
    assert said_of(["c=AA", "c=AB", "c=B", "d=AA"], said) == [("c=AA", 3), ("c=A*", 2), ("c=*", 1), None]
    assert columns_of([*said, "class=1"]) == ["c", "class"]


def test_a_name_without_rows_is_a_stratum_and_a_pattern_is_none():
    assert named(coded("c", pa.array(["a"])), ["c=b", "c=*", "c=a", "d=z"]).names == ("c=a", "c=b")


def test_rows_are_named_by_what_slices():
    params = Params.model_validate(
        {"model": {"name": "m", "task": "regression", "target": "y"}, "data": {"live": "x", "time": "t"}, "evaluate": {"slices": {"carrier": {}}}}
    )
    check_columns(["carrier=*", "window=2013-01"], params, where="here")
    with pytest.raises(UnknownNameError, match=r"no slicing column 'carier' \(here.carier=EV\)\n  fix: did you mean 'carrier'"):
        check_columns(["carier=EV"], params, where="here")
    with pytest.raises(ParamsError, match=r"a regression has no classes \(here.class=1\)"):
        check_columns(["class=1"], params, where="here")


@pytest.mark.parametrize("name", ["hour", "origin"])
def test_a_feature_that_is_no_slicing_column_yet_is_said_how_to_make_one(name):
    params = Params.model_validate(
        {"model": {"name": "m", "task": "regression", "target": "y"}, "data": {"live": "x", "time": "t", "features": {"origin": "categorical"}}}
    )
    with pytest.raises(ParamsError, match=rf"{name} is no slicing column yet \(here.{name}=3\)\n  fix: add {name}: {{}} to evaluate.slices"):
        check_columns([f"{name}=3"], params, where="here")
