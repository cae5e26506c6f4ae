"""First expectations for an own table: what its first rows say, wide, each with its reason and marked where a person must decide."""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING, Any

from keepfit.records import CLASS
from keepfit.report.doubts import aside
from keepfit.slices.name import OVERALL
from keepfit.stats.metric import sound_of

if TYPE_CHECKING:
    from keepfit.expect.own_table import TableFacts
    from keepfit.stats.metric import Metric


def rows_suite(facts: TableFacts) -> bytes:
    """Return `expectations/data/rows.json`: columns are there, times are known, labels mostly, numbers in wide bounds."""
    asked = facts.asked
    found = [_expectation(f"{name}_is_there", "expect_column_to_exist", {"column": name}, "the model reads it") for name in (asked.time, *facts.features)]
    known = "expect_column_values_to_not_be_null"
    found.append(_expectation("time_is_known", known, {"column": asked.time}, "a row without a time has no window", level="row"))
    mostly = max(0.0, round(facts.first.labelled_share - 0.1, 2))
    found.append(
        _expectation(
            "target_is_known",
            known,
            {"column": asked.target, "mostly": mostly},
            f"TODO: {facts.first.labelled_share:.1%} of the first rows have a label",
            severity="warning",
        )
    )
    for name, bounds in facts.first.bounds.items():
        limits = {"column": name, "min_value": bounds.low, "max_value": bounds.high}
        seen = f"TODO: {aside(bounds)}" if bounds.aside else f"TODO: the first {bounds.n:,} rows lie in [{bounds.seen[0]:g}, {bounds.seen[1]:g}]; widened"
        found.append(_expectation(f"{name}_in_bounds", "expect_column_values_to_be_between", limits, seen, severity="warning"))
    return _suite("rows", found)


def without_columns(suite: bytes, columns: Collection[str]) -> bytes:
    """Return the suite without the columns: what looks at one of them goes, a list of columns becomes shorter."""
    data = json.loads(suite)
    kept = [each for each in data["expectations"] if each["kwargs"].get("column") not in columns]
    for each in kept:
        lists = {key: [name for name in value if name not in columns] for key, value in each["kwargs"].items() if key in {"column_set", "column_list"}}
        each["kwargs"].update(lists)
    return _suite(data["name"], kept)


def scorecard_suite(metric: Metric, *, classes: Sequence[str] = ()) -> bytes:
    """Return `expectations/model/scorecard.json` for the metric that decides: an overall row is there, was measured, and its value can be true (`sound`).

    An AUC must be above chance; a share lies in 0 to 1; an error is not negative. Of many `classes` each must have been looked at.
    """
    overall = {"condition_parser": "pandas", "row_condition": f'slice == "{OVERALL}" and metric == "{metric.name}"'}
    sound = sound_of(metric, len(classes)) if classes else metric.sound
    stated = {"min_value": sound.low, "max_value": sound.high, "strict_min": sound.above or None, "strict_max": sound.below or None}
    bounds = {name: value for name, value in stated.items() if value is not None}
    possible = "no better than chance, or too good" if sound.above else "an error is never negative" if sound.high is None else "no such value can be true"
    contains, known, between = "expect_column_distinct_values_to_contain_set", "expect_column_values_to_not_be_null", "expect_column_values_to_be_between"
    found = [
        _expectation("metric_there", contains, {"column": "metric", "value_set": [metric.name]}, "the metric that decides"),
        _expectation("overall_there", contains, {"column": "slice", "value_set": [OVERALL]}, "without it nothing was judged"),
        _expectation("overall_measured", known, {"column": "value", **overall}, "what could not be measured must not pass"),
        _expectation("overall_possible", between, {"column": "value", **bounds, **overall}, possible),
    ]
    if classes:
        slices = {"column": "slice", "value_set": [f"{CLASS}={name}" for name in classes]}
        found.append(_expectation("classes_there", contains, slices, "each class is a slice of its own"))
    return _suite("scorecard", found)


def _expectation(name: str, kind: str, kwargs: dict[str, Any], reason: str, *, level: str = "batch", severity: str = "critical") -> dict[str, Any]:
    return {"type": kind, "kwargs": kwargs, "severity": severity, "meta": {"id": name, "level": level, "reason": reason}}


def _suite(name: str, expectations: list[dict[str, Any]]) -> bytes:
    ordered = sorted(expectations, key=lambda each: str(each["meta"]["id"]))
    return (json.dumps({"name": name, "expectations": ordered}, indent=2, ensure_ascii=False) + "\n").encode()
