"""The ground of before: it is asked for by no params any more, and its steps replay as they were taken."""

from datetime import datetime

import pytest

from keepfit.records import Evidence
from keepfit.update.opportunity import OpportunityRule, waiting

RULE = OpportunityRule(min_gain=0.005, cooldown_days=45)
SCOUT = Evidence(kind="scout", subject="overall", detector="auc", statistic=0.02, effect=0.02, low=0.01, high=0.03, n=900, n_reference=900)


def test_a_scout_that_is_surely_better_by_more_than_the_threshold_asks():
    assert RULE.alarm(SCOUT).sentence == "a retraining would gain 0.0200 auc, at least 0.0100, worth a review is 0.005, on 900 rows"
    assert OpportunityRule(min_gain=0.01, cooldown_days=45).alarm(SCOUT) is None


@pytest.mark.parametrize(("now", "why"), [(datetime(2013, 5, 15), "not before 2013-05-16 (cooldown)"), (datetime(2013, 5, 16), "")])
def test_it_waits_for_its_cooldown(now, why):
    alarm = RULE.alarm(SCOUT)
    assert waiting([alarm], RULE.waits(datetime(2013, 4, 1), now)) == ({"opportunity": why} if why else {})
