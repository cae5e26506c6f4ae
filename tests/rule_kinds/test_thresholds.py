"""`style: tfx` against the documented cases of TensorFlow Model Analysis and TFX; each names the test, or the code, that says so.

TFMA: github.com/tensorflow/model-analysis, `tensorflow_model_analysis/evaluators/metrics_validator_test.py`; TFX: github.com/tensorflow/tfx,
`tfx/components/evaluator/executor.py`. Its numbers are its tests' numbers.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.certificates import pinned, scorecard

from keepfit.errors import ParamsError, UnknownNameError
from keepfit.evaluate.compare import Comparison, ScoredRows
from keepfit.evaluate.rules import judge, rules_of
from keepfit.evaluate.scorecard import compare_all, metrics_of
from keepfit.gate.findings import findings, wrong_directions
from keepfit.gate.rows import row_reasons
from keepfit.gate.rules import parse_rules
from keepfit.params import EvaluateParams, load_params
from keepfit.report.rules import sentences
from keepfit.rule_kinds.kind import Measured
from keepfit.rule_kinds.known import kind_of
from keepfit.rule_kinds.thresholds import threshold_rules
from keepfit.stats.metric import Difference

PIN = pinned("m", 1, "sha256:one")
HEAD = "model: {name: m, task: classification, target: y}\ndata: {live: rows.csv, time: t}\n"
OK, NOT_OK = True, False
HIGHER, LOWER = "HIGHER_IS_BETTER", "LOWER_IS_BETTER"


def wanted(threshold, metric="roc_auc", **keys):
    return EvaluateParams(metric=metric, style="tfx", thresholds={metric: threshold}, **keys)


def found(candidate, baseline=None, *, direction=HIGHER, metric="roc_auc", slice_name="overall", difference=None):
    """What an evaluation finds; the interval is so wide that no rule with one would decide."""
    gain = None
    if baseline is not None:
        diff = candidate - baseline if difference is None else difference
        gain = diff if direction == HIGHER else -diff
        gain = Difference(value_a=baseline, value_b=candidate, gain=gain, low=gain - 9, high=gain + 9, p_harm=0.5, n=900, error=5.0)
    return Comparison(
        slice=slice_name, metric=metric, n=900, status="measured", champion=baseline, challenger=candidate,
        value_low=candidate - 9, value_high=candidate + 9, difference=gain,
    )  # fmt: skip


def blessed(params, *comparisons):
    """Whether the rows, judged in the project and held against the same thresholds at the gate, refuse nothing."""
    first = comparisons[0].difference is None
    rows = judge(rules_of(params), comparisons, metric=params.metric, first=first)
    card = scorecard("m", champion=None if first else PIN, rows=rows)
    held = parse_rules("models: {m: {trust: self}}").of("m").model_copy(update={"style": "tfx", "thresholds": params.thresholds})
    reasons = row_reasons(held.demanded, card, first=first, about_any_slice=held.about_any_slice)
    return not any(reason.blocking for reason in reasons)


@pytest.mark.parametrize(
    ("threshold", "value", "expected"),
    [
        ({"upper_bound": 1}, 1.5, NOT_OK),  # testValidateMetricsMetricValueAndThreshold, testValidateMetricsValueThresholdUpperBoundFail
        ({"lower_bound": 1}, 0.0, NOT_OK),  # testValidateMetricsValueThresholdLowerBoundFail
        ({"upper_bound": 1}, 0.0, OK),  # testValidateMetricsValueThresholdUpperBoundPass
        ({"lower_bound": 1}, 2.0, OK),  # testValidateMetricsValueThresholdLowerBoundPass
        ({"lower_bound": 1}, 1.0, OK),  # testValidateMetricsChangeThresholdEqualPass: 1 == 1, so a lower bound is inclusive
        ({"upper_bound": 1}, 1.0, OK),  # the same: an upper bound is inclusive
        (
            {"lower_bound": 0.9},
            0.8,
            NOT_OK,
        ),  # testValidateMetricsMetricTDistributionValueAndThreshold: .8 is the value, the mean of its draws (.91) does not count
    ],
)
def test_value_thresholds(threshold, value, expected):
    assert blessed(wanted({"value_threshold": threshold}), found(value)) is expected


@pytest.mark.parametrize(
    ("threshold", "direction", "expected"),
    [
        ({"absolute": -1}, LOWER, NOT_OK),  # testValidateMetricsChangeThresholdAbsoluteFail: -.333 is not <= -1
        ({"relative": -2}, LOWER, NOT_OK),  # testValidateMetricsChangeThresholdRelativeFail: -100 % is not <= -200 %
        ({"absolute": 0}, LOWER, OK),  # testValidateMetricsChangeThresholdAbsolutePass
        ({"relative": 0}, LOWER, OK),  # testValidateMetricsChangeThresholdRelativePass
        ({"absolute": -1}, HIGHER, OK),  # testValidateMetricsChangeThresholdHigherIsBetterPass
        ({"absolute": 0}, HIGHER, NOT_OK),  # testValidateMetricsChangeThresholdHigherIsBetterFail
        ({"absolute": 0, "relative": -2}, LOWER, NOT_OK),  # _check_threshold: absolute *and* relative must hold
        ({"absolute": -1, "relative": 0}, LOWER, NOT_OK),
        ({"absolute": 0, "relative": 0}, LOWER, OK),
    ],
)
def test_change_thresholds(threshold, direction, expected):
    """A baseline of .333 and a difference of -.333."""
    params = wanted({"change_threshold": {**threshold, "direction": direction}})
    assert blessed(params, found(0.0, 0.333, direction=direction)) is expected


@pytest.mark.parametrize("direction", [HIGHER, LOWER])
def test_a_change_that_equals_its_bound_is_blessed(direction):
    """testValidateMetricsChangeThresholdEqualPass: a baseline of 1, a difference of -.333, absolute and relative -.333."""
    params = wanted({"change_threshold": {"absolute": -0.333, "relative": -0.333, "direction": direction}})
    assert blessed(params, found(0.677, 1.0, direction=direction, difference=-0.333))


@pytest.mark.parametrize("part", ["absolute", "relative"])
def test_a_baseline_of_zero_leaves_no_relative_change_and_is_not_blessed(part):
    """_check_threshold: the ratio is NaN then, and NaN passes no bound, not even the one that is not set."""
    assert not blessed(wanted({"change_threshold": {part: -1, "direction": HIGHER}}), found(0.5, 0.0))


@given(
    baseline=st.floats(0.001, 10), candidate=st.floats(-10, 10), absolute=st.none() | st.floats(-2, 2), relative=st.none() | st.floats(-2, 2),
    direction=st.sampled_from([HIGHER, LOWER]),
)  # fmt: skip
def test_changes_are_judged_as_by_the_formula_of_the_source(baseline, candidate, absolute, relative, direction):
    """The formula of _check_threshold, written anew: differences and ratios compared in the metric's own direction."""
    if absolute is None and relative is None:
        return
    threshold = {name: value for name, value in (("absolute", absolute), ("relative", relative)) if value is not None}
    sign = 1 if direction == HIGHER else -1
    diff = candidate - baseline
    expected = all(sign * change >= sign * bound for change, bound in ((diff, absolute), (diff / baseline, relative)) if bound is not None)
    rules = threshold_rules(wanted({"change_threshold": {**threshold, "direction": direction}}).thresholds)
    its = found(candidate, baseline, direction=direction).difference
    measured = Measured(value=its.gain, low=its.low, high=its.high, n=9, challenger=candidate, champion=baseline)
    assert all(kind_of(rule.kind).decide(measured, rule.bound).status == "pass" for rule in rules.values()) is expected


FLOOR = {"value_threshold": {"lower_bound": 0.7}}


def test_a_threshold_without_slices_holds_on_all_rows_and_on_every_slice():
    """validate_metrics: a threshold whose slice_spec is None is checked on each slice."""
    params = wanted(FLOOR, slices={"carrier": {}})
    assert blessed(params, found(0.8), found(0.7, slice_name="carrier=AA"))
    assert not blessed(params, found(0.8), found(0.69, slice_name="carrier=AA"))
    assert not blessed(params, found(0.69), found(0.8, slice_name="carrier=AA"))
    assert blessed(wanted(FLOOR), found(0.8)), "a project without slices has none to check"


def test_a_threshold_of_a_slice_holds_there_only_and_of_a_column_on_each_of_its_values():
    """testValidateMetricsMetricValueAndThresholdIgnoreUnmatchedSlice; _FEATURE_SLICE_TEST and _FEATURE_VALUE_SLICE_TEST."""
    one = wanted({"per_slice_thresholds": {"carrier=AA": FLOOR}}, slices={"carrier": {}})
    assert blessed(one, found(0.1), found(0.8, slice_name="carrier=AA"), found(0.1, slice_name="carrier=UA"))
    every = wanted({"per_slice_thresholds": {"carrier=*": FLOOR}}, slices={"carrier": {}})
    assert not blessed(every, found(0.1), found(0.8, slice_name="carrier=AA"), found(0.1, slice_name="carrier=UA"))


def test_a_slice_that_is_named_and_not_there_is_not_blessed():
    """testGetMissingSlices; CombineValidations.extract_output: missing slices set validation_ok to False."""
    params = wanted({"per_slice_thresholds": {"carrier=AA": FLOOR, "carrier=ZZ": FLOOR}}, slices={"carrier": {}})
    assert not blessed(params, found(0.8), found(0.8, slice_name="carrier=AA"))


def test_a_metric_that_is_named_and_not_there_is_not_blessed():
    """testValidateMetricsInvalidThreshold: 'Metric not found.' Here an evaluation stops at it, and the gate finds no row."""
    with pytest.raises(UnknownNameError, match="invalid_threshold"):
        metrics_of(
            wanted(FLOOR, metric="roc_auc").model_copy(update={"thresholds": {"invalid_threshold": wanted(FLOOR).thresholds["roc_auc"]}}), "classification"
        )
    held = parse_rules("models: {m: {trust: self, style: tfx, thresholds: {brier: {value_threshold: {upper_bound: 0.2}}}}}").of("m")
    rows = judge(rules_of(wanted(FLOOR)), [found(0.8)], metric="roc_auc", first=True)
    codes = {reason.code for reason in row_reasons(held.demanded, scorecard("m", rows=rows), first=True, about_any_slice=held.about_any_slice)}
    assert "KF-G020" in codes


def test_without_a_baseline_changes_are_ignored_and_values_judge():
    """update_eval_config_with_defaults(has_baseline=False) clears change_threshold."""
    change = {"absolute": 0.5, "direction": HIGHER}
    both = wanted({**FLOOR, "change_threshold": change})
    assert blessed(both, found(0.8))
    assert not blessed(both, found(0.6))
    assert not blessed(both, found(0.8, 0.7)), "with a baseline the change counts"


def test_without_a_baseline_and_with_changes_only_nothing_is_blessed():
    """executor.py: no threshold is left, and 'No threshold configured, will not validate model': there is no blessing."""
    assert not blessed(wanted({"change_threshold": {"absolute": -1, "direction": HIGHER}}), found(0.99))


def test_without_thresholds_nothing_is_blessed():
    """executor.py: 'avoid accidentally blessing models when users forget to set thresholds'. Here it cannot even be written."""
    with pytest.raises(ParamsError, match="style tfx needs thresholds: without any TFX blesses nothing"):
        load_params(f"{HEAD}evaluate: {{style: tfx}}")
    with pytest.raises(ParamsError, match="style tfx needs thresholds"):
        parse_rules("models: {m: {style: tfx}}")


def test_a_value_that_is_no_number_is_not_blessed():
    """_check_threshold: NaN is neither >= nor <= anything. Here scores that are not finite are an error before any rule."""
    rng = np.random.default_rng(1)
    y, scores = (rng.random(400) < 0.5).astype(float), rng.random(400)
    scores[3] = np.nan
    comparisons = compare_all(metrics_of(wanted(FLOOR), "classification"), ScoredRows(y=y, champion=None, challenger=scores), {}, confidence=0.95, min_rows=100)
    assert not blessed(wanted({"value_threshold": {"lower_bound": 0.0}}), *comparisons)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("thresholds: {roc_auc: {value_threshold: {lower_bound: 0.7}}}", "thresholds are read in one style only: add style: tfx"),
        ("style: tfx, thresholds: {roc_auc: {value_threshold: {}}}", "a value_threshold needs lower_bound or upper_bound"),
        ("style: tfx, thresholds: {roc_auc: {value_threshold: {lower_bound: 0.8, upper_bound: 0.7}}}", "no value is at least 0.8 and at most 0.7"),
        ("style: tfx, thresholds: {roc_auc: {change_threshold: {direction: HIGHER_IS_BETTER}}}", "a change_threshold needs absolute or relative"),
        ("style: tfx, thresholds: {roc_auc: {change_threshold: {absolute: 0}}}", "direction"),  # TFMA raises for an UNKNOWN direction
        ("style: tfx, thresholds: {roc_auc: {}}", "a threshold needs value_threshold or change_threshold"),
        ("style: tfx, thresholds: {roc_auc: {per_slice_thresholds: {carrier=AA: {}}}}", "a threshold needs value_threshold or change_threshold"),
        ("style: tfxx", "tfxx"),
    ],
)
def test_what_makes_no_sense_is_one_sentence(text, said):
    with pytest.raises(ParamsError) as bad:
        load_params(f"{HEAD}evaluate: {{{text}}}")
    assert said in f"{bad.value.what} {bad.value.where}"


def test_a_direction_that_is_not_the_metrics_is_refused():
    with pytest.raises(ParamsError) as bad:
        metrics_of(wanted({"change_threshold": {"absolute": 0, "direction": LOWER}}), "classification")
    assert (bad.value.what, bad.value.fix) == ("roc_auc is better when it is higher", "direction: HIGHER_IS_BETTER")


BOTH = "{value_threshold: {lower_bound: 0.7}, change_threshold: {absolute: -0.01, direction: HIGHER_IS_BETTER}}"
GATE = f"models: {{m: {{trust: self, style: tfx, thresholds: {{roc_auc: {BOTH}}}}}}}"


def test_the_gate_explains_them_in_words_and_warns_that_they_know_no_interval():
    rules = parse_rules(GATE)
    said = {one.keys: one.text for one in sentences(rules.of("m")) if one.about == "demands"}
    assert "point values, without intervals, as TFX's Evaluator does" in said["style",]
    assert [text.partition(":")[0] for keys, text in said.items() if keys[0] == "thresholds"] == ["roc_auc_absolute_on_slices"], "one key, its last sentence"
    [warning] = findings(rules, metrics={"roc_auc": (0.0, 1.0)})
    assert "the rule 'roc_auc_lower_bound' and 3 more of 'm' compares point values, without intervals" in warning.text
    assert warning.keys == ("models", "m", "thresholds", "roc_auc")


def test_a_direction_that_is_not_the_metrics_is_a_warning_at_the_gate_which_knows_no_metric():
    turned = parse_rules(GATE.replace(HIGHER, LOWER))
    [warning] = wrong_directions(turned, higher={"roc_auc": True})
    assert warning.text == "roc_auc of 'm' is better when it is higher: its change_threshold has the wrong sign"
    assert list(wrong_directions(parse_rules(GATE), higher={"roc_auc": True})) == []
    assert list(wrong_directions(turned, higher={})) == []


def test_rows_judged_by_looser_thresholds_than_the_gates_are_refused():
    held = parse_rules(GATE).of("m")
    loose = wanted({"value_threshold": {"lower_bound": 0.6}, "change_threshold": {"absolute": -0.01, "direction": HIGHER}})
    rows = judge(rules_of(loose), [found(0.8, 0.75)], metric="roc_auc", first=False)
    codes = [one.code for one in row_reasons(held.demanded, scorecard("m", champion=PIN, rows=rows), first=False, about_any_slice=held.about_any_slice)]
    assert codes.count("KF-G024") == 1


def test_a_row_turned_to_pass_is_no_row_that_the_kind_judged():
    from keepfit.gate.sound import contradiction

    [row] = judge(rules_of(wanted(FLOOR)), [found(0.6)], metric="roc_auc", first=True)
    assert contradiction(scorecard("m", rows=(row,))) is None
    assert contradiction(scorecard("m", rows=(replace(row, status="pass"),))) is not None


def test_an_own_rule_of_a_name_that_the_style_has_given_away_is_refused():
    with pytest.raises(ParamsError, match="the style tfx has a rule 'roc_auc_lower_bound' already"):
        parse_rules(GATE.replace("thresholds:", "rules: {roc_auc_lower_bound: {kind: at_least, bound: 0.6}}, thresholds:"))
