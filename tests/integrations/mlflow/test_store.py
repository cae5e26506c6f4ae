from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

import pytest
from tests.certificates import NOW, resaid, row
from tests.integrations.gate_world import MODEL, refused

from keepfit.gate.certificate import SignedCertificate, sign, unsigned
from keepfit.gate.statement import Statement
from keepfit.integrations import signing
from keepfit.integrations.mlflow.store.stored import Stored
from keepfit.records import Pin, Signature

# -- promotion ----------------------------------------------------------------------------------------------------------


def test_a_version_without_certificate_is_refused_with_403_and_the_next_command(world):
    version = world.register()
    with refused(r"KF-G002.*keepfit certify flights-late 1") as caught:
        world.promote(version)
    assert caught.value.error_code == "PERMISSION_DENIED"
    assert caught.value.get_http_status_code() == 403
    assert len(caught.value.message) <= 400
    assert world.champion() is None


def test_two_promotions_in_a_row_move_the_champion_and_the_journal_says_so(world):
    first, second = world.chain(2)
    assert world.champion() == second
    assert world.journal() == [("promoted", first, None), ("promoted", second, first)]


def test_a_candidate_compared_with_a_former_champion_must_be_evaluated_again(world):
    first, second = world.chain(2)
    third = world.register()
    world.certify(third, champion=first)
    with refused(rf"KF-G018.*re-evaluate against v{second}: keepfit sync"):
        world.promote(third)
    assert world.champion() == second


def test_a_comparison_with_the_same_number_of_another_server_does_not_count(world):
    (first,) = world.chain(1)
    second = world.register(content="two")
    elsewhere = Pin(model=MODEL, version=first, digest="sha256:elsewhere", trained_until=None, evaluated_until=None)
    world.certify(second, champion=first, scorecard=replace(world.certificate(second, champion=first).scorecard, champion=elsewhere))
    with refused("KF-G018.*compared with another v1"):
        world.promote(second)


def test_a_failing_slice_is_named_with_value_and_bound(world):
    (first,) = world.chain(1)
    second = world.register()
    worse = row("no_proof_of_harm", 0.05, "fail", "carrier=EV", difference=-0.031)
    world.certify(second, champion=first, rows=(row(), worse))
    with refused(r"slices: carrier=EV roc_auc.*difference to the champion -0.031.*bound 0.05"):
        world.promote(second)


def test_a_refusal_is_on_the_versions_page_once_however_often_it_is_asked(world):
    version = world.register()
    for _ in range(2):
        with refused():
            world.promote(version)
    found = world.stock.get_model_version(MODEL, version)
    assert found.description.count("keepfit gate: refused") == 1
    assert "KF-G002" in found.description
    assert found.tags["kf.verdict"] == "refused: alias champion"
    assert world.journal() == [("refused", "1", None)] * 2


def test_a_promotion_replaces_the_refusal_on_the_page_and_keeps_the_authors_text(world):
    version = world.register()
    world.stock.update_model_version(MODEL, version, "what the author wrote")
    with refused():
        world.promote(version)
    world.certify(version)
    world.promote(version)
    found = world.stock.get_model_version(MODEL, version)
    assert found.description.endswith("what the author wrote")
    assert "refused" not in found.description
    assert found.tags["kf.verdict"] == "promoted: alias champion"


def page(world, version):
    found = world.stock.get_model_version(MODEL, version)
    return found.tags["kf.verdict"], found.tags["kf.verdict.text"], found.description


def test_a_former_champions_page_says_which_version_took_its_place(world):
    first, second = world.chain(2)
    verdict, text, description = page(world, first)
    assert (verdict, text) == ("replaced: alias champion", "keepfit: flights-late v2 promoted to alias champion")
    assert "**keepfit gate: replaced.** Another version is alias champion now: keepfit: flights-late v2 promoted" in description
    assert description.count("keepfit gate:") == 1
    world.promote(first)
    assert page(world, first)[0] == "rolled back: alias champion"
    assert page(world, second)[:2] == ("replaced: alias champion", "keepfit: rolled back: flights-late v1 is alias champion again")


def test_what_a_champion_replaced_is_told_after_a_rollback_too_and_is_never_what_it_was_rolled_back_from(world):
    first, second, third = world.chain(3)
    previous = lambda version: world.stock.get_model_version(MODEL, version).tags["kf.verdict.previous"]  # noqa: E731 - two words
    assert (previous(first), previous(second), previous(third)) == ("none", first, second)
    world.stock.delete_model_version_tag(MODEL, second, "kf.verdict.previous")
    world.promote(second)
    assert previous(second) == first


@pytest.fixture
def several_workers(each_world, monkeypatch):
    """The world, and the page jobs that its verdicts leave: of several workers any may be late."""
    jobs = []
    store = each_world.client._get_registry_client().store
    monkeypatch.setattr(store, "_keepfit_gate", replace(store._keepfit_gate, later=jobs.append))
    return each_world, jobs


def test_a_page_that_another_worker_writes_late_says_what_the_journal_says_now(several_workers):
    world, jobs = several_workers
    first, second = world.chain(2)
    for job in reversed(jobs):
        job()
    assert page(world, first)[:2] == ("replaced: alias champion", "keepfit: flights-late v2 promoted to alias champion")
    assert page(world, second)[0] == "promoted: alias champion"


def test_a_late_refusal_does_not_cover_the_promotion_that_followed_it(several_workers):
    world, jobs = several_workers
    first = world.register()
    with refused("KF-G002"):
        world.promote(first)
    world.certify(first)
    world.promote(first)
    for job in reversed(jobs):
        job()
    verdict, _, description = page(world, first)
    assert verdict == "promoted: alias champion"
    assert "gate/verdict.html" in description
    html = world.files(first).parent / "gate" / "verdict.html"
    assert "KF-G002" not in html.read_text()


def test_pages_that_several_workers_write_at_once_are_all_written(several_workers, caplog):
    world, jobs = several_workers
    *former, last = world.chain(6)
    with ThreadPoolExecutor(max_workers=4) as workers:
        list(workers.map(lambda job: job(), jobs))
    assert "could not be shown" not in caplog.text
    assert [page(world, version)[0] for version in former] == ["replaced: alias champion"] * 5
    assert page(world, last)[0] == "promoted: alias champion"


def test_a_page_that_a_crash_has_lost_is_written_with_the_next_verdict_on_the_model(world):
    store = world.client._get_registry_client().store
    gate = store._keepfit_gate
    first = world.register()
    world.stock.update_model_version(MODEL, first, "what the author wrote")
    world.certify(first)
    store._keepfit_gate = replace(gate, later=lambda job: None)  # as if killed after the commit
    world.promote(first)
    assert "kf.verdict" not in world.stock.get_model_version(MODEL, first).tags
    store._keepfit_gate = gate
    with refused("KF-G002"):
        world.promote(world.register(content="two"))
    verdict, text, description = page(world, first)
    assert (verdict, text) == ("promoted: alias champion", "keepfit: flights-late v1 promoted to alias champion")
    assert description.endswith("what the author wrote")


def test_a_page_is_not_mended_with_what_was_said_of_another_version_under_the_same_number(world):
    first, second = world.chain(2)
    world.ask("retire")
    world.client.delete_registered_model(MODEL)
    assert [world.register(), world.register(content="two")] == [first, second]
    with refused("KF-G002"):
        world.promote(second)
    assert "kf.verdict" not in world.stock.get_model_version(MODEL, first).tags


def test_an_expired_certificate_is_refused(world):
    version = world.register()
    world.certify(version, expires=NOW - timedelta(days=1))
    with refused("KF-G015"):
        world.promote(version)


# -- forgeries ------------------------------------------------------------------------------------------------------------


def test_tags_and_metrics_are_no_evidence(world):
    version = world.register()
    run = world.client.get_model_version(MODEL, version).run_id
    world.client.log_metric(run, "roc_auc", 1.0)
    world.client.set_tag(run, "kf.status", "passed")
    world.client.set_model_version_tag(MODEL, version, "kf.status", "passed")
    with refused("KF-G005"):
        world.client.set_model_version_tag(MODEL, version, "kf.verdict", "promoted: alias champion")
    with refused("KF-G002"):
        world.promote(version)


def test_an_overwritten_model_file_is_refused(world):
    version = world.register()
    world.certify(version)
    (world.files(version) / "data" / "candidate" / "estimator.joblib").write_text("poison")
    with refused("KF-G012"):
        world.promote(version)


def test_a_file_more_is_refused_but_what_mlflow_writes_on_loading_is_not(world):
    version = world.register()
    world.certify(version)
    extra = world.files(version) / "data" / "registered_model_meta"
    extra.write_text("not in the root")
    with refused("KF-G012"):
        world.promote(version)
    extra.unlink()
    (world.files(version) / "registered_model_meta").write_text("model_name: flights-late\n")
    world.promote(version)


def test_a_link_among_the_models_files_is_refused(world):
    version = world.register()
    world.certify(version)
    (world.files(version) / "more").symlink_to("/etc")
    with refused("KF-G013"):
        world.promote(version)


def test_a_certificate_signed_with_a_strangers_key_is_refused(world):
    version = world.register()
    world.certify(version, key=signing.new_key("stranger", folder=world.home / "keys"))
    with refused("KF-G010.*a key that gate.yaml does not name"):
        world.promote(version)


def test_an_unsigned_and_a_tampered_certificate_are_refused(world):
    version = world.register()
    world.upload(version, unsigned(world.certificate(version)))
    with refused("KF-G010.*not signed"):
        world.promote(version)
    signed = sign(world.certificate(version, commit="d" * 40), key=world.key.public, by=world.key.sign)
    world.upload(version, resaid(signed, commit="e" * 40))
    with refused("KF-G010"):
        world.promote(version)


def of_a_newer_form(world, version, key):
    """A certificate that only a newer keepfit can read."""
    bare = Statement(kind="certificate", form=3, payload=b"what a newer keepfit says")
    signature = Signature(keyid=key.public, sig=key.sign(bare.message))
    world.upload(version, SignedCertificate(certificate=world.certificate(version), statement=replace(bare, signatures=(signature,))))


def test_a_trusted_certificate_of_a_newer_form_is_refused_by_name_and_no_older_one_speaks(world):
    version = world.register()
    world.certify(version)
    of_a_newer_form(world, version, world.key)
    named = "the certificate has form v3; this keepfit reads forms up to v2"
    with refused(rf"KF-G013\] the certificates cannot be read: {named} → upgrade keepfit"):
        world.promote(version)
    with refused(f"KF-G052.*{named}"):
        world.client.set_model_version_tag(MODEL, version, "approve", "champion")


def test_a_strangers_certificate_of_a_newer_form_keeps_nobody_out(world):
    version = world.register()
    world.certify(version)
    of_a_newer_form(world, version, signing.new_key("stranger", folder=world.home / "keys"))
    world.promote(version)
    assert world.champion() == version


def test_a_request_of_a_newer_form_is_refused_by_name(world):
    (first,) = world.chain(1)
    bare = Statement(kind="request", form=3, payload=b"what a newer keepfit asks")
    signature = Signature(keyid=world.key.public, sig=world.key.sign(bare.message))
    with refused("KF-G053.*the request has form v3; this keepfit reads forms up to v2 → upgrade keepfit"):
        world.send("retire", None, replace(bare, signatures=(signature,)).text)
    assert world.champion() == first


def test_over_rows_of_a_newer_form_no_pointer_moves_and_the_refusal_names_them(world):
    first, second = world.chain(2)
    world.certify(first, champion=second)
    with world.engine.begin() as connection:
        connection.exec_driver_sql("""update keepfit_journal set body = replace(body, '"schema":2', '"schema":4') where version = '2'""")
    with refused("KF-G007.*a row of the gate's journal has form v4; this keepfit reads forms up to v3"):
        world.promote(first)
    assert world.champion() == second


def test_a_certificate_of_another_version_is_refused_even_for_the_same_bytes(world):
    first = world.register()
    second = world.register()
    signed = sign(world.certificate(first), key=world.key.public, by=world.key.sign)
    world.upload(second, signed)
    with refused("KF-G014.*speaks for flights-late v1"):
        world.promote(second)


def test_junk_beside_the_certificate_does_no_harm(world):
    version = world.register()
    world.certify(version)
    junk = world.home / "certificate-junk.json"
    junk.write_bytes(b"\xff{")
    world.stock.log_artifact(world.stock.get_model_version(MODEL, version).run_id, str(junk), "keepfit")
    world.promote(version)


# -- names ------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("alias", ["Champion", "ｃｈａｍｐｉｏｎ", "сhampion", "champ\u200bion"])
def test_an_alias_that_looks_like_the_protected_one_is_refused(world, alias):
    version = world.register()
    with refused():
        world.promote(version, alias=alias)
    assert not world.stock.get_registered_model(MODEL).aliases


def test_a_version_spelled_01_is_version_1(world):
    version = world.register()
    with refused("KF-G002"):
        world.promote("01")
    world.certify(version)
    world.promote("01")
    assert world.champion() == "1"


def test_another_alias_and_an_unprotected_model_are_as_in_stock_mlflow(world):
    version = world.register()
    world.promote(version, alias="challenger")
    world.client.delete_registered_model_alias(MODEL, "challenger")
    other = world.register("other")
    world.promote(other, model="other")
    world.client.set_registered_model_tag("other", "keepfit.anything", "1")
    world.client.delete_registered_model("other")


@pytest.mark.parametrize("stage", ["Production", "pRODUCTION"])
def test_the_stage_is_guarded_however_it_is_spelled(world, stage):
    first = world.register()
    with refused("KF-G002"):
        world.client.transition_model_version_stage(MODEL, first, stage)
    world.certify(first)
    world.client.transition_model_version_stage(MODEL, first, stage)
    second = world.register()
    world.certify(second, champion=first)
    world.client.transition_model_version_stage(MODEL, second, stage)
    assert [str(found.version) for found in world.client.get_latest_versions(MODEL, ["Production"])] == [second]
    assert world.client.get_model_version(MODEL, first).current_stage == "Archived"


def test_a_version_leaves_production_only_for_another(world):
    first = world.register()
    world.certify(first)
    world.client.transition_model_version_stage(MODEL, first, "Production")
    with refused("KF-G004"):
        world.client.transition_model_version_stage(MODEL, first, "Archived")
    with refused("KF-G004"):
        world.client.delete_model_version(MODEL, first)


# -- verbs that would take a pointer along --------------------------------------------------------------------------------------


def test_a_protected_alias_is_moved_never_deleted(world):
    (first,) = world.chain(1)
    for verb in (
        lambda: world.client.delete_registered_model_alias(MODEL, "champion"),
        lambda: world.client.delete_model_version(MODEL, first),
        lambda: world.client.delete_registered_model(MODEL),
        lambda: world.client.rename_registered_model(MODEL, "other"),
    ):
        with refused("KF-G004"):
            verb()
    assert world.champion() == first


def test_no_pointer_arrives_under_a_protected_name_by_renaming(world):
    other = world.register("other")
    world.promote(other, model="other")
    with refused("KF-G004.*bring along"):
        world.client.rename_registered_model("other", "flights-new")


def meanwhile(monkeypatch, verb, act):
    """Let `act` happen once, right before MLflow's own store carries out the verb: after all that the gate looks at before."""
    from mlflow.store.model_registry.sqlalchemy_store import SqlAlchemyStore

    stock = getattr(SqlAlchemyStore, verb)

    def late(store, *arguments, **named):
        monkeypatch.setattr(SqlAlchemyStore, verb, stock)
        act()
        return stock(store, *arguments, **named)

    monkeypatch.setattr(SqlAlchemyStore, verb, late)


def test_a_pointer_that_is_set_while_a_model_is_renamed_does_not_arrive_under_a_protected_name(each_world, monkeypatch):
    other = each_world.register("other")
    meanwhile(monkeypatch, "rename_registered_model", lambda: each_world.stock.set_registered_model_alias("other", "champion", other))
    with refused("KF-G004.*bring along.*alias champion"):
        each_world.client.rename_registered_model("other", "flights-new")
    assert each_world.champion("other") == other
    assert each_world.client.search_registered_models("name = 'flights-new'") == []


def test_a_reserved_tag_that_is_set_while_a_model_is_renamed_does_not_arrive_under_a_protected_name(each_world, monkeypatch):
    other = each_world.register("other")
    meanwhile(monkeypatch, "rename_registered_model", lambda: each_world.stock.set_model_version_tag("other", other, "kf.verdict", "promoted"))
    with refused("KF-G004.*bring along.*kf.verdict"):
        each_world.client.rename_registered_model("other", "flights-new")


def test_a_model_that_takes_a_prompts_name_while_its_alias_is_set_is_judged(each_world, monkeypatch):
    store = each_world.client._get_registry_client().store
    store.create_prompt(MODEL)
    store.create_prompt_version(MODEL, "hello")
    looked = Stored.is_prompt

    def looked_too_early(*arguments):
        was = looked(*arguments)
        monkeypatch.setattr(Stored, "is_prompt", looked)
        each_world.stock._get_registry_client().store.delete_registered_model(MODEL)
        assert each_world.register() == "1"
        return was

    monkeypatch.setattr(Stored, "is_prompt", looked_too_early)
    with refused("KF-G002"):  # as REST asks: MLflow's client keeps prompts and models apart itself
        store.set_registered_model_alias(MODEL, "champion", "1")
    assert each_world.champion() is None


def test_a_copy_takes_neither_alias_nor_verdict_along(world):
    (first,) = world.chain(1)
    copied = world.client.copy_model_version(f"models:/{MODEL}/{first}", "flights-copy")
    found = world.stock.get_model_version("flights-copy", copied.version)
    assert found.aliases == []
    assert not [key for key in found.tags if key.startswith("kf.verdict")]
    with refused("KF-G014"):
        world.promote(copied.version, model="flights-copy")


def test_reserved_tags_are_refused_on_protected_models(world):
    from mlflow.entities.model_registry import ModelVersionTag

    version = world.register()
    for verb in (
        lambda: world.client.set_model_version_tag(MODEL, version, "keepfit.certified", "yes"),
        lambda: world.client.set_registered_model_tag(MODEL, "KeepFit.waived", "yes"),
        lambda: world.client.delete_model_version_tag(MODEL, version, "keepfit.certified"),
        lambda: world.client._get_registry_client().store.create_model_version(MODEL, "/x", tags=[ModelVersionTag("keepfit.a", "1")]),
    ):
        with refused("KF-G005"):
            verb()


def test_refusals_about_models_that_are_not_there_do_not_fill_the_journal(world):
    from mlflow.entities.model_registry import RegisteredModelTag

    with refused("KF-G005"):
        world.client._get_registry_client().store.set_registered_model_tag("flights-none", RegisteredModelTag("keepfit.x", "1"))
    world.register()
    with refused("KF-G005"):
        world.client.set_registered_model_tag(MODEL, "keepfit.x", "1")
    assert world.journal() == [("refused", "-", None)]


def test_a_model_does_not_become_a_prompt_to_pass(world):
    version = world.register()
    with refused("KF-G006"):
        world.client.set_registered_model_tag(MODEL, "mlflow.prompt.is_prompt", "true")
    world.stock.set_registered_model_tag(MODEL, "mlflow.prompt.is_prompt", "true")  # through an ungated door
    with refused("KF-G002"):
        world.client._get_registry_client().store.set_registered_model_alias(MODEL, "champion", version)


def test_a_real_prompt_keeps_its_champion_alias_ungated(world):
    store = world.client._get_registry_client().store
    store.create_prompt("flights-prompt")
    store.create_prompt_version("flights-prompt", "hello {{name}}")
    store.set_prompt_alias("flights-prompt", "champion", 1)
    store.delete_prompt_alias("flights-prompt", "champion")


# -- rules ------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("text", [None, "", "models: {'flights-*': {unknown: 1}}", "models: ["])
def test_without_readable_rules_every_champion_is_protected_and_nothing_passes(world, text):
    version = world.register("anything")
    world.certify(version, model="anything")
    if text is None:
        world.rules.unlink()
    else:
        world.rules.write_text(text)
    with refused("KF-G001"):
        world.promote(version, model="anything")
    with refused("KF-G001"):
        world.client.transition_model_version_stage("anything", version, "Production")
    world.promote(version, model="anything", alias="challenger")


def test_nothing_is_protected_only_if_the_rules_say_so(world):
    version = world.register()
    world.rules.write_text("models: {}")
    world.promote(version)
    world.client.delete_registered_model_alias(MODEL, "champion")


def test_self_attested_is_said_in_the_refusal_and_on_the_page(world):
    world.rules.write_text("models: {'flights-*': {trust: self}}")
    version = world.register()
    with refused("self-attested"):
        world.promote(version)
    world.upload(version, unsigned(world.certificate(version)))
    world.promote(version)
    found = world.stock.get_model_version(MODEL, version)
    assert found.tags["kf.verdict.attested"] == "self-attested"
    assert "Self-attested" in found.description


def test_what_the_gate_cannot_evaluate_it_refuses_with_403(world, monkeypatch):
    version = world.register()
    gate = world.client._get_registry_client().store._keepfit_gate
    monkeypatch.setattr(world.client._get_registry_client().store, "_keepfit_gate", replace(gate, gather=lambda *_: 1 / 0))
    with refused("gate could not evaluate: ZeroDivisionError") as caught:
        world.promote(version)
    assert caught.value.get_http_status_code() == 403


# -- rollback ---------------------------------------------------------------------------------------------------------------


def test_a_former_champion_comes_back_when_all_is_red_but_not_with_other_bytes(world):
    first, second = world.chain(2)
    world.rules.write_text(world.rules.read_text() + "      impossible: {kind: at_least, metric: roc_auc, bound: 0.99}\n")
    world.stock.set_model_version_tag(MODEL, first, "kf.reason", "it sold umbrellas in July")
    world.promote(first)
    assert world.champion() == first
    assert world.journal()[-1] == ("rolled back", first, second)
    found = world.stock.get_model_version(MODEL, first)
    assert "it sold umbrellas in July" in found.tags["kf.verdict.text"]
    assert "kf.reason" not in found.tags
    (world.files(second) / "MLmodel").write_text("changed")
    with refused("KF-G012"):
        world.promote(second)


def test_the_champion_by_alias_is_promoted_to_the_stage_too_not_rolled_back(world):
    _, second = world.chain(2)
    world.client.transition_model_version_stage(MODEL, second, "Production")
    assert world.journal()[-1][:2] == ("promoted", second)


def test_a_version_that_never_stood_does_not_come_back(world):
    first, _ = world.chain(2)
    third = world.register(content="never")
    world.certify(third, champion=first)
    world.stock.set_model_version_tag(MODEL, third, "kf.verdict", "promoted: alias champion")
    with refused("KF-G018"):
        world.promote(third)


# -- races ------------------------------------------------------------------------------------------------------------------


def promoted_at_once(world, count=4):
    """Ask for as many promotions at once, all judged before the first moves; returns the errors of those that lost."""
    from mlflow.exceptions import MlflowException

    versions = [world.register(content=str(number)) for number in range(count)]
    for version in versions:
        world.certify(version)
    store = world.client._get_registry_client().store
    together = threading.Barrier(count)
    gather = store._keepfit_gate.gather

    def at_once(*arguments):
        found = gather(*arguments)
        together.wait(60)
        return found

    store._keepfit_gate = replace(store._keepfit_gate, gather=at_once)
    lost = []

    def ask(version):
        try:
            world.promote(version)
        except MlflowException as bad:
            lost.append(bad)

    threads = [threading.Thread(target=ask, args=(version,)) for version in versions]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    store._keepfit_gate = replace(store._keepfit_gate, gather=gather)
    return lost


def check_the_race(world):
    lost = promoted_at_once(world)
    assert [bad.get_http_status_code() for bad in lost] == [409] * 3
    assert all(f"v{world.champion()}" in bad.message for bad in lost)
    assert [kind for kind, *_ in world.journal()] == ["promoted"]


def test_four_promotions_at_once_leave_one_champion_and_tell_the_losers_who_won(world):
    check_the_race(world)


def test_a_promotion_that_ends_while_another_is_judged_is_no_pointer_out_of_nowhere(world):
    (first,) = world.chain(1)
    second, third = world.register(content="two"), world.register(content="three")
    for version in (second, third):
        world.certify(version, champion=first)
    store = world.client._get_registry_client().store
    gate = store._keepfit_gate

    class Overtaken(type(gate.journal)):
        def rows(self, session, model, **about):
            store._keepfit_gate = gate
            world.promote(second)  # after the pointer was read, before the rows are
            return super().rows(session, model, **about)

    store._keepfit_gate = replace(gate, journal=Overtaken())
    with refused(rf"alias champion: \[KF-G018\].*re-evaluate against v{second}"):
        world.promote(third)
    assert world.champion() == second


def test_a_version_that_is_replaced_while_it_is_judged_is_not_promoted(world):
    from mlflow.exceptions import MlflowException

    version = world.register()
    world.certify(version)
    store = world.client._get_registry_client().store
    gate = store._keepfit_gate

    def swapped(*about):
        found = gate.gather(*about)
        store._keepfit_gate = gate
        world.client.delete_registered_model(MODEL)
        assert world.register(content="other files") == version
        return found

    store._keepfit_gate = replace(gate, gather=swapped)
    with pytest.raises(MlflowException, match="is not what it was when it was judged") as refusal:
        world.promote(version)
    assert refusal.value.get_http_status_code() == 409
    assert world.pointers(MODEL) == ([], [])


def test_a_refused_number_that_no_registry_holds_does_not_keep_the_model_from_being_retired(world):
    world.chain(1)
    with refused("KF-G007"):
        world.promote(10**30)
    world.ask("retire")
    assert world.pointers(MODEL) == ([], [])


@pytest.mark.slow
@pytest.mark.postgres
def test_the_gate_is_the_same_on_postgresql(postgres_world):
    world = postgres_world
    check_the_race(world)
    first = world.champion()
    second = world.register()
    with refused("KF-G002"):
        world.client.transition_model_version_stage(MODEL, second, "production")
    world.certify(second, champion=first)
    world.promote(second)
    world.client.transition_model_version_stage(MODEL, second, "Production")
    with refused("KF-G004"):
        world.client.delete_model_version(MODEL, second)
    world.promote(first)
    assert [kind for kind, *_ in world.journal()] == ["promoted", "refused", "promoted", "promoted", "refused", "rolled back"]


def test_pointer_and_journal_move_together_or_not_at_all(world, monkeypatch):
    version = world.register()
    world.certify(version)
    store = world.client._get_registry_client().store

    class Broken(type(store._keepfit_gate.journal)):
        def append(self, session, row):
            super().append(session, row)
            raise OSError("the disk is full")

    monkeypatch.setattr(store, "_keepfit_gate", replace(store._keepfit_gate, journal=Broken()))
    with refused("gate could not evaluate"):
        world.promote(version)
    assert world.champion() is None
    assert world.journal() == []


def test_the_gated_store_is_still_what_mlflow_built(world):
    from mlflow.store.model_registry.sqlalchemy_store import SqlAlchemyStore

    assert isinstance(world.client._get_registry_client().store, SqlAlchemyStore)
