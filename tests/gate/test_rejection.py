"""What a request does to a move: shown as long as it is open, refusing once it was rejected."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from tests.gate.verdicts import RULES, refusing, verdict

from keepfit.gate.pending import MoveRequest
from keepfit.gate.standing import Standing
from keepfit.records import JournalRow

ASKED = JournalRow(
    at=datetime(2026, 1, 8, tzinfo=UTC),
    kind="requested",
    model="m",
    version="2",
    target="alias champion",
    who="paul",
    via="server",
    text="t",
    detail={"reason": "fewer false alarms"},
)
OPEN = MoveRequest(asked=ASKED)
NO = replace(OPEN, rejected=replace(ASKED, kind="rejected", who="rita", detail={"reason": "the night shift is not in it"}))
FORMER = {"former_digests": frozenset({"sha256:two"})}
TWO_EYES = RULES.replace("max_data_age_days: 30", "approvals: 1")


def asked(request, *, rules=RULES, **standing):
    return verdict(rules=rules, standing=Standing(champion="1", request=request, **standing))


def test_an_open_request_is_shown_with_who_asks_and_why():
    found = asked(OPEN)
    assert found.promote
    [shown] = [reason for reason in found.reasons if reason.code == "KF-G057"]
    assert shown.text == "on 2026-01-08 paul requested the move: fewer false alarms"


def test_a_rejected_one_refuses_in_the_words_of_who_rejected_it():
    found = asked(NO)
    assert refusing(found) == ["KF-G056"]
    assert found.reasons[-1].text == "on 2026-01-08 rita rejected the request of paul: the night shift is not in it"
    assert "keepfit request m 2 --reason" in found.reasons[-1].fix


def test_no_waiver_sets_a_rejection_aside_and_a_former_champion_comes_back_all_the_same():
    assert refusing(asked(NO, waivers={"request": "until 2026-02-01 by tess (no time)"})) == ["KF-G056"]
    assert asked(NO, **FORMER).kind == "rolled back"


def test_who_requested_approves_no_more_than_who_moves_it():
    found = asked(OPEN, rules=TWO_EYES, requester="ci-bot", approvers=("paul", "Paul"))
    assert refusing(found) == ["KF-G050"]
    [reason] = [one for one in found.reasons if one.code == "KF-G050"]
    assert reason.text.startswith("0 of 1 approvals by others than ci-bot and paul; not counted: paul asks for the move")
    assert asked(OPEN, rules=TWO_EYES, requester="ci-bot", approvers=("paul", "rita")).promote
    assert asked(None, rules=TWO_EYES, requester="ci-bot", approvers=("paul",)).promote, "whose request was taken back asks for nothing"
    assert asked(OPEN, rules=TWO_EYES, requester="paul", approvers=("rita",)).promote


def test_where_nobody_is_known_everybodys_approval_counts_as_before():
    nobody = replace(OPEN, asked=replace(ASKED, who="anonymous"))
    assert asked(nobody, rules=TWO_EYES, approvers=("anonymous",)).promote
    assert asked(OPEN, rules=TWO_EYES, approvers=("paul",)).promote


def test_who_may_not_move_it_learns_that_it_is_requested_already():
    rules = RULES.replace("max_data_age_days: 30", "movers: [ci-bot]")
    assert asked(None, rules=rules, requester="paul").reasons[0].fix.startswith("ask them: the tag request-move = champion")
    assert asked(OPEN, rules=rules, requester="paul").reasons[0].fix.startswith("it is requested: ci-bot can move it now")
