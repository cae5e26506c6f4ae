"""Which line of a suite is about the same, and where it demands less."""

from __future__ import annotations

import pytest

from keepfit.expect.suggest.standing import standing

IN_SET, PRESENT, MEAN = "expect_column_values_to_be_in_set", "expect_column_values_to_not_be_null", "expect_column_mean_to_be_between"
HERE = {"row_condition": "of == 'a'", "condition_parser": "pandas"}


def entry(kind: str, **kwargs: object) -> dict[str, object]:
    return {"type": kind, "kwargs": kwargs, "severity": "info", "meta": {"id": "mine"}}


@pytest.mark.parametrize(
    ("mine", "kind", "kwargs", "farther"),
    [
        (entry(PRESENT, column="x"), PRESENT, {"column": "x", "mostly": 0.99}, ()),
        (entry(PRESENT, column="x", mostly=0.9), PRESENT, {"column": "x", "mostly": 0.99}, ("mostly",)),
        (entry(PRESENT, column="y"), PRESENT, {"column": "x", "mostly": 0.99}, None),
        (entry(PRESENT, column="x", **HERE), PRESENT, {"column": "x", "mostly": 0.99}, None),
        (entry(PRESENT, column="x", **HERE), PRESENT, {"column": "x", "mostly": 0.99, **HERE}, ()),
        (entry(MEAN, column="x", min_value=0), MEAN, {"column": "x", "min_value": 1, "max_value": 2}, ("min_value", "max_value")),
        (entry(MEAN, column="x", min_value=1.5, max_value=2), MEAN, {"column": "x", "min_value": 1, "max_value": 2}, ()),
        (entry(IN_SET, column="x", value_set=["a", "b"]), IN_SET, {"column": "x", "value_set": ["a", "b", "c"], "mostly": 0.9}, ()),
        (entry(IN_SET, column="x", value_set=["a", "b"]), IN_SET, {"column": "x", "value_set": ["a"], "mostly": 0.2}, None),
        (entry(IN_SET, column="x", value_set=["a"], mostly=0.1), IN_SET, {"column": "x", "value_set": ["a"], "mostly": 0.2}, ("mostly",)),
    ],
)
def test_a_line_covers_what_demands_no_more_of_the_same_rows(mine, kind, kwargs, farther):
    found = standing([mine], kind, kwargs)
    assert (None if found is None else found.farther) == farther


def test_of_several_lines_the_one_that_demands_the_most_stands():
    lines = [entry(PRESENT, column="x", mostly=0.5), {**entry(PRESENT, column="x"), "meta": {"id": "strict"}}]
    found = standing(lines, PRESENT, {"column": "x", "mostly": 0.9})
    assert found is not None
    assert (found.id, found.farther) == ("strict", ())
