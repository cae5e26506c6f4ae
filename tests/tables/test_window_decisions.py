"""A person's word on a window, and which windows are sound by it."""

from __future__ import annotations

import pytest

from keepfit.errors import ParamsError, UnknownNameError
from keepfit.tables.window_decisions import decisions_of, excluded, is_excluded, undecided, unsound

DECISIONS = decisions_of({"a": {"verdict": "exclude", "reason": " a test  feed ", "by": "ann"}, "b": {"verdict": "accept", "reason": "a known gap"}})


def test_a_decision_keeps_its_reason_in_one_line_and_who_made_it():
    assert (DECISIONS["a"].reason, DECISIONS["a"].by, DECISIONS["b"].by) == ("a test feed", "ann", "")


def test_what_is_blocked_is_unsound_until_somebody_accepts_it_and_what_is_excluded_always():
    assert (excluded(DECISIONS), undecided(["b", "c"], DECISIONS), unsound(["b", "c"], DECISIONS)) == ({"a"}, {"c"}, {"a", "c"})
    assert [is_excluded(window, DECISIONS) for window in "abc"] == [True, False, False]


@pytest.mark.parametrize(
    ("entry", "error", "said"),
    [
        ("exclude", ParamsError, "a decision is a map"),
        ({"verdict": "drop", "reason": "x"}, ParamsError, "'drop' is neither exclude nor accept"),
        ({"verdict": "exclude", "reason": " "}, ParamsError, "a decision has no reason"),
        ({"verdict": "exclude", "reason": "x", "who": "ann"}, UnknownNameError, "'who'"),
    ],
)
def test_an_entry_that_is_no_decision_is_named(entry, error, said):
    with pytest.raises(error, match=said) as raised:
        decisions_of({"2013-02": entry})
    assert raised.value.where == "windows.yaml: 2013-02"
