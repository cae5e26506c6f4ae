"""Approvals, waivers, adoption and retirement, as the store takes them in."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from tests.certificates import NOW, row
from tests.integrations.gate_world import MODEL, refused

from keepfit.gate.questions import ANSWER, explaining
from keepfit.gate.statement import stated
from keepfit.integrations import signing
from keepfit.records import Explanation, digest, from_json


def kinds(world):
    return [found.kind for found in world.rows() if found.kind != "rules changed"]


def as_user(world, name):
    store = world.client._get_registry_client().store
    store._keepfit_gate = replace(store._keepfit_gate, who=lambda: (name, "server"))


# -- the pair -----------------------------------------------------------------------------------------------------------


def test_alias_and_stage_move_together_where_both_stand_in_one_row(world):
    (first,) = world.chain(1)
    world.client.transition_model_version_stage(MODEL, first, "Production")
    second = world.register()
    world.certify(second, champion=first)
    world.promote(second)
    assert world.champion() == second
    assert world.stages() == {"Production": second, "Archived": first}
    assert world.rows()[-1].target == "alias champion, stage Production"
    third = world.register()
    world.certify(third, champion=second)
    world.client.transition_model_version_stage(MODEL, third, "Production")
    assert world.champion() == third
    assert world.chain_is_whole()


def test_who_uses_no_stages_gets_none(world):
    world.chain(2)
    assert world.stages() == {}


def test_a_version_that_leaves_a_protected_stage_for_production_is_explained(world):
    world.rule("stages: [Production, Staging]")
    first = world.register()
    world.certify(first)
    world.client.transition_model_version_stage(MODEL, first, "Staging")
    world.client.transition_model_version_stage(MODEL, first, "Production")
    second = world.register()
    world.certify(second, champion=first)
    world.client.transition_model_version_stage(MODEL, second, "Production")
    assert world.stages() == {"Production": second, "Archived": first}


# -- what the journal does not explain -----------------------------------------------------------------------------------


def test_a_pointer_that_was_moved_past_the_gate_moves_on_only_after_it_is_adopted(world):
    first = world.register()
    world.stock.set_registered_model_alias(MODEL, "champion", first)
    second = world.register(content="two")
    world.certify(second, champion=first)
    with refused("KF-G041.*the alias champion stands on v1, but no promotion put it there"):
        world.promote(second)
    world.ask("adopt", first, model_digest=world.digest(first))
    world.promote(second)
    assert kinds(world) == ["refused", "adopted", "promoted"]
    assert world.chain_is_whole()


def test_an_adopted_champion_comes_back_with_its_adopted_files_only(world):
    first = world.register()
    world.stock.set_registered_model_alias(MODEL, "champion", first)
    world.ask("adopt", first, model_digest=world.digest(first))
    second = world.register(content="two")
    world.certify(second, champion=first)
    world.promote(second)
    world.promote(first)
    assert kinds(world)[-1] == "rolled back"
    world.promote(second)
    (world.files(first) / "MLmodel").write_text("changed")
    with refused("KF-G002"):
        world.promote(first)


@pytest.mark.parametrize("moved", ["to another version", "away"])
def test_a_champion_moved_past_the_gate_is_noticed_and_a_former_one_may_still_come_back(world, moved):
    first, _ = world.chain(2)
    third = world.register(content="three")
    if moved == "away":
        world.stock.delete_registered_model_alias(MODEL, "champion")
    else:
        world.stock.set_registered_model_alias(MODEL, "champion", third)
    fourth = world.register(content="four")
    world.certify(fourth, champion=third if moved != "away" else None)
    with refused("KF-G041"):
        world.promote(fourth)
    world.promote(first)
    assert world.champion() == first


def test_adoption_is_for_what_is_not_explained_and_for_the_files_that_were_looked_at(world):
    (first,) = world.chain(1)
    with refused("KF-G053.*no protected pointer stands on v1 that the journal does not explain"):
        world.ask("adopt", first, model_digest=world.digest(first))
    second = world.register(content="two")
    world.stock.set_registered_model_alias(MODEL, "champion", second)
    with refused("KF-G053.*not those that were looked at"):
        world.ask("adopt", second, model_digest="sha256:other")
    world.ask("adopt", second, model_digest=world.digest(second))


@pytest.mark.parametrize("served", ["the gate's", "the other"])
def test_a_second_version_in_a_protected_stage_is_noticed_and_adoption_leaves_one(world, served):
    first, second = world.register(), world.register(content="two")
    promoted, beside = (second, first) if served == "the gate's" else (first, second)
    world.certify(promoted)
    world.client.transition_model_version_stage(MODEL, promoted, "Production")
    world.stock.transition_model_version_stage(MODEL, beside, "Production")
    third = world.register(content="three")
    world.certify(third, champion=promoted)
    with refused("KF-G041.*the stage Production"):
        world.promote(third)
    world.ask("adopt", promoted, model_digest=world.digest(promoted))
    assert world.stages() == {"Production": promoted, "Archived": beside}
    world.promote(third)
    assert world.stages()["Production"] == third
    assert world.chain_is_whole()


def test_a_champion_deleted_past_the_gate_and_made_anew_under_its_number_is_another(world):
    (first,) = world.chain(1)
    world.stock.delete_registered_model(MODEL)
    again, second = world.register(content="anew"), world.register(content="two")
    assert again == first
    world.stock.set_registered_model_alias(MODEL, "champion", again)
    world.certify(second, champion=again)
    with refused("KF-G041.*stands on another v1 than the journal left it on"):
        world.promote(second)
    world.ask("adopt", again, model_digest=world.digest(again))
    world.promote(second)
    assert world.champion() == second


def test_a_champion_whose_files_were_changed_in_place_locks_nothing_and_the_refusal_says_the_way_out(world):
    (first,) = world.chain(1)
    (world.files(first) / "MLmodel").write_text("mended by hand")
    second = world.register(content="two")
    world.certify(second, champion=first)
    with refused(r"KF-G018.*its files were changed.*keepfit verify models:/flights-late/1.*keepfit gate adopt flights-late"):
        world.promote(second)
    world.ask("adopt", first, model_digest=world.digest(first))
    world.promote(second)
    assert kinds(world) == ["promoted", "refused", "adopted", "promoted"]


@pytest.mark.parametrize("way", ["retire", "restore"])
def test_changed_files_may_also_be_restored_or_the_model_retired(world, way):
    (first,) = world.chain(1)
    kept = (world.files(first) / "MLmodel").read_text()
    (world.files(first) / "MLmodel").write_text("changed")
    second = world.register(content="two")
    if way == "restore":
        (world.files(first) / "MLmodel").write_text(kept)
    else:
        world.ask("retire")
    world.certify(second, champion=first if way == "restore" else None)
    world.promote(second)
    assert world.champion() == second


def test_adoption_of_one_pointer_of_the_pair_brings_the_other_along(world):
    (first,) = world.chain(1)
    second = world.register(content="two")
    world.stock.transition_model_version_stage(MODEL, second, "Production")
    world.ask("adopt", second, model_digest=world.digest(second))
    assert (world.champion(), world.stages()) == (second, {"Production": second})
    assert world.rows()[-1].target == "stage Production, alias champion"
    world.promote(first)
    assert (world.champion(), world.stages()) == (first, {"Production": first, "Archived": second})


# -- signed requests --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("verb", ["adopt", "retire", "waive"])
def test_the_right_to_edit_tags_is_not_enough(world, verb):
    from datetime import UTC, datetime

    from keepfit.records import Request

    (first,) = world.chain(1)
    version = None if verb == "retire" else first
    stranger = signing.new_key("stranger", folder=world.home / "keys")
    with refused("KF-G053.*a key that gate.yaml does not name"):
        world.ask(verb, version, key=stranger)
    about = {"workspace": "default", "model": MODEL, "reason": "because", "by": "self", "issued": datetime.now(UTC), "nonce": "n"}
    unsigned = stated("request", Request(verb=verb, version=version, **about))
    with refused("KF-G053.*the request is not signed"):
        world.send(verb, version, unsigned.text)
    with refused("KF-G053.*holds no request"):
        world.send(verb, version, "please")
    assert world.champion() == first
    assert not [key for key in world.stock.get_model_version(MODEL, first).tags if key.startswith("request")]


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"issued": NOW - timedelta(hours=1)}, "too far from now"),
        ({"issued": NOW + timedelta(hours=1)}, "too far from now"),
        ({"workspace": "elsewhere"}, "in workspace elsewhere"),
        ({"reason": " "}, "needs a reason"),
    ],
)
def test_a_request_is_fresh_about_this_subject_and_has_a_reason(world, changes, said):
    world.chain(1)
    with refused(f"KF-G053.*{said}"):
        world.ask("retire", **changes)


def test_a_request_counts_once(world):
    first = world.register()
    world.stock.set_registered_model_alias(MODEL, "champion", first)
    world.ask("adopt", first, model_digest=world.digest(first), nonce="once")
    world.stock.delete_registered_model_alias(MODEL, "champion")
    with refused("KF-G053.*carried out before"):
        world.ask("retire", nonce="once")


@pytest.mark.parametrize("said", ["retire", "withdraw"])
def test_under_the_lock_only_the_rows_that_came_since_are_read(world, said):
    world.rule("approvals: 0")
    last = world.chain(3)[-1]
    as_user(world, "rita")
    approve(world, last)
    store = world.client._get_registry_client().store
    before, read = len(world.rows()), []

    class Watched(type(store._keepfit_gate.journal)):
        def rows(self, session, model, **about):
            read.append((session.in_transaction() and session is ambient(), about.get("after", 0)))
            return super().rows(session, model, **about)

    store._keepfit_gate = replace(store._keepfit_gate, journal=Watched())
    world.ask("retire") if said == "retire" else withdraw(world, last)
    assert [after for locked, after in read if locked] == [before - 1]  # the last that is known, and what came since


def ambient():
    """The session of the transaction that the gate holds open, if it does."""
    from keepfit.integrations.mlflow.store.sessions import _SESSION

    found = _SESSION.get()
    return None if found is None else found[1]


@pytest.mark.parametrize("verb", ["approve", "waive", "adopt"])
def test_a_version_that_is_replaced_while_it_is_looked_at_is_neither_approved_waived_for_nor_adopted(world, verb):
    from mlflow.exceptions import MlflowException

    version = world.register()
    made = world.certify(version)
    if verb == "adopt":
        world.stock.set_registered_model_alias(MODEL, "champion", version)
    looked_at = world.digest(version)
    store = world.client._get_registry_client().store
    gate = store._keepfit_gate

    def swapped(*about):
        found = gate.gather(*about)
        store._keepfit_gate = gate
        world.stock.delete_registered_model(MODEL)
        assert world.register(content="other files") == version
        return found

    store._keepfit_gate = replace(gate, gather=swapped)
    until = NOW + timedelta(days=1)
    ask = {
        "approve": lambda: world.client.set_model_version_tag(MODEL, version, "approve", "champion"),
        "waive": lambda: world.ask("waive", version, rule="overall", until=until, certificate=digest(made)),
        "adopt": lambda: world.ask("adopt", version, model_digest=looked_at),
    }
    with pytest.raises(MlflowException, match="is not what it was when it was judged") as refusal:
        ask[verb]()
    assert refusal.value.get_http_status_code() == 409
    assert not {"approved", "waived", "adopted"} & set(kinds(world))


def test_a_request_of_another_model_is_refused(world):
    from keepfit.records import Request

    world.chain(1)
    about = {"workspace": "default", "reason": "because", "by": "ci", "issued": NOW, "nonce": "n"}
    other = stated("request", Request(verb="retire", model="flights-other", version=None, **about), key=world.key.public, by=world.key.sign)
    with refused("KF-G053.*to retire flights-other"):
        world.send("retire", None, other.text)


def test_a_retired_model_has_no_champion_and_starts_afresh(world):
    (first,) = world.chain(1)
    world.client.transition_model_version_stage(MODEL, first, "Production")
    world.ask("retire")
    assert world.champion() is None
    assert world.stages() == {"Archived": first}
    last = world.rows()[-1]
    assert (last.kind, last.target) == ("retired", "alias champion, stage Production")
    assert last.detail["reason"] == "because"
    second = world.register(content="two")
    world.certify(second)
    world.promote(second)
    world.client.delete_model_version(MODEL, first)
    assert world.champion() == second


def test_however_many_versions_are_retired_each_page_and_the_row_say_so(world):
    versions = [world.register() for _ in range(15)]
    for version in versions:  # as before there was a gate
        world.stock.transition_model_version_stage(MODEL, version, "Production")
    world.ask("retire")
    last = world.rows()[-1]
    assert (last.version, last.detail["versions"]) == ("1 and 14 more", ", ".join(versions))
    assert {world.stock.get_model_version(MODEL, version).tags["kf.verdict"] for version in versions} == {"retired: stage Production"}


def test_after_retirement_delete_and_recreation_old_evidence_does_not_count(world):
    (first,) = world.chain(1)
    signed = world.home / next(each.name for each in world.home.glob("certificate-*.json"))
    world.ask("retire")
    world.client.delete_registered_model(MODEL)
    again = world.register(content="another model under the old number")
    assert again == first
    world.stock.log_artifact(world.stock.get_model_version(MODEL, again).run_id, str(signed), "keepfit")
    with refused("KF-G012"):
        world.promote(again)


# -- waivers ------------------------------------------------------------------------------------------------------------------


@pytest.fixture
def failing(world):
    """A second version that fails one slice."""
    (first,) = world.chain(1)
    second = world.register(content="two")
    rows = (row(), row("no_proof_of_harm", 0.05, "fail", "carrier=EV", difference=-0.03))
    made = world.certify(second, champion=first, rows=rows)
    return second, made


def certificate_of(made):
    from keepfit.records import digest

    return digest(made)


def test_a_waiver_sets_one_rule_aside_for_this_certificate_and_says_so(world, failing):
    second, made = failing
    until = NOW + timedelta(days=2)
    world.ask("waive", second, rule="slices", until=until, certificate=certificate_of(made))
    world.promote(second)
    assert world.champion() == second
    last = world.rows()[-1]
    assert (last.kind, last.detail["waived"]) == ("promoted", "slices")
    page = world.stock.get_model_version(MODEL, second).description
    assert "KF-G042" in page
    assert "because" in page


def test_a_waiver_ends_with_its_day_and_with_new_evidence(world, failing):
    second, made = failing
    world.ask("waive", second, rule="slices", until=NOW + timedelta(days=2), certificate=certificate_of(made))
    store = world.client._get_registry_client().store
    gate = store._keepfit_gate
    store._keepfit_gate = replace(gate, now=lambda: NOW + timedelta(days=3))
    with refused("KF-G021"):
        world.promote(second)
    store._keepfit_gate = gate
    again = world.certify(second, champion="1", rows=made.scorecard.rows, issued=NOW + timedelta(seconds=5))
    assert certificate_of(again) != certificate_of(made)
    with refused("KF-G021"):
        world.promote(second)


@pytest.mark.parametrize(
    ("rule", "days", "said"),
    [
        ("digest", 2, "'digest' can never be waived"),
        ("trust", 2, "'trust' can never be waived"),
        ("overall", 2, "may not be waived"),
        ("slices", 99, "at most 30 days"),
        ("slices", -1, "the waiver ended"),
    ],
)
def test_what_may_not_be_waived_is_refused(world, failing, rule, days, said):
    second, made = failing
    world.rule("waivers: {rules: ['s*']}")
    with refused(f"KF-G053.*{said}"):
        world.ask("waive", second, rule=rule, until=NOW + timedelta(days=days), certificate=certificate_of(made))


def test_a_waiver_of_what_refuses_nothing_is_refused_with_the_names_that_can_be_waived(world, failing):
    second, made = failing
    until = NOW + timedelta(days=2)
    with refused(r"KF-G053.*the rule 'overall' refuses nothing of v2 → what refuses and can be waived: slices"):
        world.ask("waive", second, rule="overall", until=until, certificate=certificate_of(made))
    world.ask("waive", second, rule="slices", until=until, certificate=certificate_of(made))
    world.ask("waive", second, rule="slices", until=until + timedelta(days=1), certificate=certificate_of(made))
    assert kinds(world)[-3:] == ["refused", "waived", "waived"], "a waiver in force is extended"


def test_the_champion_may_be_waived_for_one_pointer_that_it_fails_for(world, failing):
    second, made = failing
    world.rule("aliases: [champion, shadow]")
    until = NOW + timedelta(days=2)
    with refused("refuses nothing of v2"):
        world.ask("waive", second, rule="champion", until=until, certificate=certificate_of(made))
    third = world.register(content="three")
    world.certify(third, champion="1")
    world.promote(third, alias="shadow")
    world.ask("waive", second, rule="champion", until=until, certificate=certificate_of(made))


def test_every_refusal_that_can_be_waived_shows_the_name_to_use(world, failing):
    second, made = failing
    again = world.certify(second, champion="1", rows=(row(status="fail"), *made.scorecard.rows[1:]), issued=NOW + timedelta(seconds=5))
    with refused(r"\[KF-G021\] overall: overall roc_auc.*\[KF-G021\] slices: carrier=EV"):
        world.promote(second)
    said = from_json(Explanation, world.client.get_model_version_by_alias(MODEL, explaining(second)).tags[ANSWER])
    assert said.waivable == ("overall", "slices")
    for rule in said.waivable:
        world.ask("waive", second, rule=rule, until=NOW + timedelta(days=2), certificate=certificate_of(again))
    world.promote(second)


def test_the_right_to_waive_can_be_taken_back_in_gate_yaml(world, failing):
    second, made = failing
    world.ask("waive", second, rule="slices", until=NOW + timedelta(days=2), certificate=certificate_of(made))
    world.rule("waivers: {rules: []}")
    with refused("KF-G021"):
        world.promote(second)


def test_a_waiver_of_another_certificate_is_refused(world, failing):
    second, _ = failing
    with refused("KF-G053.*not the one to be waived for"):
        world.ask("waive", second, rule="slices", until=NOW + timedelta(days=2), certificate="sha256:other")


# -- approvals ----------------------------------------------------------------------------------------------------------------


@pytest.fixture
def waiting(world):
    """A version that needs one approval."""
    world.rule("approvals: 1")
    version = world.register()
    world.certify(version)
    as_user(world, "rita")
    return version


def approve(world, version, value="champion"):
    world.client.set_model_version_tag(MODEL, version, "approve", value)


def test_who_asks_does_not_approve(world, waiting):
    with refused("KF-G050.*0 of 1 approvals by others than rita"):
        world.promote(waiting)
    approve(world, waiting)
    with refused("KF-G050"):
        world.promote(waiting)
    as_user(world, "paul")
    world.promote(waiting)
    approved = next(found for found in world.rows() if found.kind == "approved")
    assert (approved.who, approved.version, world.champion()) == ("rita", waiting, waiting)


def test_new_evidence_dismisses_an_approval(world, waiting):
    approve(world, waiting)
    world.certify(waiting, issued=NOW + timedelta(seconds=5))
    as_user(world, "paul")
    with refused("KF-G050"):
        world.promote(waiting)


def test_deleting_the_tag_withdraws_the_approval(world, waiting):
    approve(world, waiting)
    world.client.delete_model_version_tag(MODEL, waiting, "approve")
    as_user(world, "paul")
    with refused("KF-G050"):
        world.promote(waiting)
    assert kinds(world)[:2] == ["approved", "withdrawn"]


def withdraw(world, version):
    world.client.delete_model_version_tag(MODEL, version, "approve")


def tagged(world, version):
    return "approve" in world.stock.get_model_version(MODEL, version).tags


def test_who_deletes_the_tag_withdraws_the_own_approval_only(world, waiting):
    approve(world, waiting)
    as_user(world, "paul")
    approve(world, waiting)
    withdraw(world, waiting)
    assert tagged(world, waiting), "it stands for rita's approval still"
    assert (world.rows()[-1].kind, world.rows()[-1].text) == ("withdrawn", "withdrew the own approval of v1")
    with refused("KF-G054.*was approved by rita: each can withdraw the own approval"):
        withdraw(world, waiting)
    world.promote(waiting)
    assert world.rows()[-1].detail["approvers"] == "rita"
    as_user(world, "rita")
    withdraw(world, waiting)
    assert not tagged(world, waiting)


def test_an_approval_that_newer_evidence_dismissed_does_not_keep_the_tag(world, waiting):
    approve(world, waiting)
    world.certify(waiting, issued=NOW + timedelta(seconds=1))
    as_user(world, "paul")
    approve(world, waiting)
    withdraw(world, waiting)
    assert not tagged(world, waiting)


def test_who_has_not_approved_withdraws_nothing(world, waiting):
    approve(world, waiting)
    as_user(world, "mallory")
    with refused("KF-G054"):
        withdraw(world, waiting)
    world.promote(waiting)
    assert world.champion() == waiting


def test_without_users_deleting_the_tag_withdraws_all_and_the_row_says_so(world, waiting):
    approve(world, waiting)
    as_user(world, "anonymous")
    withdraw(world, waiting)
    assert not tagged(world, waiting)
    assert world.rows()[-1].text == "withdrew all approvals of v1: nobody is known on a server without users"
    as_user(world, "paul")
    with refused("KF-G050.*0 of 1"):
        world.promote(waiting)


def test_without_authentication_approvals_are_called_advisory(world, waiting):
    as_user(world, "anonymous")
    approve(world, waiting)
    world.promote(waiting)
    assert "KF-G051" in world.stock.get_model_version(MODEL, waiting).description


# -- who may approve ----------------------------------------------------------------------------------------------------------


def test_a_tag_value_withdraws_the_own_approval_as_deleting_the_tag_does(world, waiting):
    approve(world, waiting)
    as_user(world, "paul")
    approve(world, waiting)
    approve(world, waiting, "Withdraw")
    assert tagged(world, waiting), "it stands for rita's approval still"
    assert world.stock.get_model_version(MODEL, waiting).tags["approve"] == "champion"
    assert (world.rows()[-1].kind, world.rows()[-1].who, world.rows()[-1].text) == ("withdrawn", "paul", "withdrew the own approval of v1")
    with refused("KF-G054.*was approved by rita"):
        approve(world, waiting, "withdraw")
    as_user(world, "rita")
    approve(world, waiting, "withdraw")
    assert not tagged(world, waiting)
    with refused("KF-G054.*nobody has approved v1"):
        approve(world, waiting, "withdraw")
    as_user(world, "paul")
    with refused("KF-G050.*0 of 1"):
        world.promote(waiting)


def test_an_approver_whose_account_is_gone_does_not_count_and_keeps_no_tag(world, waiting):
    approve(world, waiting)
    store = world.client._get_registry_client().store
    store._keepfit_gate = replace(store._keepfit_gate, gone=lambda accounts: frozenset(accounts) & {"rita"})
    as_user(world, "paul")
    with refused("KF-G050.*0 of 1.*rita has no account any more"):
        world.promote(waiting)
    approve(world, waiting)
    withdraw(world, waiting)
    assert not tagged(world, waiting)


@pytest.mark.parametrize("also", ["Rita", "RITA", "rіta"])  # the last with a Cyrillic letter
def test_two_accounts_that_differ_only_in_case_are_one_person(world, waiting, also):
    approve(world, waiting)
    as_user(world, also)
    with refused("KF-G050.*0 of 1"):
        world.promote(waiting)
    world.rules.write_text(world.rules.read_text().replace("approvals: 1", "approvals: 2"))
    approve(world, waiting)
    as_user(world, "paul")
    with refused("KF-G050.*1 of 2 approvals by others than paul: rita"):
        world.promote(waiting)


def test_only_who_is_named_may_approve_spelled_as_named(world, waiting):
    world.rule("approvers: [paul, 'lead-*']")
    with refused("KF-G052.*names who approves this model, paul or lead-.: not rita"):
        approve(world, waiting)
    for other in ("PAUL", "anonymous", "lead"):
        as_user(world, other)
        with refused("KF-G052"):
            approve(world, waiting)
    as_user(world, "lead-ann")
    approve(world, waiting)
    as_user(world, "rita")
    world.promote(waiting)
    assert world.rows()[-1].detail["approvers"] == "lead-ann"


def test_an_approval_counts_as_long_as_gate_yaml_names_who_gave_it(world, waiting):
    approve(world, waiting)
    world.rule("approvers: [paul]")
    as_user(world, "eve")
    with refused("KF-G050.*0 of 1 approvals by others than eve and among paul; not counted: rita is none whom gate.yaml names"):
        world.promote(waiting)


def test_nobody_approves_what_has_no_evidence_or_is_not_protected(world, waiting):
    with refused("KF-G052.*names what is protected"):
        approve(world, waiting, "challenger")
    other = world.register(content="no certificate")
    with refused("KF-G052.*the version has no certificate"):
        approve(world, other)
    (world.files(waiting) / "MLmodel").write_text("changed")
    with refused("KF-G052.*not the certified ones"):
        approve(world, waiting)
    assert "approve" not in world.stock.get_model_version(MODEL, other).tags


def test_an_approval_given_at_creation_or_copied_along_is_none(world, waiting):
    from mlflow.entities.model_registry import ModelVersionTag

    approve(world, waiting)
    assert world.stock.get_model_version(MODEL, waiting).tags["approve"] == "champion"
    copied = world.client.copy_model_version(f"models:/{MODEL}/{waiting}", "flights-copy")
    assert "approve" not in world.stock.get_model_version("flights-copy", copied.version).tags
    store = world.client._get_registry_client().store
    made = store.create_model_version(MODEL, "/x", tags=[ModelVersionTag("approve", "champion"), ModelVersionTag("kept", "1")])
    assert world.stock.get_model_version(MODEL, made.version).tags == {"kept": "1"}


def test_an_unprotected_model_may_carry_any_tag(world):
    other = world.register("other")
    world.client.set_model_version_tag("other", other, "approve", "whatever")
    world.client.set_model_version_tag("other", other, "request-waive", "hm")
    world.client.set_registered_model_tag("other", "request-retire", "hm")
    world.client.delete_model_version_tag("other", other, "approve")
    assert world.stock.get_model_version("other", other).tags == {"request-waive": "hm"}


# -- who may ask for a move ---------------------------------------------------------------------------------------------------


def test_only_whom_gate_yaml_names_moves_a_pointer_and_whoever_is_on_call_goes_back(world):
    first, second = world.chain(2)
    world.rule("movers: [ci-bot]")
    third = world.register(content="three")
    world.certify(third, champion=second)
    as_user(world, "rita")
    for move in (world.promote, world.produce):
        with refused(r"\[KF-G055\] gate.yaml lets ci-bot move it \(movers\), not rita"):
            move(third)
    with refused("KF-G053.*'movers' can never be waived"):
        world.ask("waive", third, rule="movers", until=NOW + timedelta(days=2), certificate="sha256:any")
    world.promote(first)
    assert (world.champion(), world.rows()[-1].kind, world.rows()[-1].who) == (first, "rolled back", "rita")
    world.promote(second)
    as_user(world, "ci-bot")
    world.promote(third)
    assert (world.champion(), world.rows()[-1].kind) == (third, "promoted")


def test_where_nobody_is_known_nobody_moves_what_has_movers_and_a_rollback_can_be_kept_to_some(world):
    first, _ = world.chain(2)
    world.rule("movers: [ci-bot]")
    world.rule("rollback: {movers: ['oncall-*']}")
    as_user(world, "anonymous")
    with refused(r"KF-G055.*oncall-\*.*keepfit server --auth basic-auth"):
        world.promote(first)
    as_user(world, "oncall-ann")
    world.promote(first)
    assert world.champion() == first


# -- the pair's other pointer, and evidence before history ------------------------------------------------------------------


def test_a_first_champion_takes_its_other_pointer_without_being_a_rollback(world):
    world.rule("rollback: {reason_required: true}")
    (first,) = world.chain(1)
    world.client.transition_model_version_stage(MODEL, first, "Production")
    assert kinds(world) == ["promoted", "promoted"]


def test_an_adopted_version_with_evidence_is_promoted_by_it_and_needs_no_reason(world):
    world.rule("rollback: {reason_required: true}")
    first = world.register()
    world.stock.set_registered_model_alias(MODEL, "champion", first)
    world.ask("adopt", first, model_digest=world.digest(first))
    second = world.register(content="two")
    world.certify(second, champion=first)
    world.promote(second)
    with refused("KF-G043"):
        world.promote(first)
    world.certify(first, champion=second)
    world.promote(first)
    assert kinds(world) == ["adopted", "promoted", "refused", "promoted"]


# -- a signer's clock that runs fast ---------------------------------------------------------------------------------------


def at(world, time):
    store = world.client._get_registry_client().store
    store._keepfit_gate = replace(store._keepfit_gate, now=lambda: time)


def test_a_certificate_of_the_future_does_not_beat_a_later_red_one_not_when_its_time_has_come_either(world):
    (first,) = world.chain(1)
    second = world.register(content="two")
    expires = NOW + timedelta(days=2)
    world.certify(second, champion=first, issued=NOW + timedelta(hours=2), expires=expires)
    at(world, NOW + timedelta(minutes=1))
    with refused("KF-G045.*by its signer's clock, in the future by this server's"):
        world.promote(second)
    world.certify(second, champion=first, rows=(row(status="fail"), row("no_proof_of_harm", 0.05)), issued=NOW + timedelta(minutes=2), expires=expires)
    at(world, NOW + timedelta(minutes=3))
    with refused("KF-G021"):
        world.promote(second)
    at(world, NOW + timedelta(hours=3))
    with refused("KF-G021"):
        world.promote(second)
    assert world.champion() == first


def test_with_the_clock_set_a_new_certificate_speaks_at_once(world):
    version = world.register()
    world.certify(version, issued=NOW + timedelta(hours=2))
    with refused("KF-G045.*set the signer's clock, then keepfit certify"):
        world.promote(version)
    with refused("KF-G052.*issued in the future"):
        approve(world, version)
    world.certify(version, issued=NOW + timedelta(seconds=9))
    world.promote(version)
    assert world.rows()[-1].kind == "promoted"


def test_a_minute_is_what_two_clocks_may_differ(world):
    version = world.register()
    at(world, NOW)
    world.certify(version, issued=NOW + timedelta(seconds=59))
    world.promote(version)
    assert world.champion() == version


# -- rollback -----------------------------------------------------------------------------------------------------------------


def test_gate_yaml_may_ask_for_the_reason_of_a_rollback_or_forbid_it(world):
    first, _ = world.chain(2)
    world.rule("rollback: {reason_required: true}")
    with refused("KF-G043"):
        world.promote(first)
    world.client.set_model_version_tag(MODEL, first, "kf.reason", "umbrellas")
    world.promote(first)
    assert "umbrellas" in world.rows()[-1].text
    world.rules.write_text(world.rules.read_text().replace("reason_required: true", "allowed: false"))
    world.promote("2")  # it was compared with the one that stands: no rollback
    with refused("KF-G018"):
        world.promote(first)


# -- what is undecided --------------------------------------------------------------------------------------------------------


def test_what_is_undecided_passes_by_approval_and_journal_and_page_say_who_gave_it(world):
    (first,) = world.chain(1)
    world.rules.write_text(world.rules.read_text().replace("bound: 0.0}", "bound: 0.0, undecided: approve}"))
    world.rule("approvers: [rita]")
    second = world.register(content="two")
    open_row = row("not_worse_than", 0.0, "undecided", difference=0.001, low=-0.02, high=0.022, detail="…; about 9,000 labels would decide it, there are 900")
    world.certify(second, champion=first, rows=(open_row, row("no_proof_of_harm", 0.05, slice_="carrier=EV")))
    as_user(world, "tess")
    with refused(r"KF-G029\] overall: overall roc_auc not_worse_than: undecided with 900 rows, difference to the champion 0.001 \[-0.02, 0.022\].*rita adds"):
        world.promote(second)
    as_user(world, "rita")
    approve(world, second)
    as_user(world, "tess")
    world.promote(second)
    last = world.rows()[-1]
    assert (last.kind, last.who, last.detail["approvers"], last.detail["undecided"]) == ("promoted", "tess", "rita", "overall roc_auc (overall)")
    assert "although undecided: [KF-G032] overall roc_auc" in last.text
    page = world.stock.get_model_version(MODEL, second).description
    assert "a person's approval let pass what was undecided" in page
    assert "Approved by rita, which let pass what was undecided: overall roc_auc (overall)." in page


def test_a_failure_is_not_passed_by_approval(world):
    (first,) = world.chain(1)
    world.rules.write_text(world.rules.read_text().replace("bound: 0.0}", "bound: 0.0, undecided: approve}"))
    second = world.register(content="two")
    world.certify(second, champion=first, rows=(row(status="fail"), row("no_proof_of_harm", 0.05, slice_="carrier=EV")))
    as_user(world, "rita")
    approve(world, second)
    as_user(world, "tess")
    with refused("KF-G021"):
        world.promote(second)
