"""Pending requests on a registry behind the gate: made, answered, taken back, and what each does to a move, to tags and to the version's page."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from tests.certificates import NOW
from tests.integrations.gate_world import MODEL, refused

from keepfit.gate.questions import ANSWER, REQUESTS
from keepfit.records import PendingRequests, from_json
from keepfit.report.verdict import BEGIN


@pytest.fixture
def waiting(world):
    """A candidate beside a champion; only ci-bot may move it, and one other has to approve."""
    (first,) = world.chain(1)
    world.rule("movers: [ci-bot]")
    world.rule("approvals: 1")
    world.rule("approvers: [rita, eve, paul]")
    second = world.register(content="two")
    world.certify(second, champion=first)
    as_user(world, "paul")
    return second


def as_user(world, name):
    store = world.client._get_registry_client().store
    store._keepfit_gate = replace(store._keepfit_gate, who=lambda: (name, "server"))


def tag(world, version, key, value):
    world.client.set_model_version_tag(MODEL, version, key, value)


def ask(world, version, value="champion: fewer false alarms"):
    tag(world, version, "request-move", value)


def listed(world):
    return from_json(PendingRequests, world.client.get_model_version_by_alias(MODEL, REQUESTS).tags[ANSWER])


def page(world, version):
    found = world.stock.get_model_version(MODEL, version)
    return found.tags, found.description


def kinds(world):
    return [(row.kind, row.who) for row in world.rows() if row.kind not in {"rules changed", "refused"}][1:]


def words(said):
    """A description's words, without the mark of its verdict."""
    return " ".join(said.replace(BEGIN, "").split())


def test_a_request_is_made_approved_and_granted_by_who_may_move_it(world, waiting):
    with refused(r"KF-G055.*lets ci-bot move it.*not paul → ask them: the tag request-move = champion"):
        world.promote(waiting)
    ask(world, waiting)
    tags, said = page(world, waiting)
    assert (tags["request-move"], tags["kf.verdict"]) == ("champion: fewer false alarms", "requested: alias champion")
    assert "**keepfit gate: requested.** requested v2 as alias champion on certificate" in said
    assert "it waits for 1 approval by rita, eve or paul, then for ci-bot to move it" in said
    with refused("KF-G055.*it is requested: ci-bot can move it now"):
        world.promote(waiting)
    [one] = listed(world).requests
    assert (one.version, one.who, one.reason, one.approvers, one.approvals, one.movers) == (waiting, "paul", "fewer false alarms", (), 1, ("ci-bot",))
    assert [reason.code for reason in one.reasons] == ["KF-G050"]
    tag(world, waiting, "approve", "champion")
    assert listed(world).requests[0].approvers == (), "who requests does not approve"
    as_user(world, "ci-bot")
    with refused("KF-G050.*0 of 1 approvals by others than ci-bot and paul.*paul asks for the move"):
        world.promote(waiting)
    as_user(world, "rita")
    tag(world, waiting, "approve", "champion")
    assert (listed(world).requests[0].approvers, listed(world).requests[0].promote) == (("rita",), True)
    as_user(world, "ci-bot")
    world.promote(waiting)
    assert kinds(world) == [("requested", "paul"), ("approved", "paul"), ("approved", "rita"), ("promoted", "ci-bot")]
    assert world.rows()[-1].detail["requested by"] == "paul"
    tags, said = page(world, waiting)
    assert "request-move" not in tags
    assert "Asked for by ci-bot" in said
    assert "Requested by paul. Approved by rita." in said
    assert listed(world).requests == ()
    assert world.chain_is_whole()


def test_a_rejection_needs_a_reason_and_one_who_may_approve_and_holds_for_its_certificate(world, waiting):
    ask(world, waiting)
    as_user(world, "mallory")
    with refused("KF-G058.*who may reject a request, rita, eve or paul: not mallory"):
        tag(world, waiting, "reject", "because I can")
    as_user(world, "rita")
    with refused("KF-G058.*a rejection needs a reason"):
        tag(world, waiting, "reject", " ")
    tag(world, waiting, "approve", "champion")
    tag(world, waiting, "reject", "the night shift is not in it")
    tags, said = page(world, waiting)
    assert (tags["reject"], tags["kf.verdict"]) == ("rita: the night shift is not in it", "rejected: alias champion")
    assert not {"approve", "request-move"} & tags.keys(), "who rejects approves no more"
    assert "rejected the request of paul for v2 as alias champion: the night shift is not in it Rejected by rita on" in words(said)
    as_user(world, "eve")
    tag(world, waiting, "approve", "champion")
    as_user(world, "ci-bot")
    with refused("KF-G056.*rita rejected the request of paul: the night shift is not in it"):
        world.promote(waiting)
    with refused("KF-G053.*'request' can never be waived"):
        world.ask("waive", waiting, rule="request", until=NOW + timedelta(days=2), certificate="sha256:any")
    as_user(world, "rita")
    with refused("KF-G058.*no request for v2 is open: there is nothing to reject"):
        tag(world, waiting, "reject", "once more")
    assert listed(world).requests == ()


@pytest.mark.parametrize("again", ["request", "certificate"])
def test_a_new_request_or_a_new_certificate_answers_a_rejection(world, waiting, again):
    ask(world, waiting)
    as_user(world, "rita")
    tag(world, waiting, "reject", "the night shift is not in it")
    if again == "request":
        as_user(world, "paul")
        ask(world, waiting, "Production: it is in now, see the report")
        assert "reject" not in page(world, waiting)[0]
    else:
        world.certify(waiting, champion="1", issued=NOW + timedelta(seconds=5))
    as_user(world, "eve")
    tag(world, waiting, "approve", "champion")
    as_user(world, "ci-bot")
    world.promote(waiting)
    assert world.champion() == waiting


def test_newer_evidence_leaves_a_request_behind(world, waiting):
    ask(world, waiting)
    world.certify(waiting, champion="1", issued=NOW + timedelta(seconds=5))
    [one] = listed(world).requests
    assert one.lapsed
    as_user(world, "eve")
    ask(world, waiting, "champion")
    assert [(one.who, one.lapsed, one.reason) for one in listed(world).requests] == [("eve", False, "")]


def test_who_asked_takes_the_request_back_and_nobody_else(world, waiting):
    ask(world, waiting)
    as_user(world, "eve")
    for withdraw in (lambda: ask(world, waiting, "withdraw"), lambda: world.client.delete_model_version_tag(MODEL, waiting, "request-move")):
        with refused("KF-G058.*paul requested v2 and alone can withdraw that; who may approve can reject it, rita, eve or paul"):
            withdraw()
    with refused("KF-G058.*paul has requested v2 as alias champion already"):
        ask(world, waiting)
    as_user(world, "paul")
    ask(world, waiting, "champion: said better")
    assert listed(world).requests[0].reason == "said better"
    ask(world, waiting, "Withdraw")
    tags, said = page(world, waiting)
    assert "request-move" not in tags
    assert "**keepfit gate: request withdrawn.** withdrew the request for v2 as alias champion Withdrawn by paul on" in words(said)
    with refused("KF-G058.*there is nothing to withdraw"):
        ask(world, waiting, "withdraw")
    ask(world, waiting)
    world.client.delete_model_version_tag(MODEL, waiting, "request-move")
    assert listed(world).requests == ()
    assert kinds(world) == [("requested", "paul"), ("requested", "paul"), ("request withdrawn", "paul"), ("requested", "paul"), ("request withdrawn", "paul")]


def test_nothing_is_requested_without_evidence_for_what_stands_or_is_not_protected(world, waiting):
    with refused("KF-G058.*the tag request-move names what is protected .champion, Production."):
        ask(world, waiting, "challenger: why not")
    with refused("KF-G058.*v1 is alias champion already"):
        ask(world, "1")
    bare = world.register(content="three")
    with refused("KF-G058.*nothing to request: the version has no certificate → keepfit certify"):
        ask(world, bare)
    assert kinds(world) == []
    other = world.register("other")
    world.client.set_model_version_tag("other", other, "request-move", "whatever")
    world.client.set_model_version_tag("other", other, "reject", "whatever")


def test_a_request_given_at_creation_or_copied_along_is_none(world, waiting):
    from mlflow.entities.model_registry import ModelVersionTag

    ask(world, waiting)
    copied = world.client.copy_model_version(f"models:/{MODEL}/{waiting}", "flights-copy")
    assert not {"request-move", "reject"} & world.stock.get_model_version("flights-copy", copied.version).tags.keys()
    store = world.client._get_registry_client().store
    made = store.create_model_version(MODEL, "/x", tags=[ModelVersionTag("request-move", "champion"), ModelVersionTag("reject", "no")])
    assert world.stock.get_model_version(MODEL, made.version).tags == {}


def test_a_deleted_version_has_no_open_request(world, waiting):
    ask(world, waiting)
    world.client.delete_model_version(MODEL, waiting)
    assert listed(world).requests == ()


def test_without_users_anybody_asks_answers_and_withdraws(world):
    version = world.register()
    world.certify(version)
    world.rule("approvals: 1")
    as_user(world, "anonymous")
    for _ in range(2):
        ask(world, version)
    tag(world, version, "reject", "not yet")
    with refused("KF-G056.*anonymous rejected the request of anonymous: not yet"):
        world.promote(version)
    ask(world, version)
    assert listed(world).requests[0].who == "anonymous"
    tag(world, version, "approve", "champion")
    world.promote(version)
    assert world.champion() == version
