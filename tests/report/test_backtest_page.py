"""The page of a backtest stands alone and shows the numbers that its curve draws."""

from __future__ import annotations

import numpy as np

from keepfit.report.backtest_page import backtest_page
from keepfit.update.outcomes import Outcome
from keepfit.update.standards import Standards

SCORES = np.array([[0.5 + 0.01 * model if model < window else 0.0 for window in range(1, 40)] for model in range(39)])
STANDARDS = Standards(scores=SCORES, ends=range(39), measured=39, sign=1.0, most=38)


def outcome(trainings, score):
    return Outcome(
        score=score, trainings=trainings, a_year=trainings / 2, scouts=0, alerts=0, cost=None, net=None, regret=0.0, standard=STANDARDS.of(trainings), share=0.5
    )


def page(outcomes, *, rows=((("2013-02"), 10, {}),), winner="never"):
    known = [(name, n, dict.fromkeys(outcomes, 0.5)) for name, n, _ in rows]
    return backtest_page("flights", "roc_auc", known, outcomes, STANDARDS, days=730.5, winner=winner, priced=False)


def test_it_holds_the_curve_and_its_numbers_and_nothing_from_elsewhere():
    found = page({"never": outcome(0, 0.5), "reviews:4": outcome(8, 0.6)})
    assert not any(word in found for word in ("http://", "https://", "<script", "<link", "<img"))
    for words in ("<svg", "reviews:4", "Schedules by their number of trainings", f"{STANDARDS.of(8).spaced:.4f}", "the winner by mean roc_auc is never"):
        assert words in found


def test_of_many_trainings_only_some_are_drawn():
    assert page({"calendar": outcome(38, 0.6)}).count("<rect") <= 60  # in the one for a desk and the one for a phone


def test_names_that_nobody_vouches_for_are_escaped():
    assert "<b>" not in page({"<b>": outcome(1, 0.6)}, winner="<b>")


def test_nothing_measured_is_said():
    nothing = Outcome(score=None, trainings=0, a_year=0.0, scouts=0, alerts=0, cost=None, net=None, regret=None)
    found = page({"never": nothing}, winner=None)
    assert "nothing was measured" in found
    assert "<svg" not in found
