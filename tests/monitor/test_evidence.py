"""The fixed drift rule, and the evidence that no detector makes."""

from datetime import datetime

import pyarrow as pa
import pytest

from keepfit.errors import UnknownNameError
from keepfit.monitor.evidence import age_evidence, choose_detectors, compare_profiles, drifting, quality_evidence, usual_detectors
from keepfit.params import ColumnParams
from keepfit.profiles.profile import learn_layout, profile_table
from keepfit.records import Evidence, ExpectationOutcome, Pin, WindowValidation

TABLE = pa.table({"x": [1.0, 2.0] * 50, "c": ["a", "b"] * 50, "m": [1.0, None] * 50})
LAYOUT = learn_layout(TABLE, {"x": "numeric", "c": "categorical", "m": "numeric"})


def drift(subject, *, p, effect=0.5, n=1000, kind="data"):
    return Evidence(kind=kind, subject=subject, detector="ks", statistic=effect, effect=effect, p_value=p, n=n, n_reference=1000)


def rule(*evidence, **changes):
    return [one.subject for one in drifting(evidence, **{"alpha": 0.01, "min_effect": 0.1, "min_rows": 100, **changes})]


def chosen(**names):
    """The name of each column's detector under these rules; `every` stands for `*`."""
    rules = {{"every": "*", "letter": "?"}.get(pattern, pattern): ColumnParams(detector=name) for pattern, name in names.items()}
    return {column: detector.name for column, detector in choose_detectors(rules, LAYOUT).items()}


def test_many_columns_raise_the_bar():
    assert rule(drift("x", p=0.004)) == ["x"]
    assert rule(drift("x", p=0.004), *(drift(f"n{i}", p=0.9) for i in range(9))) == []


def test_a_small_effect_is_no_drift_however_sure():
    assert rule(drift("x", p=0.0, effect=0.09)) == []


def test_too_few_rows_on_either_side_are_no_drift():
    assert rule(drift("x", p=0.0, n=99)) == []


def test_only_drift_evidence_with_a_p_value_speaks_and_the_largest_first():
    found = rule(drift("b", p=0.0, effect=0.2), drift("a", p=0.0), drift("s", p=0.0, kind="scout"), drift("n", p=None))
    assert found == ["a", "b"]


def test_auto_is_ks_for_numbers_and_chi2_for_categories():
    assert chosen(every="auto") == {"x": "ks", "c": "chi2", "m": "ks"}
    assert {column: detector.name for column, detector in usual_detectors(LAYOUT).items()} == chosen(every="auto")


def test_the_most_exact_rule_wins_and_uncovered_columns_are_not_watched():
    assert chosen(x="psi") == {"x": "psi"}
    assert chosen(every="auto", letter="psi", x="missing")["x"] == "missing"


def test_a_rule_for_a_column_that_is_not_there_is_refused_with_the_nearest():
    with pytest.raises(UnknownNameError, match="no column 'xx'"):
        chosen(xx="ks")


def test_a_detectors_fields_are_set_beside_its_name():
    rules = {"x": ColumnParams(detector="psi", empty_rows=2.0)}
    assert choose_detectors(rules, LAYOUT)["x"].empty_rows == 2.0


def test_missing_values_are_compared_where_there_are_any():
    profile = profile_table(TABLE, LAYOUT, "w")
    found = compare_profiles(profile, profile, chosen=choose_detectors({"*": ColumnParams()}, LAYOUT), kinds={"c": "target"})
    assert [(one.subject, one.detector, one.kind) for one in found] == [
        ("x", "ks", "data"),
        ("c", "chi2", "target"),
        ("m", "ks", "data"),
        ("m", "missing", "data"),
    ]


def outcome(**changes):
    values = {"suite": "rows", "expectation": "has_weather", "type": "not_null", "column": "temp", "severity": "critical", "level": "batch"}
    return ExpectationOutcome(**{**values, "status": "fail", "observed": "96.7 %", "unexpected": 33, **changes})


@pytest.mark.parametrize(
    ("changes", "decision", "effects"),
    [
        ({}, None, [1.0]),
        ({"status": "error"}, None, [1.0]),
        ({}, "accept", [0.0]),
        ({"level": "row"}, None, [0.0]),
        ({"severity": "warning"}, None, [0.0]),
        ({"status": "pass"}, None, []),
        ({"status": "undecided"}, None, []),
    ],
)
def test_only_undecided_critical_batch_failures_block(changes, decision, effects):
    validation = WindowValidation(window="2013-12", rows=1000, quarantined=0, blocked=False, decision=decision, outcomes=(outcome(**changes),))
    assert [one.effect for one in quality_evidence(validation)] == effects


def test_age_is_in_days_and_unknown_without_an_end_of_training():
    pin = {"model": "m", "version": "3", "digest": "sha256:ab", "evaluated_until": None}
    assert age_evidence(Pin(trained_until=datetime(2013, 2, 1), **pin), datetime(2013, 3, 1)).effect == 28
    assert age_evidence(Pin(trained_until=None, **pin), datetime(2013, 3, 1)).effect is None
