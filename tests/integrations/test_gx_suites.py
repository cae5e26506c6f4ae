from __future__ import annotations

import json
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pandas as pd
import pytest

from keepfit.errors import ExpectationError
from keepfit.integrations.gx_suites import Roles, validate_suite

FRAME = pd.DataFrame(
    {
        "row_id": [f"r{number:03d}" for number in range(100)],
        "wind": [5.0] * 98 + [1048.0, np.nan],
        "empty": [np.nan] * 100,
        "kind": ["a"] * 95 + ["b"] * 5,
    }
)


def run(*entries, frame=FRAME, min_rows=20, id_column="row_id", target=None):
    expectations = [
        {"type": kind, "kwargs": kwargs, "severity": "critical", "meta": {"id": f"e{at}", "level": level}} for at, (kind, level, kwargs) in enumerate(entries)
    ]
    text = json.dumps({"name": "rows", "expectations": expectations})
    return validate_suite(text, "rows", frame, window="w", min_rows=min_rows, roles=Roles(id=id_column, target=target))


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


@pytest.mark.parametrize("before", ["", "import mlflow"])
def test_pyspark_is_left_alone_when_the_library_is_loaded(before):
    """Beside PySpark without grpcio, the library's import ends a process whose main module has no file, with exit code 0."""
    lines = ["import sys", before, "found = set(sys.modules)", "from keepfit.integrations.gx_suites import load_library", "load_library()"]
    lines += ["print(sorted(name for name in set(sys.modules) - found if name.partition('.')[0] == 'pyspark'))", "import pyspark.sql", "print('alive')"]
    done = subprocess.run([sys.executable, "-c", "\n".join(lines)], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines() == ["[]", "alive"]


def test_it_prints_nothing(capfd):
    run(("expect_column_values_to_be_between", "batch", between("nope", 0, 100)))
    assert capfd.readouterr() == ("", "")


# -- labels that are still to come ----------------------------------------------------------------------------------------


def with_labels(*, there, rows=100, wrong=()):
    """Rows of which the first `there` have a label 0 or 1, but 7 in the places `wrong`."""
    labels = [float(at % 2) if at < there else np.nan for at in range(rows)]
    for at in wrong:
        labels[at] = 7.0
    return FRAME.iloc[:rows].assign(y=labels)


ON_LABELS = {
    "in set": ("expect_column_values_to_be_in_set", "batch", {"column": "y", "value_set": [0, 1]}),
    "in set, by row": ("expect_column_values_to_be_in_set", "row", {"column": "y", "value_set": [0, 1]}),
    "there": ("expect_column_values_to_not_be_null", "batch", {"column": "y"}),
    "there, by row": ("expect_column_values_to_not_be_null", "row", {"column": "y"}),
    "most there": ("expect_column_values_to_not_be_null", "batch", {"column": "y", "mostly": 0.9}),
    "share there": ("expect_column_proportion_of_non_null_values_to_be_between", "batch", between("y", 0.9, 1)),
    "a column": ("expect_column_to_exist", "batch", {"column": "y"}),
    "mean": ("expect_column_mean_to_be_between", "batch", between("y", 0.4, 0.6)),
    "of a condition": ("expect_column_mean_to_be_between", "batch", between("wind", 0, 100, row_condition="y == 1", condition_parser="pandas")),
    "a pair": ("expect_column_pair_values_a_to_be_greater_than_b", "batch", {"column_A": "wind", "column_B": "y"}),
    "several": ("expect_select_column_values_to_be_unique_within_record", "batch", {"column_list": ["row_id", "y"]}),
}


@pytest.mark.parametrize("kind", ON_LABELS)
@pytest.mark.parametrize("frame", [with_labels(there=0), FRAME], ids=["empty column", "no column"])
def test_without_labels_nothing_said_of_them_is_decidable_and_no_row_is_set_aside(kind, frame):
    result = run(ON_LABELS[kind], frame=frame, target="y")
    (outcome,) = result.outcomes
    assert (outcome.status, outcome.detail) == ("undecided", "not yet decidable: 100 of 100 rows wait for their label")
    assert (result.waiting, result.unexpected_rows, outcome.sample) == (("e0",), {}, ())


@pytest.mark.parametrize("kind", ON_LABELS)
def test_with_all_labels_they_are_held_to_it_like_any_column(kind):
    whole = with_labels(there=90, rows=90)
    assert statuses(run(ON_LABELS[kind], frame=whole, target="y")) == statuses(run(ON_LABELS[kind], frame=whole)) == ["pass"]


@pytest.mark.parametrize(
    ("kind", "status", "aside"),
    [
        ("in set", "fail", {}),
        ("in set, by row", "fail", {"e0": ("r003",)}),
        ("there", "undecided", {}),
        ("there, by row", "undecided", {}),
        ("most there", "undecided", {}),
        ("share there", "undecided", {}),
        ("a column", "pass", {}),
        ("mean", "pass", {}),
        ("of a condition", "pass", {}),
        ("a pair", "fail", {}),
        ("several", "pass", {}),
    ],
)
def test_with_some_labels_the_labelled_rows_are_held_to_it_and_those_to_come_are_not_missing(kind, status, aside):
    result = run(ON_LABELS[kind], frame=with_labels(there=60, wrong=[3]), target="y")
    assert (statuses(result), result.unexpected_rows) == ([status], aside)


def test_enough_labels_are_enough_though_some_are_still_to_come():
    assert statuses(run(ON_LABELS["most there"], ON_LABELS["share there"], frame=with_labels(there=95), target="y")) == ["pass", "pass"]


def test_few_labels_are_undecided_by_the_number_of_rows_like_any_column():
    result = run(ON_LABELS["mean"], frame=with_labels(there=15), target="y")
    assert (statuses(result), result.waiting) == (["undecided"], ())


def test_a_set_of_columns_may_name_a_label_that_comes_later():
    columns = ("expect_table_columns_to_match_set", "batch", {"column_set": ["row_id", "wind", "empty", "kind", "y"]})
    assert statuses(run(columns, target="y")) == ["pass"]
    assert statuses(run(columns)) == ["fail"]


def test_what_is_broken_beside_the_labels_still_fails():
    assert statuses(run(("expect_column_values_to_be_between", "batch", between("wind", 0, 100)), ON_LABELS["mean"], target="y")) == ["fail", "undecided"]


# -- what the library says in ways of its own -------------------------------------------------------------------------------

DAYS = pd.date_range("2024-01-01", periods=100, freq="D")
TIMED = FRAME.assign(t=DAYS, zoned=DAYS.tz_localize("America/New_York"), json=['{"a": 1}'] * 99 + ["{"], wide=[1.0] * 99 + [np.inf])


@pytest.mark.parametrize("column", ["t", "zoned"])
def test_date_texts_bound_a_column_of_times(column):
    result = run(
        ("expect_column_values_to_be_between", "batch", between(column, "2024-01-01", "2024-12-31")),
        ("expect_column_values_to_be_between", "row", between(column, "2024-01-02", None)),
        ("expect_column_max_to_be_between", "batch", between(column, "2024-01-01T00:00:00", "2024-02-01")),
        ("expect_column_median_to_be_between", "batch", between(column, "2024-01-02", "2024-04-01")),
        frame=TIMED,
    )
    assert statuses(result) == ["pass", "fail", "fail", "pass"]
    assert result.unexpected_rows == {"e1": ("r000",)}


@pytest.mark.parametrize("column", ["t", "zoned"])
def test_a_set_of_date_texts_holds_a_columns_times_and_its_opposite_does_not(column):
    """The library takes both for false (of times without a zone), or the second for true (with one)."""
    days = [day.date().isoformat() for day in DAYS]
    kinds = ("expect_column_values_to_be_in_set", "expect_column_values_to_not_be_in_set", "expect_column_distinct_values_to_be_in_set")
    assert statuses(run(*((kind, "batch", {"column": column, "value_set": days}) for kind in kinds), frame=TIMED)) == ["pass", "fail", "pass"]


def test_a_set_that_is_met_is_a_pass_with_the_values_that_are_there():
    (outcome,) = run(("expect_column_distinct_values_to_be_in_set", "batch", {"column": "kind", "value_set": ["a", "b", "c"]})).outcomes
    assert (outcome.status, outcome.observed) == ("pass", "a, b")


@pytest.mark.parametrize(
    ("column", "values", "status"),
    [("kind", [1, 2], "error"), ("kind", [1, "z"], "pass"), ("wind", ["1048"], "error"), ("wind", [2.5], "pass"), ("wind", [5], "fail")],
)
def test_values_of_another_kind_that_must_not_be_there_are_no_pass(column, values, status):
    """No text equals a number: of a column read as text, the forbidden number is never found."""
    assert statuses(run(("expect_column_values_to_not_be_in_set", "batch", {"column": column, "value_set": values}))) == [status]


def test_quantiles_have_bounds_of_their_own():
    ranges = {"quantiles": [0.1, 0.5], "value_ranges": [[0, 9], [4, None]]}
    result = run(("expect_column_quantile_values_to_be_between", "batch", {"column": "wind", "quantile_ranges": ranges}))
    assert (statuses(result), result.outcomes[0].observed) == (["pass"], "0.1: 5, 0.5: 5")
    for wrong, says in (
        ([[None, None], [0, 1]], "always pass"),
        ([[2, 1], [0, 1]], "nothing meets"),
        ([[0, 1]], "a range each"),
        ([0, [0, 1]], "no .low, high."),
    ):
        with pytest.raises(ExpectationError, match=says):
            run(("expect_column_quantile_values_to_be_between", "batch", {"column": "wind", "quantile_ranges": {**ranges, "value_ranges": wrong}}))


@pytest.mark.parametrize(("low", "high", "status"), [(0, 10, "fail"), (0, None, "error")])
def test_a_number_that_is_not_finite_can_be_a_failure_but_is_no_pass(low, high, status):
    assert statuses(run(("expect_column_max_to_be_between", "batch", between("wide", low, high)), frame=TIMED)) == [status]


def test_a_failure_by_row_that_names_no_row_sets_none_aside_silently():
    (outcome,) = run(("expect_column_values_to_be_of_type", "row", {"column": "wind", "type_": "int64"})).outcomes
    assert (outcome.status, outcome.sample) == ("error", ())
    assert '"level": "batch"' in outcome.detail


def test_a_text_that_is_no_json_is_an_error_of_its_schema_and_a_failure_of_being_json():
    kinds = ("expect_column_values_to_be_json_parseable", {}), ("expect_column_values_to_match_json_schema", {"json_schema": {"type": "object"}})
    assert statuses(run(*((kind, "batch", {"column": "json", **more}) for kind, more in kinds), frame=TIMED)) == ["fail", "error"]


def test_a_suite_that_the_library_exported_is_run_as_it_is(tmp_path):
    import great_expectations as gx
    import great_expectations.expectations as gxe

    def entries():
        return [
            gxe.ExpectColumnValuesToBeBetween(column="wind", min_value=0, max_value=100, notes="no wind is stronger", severity="warning"),
            gxe.ExpectColumnValuesToNotBeNull(column="wind", row_condition='kind == "b"', condition_parser="pandas"),
        ]

    gx.get_context(mode="file", project_root_dir=tmp_path).suites.add(gx.ExpectationSuite(name="rows", expectations=entries()))
    stored = next(tmp_path.rglob("rows.json")).read_text()
    dumped = json.dumps(gx.ExpectationSuite(name="rows", expectations=entries(), notes="ours").to_json_dict())
    for text in (stored, dumped):
        result = validate_suite(text, "rows", FRAME, window="w", min_rows=5, roles=Roles(id="row_id"))
        found = {one.expectation: (one.status, one.severity, one.unexpected) for one in result.outcomes}
        assert found == {"wind_values_to_be_between": ("fail", "warning", 1), "wind_values_to_not_be_null": ("fail", "critical", 1)}


def test_configurations_that_are_made_once_change_no_answer(monkeypatch):
    from contextlib import nullcontext

    from keepfit.integrations import gx_suites

    asked = (
        ("expect_column_values_to_be_between", "row", between("wind", 0, 100)),
        ("expect_column_values_to_be_in_set", "row", {"column": "kind", "value_set": ["a"]}),
        ("expect_column_values_to_not_be_null", "batch", {"column": "empty"}),
        ("expect_column_mean_to_be_between", "batch", between("wind", 0, 10)),
        ("expect_column_to_exist", "batch", {"column": "nope"}),
        ("expect_column_values_to_match_regex", "row", {"column": "kind", "regex": "^[ab]$"}),
        ("expect_column_quantile_values_to_be_between", "batch", {"column": "wind", "quantile_ranges": {"quantiles": [0.5], "value_ranges": [[1, 9]]}}),
        ("expect_table_row_count_to_be_between", "batch", {"min_value": 1, "max_value": 9}),
        ("expect_column_values_to_be_between", "batch", between("wind", 0, 100, row_condition="kind == 'a'", condition_parser="pandas")),
    )
    once = run(*asked)
    assert len({outcome.status for outcome in once.outcomes}) > 1
    monkeypatch.setattr(gx_suites, "_made_once", nullcontext)
    assert run(*asked) == once
