from __future__ import annotations

import pytest

from keepfit.errors import ParamsError, UnknownNameError
from keepfit.evaluate.compare import Comparison
from keepfit.evaluate.rules import LaterAttempt, judge
from keepfit.params import RuleParams
from keepfit.stats.metric import Difference


def difference(gain, error, n=1000):
    from scipy.special import ndtr

    reach = 1.6448536 * error
    return Difference(value_a=0.7, value_b=0.7 + gain, gain=gain, low=gain - reach, high=gain + reach, p_harm=float(ndtr(gain / error)), n=n, error=error)


def measured(name, gain, error=0.01, n=1000):
    return Comparison(
        slice=name, metric="roc_auc", n=n, status="measured", champion=0.7, challenger=0.7 + gain, value_low=0.68 + gain, value_high=0.72 + gain,
        difference=difference(gain, error, n),
    )  # fmt: skip


def status(rule, *comparisons, first=False):
    return [row.status for row in judge({"the_rule": rule}, comparisons, metric="roc_auc", first=first)]


def not_worse(margin=0.0):
    return RuleParams(kind="not_worse_than", metric="roc_auc", slice="overall", bound=margin)


def no_harm(alpha=0.05):
    return RuleParams(kind="no_proof_of_harm", metric="roc_auc", slice="*", bound=alpha)


@pytest.mark.parametrize(("gain", "expected"), [(0.05, "pass"), (0.01, "undecided"), (-0.01, "undecided"), (-0.05, "fail")])
def test_not_worse_than_passes_by_its_lower_bound_only(gain, expected):
    assert status(not_worse(), measured("overall", gain)) == [expected]


def test_a_margin_allows_that_much_loss():
    assert status(not_worse(0.03), measured("overall", -0.01)) == ["pass"]
    assert status(not_worse(0.02), measured("overall", -0.06)) == ["fail"]


def test_harm_is_proven_after_holm_only():
    slices = [measured(f"carrier={letter}", 0.05) for letter in "ABCDEFGHI"]
    alone, among = measured("carrier=Z", -0.02), measured("carrier=Z", -0.02)
    assert status(no_harm(), alone) == ["fail"]  # p .023
    assert status(no_harm(), *slices, among)[-1] == "undecided"  # ten times .023
    assert status(no_harm(), *slices, measured("carrier=Z", -0.05))[-1] == "fail"


def test_harm_that_is_proven_at_a_laxer_error_than_the_interval_shows_says_so():
    """p .087 is harm at a bound of .1; the interval beside it, at .95, holds better."""
    [row] = judge({"r": no_harm(0.1)}, [measured("carrier=Z", -0.0136)], metric="roc_auc", first=False)
    assert (row.status, row.high > 0) == ("fail", True)
    assert row.detail.endswith("the interval is drawn at a higher confidence (evaluate.confidence), at which better is not excluded")
    [row] = judge({"r": no_harm(0.1)}, [measured("carrier=Z", -0.05)], metric="roc_auc", first=False)
    assert "interval" not in row.detail


def test_undecided_names_the_labels_that_would_decide_it():
    [row] = judge({"r": not_worse()}, [measured("overall", 0.01)], metric="roc_auc", first=False)
    # the interval must shrink from .01645 to .01: 1.645 squared times as many rows
    assert row.detail == "lower bound -0.0064 < +0.0000; about 2,706 labels would decide it, there are 1,000"
    [row] = judge({"r": not_worse()}, [measured("overall", 0.0)], metric="roc_auc", first=False)
    assert "as good as equal" in row.detail


def test_too_few_rows_are_undecided_in_every_kind_of_rule():
    few = Comparison(slice="carrier=OO", metric="roc_auc", n=7, status="undecided", detail="7 rows, the rule asks for 100")
    for kind in ("not_worse_than", "no_proof_of_harm", "at_least", "at_most"):
        rule = RuleParams(kind=kind, metric="roc_auc", slice="*", bound=0.05)
        [row] = judge({"r": rule}, [few], metric="roc_auc", first=False)
        assert (row.status, row.detail, row.challenger) == ("undecided", "7 rows, the rule asks for 100", None)


def test_a_model_that_answered_nan_is_an_error():
    broken = Comparison(slice="overall", metric="roc_auc", n=700, status="error", detail="the challenger gave 3 scores that are not finite numbers")
    assert status(not_worse(), broken) == ["error"]


@pytest.mark.parametrize(
    ("kind", "bound", "expected"),
    [
        ("at_least", 0.6, "pass"),
        ("at_least", 0.7, "undecided"),
        ("at_least", 0.8, "fail"),
        ("at_most", 0.8, "pass"),
        ("at_most", 0.7, "undecided"),
        ("at_most", 0.6, "fail"),
    ],
)
def test_absolute_rules_look_at_the_whole_interval_of_the_value(kind, bound, expected):
    rule = RuleParams(kind=kind, metric="roc_auc", bound=bound)
    [row] = judge({"r": rule}, [measured("overall", 0.0)], metric="roc_auc", first=False)
    assert row.status == expected
    assert (row.low, row.high, row.difference) == (0.68, 0.72, None)


def test_a_first_model_is_judged_by_absolute_rules_only():
    alone = Comparison(slice="overall", metric="roc_auc", n=700, status="measured", challenger=0.7, value_low=0.68, value_high=0.72)
    rules = {"a": not_worse(), "b": no_harm(), "c": RuleParams(kind="at_least", metric="roc_auc", bound=0.6)}
    rows = judge(rules, [alone], metric="roc_auc", first=True)
    assert [(row.rule, row.status) for row in rows] == [("at_least", "pass")]


def test_a_kind_that_nobody_brings_is_named_with_its_rule():
    with pytest.raises(UnknownNameError, match=r"no rule kind 'not_wrose_than'") as bad:
        judge({"r": RuleParams(kind="not_wrose_than", metric="roc_auc", bound=0.0)}, [], metric="roc_auc", first=False)
    assert bad.value.where == "params.yaml: evaluate.rules.r.kind"


def test_silence_does_not_pass():
    [row] = judge({"a": not_worse()}, [], metric="roc_auc", first=True)
    assert (row.status, "no absolute rule" in row.detail) == ("error", True)
    [row] = judge({}, [measured("overall", 0.1)], metric="roc_auc", first=False)
    assert row.status == "error"
    [row] = judge({"a": no_harm()}, [measured("overall", 0.1)], metric="roc_auc", first=False)
    assert (row.status, row.detail) == ("error", "the rule a matches no slice")


def test_a_rule_of_first_models_judges_no_later_one():
    floor = RuleParams(kind="at_least", metric="roc_auc", bound=0.9, first_only=True)
    found = measured("overall", 0.05)
    rules = {"floor": floor, "overall": not_worse()}
    assert [(row.rule, row.status) for row in judge(rules, [found], metric="roc_auc", first=True)] == [("at_least", "fail")]
    assert [(row.rule, row.status) for row in judge(rules, [found], metric="roc_auc", first=False)] == [("not_worse_than", "pass")]


def test_rules_of_first_models_alone_leave_a_later_one_unjudged_and_say_so():
    floor = RuleParams(kind="at_least", metric="roc_auc", bound=0.6, first_only=True)
    (row,) = judge({"floor": floor}, [measured("overall", 0.05)], metric="roc_auc", first=False)
    assert (row.status, row.detail) == ("error", "all of evaluate.rules judge a first model only: add a preset, or a rule that compares")


def test_a_rule_of_first_models_that_compares_would_judge_nobody():
    with pytest.raises(ParamsError, match="would judge nobody"):
        judge({"overall": not_worse().model_copy(update={"first_only": True})}, [measured("overall", 0.05)], metric="roc_auc", first=False)


def test_a_later_attempt_judges_what_must_be_shown_by_its_wider_intervals_and_harm_by_those_of_a_first():
    first, wide = measured("overall", 0.012, error=0.01), measured("overall", 0.012, error=0.02)
    again = LaterAttempt(number=4, comparisons=[wide], confidence=0.996875)
    harmed = RuleParams(kind="no_proof_of_harm", metric="roc_auc", bound=0.05)
    rules = {"a": not_worse(0.01), "b": harmed, "c": RuleParams(kind="not_shown_worse", metric="roc_auc", bound=0.05)}
    proven, harm, shown = judge(rules, [first], metric="roc_auc", first=False, confidence=0.95, again=again)
    assert (proven.confidence, proven.low, proven.status) == (0.996875, wide.difference.low, "undecided")
    assert (harm.confidence, harm.low) == (shown.confidence, shown.low) == (0.95, first.difference.low)
    plain, *_ = judge(rules, [first], metric="roc_auc", first=False, confidence=0.95)
    assert (plain.confidence, plain.status) == (0.95, "pass")
