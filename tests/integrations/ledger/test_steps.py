"""Steps: appended, found by the ticket that they opened."""

from dataclasses import replace
from datetime import datetime

from tests.integrations.ledger.made import CHAMPION, MODEL, judged

from keepfit.records import PolicyState, PolicyStep


def test_the_step_of_a_ticket_is_the_one_that_opened_it(ledger):
    first = PolicyStep(
        model=MODEL,
        champion=CHAMPION,
        window=judged().window,
        now=datetime(2013, 3, 1),
        policy={"min_gain": 0.005, "max_age_days": None, "grounds": ("harm",)},
        state=PolicyState(windows=1),
        evidence=(),
        decision=judged().decision,
        ticket="2013-02-harm",
    )
    with ledger.transaction() as book:
        book.record_step(first)
        book.record_step(replace(first, state=PolicyState(windows=2)))
        assert book.step_of(MODEL, "2013-02-harm") == first
        assert book.step_of("another", "2013-02-harm") is None
