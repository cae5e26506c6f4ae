from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from tests.evaluate.behaviour.test_reading import TEST
from tests.evaluate.behaviour.test_run import ABOUT, fitted, rows, tests

from keepfit.evaluate.behaviour.results import outcomes_of, rows_of
from keepfit.evaluate.behaviour.run import RowsToAsk, run_tests
from keepfit.records import Scorecard
from keepfit.report.behaviour import behaviour_section, behaviour_summary

CARD = Scorecard(model="m", task="classification", metric="roc_auc", basis="later", champion=None, evaluated_from=None, evaluated_until=None, n=9, rows=())


def results(score=None, **entries):
    named = {name.replace("_", "-"): {**TEST, **entry} for name, entry in entries.items()}
    return run_tests(tests(**named), RowsToAsk(rows=rows(), id_column="row_id", about=ABOUT), score or fitted(-1))


def card(found):
    return replace(CARD, rows=rows_of(found), expectations=outcomes_of(found))


def test_the_section_says_each_test_and_shows_at_most_five_rows_that_break_it():
    (text,) = behaviour_section(results(worse_visibility={}))
    assert "| worse-visibility | directional |" in text
    assert "100.00%" in text
    assert text.count(" → ") == 5
    assert "worse visibility lowers no risk (ann)" in text


def test_no_tests_no_section_and_no_sentence():
    assert behaviour_section(()) == []
    assert behaviour_summary(CARD) == ""


def test_what_people_typed_cannot_break_the_page():
    (text,) = behaviour_section(results(it={"reason": "a | b <script>x</script> [c](http://d)", "author": "@ann|bob"}))
    assert "<script>" not in text
    assert "[c](http" not in text


@pytest.mark.parametrize(
    ("entries", "score", "says"),
    [
        ({"a": {}, "b": {"severity": "warning"}}, fitted(1), "Behaviour: 2 of 2 declared tests hold."),
        ({"a": {}, "b": {}}, fitted(-1), "Behaviour: 0 of 2 declared tests hold; a, b refuse it."),
        ({"a": {"severity": "info"}}, fitted(-1), "Behaviour: 0 of 1 declared tests hold; a warns."),
        ({"a": {}}, lambda frame: np.full(len(frame), np.nan), "Behaviour: 0 of 1 declared tests hold; a refuses it."),
    ],
)
def test_the_summary_counts_what_holds_and_names_what_does_not(entries, score, says):
    assert behaviour_summary(card(results(score, **entries))) == says
