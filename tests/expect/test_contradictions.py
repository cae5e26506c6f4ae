"""Pairs of lines that no window meets, and pairs that look so and can be met."""

from __future__ import annotations

import pytest

from keepfit.expect.contradictions import contradictions

HERE = {"row_condition": "of == 'a'", "condition_parser": "pandas"}


def line(name: str, kind: str, **kwargs: object) -> dict[str, object]:
    return {"type": f"expect_{kind}", "kwargs": kwargs, "meta": {"id": name}}


def column(name: str, kind: str, **kwargs: object) -> dict[str, object]:
    return line(name, f"column_{kind}", column="x", **kwargs)


@pytest.mark.parametrize(
    ("a", "b"),
    [
        (column("a", "mean_to_be_between", min_value=5), column("b", "mean_to_be_between", max_value=4)),
        (column("a", "values_to_be_between", max_value=4), column("b", "median_to_be_between", min_value=5)),
        (line("a", "table_row_count_to_be_between", min_value=5), line("b", "table_row_count_to_be_between", max_value=4)),
        (column("a", "values_to_be_in_set", value_set=[1, 2]), column("b", "distinct_values_to_contain_set", value_set=[2, 3])),
        (column("a", "mean_to_be_between", min_value=5, **HERE), column("b", "mean_to_be_between", max_value=4, **HERE)),
    ],
)
def test_what_nothing_meets_is_found(a, b):
    assert [name for name, _, _ in contradictions([b, a])] == ["a"]


@pytest.mark.parametrize(
    ("a", "b"),
    [
        (column("a", "mean_to_be_between", min_value=5), column("b", "mean_to_be_between", max_value=5)),
        (column("a", "mean_to_be_between", min_value=5), column("b", "stdev_to_be_between", max_value=4)),
        (column("a", "values_to_be_between", max_value=4, mostly=0.9), column("b", "mean_to_be_between", min_value=5)),
        (column("a", "mean_to_be_between", min_value=5, **HERE), column("b", "mean_to_be_between", max_value=4)),
        (column("a", "values_to_be_in_set", value_set=[1, 2], mostly=0.9), column("b", "distinct_values_to_contain_set", value_set=[3])),
        (column("a", "mean_to_be_between", min_value=5, max_value=4), column("b", "mean_to_be_between", max_value=9)),
    ],
)
def test_what_can_be_met_is_none(a, b):
    assert list(contradictions([a, b])) == []
