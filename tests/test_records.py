from __future__ import annotations

import inspect
import math
from collections.abc import Mapping
from dataclasses import FrozenInstanceError, fields, is_dataclass, replace
from datetime import date, datetime
from functools import cache
from types import NoneType, UnionType
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.certificates import pinned, row, scorecard

from keepfit import records
from keepfit.errors import KeepfitError
from keepfit.records import Baseline, Confirmation, Pin, Profile, Window, canonical, digest, from_data, from_json, to_data, to_json

RECORDS = [cls for _, cls in inspect.getmembers(records, inspect.isclass) if is_dataclass(cls) and cls.__module__.startswith(records.__name__)]
TEXT = st.text(st.characters(codec="utf-8"), max_size=8)
SCALARS: dict[Any, st.SearchStrategy[Any]] = {
    str: TEXT,
    int: st.integers(-(2**53), 2**53),
    float: st.floats(allow_nan=False, allow_infinity=False),
    bool: st.booleans(),
    datetime: st.datetimes(min_value=datetime(1900, 1, 1), max_value=datetime(2200, 1, 1)),
    date: st.dates(min_value=date(1900, 1, 1), max_value=date(2200, 1, 1)),
    NoneType: st.none(),
}


@cache
def values(kind: Any) -> st.SearchStrategy[Any]:
    """Values of a record field's type."""
    if kind in SCALARS:
        return SCALARS[kind]
    if is_dataclass(kind):
        hints = get_type_hints(kind)
        return st.builds(kind, **{each.name: values(hints[each.name]) for each in fields(kind)})
    origin, args = get_origin(kind), get_args(kind)
    if origin is Literal:
        return st.sampled_from(args)
    if origin is tuple:
        return st.lists(values(args[0]), max_size=2).map(tuple)
    if origin is Mapping:
        return st.dictionaries(TEXT, values(args[1]), max_size=2)
    assert origin in (Union, UnionType), kind
    return st.one_of([values(each) for each in args])


def test_every_word_of_the_design_is_here():
    words = {"Window", "Profile", "Evidence", "Decision", "Ticket", "Scorecard", "Certificate", "Verdict", "Composition"}
    assert words <= {cls.__name__ for cls in RECORDS}


@pytest.mark.parametrize("cls", RECORDS, ids=lambda cls: cls.__name__)
@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_a_record_comes_back_from_json_as_it_went(cls, data):
    value = data.draw(values(cls))
    text = to_json(value)
    assert from_json(cls, text) == value
    assert from_data(cls, to_data(value)) == value
    assert to_json(from_json(cls, text)) == text


@pytest.mark.parametrize("cls", RECORDS, ids=lambda cls: cls.__name__)
def test_a_record_is_frozen_and_takes_names_only(cls):
    assert cls.__dataclass_params__.frozen
    assert all(each.kw_only for each in fields(cls))


@pytest.mark.parametrize("cls", RECORDS, ids=lambda cls: cls.__name__)
@settings(max_examples=3, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data(), wrong=st.sampled_from([math.nan, math.inf, -math.inf]))
def test_no_record_with_nan_or_infinity_is_written(cls, data, wrong):
    hints = get_type_hints(cls)
    sample = data.draw(values(cls))
    for name in [each.name for each in fields(cls) if hints[each.name] in (float, float | None)]:
        with pytest.raises(ValueError, match="not JSON compliant"):
            to_json(replace(sample, **{name: wrong}))


@pytest.mark.parametrize("wrong", [math.nan, math.inf])
@pytest.mark.parametrize(
    "made",
    [
        lambda wrong: replace(scorecard("m"), rows=(replace(row(), low=wrong),)),
        lambda wrong: replace(scorecard("m"), confirmation=Confirmation(rows=9, metric="roc_auc", text="held out", gain=wrong)),
        lambda wrong: Baseline(champion=replace(pinned("m", 1, "sha256:one"), value=wrong)),
    ],
    ids=["a row", "a part that came later", "a pin"],
)
def test_nan_inside_of_a_record_is_not_written_as_null(made, wrong):
    with pytest.raises(ValueError, match="not JSON compliant"):
        to_json(made(wrong))


@pytest.mark.parametrize("wrong", ["NaN", "Infinity", "-Infinity"])
def test_nan_and_infinity_are_not_read_either(wrong):
    pin = Pin(model="m", version="1", digest="d", trained_until=None, evaluated_until=None, value=0.5)
    with pytest.raises(KeepfitError, match=r"not a Pin record: value: .* finite"):
        from_json(Pin, to_json(pin).replace("0.5", wrong))


def test_what_does_not_fit_is_one_sentence_with_place_and_fix():
    with pytest.raises(KeepfitError) as caught:
        from_json(Profile, '{"window": "2013-02", "rows": "many", "columns": {}}', where="reports/profile.json")
    assert str(caught.value).startswith("not a Profile record: rows: ")
    assert "(reports/profile.json)\n  fix: " in str(caught.value)


def test_text_that_is_not_json_is_the_same_error():
    with pytest.raises(KeepfitError, match="not a Window record: the whole text"):
        from_json(Window, "<<<<<<< HEAD")


def test_canonical_bytes_do_not_depend_on_the_order_of_keys():
    one = Profile(window="w", rows=0, columns={})
    forward = records.WindowValidation(window="w", rows=1, quarantined=0, blocked=False, outcomes=())
    a = records.Validation(windows=(forward,), suites={"a": "1", "b": "2"})
    b = records.Validation(windows=(forward,), suites={"b": "2", "a": "1"})
    assert canonical(a) == canonical(b)
    assert digest(a) == digest(b) != digest(one)
    assert canonical(a).isascii()
    assert b" " not in canonical(a)


def test_a_record_cannot_be_changed():
    window = Window(id="2013-02", source="flights")
    with pytest.raises(FrozenInstanceError):
        window.id = "2013-03"


def test_a_row_of_the_scorecards_own_basis_says_nothing_of_it():
    """Digests of scorecards, and diffs of them in git, are as they were before rows could say on what they were judged."""
    row = records.ScoreRow(
        slice="overall", metric="mae", rule="at_most", bound=2.0, champion=None, challenger=1.0, difference=None, low=None, high=None, p_value=None, n=9,
        status="pass",
    )  # fmt: skip
    smoke = records.ScoreRow(**{**to_data(row), "basis": "smoke"})
    card = records.Scorecard(
        model="m", task="regression", metric="mae", basis="later", champion=None, evaluated_from=None, evaluated_until=None, n=9, rows=(row,)
    )
    shipped = records.Shipped(refit=True, text="judged that, shipped this", judged_until=None, trained_until=None)
    both = records.RefitReport(shipped=shipped, rows=(smoke,)).beside(card)
    assert "basis" not in to_data(row)
    assert from_json(records.Scorecard, to_json(both)) == both
    assert (both.judged_rows, both.smoke_rows, both.shipped) == ((row,), (smoke,), shipped)
