from __future__ import annotations

import math
import time
from datetime import datetime, timedelta

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from keepfit.compose.curation.expression import condition
from keepfit.errors import ParamsError, UnknownNameError

WHERE = "curation.yaml: rules.a.where"
START = datetime(2013, 2, 1)


def rows(**columns):
    return pa.table(columns)


def held(text, table):
    return condition(text, where=WHERE).holds(table).tolist()


# -- what a missing value does ----------------------------------------------------------------------------------------------


def test_neither_a_comparison_with_a_missing_value_nor_its_not_holds():
    table = rows(x=[1.0, 5.0, None, math.nan])
    assert held("x > 3", table) == [False, True, False, False]
    assert held("not x > 3", table) == [True, False, False, False]
    assert held("x != 1", table) == [False, True, False, False]
    assert held("x not in [1, 2]", table) == [False, True, False, False]
    assert held("x is null", table) == [False, False, True, True]
    assert held("x is null or x > 3", table) == [False, True, True, True]
    assert held("not (x > 3 or x is null)", table) == [True, False, False, False]


def test_what_is_divided_by_nought_is_missing():
    table = rows(x=[4.0, 0.0], y=[2.0, 0.0])
    assert held("x / y > 0", table) == [True, False]
    assert held("x / y is null", table) == [False, True]


def test_a_column_without_any_value_is_never_equal_to_anything():
    table = rows(x=pa.nulls(2))
    for text in ("x == 1", "x == 'a'", "x", "not x", "x in [1]", "x starts_with 'a'", "x + 1 > 0"):
        assert held(text, table) == [False, False]


# -- what a value is ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("type_", [pa.string(), pa.large_string(), pa.string_view(), pa.dictionary(pa.int32(), pa.string())])
def test_a_text_is_itself_whatever_stores_it(type_):
    table = rows(carrier=pa.array(["UA", "EV", None, "UAL"], pa.string()).cast(type_))
    assert held("carrier == 'UA'", table) == [True, False, False, False]
    assert held("carrier in ['EV', 'UA']", table) == [True, True, False, False]
    assert held("carrier starts_with 'UA'", table) == [True, False, False, True]
    assert held("carrier not contains 'A'", table) == [False, True, False, False]


@pytest.mark.parametrize(
    "values", [[True, False, None], ["True", "False", None], ["true", "FALSE", None], [1, 0, None], [1.0, 0.0, math.nan], ["1", "0", None]]
)
def test_a_boolean_is_true_or_false_whatever_stores_it(values):
    table = rows(flag=values)
    assert held("flag == true", table) == [True, False, False]
    assert held("flag != true", table) == [False, True, False]
    assert held("flag in [false]", table) == [False, True, False]


@pytest.mark.parametrize("type_", [pa.int8(), pa.uint64(), pa.float32(), pa.float64(), pa.decimal128(22, 3), pa.string()])
def test_a_whole_number_is_itself_whatever_stores_it(type_):
    table = rows(code=pa.array([7, 12, None], pa.int64()).cast(pa.float64() if pa.types.is_floating(type_) else pa.int64()).cast(type_))
    assert held("code == 7", table) == [True, False, False]
    assert held("code == '7'", table) == [True, False, False]
    assert held("code > 7.5", table) == [False, True, False]


def test_patterns_are_plain_text():
    assert held("x contains '(a+)+$'", rows(x=["a" * 40 + "!", "(a+)+$"])) == [False, True]
    assert held("x contains '%'", rows(x=["a", "50 %"])) == [False, True]


def test_a_time_is_compared_in_the_tables_clock():
    table = rows(time=pa.array([START + timedelta(hours=6 * number) for number in range(5)], pa.timestamp("us")))
    assert held("time >= '2013-02-01 12:00' and time < '2013-02-02'", table) == [False, False, True, True, False]
    assert held("time between '2013-02-01T06:00:00' and '2013-02-01T12:00:00'", table) == [False, True, True, False, False]


def test_columns_are_compared_with_columns_of_their_sort():
    table = rows(a=pa.array([1, 2, 3]), b=pa.array([0.5, 2.0, 9.0], pa.float32()), c=["x", "y", "z"], d=pa.array(["x", None, "q"]).dictionary_encode())
    assert held("a > b", table) == [True, False, False]
    assert held("c == d", table) == [True, False, False]
    with pytest.raises(ParamsError, match="a holds numbers and c texts: they cannot be compared"):
        held("a == c", table)


# -- what is refused ------------------------------------------------------------------------------------------------------


def test_a_misspelt_column_is_answered_with_the_nearest():
    with pytest.raises(UnknownNameError) as bad:
        held("carier == 'UA'", rows(carrier=["UA"]))
    assert str(bad.value) == "no column 'carier' (curation.yaml: rules.a.where)\n  fix: did you mean 'carrier'? known: carrier"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("distance == 'far'", "distance holds numbers, and 'far' is none"),
        ("time > 2013", "time holds times (in the table's clock, without a zone), and 2013 is none"),
        ("flag == 'maybe'", "flag holds booleans, and 'maybe' is none"),
        ("distance", "distance holds numbers and is no condition by itself"),
        ("distance and flag", "distance holds numbers and is no condition by itself"),
        ("carrier + 1 > 2", "carrier holds texts, and + - * / are of numbers"),
        ("distance + '1' > 2", "'1' is no number, and + - * / are of numbers"),
        ("distance starts_with 'a'", "distance holds numbers, and starts_with is of texts"),
        ("1 == 1", "1 stands where a column is needed"),
        ("1 + 1 == distance", "a sum of numbers alone"),
        ("(distance > 1) == true", "a comparison stands where a column is needed"),
        ("parts == 1", "parts holds values that cannot be compared, and 1 is none"),
    ],
)
def test_what_cannot_be_compared_is_refused_in_one_sentence(text, said):
    table = rows(distance=[1], carrier=["UA"], flag=[True], time=pa.array([START], pa.timestamp("us")), parts=[[1]])
    with pytest.raises(ParamsError) as bad:
        held(text, table)
    assert bad.value.what == said
    assert bad.value.where == WHERE


# -- against a slow reading, row by row -------------------------------------------------------------------------------------

NUMBERS = st.sampled_from([None, math.nan, -2.0, 0.0, 0.5, 3.0])
TABLES = st.lists(
    st.tuples(NUMBERS, st.sampled_from([None, -1, 0, 3]), st.sampled_from([None, "UA", "EV", "UAL", ""]), st.sampled_from([None, True, False])), max_size=8
)


def number_of(value):
    return None if value is None or math.isnan(value) else float(value)


def both(f):
    def found(a, b):
        return None if a is None or b is None else f(a, b)

    return found


def all_of(a, b):
    return False if a is False or b is False else None if a is None or b is None else True


def any_of(a, b):
    return True if a is True or b is True else None if a is None or b is None else False


ORDERS = {"==": lambda a, b: a == b, "!=": lambda a, b: a != b, "<": lambda a, b: a < b, ">=": lambda a, b: a >= b}
SUMS = {"+": lambda a, b: a + b, "-": lambda a, b: a - b, "*": lambda a, b: a * b, "/": lambda a, b: None if b == 0 else a / b}
SUM = st.recursive(
    st.sampled_from([("x", lambda row: number_of(row[0])), ("n", lambda row: number_of(row[1]))]),
    lambda inner: st.tuples(inner, st.sampled_from(sorted(SUMS)), inner | st.sampled_from([("2", lambda row: 2.0), ("0.5", lambda row: 0.5)])).map(
        lambda made: (f"({made[0][0]} {made[1]} {made[2][0]})", lambda row: both(SUMS[made[1]])(made[0][1](row), made[2][1](row)))
    ),
    max_leaves=4,
)
TEST = st.one_of(
    st.tuples(SUM, st.sampled_from(sorted(ORDERS)), st.sampled_from([-2, 0, 0.5, 3])).map(
        lambda made: (f"{made[0][0]} {made[1]} {made[2]}", lambda row: both(ORDERS[made[1]])(made[0][1](row), made[2]))
    ),
    st.tuples(SUM, st.sampled_from(sorted(ORDERS)), SUM).map(
        lambda made: (f"{made[0][0]} {made[1]} {made[2][0]}", lambda row: both(ORDERS[made[1]])(made[0][1](row), made[2][1](row)))
    ),
    SUM.map(lambda made: (f"{made[0]} is null", lambda row: made[1](row) is None)),
    SUM.map(lambda made: (f"{made[0]} between 0 and 3", lambda row: all_of(both(ORDERS[">="])(made[1](row), 0), both(lambda a, b: a <= b)(made[1](row), 3)))),
    st.sampled_from(["UA", "EV", "zz"]).map(lambda text: (f"c != '{text}'", lambda row: both(ORDERS["!="])(row[2], text))),
    st.sampled_from(["U", "A", ""]).map(lambda text: (f"c ends_with '{text}'", lambda row: None if row[2] is None else row[2].endswith(text))),
    st.lists(st.sampled_from(["UA", "EV", "zz"]), min_size=1, max_size=3).map(
        lambda texts: (f"c not in {texts}".replace('"', "'"), lambda row: None if row[2] is None else row[2] not in texts)
    ),
    st.just(("b", lambda row: row[3])),
    st.just(("b == false", lambda row: None if row[3] is None else row[3] is False)),
)
CONDITION = st.recursive(
    TEST,
    lambda inner: (
        inner.map(lambda made: (f"not ({made[0]})", lambda row: None if made[1](row) is None else not made[1](row)))
        | st.tuples(inner, inner).map(lambda made: (f"({made[0][0]} and {made[1][0]})", lambda row: all_of(made[0][1](row), made[1][1](row))))
        | st.tuples(inner, inner).map(lambda made: (f"({made[0][0]} or {made[1][0]})", lambda row: any_of(made[0][1](row), made[1][1](row))))
    ),
    max_leaves=5,
)


@settings(max_examples=400, deadline=None)
@given(CONDITION, TABLES, st.sampled_from([pa.float64(), pa.float32()]), st.sampled_from([pa.int8(), pa.int64()]))
def test_a_condition_holds_of_the_rows_that_a_reading_row_by_row_finds(made, values, float_type, int_type):
    text, answer = made
    columns = list(zip(*values, strict=True)) if values else [[], [], [], []]
    types = (float_type, int_type, pa.string(), pa.bool_())
    table = pa.table({name: pa.array(list(column), type_) for name, column, type_ in zip("xncb", columns, types, strict=True)})
    assert held(text, table) == [answer(row) is True for row in values]


def test_a_million_rows_take_less_than_two_seconds():
    rng = np.random.default_rng(0)
    n = 1_000_000
    carrier = pa.DictionaryArray.from_arrays(pa.array(rng.integers(0, 16, n), pa.int8()), pa.array([f"c{number}" for number in range(16)]))
    table = pa.table({"carrier": carrier, "distance": rng.normal(size=n), "late": rng.integers(0, 2, n)})
    start = time.process_time()
    found = condition("carrier in ['c1', 'c2'] and distance / 2 > 0.1 and not late == 1", where=WHERE).holds(table)
    assert time.process_time() - start < 2.0
    assert 0.02 < found.mean() < 0.03
