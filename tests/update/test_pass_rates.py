"""Who passes how often: on drawn intervals, and on drawn rows, by the code that judges."""

from __future__ import annotations

from dataclasses import replace
from statistics import NormalDist

import numpy as np
import pytest
from tests.certificates import pinned, row, scorecard

from keepfit.evaluate.compare import ScoredRows
from keepfit.evaluate.rules import judge, rules_of
from keepfit.evaluate.scorecard import compare_all
from keepfit.gate.approvals import ASKED
from keepfit.gate.rows import row_reasons
from keepfit.gate.rules import ModelRules
from keepfit.params import EvaluateParams, PresetParams
from keepfit.report.pass_rates import pass_rate_lines
from keepfit.stats.metrics import RocAuc
from keepfit.update.pass_rates import pass_rates

PIN = pinned("m", 1, "sha256:one")
RENEW = PresetParams(name="renew", max_loss=0.02, undecided="approve")
PROVE = PresetParams(name="prove", bound=0.02)


def card(half=0.012, *, slices=10, **more):
    """A scorecard of a window whose overall interval is ±half; its slices are those of two columns."""
    rows = [row("not_worse_than", 0.0, "undecided", difference=0.0, low=-half, high=half, n=9000, confidence=0.95, **more)]
    wide = {"difference": 0.0, "low": -half * (slices / 2) ** 0.5, "high": half * (slices / 2) ** 0.5, "n": 18_000 // slices, "confidence": 0.95, **more}
    rows += [row("no_proof_of_harm", 0.05, "undecided", slice_=f"c{number % 2}=v{number}", **wide) for number in range(slices)]
    return scorecard("m", champion=PIN, rows=tuple(rows))


def rates(preset, found, *, draws=600):
    return pass_rates(EvaluateParams(preset=preset, slices={"c0": {}, "c1": {}}), ModelRules(preset=preset), found, rng=np.random.default_rng(1), draws=draws)


@pytest.mark.parametrize("half", [0.008, 0.012])
def test_prove_lets_one_that_is_worse_by_the_bound_pass_in_at_most_6_percent(half):
    worse, _, better = rates(PROVE, card(half)).rates
    assert (worse.gain, better.gain) == (-0.02, 0.02)
    assert worse.passes <= 0.06
    assert better.passes >= 0.99


@pytest.mark.parametrize("half", [0.008, 0.013])
def test_renew_lets_an_equal_one_pass_in_at_least_90_percent_where_the_window_finds_the_loss(half):
    worse, equal, better = rates(RENEW, card(half)).rates
    assert equal.passes >= 0.90
    assert better.passes >= 0.99
    assert worse.passes <= 0.2 + 2 * (0.16 / 600) ** 0.5
    assert equal.approvals == 0


def test_where_the_window_does_not_find_the_loss_a_person_is_asked():
    found = rates(RENEW, card(0.04))
    assert found.finds > 0.02
    assert found.rates[1].approvals > 0.5
    blocked = rates(RENEW.model_copy(update={"undecided": "block"}), card(0.04))
    assert blocked.rates[1].approvals == 0
    assert blocked.rates[1].passes == pytest.approx(found.rates[1].passes, abs=0.08)


def test_the_same_scorecard_gives_the_same_rates_and_few_clusters_wider_tails():
    assert rates(RENEW, card()) == rates(RENEW, card())
    few = rates(PROVE, card(clusters=8))
    assert few.clusters == 8
    assert few.rates[0].passes <= 0.06


def test_without_a_bound_it_is_asked_of_the_loss_that_the_window_finds():
    found = rates(PresetParams(name="prove", bound=0.0), card(0.01))
    assert [round(rate.gain / found.finds) for rate in found.rates] == [-1, 0, 1]
    assert found.rates[1].passes <= 0.06


def test_nothing_is_said_of_a_first_model_or_where_nothing_was_measured():
    assert rates(RENEW, replace(card(), champion=None)) is None
    assert rates(RENEW, scorecard("m", champion=PIN, rows=(row("not_worse_than", 0.0, "error", low=None, high=None),))) is None


def test_they_are_told_in_three_lines_below_what_they_rest_on():
    head, worse, equal, better = pass_rate_lines(rates(RENEW, card(0.04, clusters=31)))
    assert "9,000 rows, 31 groups of rows that vary together" in head
    assert worse.endswith("by a person's approval")
    assert "that is worse by 0.02 roc_auc" in worse
    assert "that is as good as the champion" in equal
    assert "that is better by 0.02 roc_auc" in better


# -- by rows ------------------------------------------------------------------------------------------------------------


def separated(gain, *, base=1.0, sd=0.15):
    """How far a model separates the classes whose AUC is so much better than the one of `base`; days differ by `sd`."""
    law, spread = NormalDist(), (2 + sd**2) ** 0.5
    return law.inv_cdf(law.cdf(base / spread) + gain) * spread


def judged(preset, gain, *, runs, days=40, rows=60, sd=0.15, seed=5):
    """Shares of runs that pass and that ask for an approval: labels and scores of days that differ, judged as `evaluate` and the gate do."""
    rng, passed, asked = np.random.default_rng(seed), 0, 0
    wanted, held = EvaluateParams(preset=preset, slices={"part": {}}), ModelRules(preset=preset)
    day = np.repeat(np.arange(days), rows)
    for _ in range(runs):
        y = (rng.random(len(day)) < 0.4).astype(float)
        common = rng.normal(size=len(day))
        scores = [common * 0.8 + 0.6 * rng.normal(size=len(day)) + y * rng.normal(mean, sd, days)[day] for mean in (1.0, separated(gain, sd=sd))]
        slices = {"part": ([f"p{at % 4}" for at in range(len(day))], None)}
        both = ScoredRows(y=y, champion=scores[0], challenger=scores[1], clusters=day)
        found = compare_all([RocAuc()], both, slices, confidence=0.95, min_rows=100)
        card_ = scorecard("m", champion=PIN, rows=judge(rules_of(wanted), found, metric="roc_auc", first=False, confidence=0.95))
        codes = {reason.code for reason in row_reasons(held.demanded, card_, first=False) if reason.blocking}
        passed, asked = passed + (not codes), asked + (codes == {ASKED})
    return passed / runs, asked / runs


def bar(share, runs):
    """Two standard errors."""
    return 2 * (share * (1 - share) / runs) ** 0.5


@pytest.mark.parametrize("runs", [150, pytest.param(1500, marks=pytest.mark.long)])
def test_by_rows_of_days_that_differ_prove_and_renew_keep_their_promises(runs):
    found = PROVE.model_copy(update={"bound": 0.03}), RENEW.model_copy(update={"max_loss": 0.05})
    worse, _ = judged(found[0], -0.03, runs=runs)
    assert worse <= 0.06 + bar(0.06, runs)
    equal, asked = judged(found[1], 0.0, runs=runs)
    assert equal + asked >= 0.90 - bar(0.9, runs)
    assert asked <= 0.1
