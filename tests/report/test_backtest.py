"""What policies came to, for people and for programs."""

import json

from keepfit.report.backtest import backtest_json, outcomes_table, standards_table
from keepfit.update.outcomes import Outcome
from keepfit.update.standards import Standard

BESIDE = Standard(trainings=2, best=0.7, spaced=0.65, random_mean=0.64, random_low=0.6, random_high=0.69)
NEVER = Outcome(score=0.61, trainings=2, a_year=1.5, scouts=0, alerts=0, cost=None, net=None, regret=0.02, standard=BESIDE, share=0.25)


def test_the_outcomes_are_one_row_a_policy_and_say_what_the_regret_is_of():
    text = outcomes_table("auc", {"never": NEVER}, priced=False)
    assert text.splitlines()[-1] == "| never | 0.6100 | 2 | 1.5 | 0 | 0 | 0 | – | – | 0.0200 |"
    assert "regret (auc, same number of trainings)" in text
    assert "regret (money)" in outcomes_table("auc", {"never": NEVER}, priced=True)


def test_outcomes_are_added_to_a_policys_object_and_change_nothing_else():
    rows = [("2013-02", 10, {"never": 0.61})]
    plain = json.loads(backtest_json("auc", ["never"], rows))
    told = json.loads(backtest_json("auc", ["never"], rows, {"never": NEVER}, winner="never"))
    assert told["winner"] == "never"
    assert told["policies"]["never"].items() >= plain["policies"]["never"].items()
    assert (told["policies"]["never"]["trainings"], told["policies"]["never"]["net"]) == (2, None)


def test_a_policy_stands_beside_schedules_with_as_many_trainings():
    text = standards_table("auc", {"never": NEVER})
    assert text.splitlines()[-1] == "| never | 2 | 0.6100 | 0.7000 | 0.25 | 0.6500 | 0.6400 | 0.6900 |"
    told = json.loads(backtest_json("auc", ["never"], [("2013-02", 10, {"never": 0.61})], {"never": NEVER}, winner="never"))["policies"]["never"]
    assert told["same_trainings"] == {"trainings": 2, "best": 0.7, "spaced": 0.65, "random_mean": 0.64, "random_low": 0.6, "random_high": 0.69}
    assert (told["share"], told["trainings_a_year"]) == (0.25, 1.5)


def test_what_was_not_measured_stands_beside_nothing():
    assert standards_table("auc", {"never": Outcome(score=None, trainings=0, a_year=0.0, scouts=0, alerts=0, cost=None, net=None, regret=None)}) == ""
