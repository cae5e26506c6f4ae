"""What policies came to, for people and for programs."""

import json

from keepfit.report.backtest import backtest_json, outcomes_table
from keepfit.update.outcomes import Outcome

NEVER = Outcome(score=0.61, trainings=0, scouts=0, alerts=0, cost=None, net=None, regret=0.02)


def test_the_outcomes_are_one_row_a_policy_and_say_what_the_regret_is_of():
    text = outcomes_table("auc", {"never": NEVER}, priced=False)
    assert text.splitlines()[-1] == "| never | 0.6100 | 0 | 0 | 0 | – | – | 0.0200 |"
    assert "regret (auc, same number of trainings)" in text
    assert "regret (money)" in outcomes_table("auc", {"never": NEVER}, priced=True)


def test_outcomes_are_added_to_a_policys_object_and_change_nothing_else():
    rows = [("2013-02", 10, {"never": 0.61})]
    plain = json.loads(backtest_json("auc", ["never"], rows))
    told = json.loads(backtest_json("auc", ["never"], rows, {"never": NEVER}, winner="never"))
    assert told["winner"] == "never"
    assert told["policies"]["never"].items() >= plain["policies"]["never"].items()
    assert (told["policies"]["never"]["trainings"], told["policies"]["never"]["net"]) == (0, None)
