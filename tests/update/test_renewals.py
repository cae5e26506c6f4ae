"""Renewals for age alone: refused or equal ones double the wait."""

from dataclasses import replace

from keepfit.records import Decision, Evidence, PolicyState
from keepfit.update.renewals import after_decision, after_promotion, age_alarm

OLD = Evidence(kind="age", subject="version 3", detector="age", statistic=400.0, effect=400.0, n=0, n_reference=0)
SCOUT = Evidence(kind="scout", subject="overall", detector="auc", statistic=0.01, effect=0.01, low=-0.01, high=0.03, n=900, n_reference=900)
BY_AGE = Decision(window="2013-03", action="improve", ground="age", cause="age", target=None, reasons=())


def test_a_refused_renewal_doubles_the_wait():
    refused = after_decision(PolicyState(), BY_AGE, replace(SCOUT, low=0.001))
    assert refused.vain == 1
    assert age_alarm(OLD, 365, vain=refused.vain) is None
    told = age_alarm(replace(OLD, effect=731.0), 365, vain=1)
    assert (
        told.sentence
        == "the training data is 731 days old, allowed are 730 (365 doubled once: so many renewals for age were refused or gained nothing for sure)"
    )


def test_a_renewal_that_gained_ends_the_wait_and_an_equal_one_keeps_it():
    gained = after_promotion(after_decision(PolicyState(vain=2), BY_AGE, replace(SCOUT, low=0.001)))
    equal = after_promotion(after_decision(PolicyState(vain=2), BY_AGE, SCOUT))
    assert (gained.vain, equal.vain) == (0, 3)


def test_without_a_scout_only_refusals_are_known():
    asked = after_decision(PolicyState(vain=1), BY_AGE, None)
    assert (asked.vain, after_promotion(asked).vain) == (2, 0)


def test_a_promotion_for_another_ground_ends_the_wait():
    harm = replace(BY_AGE, ground="harm", cause="harm:overall")
    assert after_promotion(after_decision(PolicyState(vain=2, renews=True), harm, SCOUT)).vain == 0
