from __future__ import annotations

import numpy as np
import pytest
from tests.certificates import row

from keepfit.evaluate.compare import Comparison, ScoredRows, compare
from keepfit.evaluate.rules import judge_beside
from keepfit.params import RuleParams
from keepfit.rule_kinds.kind import Decided, Measured, judged_looser
from keepfit.rule_kinds.not_forgotten import ERROR, NotForgotten
from keepfit.stats.metric import Difference
from keepfit.stats.metrics import RocAuc

KIND = NotForgotten()
RULE = {"remembers": RuleParams(kind="not_forgotten", metric="roc_auc", slice="window=*", bound=0.01)}


def of(low, high, p_value):
    return Measured(value=(low + high) / 2, low=low, high=high, n=900, challenger=0.7, champion=0.7, p_value=p_value)


def on(window, gain, error=0.01):
    """A past window on which the challenger gained that much."""
    from scipy.stats import norm

    reach = norm.ppf(0.95) * error
    made = Difference(value_a=0.7, value_b=0.7 + gain, gain=gain, low=gain - reach, high=gain + reach, p_harm=norm.cdf(gain / error), n=900, error=error)
    return Comparison(slice=f"window={window}", metric="roc_auc", n=900, status="measured", champion=0.7, challenger=0.7 + gain, difference=made)


def statuses(*compared):
    return {found.slice: found.status for found in judge_beside(RULE, compared, basis="past", first=False, confidence=0.95)}


@pytest.mark.parametrize(
    ("low", "high", "p_value", "expected"),
    [
        (-0.05, -0.03, 0.05, "fail"),
        (-0.05, -0.03, 0.051, "undecided"),
        (-0.05, 0.01, 0.2, "undecided"),
        (-0.02, 0.01, 0.9, "pass"),
        (-0.10, 0.02, 0.04, "fail"),
        (-0.04, 0.02, 0.04, "undecided"),  # a p-value that belongs to no such loss
        (-0.05, -0.03, None, "undecided"),
    ],
)
def test_forgotten_is_what_is_significantly_worse_by_more_than_the_bound(low, high, p_value, expected):
    assert KIND.decide(of(low, high, p_value), 0.02).status == expected


def test_a_loss_within_the_bound_is_allowed_however_sure_it_is():
    assert statuses(on("2013-01", -0.009, error=0.0001)) == {"window=2013-01": "pass"}


def test_a_window_is_named_when_its_loss_is_beyond_the_bound_and_the_others_stand():
    found = statuses(on("2013-01", -0.06), on("2013-02", 0.02), on("2013-03", -0.015))
    assert found == {"window=2013-01": "fail", "window=2013-02": "pass", "window=2013-03": "undecided"}


def test_the_p_value_is_of_a_loss_beyond_the_bound_and_corrected_for_all_windows():
    from scipy.stats import norm

    [alone] = judge_beside(RULE, [on("2013-01", -0.03)], basis="past", first=False)
    assert alone.p_value == pytest.approx(norm.cdf((-0.03 + 0.01) / 0.01))
    twelve = [on(f"2012-{month:02}", 0.02) for month in range(1, 12)]
    among = judge_beside(RULE, [*twelve, on("2013-01", -0.03)], basis="past", first=False)[-1]
    assert among.p_value == pytest.approx(12 * alone.p_value)
    assert (alone.status, among.status) == ("fail", "undecided")
    assert alone.p_value <= ERROR < among.p_value


def test_the_rows_name_their_basis_and_a_first_model_has_none():
    [found] = judge_beside(RULE, [on("2013-01", -0.06)], basis="past", first=False)
    assert (found.basis, found.detail) == ("past", "forgotten: worse by 0.0600, by more than 0.01 with p 2.9e-07 after Holm <= 0.05")
    assert judge_beside(RULE, [on("2013-01", -0.06)], basis="past", first=True) == ()


def test_its_bound_is_a_loss_so_the_larger_one_is_looser_and_its_words_say_which():
    assert judged_looser(KIND, 0.05, than=0.01)
    assert KIND.bounded(row("not_forgotten", 0.05)) == "largest loss allowed 0.05"
    assert KIND.bounded(row("not_forgotten", 0.05, "fail")) == "forgotten; largest loss allowed 0.05"


@pytest.mark.parametrize(("bound", "said"), [(-0.01, "asks for a gain on every past window"), (1.0, "refuses nothing"), (0.0, None), (0.03, None)])
def test_a_bound_that_makes_no_sense_is_named(bound, said):
    found = KIND.problem(bound, metric="roc_auc", lowest=0.0, highest=1.0)
    assert found is None if said is None else said in found


def simulated(rng, *, windows=12, rows=300, lost=()):
    """Two models of the same quality on the holdouts of so many windows; on those that are `lost` the challenger guesses."""
    found = []
    for number in range(windows):
        y = (rng.random(rows) < 0.4).astype(float)
        champion, challenger = y + rng.normal(size=(2, rows)) + rng.normal(size=rows)
        if number in lost:
            challenger = rng.normal(size=rows)
        judged = ScoredRows(y=y, champion=champion, challenger=challenger)
        found.append(compare(RocAuc(), judged, name=f"window=2012-{number + 1:02}", confidence=0.95, min_rows=100))
    return judge_beside({"r": RULE["remembers"].model_copy(update={"bound": 0.0})}, found, basis="past", first=False, confidence=0.95)


def test_equal_models_are_refused_no_oftener_than_the_error_says_and_one_that_forgot_is_named():
    """Twelve windows of 300 rows, no loss allowed: 150 pairs of equal models, of which at most 5 % are refused (standard error of the share 1.8 points)."""
    rng = np.random.default_rng(0)
    refused = [any(row.status == "fail" for row in simulated(rng)) for _ in range(150)]
    assert np.mean(refused) <= ERROR + 2 * 0.018
    named = [[row.slice for row in simulated(rng, lost=(4,)) if row.status == "fail"] for _ in range(20)]
    assert np.mean([found == ["window=2012-05"] for found in named]) > 0.8


class NotForgottenAlone(NotForgotten):
    """A mutation: windows are not corrected for."""

    adjusted = False


class NotForgottenAtAll(NotForgotten):
    """A mutation: the p-value is of any loss, not of one beyond the bound."""

    def tested_loss(self, bound):
        return 0.0


class NotForgottenAsMeasured(NotForgotten):
    """A mutation: what was measured is taken for what is true."""

    def decide(self, measured, bound):
        return Decided("fail", "worse") if measured.value < -bound else super().decide(measured, bound)


def refused(kind, true, *, monkeypatch, windows=12, pairs=1000):
    """How often a candidate is refused by the kind that truly gains so much on each window, measured with an error of .01; the loss allowed is .01."""
    monkeypatch.setattr("keepfit.evaluate.rules.kind_of", lambda _name, where=None: kind)
    rng, rule = np.random.default_rng(0), {"r": RULE["remembers"]}
    count = 0
    for gains in rng.normal(true, 0.01, (pairs, windows)):
        found = [on(f"2012-{number + 1:02}", float(gain)) for number, gain in enumerate(gains)]
        count += any(row.status == "fail" for row in judge_beside(rule, found, basis="past", first=False))
    return count / pairs


def test_a_loss_within_the_bound_on_every_window_is_refused_no_oftener_than_promised_and_mutations_are(monkeypatch):
    """At the very bound on twelve windows the error is all used; 1,000 evaluations, standard error of .05 .7 points."""
    assert refused(KIND, -0.01, monkeypatch=monkeypatch) == pytest.approx(ERROR, abs=0.02)
    for mutation in (NotForgottenAlone(), NotForgottenAtAll(), NotForgottenAsMeasured()):
        assert refused(mutation, -0.01, monkeypatch=monkeypatch, pairs=200) > 3 * ERROR


def test_a_loss_of_five_errors_beyond_the_bound_is_found_among_twelve_windows(monkeypatch):
    one_lost = np.array([0.0] * 11 + [-0.06])
    assert refused(KIND, one_lost, monkeypatch=monkeypatch, pairs=200) > 0.95
