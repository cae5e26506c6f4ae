from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pandas as pd
import pytest

from keepfit.errors import ExpectationError
from keepfit.integrations.gx_suites import validate_suite

FRAME = pd.DataFrame(
    {
        "row_id": [f"r{number:03d}" for number in range(100)],
        "wind": [5.0] * 98 + [1048.0, np.nan],
        "empty": [np.nan] * 100,
        "kind": ["a"] * 95 + ["b"] * 5,
    }
)


def run(*entries, frame=FRAME, min_rows=20, id_column="row_id"):
    expectations = [
        {"type": kind, "kwargs": kwargs, "severity": "critical", "meta": {"id": f"e{at}", "level": level}} for at, (kind, level, kwargs) in enumerate(entries)
    ]
    text = json.dumps({"name": "rows", "expectations": expectations})
    return validate_suite(text, "rows", frame, window="w", min_rows=min_rows, id_column=id_column)


def between(column, low, high, **more):
    return {"column": column, "min_value": low, "max_value": high, **more}


def statuses(result):
    return [outcome.status for outcome in result.outcomes]


def test_a_failing_row_is_named_and_can_be_set_aside():
    result = run(("expect_column_values_to_be_between", "row", between("wind", 0, 100)))
    (outcome,) = result.outcomes
    assert (outcome.status, outcome.unexpected, outcome.sample) == ("fail", 1, ("r098: 1048",))
    assert result.unexpected_rows == {"e0": ("r098",)}


def test_outcomes_come_in_the_order_of_their_ids_with_every_one_there():
    result = run(
        ("expect_column_values_to_be_between", "row", between("wind", 0, 100)),
        ("expect_column_to_exist", "batch", {"column": "nope"}),
        ("expect_column_values_to_not_be_null", "batch", {"column": "wind", "mostly": 0.98}),
        ("expect_column_mean_to_be_between", "batch", between("wind", 0, 10)),
    )
    assert [outcome.expectation for outcome in result.outcomes] == ["e0", "e1", "e2", "e3"]
    assert statuses(result) == ["fail", "fail", "pass", "fail"]


@pytest.mark.parametrize(
    ("kind", "kwargs"),
    [
        ("expect_column_values_to_be_between", between("nope", 0, 1)),
        ("expect_column_values_to_be_between", between("empty", 0, 1)),
        ("expect_column_mean_to_be_between", between("empty", 0, 1)),
        ("expect_column_max_to_be_between", between("empty", 0, 1)),
        ("expect_column_distinct_values_to_be_in_set", {"column": "empty", "value_set": [1]}),
        ("expect_column_values_to_be_between", between("wind", 0, 1, row_condition='kind == "z"', condition_parser="pandas")),
        ("expect_column_mean_to_be_between", between("wind", 0, 1, row_condition='kind == "z"', condition_parser="pandas")),
    ],
)
def test_what_has_no_evidence_is_an_error_though_the_library_may_pass_it(kind, kwargs):
    assert statuses(run((kind, "batch", kwargs))) == ["error"]


@pytest.mark.parametrize("kind", ["expect_column_values_to_be_between", "expect_column_mean_to_be_between"])
def test_too_few_rows_are_undecided_also_under_a_condition(kind):
    condition = between("wind", 0, 1, row_condition='kind == "b"', condition_parser="pandas")
    assert statuses(run((kind, "batch", condition))) == ["undecided"]


def test_an_empty_frame_passes_nothing():
    result = run(("expect_column_values_to_not_be_null", "batch", {"column": "wind"}), frame=FRAME.iloc[:0])
    assert statuses(result) == ["error"]


def test_kwargs_that_the_library_does_not_know_are_refused():
    with pytest.raises(ExpectationError, match="cannot be built"):
        run(("expect_column_to_exist", "batch", {"column": "wind", "colum": "x"}))


def test_without_an_id_column_values_are_shown():
    (outcome,) = run(("expect_column_values_to_be_between", "batch", between("wind", 0, 100)), id_column=None).outcomes
    assert outcome.sample == ("1048",)


def test_threads_get_the_answers_of_their_own_frames():
    def one(limit):
        frame = FRAME.assign(wind=float(limit))
        return statuses(run(("expect_column_values_to_be_between", "row", between("wind", 0, 10)), frame=frame))[0]

    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(one, [1, 99] * 10)) == ["pass", "fail"] * 10


def test_it_prints_nothing(capfd):
    run(("expect_column_values_to_be_between", "batch", between("nope", 0, 100)))
    assert capfd.readouterr() == ("", "")
