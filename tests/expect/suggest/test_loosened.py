"""A line is made looser for a reason, as far as the accepted windows ask for, and no farther."""

from __future__ import annotations

from dataclasses import replace

import pytest
from tests.expect.suggest import streams

from keepfit.errors import ExpectationError, UnknownNameError
from keepfit.expect.suggest.answers import answer
from keepfit.expect.suggest.loosened import loosened


@pytest.fixture(scope="module")
def months():
    past = streams.past()
    return replace(past, accepted=[*past.accepted, streams.facts(12, change=streams.renamed)])


def entry(kind: str, *, level: str = "batch", **kwargs: object) -> dict[str, object]:
    return {"type": kind, "kwargs": kwargs, "severity": "critical", "meta": {"id": "mine", "level": level}}


LOOSE = [
    entry("expect_column_values_to_not_be_null", column="gap"),
    entry("expect_column_mean_to_be_between", column="x", min_value=49.9, max_value=50.1),
    entry("expect_table_row_count_to_be_between", min_value=1000),
    entry("expect_column_values_to_be_in_set", column="of", value_set=["a", "b"]),
]


@pytest.mark.parametrize("mine", LOOSE, ids=lambda one: one["type"])
def test_a_looser_line_fails_on_no_accepted_window_and_keeps_the_reason(months, mine):
    assert any(answer(mine["type"], mine["kwargs"], one) is False for one in months.accepted)
    (one,) = loosened(months, [mine], "rows", line="mine", reason="a new  supplier").found
    assert all(answer(one.entry["type"], one.entry["kwargs"], month) for month in months.accepted)
    assert one.entry["meta"]["loosened"].startswith("a new supplier (was ")
    assert one.line.change == "looser"
    assert one.entry["kwargs"].keys() - {"mostly"} == mine["kwargs"].keys() - {"mostly"}


def test_a_set_gets_the_values_that_people_accepted(months):
    (one,) = loosened(months, [LOOSE[3]], "rows", line="mine", reason="new names").found
    assert one.entry["kwargs"]["value_set"] == ["C", "a", "b", "c"]


@pytest.mark.parametrize(
    ("mine", "reason", "error"),
    [
        (LOOSE[0], " ", "for a reason only"),
        (entry("expect_column_values_to_not_be_null", column="gap", mostly=0.1), "why", "ask for no looser line"),
        (entry("expect_column_values_to_not_be_null", level="row", column="gap"), "why", "row-level"),
        (entry("expect_column_values_to_match_regex", column="of", regex="a"), "why", "history says nothing"),
    ],
)
def test_what_cannot_be_made_looser_is_refused(months, mine, reason, error):
    with pytest.raises(ExpectationError, match=error):
        loosened(months, [mine], "rows", line="mine", reason=reason)


def test_a_line_that_is_not_there_is_named(months):
    with pytest.raises(UnknownNameError, match="mine"):
        loosened(months, [LOOSE[0]], "rows", line="min", reason="why")
