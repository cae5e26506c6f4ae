"""Ways to a protected pointer without evidence, tried on a running server by its Python and REST doors; none may lead there."""

from __future__ import annotations

import json
import threading
from dataclasses import replace
from datetime import timedelta

import pytest
import requests
from tests.certificates import GREEN, NOW, resaid, row
from tests.e2e.attacked import OK, Version, green, new_model, refused, signed_by
from tests.waiting import version_saying

from keepfit.gate.certificate import unsigned
from keepfit.integrations import signing
from keepfit.records import Signature

pytestmark = pytest.mark.slow
PROMPT = "mlflow.prompt.is_prompt"
RED = (row("at_least", 0.6, "fail", champion=None, difference=None),)


def test_what_has_evidence_passes_by_either_door(proxied, by):
    version = proxied.certified()
    assert proxied.door(by).set_alias(version.model, "champion", version.number) == OK
    assert proxied.door(by).stage(version.model, version.number, "Production") == OK
    assert proxied.pointers(version.model) == ({"champion": "1"}, ["1"])


# -- evidence written by hand ---------------------------------------------------------------------------------------------


def forged(attacked, stranger, how, certificate):
    """A green certificate with the correct digest that nobody trusted has signed."""
    signed = signed_by(attacked.key, certificate)

    def under(key, signature):
        return replace(signed, statement=replace(signed.statement, signatures=(Signature(keyid=key, sig=signature),)))

    return {
        "unsigned": unsigned(certificate),
        "a stranger's key": signed_by(stranger, certificate),
        "a stranger's signature under the trusted key": under(attacked.key.public, stranger.sign(signed.statement.message)),
        "a signature of another text": resaid(signed, commit="d" * 40),
        "no signature under the trusted key": under(attacked.key.public, ""),
    }[how]


FORGERIES = (
    "unsigned",
    "a stranger's key",
    "a stranger's signature under the trusted key",
    "a signature of another text",
    "no signature under the trusted key",
)


@pytest.mark.parametrize("how", FORGERIES)
def test_a_hand_written_certificate_with_correct_digests_and_green_rows_is_refused(proxied, by, tmp_path, how):
    first = proxied.champion()
    second = proxied.register(first.model)
    stranger = signing.new_key("stranger", folder=tmp_path)
    proxied.upload(second, forged(proxied, stranger, how, green(second, champion=first)))
    with proxied.holding(first.model, rows=2):
        refused(proxied.door(by).set_alias(first.model, "champion", second.number), "KF-G010")
        refused(proxied.door(by).stage(first.model, second.number, "Production"), "KF-G010")


def test_the_champions_own_certificate_beside_another_version_is_refused(proxied, by):
    first = proxied.champion()
    second = proxied.register(first.model)
    proxied.upload(second, signed_by(proxied.key, green(first)))
    with proxied.holding(first.model):
        refused(proxied.door(by).set_alias(first.model, "champion", second.number), "KF-G014")


def test_metrics_of_a_finished_run_and_forged_tags_are_no_evidence(proxied, by):
    first = proxied.champion()
    second = proxied.register(first.model)
    proxied.client.set_terminated(second.run)
    proxied.client.log_metric(second.run, "roc_auc", 1.0)
    batch = {"run_id": second.run, "tags": [{"key": key, "value": "passed"} for key in ("kf.status", "kf.verdict", "keepfit.certified")]}
    assert proxied.rest("POST", "runs/log-batch", batch) == OK
    assert proxied.door(by).tag_version(first.model, second.number, "kf.status", "passed") == OK
    for key, value in {"kf.verdict": "promoted: alias champion", "kf.verdict.attested": "signed"}.items():
        refused(proxied.door(by).tag_version(first.model, second.number, key, value), "KF-G005")
    with proxied.holding(first.model, rows=2):
        refused(proxied.door(by).set_alias(first.model, "champion", second.number), "KF-G002")
        refused(proxied.door(by).stage(first.model, second.number, "Production"), "KF-G002")


def test_tags_forged_at_create_are_refused_or_no_evidence(proxied, by):
    first = proxied.champion()
    door = proxied.door(by)
    with proxied.holding(first.model):
        refused(door.create_version(first.model, first.source, first.run, {"keepfit.certified": "yes"}), "KF-G005")
    assert door.create_version(first.model, first.source, first.run, {"kf.verdict": "promoted: alias champion"}) == OK
    with proxied.holding(first.model):
        refused(door.set_alias(first.model, "champion", "2"), "KF-G014")


def test_reserved_tags_are_refused_however_they_are_spelled(proxied, by):
    version = proxied.register(new_model())
    keys = ("keepfit.waived", "KeepFit.Waived", "ｋｅｅｐｆｉｔ.waived", "keep\u200bfit.waived", " keepfit.waived", "kееpfit.waived")
    with proxied.holding(version.model, rows=2 * len(keys)):
        for key in keys:
            refused(proxied.door(by).tag_model(version.model, key, "yes"), "KF-G005")
            refused(proxied.door(by).tag_version(version.model, version.number, key, "yes"), "KF-G005")
            refused(proxied.door(by).create_model(new_model(), {key: "yes"}), "KF-G005")


def test_a_newer_red_certificate_replaces_the_green_one(proxied, by):
    version = proxied.certified()
    proxied.upload(version, signed_by(proxied.key, green(version, rows=RED, issued=NOW + timedelta(minutes=1))))
    with proxied.holding(version.model):
        refused(proxied.door(by).set_alias(version.model, "champion", version.number), "KF-G021")


def test_a_red_certificate_cannot_be_hidden_behind_junk(proxied, by):
    version = proxied.certified()
    proxied.upload(version, signed_by(proxied.key, green(version, rows=RED, issued=NOW + timedelta(minutes=1))), name="certificate-zz.json")
    for number in range(200):
        junk = f"{proxied.uri}/api/2.0/mlflow-artifacts/artifacts/0/{version.run}/artifacts/keepfit/certificate-y{number:03}.json"
        requests.put(junk, data=b"{", timeout=60).raise_for_status()
    with proxied.holding(version.model):
        refused(proxied.door(by).set_alias(version.model, "champion", version.number), "KF-G0")


def test_a_red_certificate_that_was_refused_by_cannot_be_deleted_to_pass(proxied, by):
    version = proxied.certified()
    proxied.upload(version, signed_by(proxied.key, green(version, rows=RED, issued=NOW + timedelta(minutes=1))), name="certificate-zz.json")
    refused(proxied.door(by).set_alias(version.model, "champion", version.number), "KF-G021")
    place = f"{proxied.uri}/api/2.0/mlflow-artifacts/artifacts/0/{version.run}/artifacts/keepfit/certificate-zz.json"
    requests.delete(place, timeout=60).raise_for_status()
    with proxied.holding(version.model):
        refused(proxied.door(by).set_alias(version.model, "champion", version.number), "KF-G0")


@pytest.mark.parametrize(
    "issued",
    [
        "9998-01-01T00:00:00Z",
        "9999-12-31T23:59:59-01:00",
        "0001-01-01T00:00:00+14:00",
    ],
)
def test_a_strangers_certificate_from_the_end_of_time_does_not_keep_the_right_one_out(proxied, by, issued):
    version = proxied.certified()
    statement = unsigned(green(version)).statement
    poison = json.dumps(json.loads(statement.payload) | {"issued": issued}).encode()
    proxied.client.log_text(version.run, replace(statement, payload=poison).text, "keepfit/certificate-poison.json")
    assert proxied.door(by).set_alias(version.model, "champion", version.number) == OK


def test_a_strangers_words_do_not_get_into_the_journal_row_of_who_promotes(proxied, by):
    version = proxied.certified()
    assert proxied.door(by).tag_version(version.model, version.number, "kf.reason", "approved by the board") == OK
    assert proxied.door(by).set_alias(version.model, "champion", version.number) == OK
    assert "approved by the board" not in proxied.journal(version.model)[-1][3]


# -- versions made anew ---------------------------------------------------------------------------------------------------


def made_anew(attacked, door, version: Version, **about) -> Version:
    """Delete the model of an unpromoted version and register another under its name: numbers restart at 1."""
    assert door.delete_model(version.model) == OK
    again = attacked.register(version.model, **about)
    assert again.number == version.number
    return again


def test_a_model_made_anew_does_not_inherit_the_certificate_for_its_number(proxied, by):
    version = proxied.certified()
    again = made_anew(proxied, proxied.door(by), version, files={"MLmodel": "other"})
    proxied.upload(again, signed_by(proxied.key, green(version)))
    with proxied.holding(version.model):
        refused(proxied.door(by).set_alias(version.model, "champion", again.number), "KF-G012")


def test_a_certificate_for_a_logged_model_does_not_do_for_a_version_without_one(proxied, by):
    version = proxied.register(new_model())
    certificate = green(version, model_id="m-0123456789abcdef")
    again = made_anew(proxied, proxied.door(by), version)
    proxied.upload(again, signed_by(proxied.key, certificate))
    with proxied.holding(version.model):
        refused(proxied.door(by).set_alias(version.model, "champion", again.number), "KF-G014")


# -- names ------------------------------------------------------------------------------------------------------------------


def test_a_version_is_judged_however_its_number_is_spelled(proxied, by):
    version = proxied.register(new_model())
    spellings = ("1", "01", "+1", " 1", "1 ", "１", "\u0661")
    with proxied.holding(version.model, rows=2 * len(spellings)):
        for spelled in spellings:
            refused(proxied.door(by).set_alias(version.model, "champion", spelled), "KF-G002")
            refused(proxied.door(by).stage(version.model, spelled, "Production"), "KF-G002")
    assert {number for _, number, *_ in proxied.journal(version.model)} == {"1"}


def test_what_is_no_version_no_alias_no_stage_or_no_model_is_a_bad_request(proxied):
    version = proxied.register(new_model())
    bad_versions = ("1.0", "0x1", "1e0", "champion", "9" * 5000, 1, 1.0, True, None, ["1"], {"version": "1"})
    bad_aliases = (["champion"], {"champion": 1}, 1, True, None, "", "champion" * 40)
    bad_stages = ("Production ", "Ｐroduction", "Prodυction", "", ["Production"], None, 1)
    with proxied.holding(version.model, rows=0):
        answers = [proxied.rest.set_alias(version.model, "champion", bad) for bad in bad_versions]
        answers += [proxied.rest.stage(version.model, bad, "Production") for bad in bad_versions]
        answers += [proxied.rest.set_alias(version.model, bad, version.number) for bad in bad_aliases]
        answers += [proxied.rest.stage(version.model, version.number, bad) for bad in bad_stages]
        answers += [proxied.rest.set_alias(bad, "champion", "1") for bad in (["flights-x"], None, 1, "")]
    assert {answer.status for answer in answers} == {400}
    assert proxied.rest.set_alias("flights-" + "x" * 5000, "champion", "1").status == 404


def test_a_version_that_no_database_can_hold_is_refused(proxied, by):
    version = proxied.register(new_model())
    before = proxied.pointers(version.model)
    refused(proxied.door(by).set_alias(version.model, "champion", "9" * 23), "KF-G007")
    refused(proxied.door(by).stage(version.model, "9" * 23, "Production"), "KF-G007")
    assert proxied.pointers(version.model) == before


def test_what_could_not_be_evaluated_is_in_the_journal(proxied, by):
    version = proxied.register(new_model())
    with proxied.holding(version.model):
        refused(proxied.door(by).set_alias(version.model, "champion", "9" * 23), "KF-G007")


LOOK_ALIKES = ("Champion", "CHAMPION", "ｃｈａｍｐｉｏｎ", "сhampion", "сhamріоn", "champiοn", "𝚌hampion", "champion\n")
MORE_LOOK_ALIKES = ("chɑmpion", "champıon", "ᴄhampion", "ϲhampion", "champi᧐n", "champiօn", "ⲥhampion", "ꮯhampion", "cհampion", "ʗhampion", "сһамріоn")


def test_an_alias_that_reads_like_the_protected_one_is_refused(proxied, by):
    version = proxied.certified()
    with proxied.holding(version.model, rows=len(LOOK_ALIKES)):
        for alias in LOOK_ALIKES:
            refused(proxied.door(by).set_alias(version.model, alias, version.number), "KF-G003")


def test_an_alias_with_blanks_around_it_is_refused(proxied):
    version = proxied.certified()
    with proxied.holding(version.model, rows=3):
        for alias in ("champion ", "\tchampion", "champ\u200bion"):
            refused(proxied.rest.set_alias(version.model, alias, version.number), "KF-G003")


@pytest.mark.parametrize("alias", MORE_LOOK_ALIKES)
def test_letters_of_any_script_do_not_make_a_second_champion(proxied, alias):
    version = proxied.certified()
    with proxied.holding(version.model):
        refused(proxied.rest.set_alias(version.model, alias, version.number), "KF-G003")


def test_the_stage_is_guarded_however_it_is_spelled(proxied, by):
    version = proxied.register(new_model())
    with proxied.holding(version.model, rows=3):
        for stage in ("Production", "pRODUCTION", "PRODUCTION"):
            refused(proxied.door(by).stage(version.model, version.number, stage), "KF-G002")


@pytest.mark.parametrize("start", ["Flights-", "ﬂights-", "flights-\u200b", "\u200bflights-", "flіghts-", " flights-"])
def test_a_model_is_protected_however_its_name_is_spelled(proxied, by, start):
    version = proxied.register(f"{start}{new_model('x')}")
    with proxied.holding(version.model):
        refused(proxied.door(by).set_alias(version.model, "champion", version.number), "KF-G002")


# -- odd requests -----------------------------------------------------------------------------------------------------------


def odd(attacked, body: str, **more):
    place = f"{attacked.uri}/{more.pop('path', 'api/2.0/mlflow/registered-models/alias')}"
    return requests.post(place, data=body, headers={"Content-Type": "application/json", **more.pop("headers", {})}, timeout=60, **more)


def test_however_the_request_is_written_it_is_judged(proxied):
    version = proxied.register(new_model())
    body = json.dumps({"name": version.model, "alias": "champion", "version": version.number})
    twice = '{"alias": "challenger", ' + body[1:]
    with proxied.holding(version.model, rows=4):
        answers = (
            odd(proxied, body, path="ajax-api/2.0/mlflow/registered-models/alias"),
            odd(proxied, body, params={"name": "other", "alias": "challenger", "version": "1"}),
            odd(proxied, twice),
            odd(proxied, json.dumps(body)),
        )
    assert [answer.status_code for answer in answers] == [403] * 4
    assert all("KF-G002" in answer.text for answer in answers)


def test_no_other_address_leads_to_the_pointer(proxied):
    version = proxied.register(new_model())
    body = json.dumps({"name": version.model, "alias": "champion", "version": version.number})
    with proxied.holding(version.model, rows=0):
        for path in ("api/2.0/preview/mlflow", "ajax-api/2.0/preview/mlflow", "api/3.0/mlflow", "ajax-api/3.0/mlflow"):
            assert odd(proxied, body, path=f"{path}/registered-models/alias").status_code == 404
        for method in ("PUT", "PATCH"):
            assert proxied.rest(method, "registered-models/alias", json.loads(body)).status == 405
        assert odd(proxied, body, headers={"X-MLFLOW-WORKSPACE": "elsewhere"}).status_code != 200
        schema = odd(proxied, json.dumps({"query": "{__schema {mutationType {fields {name}}}}"}), path="graphql").text
        assert "lias" not in schema
        assert "tage" not in schema


# -- verbs that would take the pointer away or along --------------------------------------------------------------------------


def test_a_protected_pointer_is_neither_deleted_nor_carried_away(proxied, by):
    first = proxied.champion(stage=True)
    door = proxied.door(by)
    with proxied.holding(first.model, rows=6):
        refused(door.delete_alias(first.model, "champion"), "KF-G004")
        refused(door.delete_version(first.model, "01"), "KF-G004")
        refused(door.delete_model(first.model), "KF-G004")
        refused(door.rename(first.model, new_model("free")), "KF-G004")
        refused(door.stage(first.model, first.number, "Archived"), "KF-G004")
        refused(door.stage(first.model, first.number, "none"), "KF-G004")


def test_deleting_the_newest_production_version_does_not_bring_an_older_one_back(proxied, by):
    first = proxied.champion(stage=True)
    second = proxied.certify(proxied.register(first.model), champion=first)
    assert proxied.door(by).stage(first.model, second.number, "Production") == OK
    with proxied.holding(first.model):
        refused(proxied.door(by).delete_version(first.model, second.number), "KF-G004")
    assert proxied.pointers(first.model)[1] == [second.number]


def test_no_pointer_arrives_by_a_new_name(proxied, by):
    door = proxied.door(by)
    aliased, staged = (proxied.register(new_model("free")) for _ in range(2))
    assert door.set_alias(aliased.model, "champion", "1") == OK
    assert door.stage(staged.model, "1", "Production") == OK
    for carried in (aliased, staged):
        target = new_model()
        with proxied.holding(carried.model):
            refused(door.rename(carried.model, target), "KF-G004")


def test_no_reserved_tag_arrives_by_a_new_name(proxied, by):
    version = proxied.register(new_model("free"))
    assert proxied.door(by).tag_version(version.model, version.number, "keepfit.waived", "yes") == OK
    assert proxied.door(by).rename(version.model, new_model()).status == 403


def test_a_copy_carries_neither_pointer_nor_certificate(proxied, by):
    first = proxied.champion(stage=True)
    target = proxied.champion()
    assert proxied.door(by).copy(first, target.model) == OK
    with proxied.holding(target.model, rows=2):
        refused(proxied.door(by).set_alias(target.model, "champion", "2"), "KF-G014")
        refused(proxied.door(by).stage(target.model, "2", "Production"), "KF-G014")


def test_a_copy_does_not_say_that_it_was_promoted(proxied):
    first = proxied.champion()
    version_saying(proxied.client, first.model, first.number, "keepfit gate: promoted")
    target = new_model()
    assert proxied.python.copy(first, target) == OK
    copied = proxied.client.get_model_version(target, "1")
    assert "promoted" not in f"{copied.tags} {copied.description}"


def test_a_save_that_deletes_and_sets_at_once_moves_nothing(proxied):
    """The UI's dialog sends both without waiting for either."""
    first = proxied.champion()
    second = proxied.register(first.model)
    answers = []
    asked = [lambda: proxied.rest.delete_alias(first.model, "champion"), lambda: proxied.rest.set_alias(first.model, "champion", second.number)] * 4
    with proxied.holding(first.model, rows=8):
        threads = [threading.Thread(target=lambda ask=ask: answers.append(ask())) for ask in asked]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert sorted({answer.status for answer in answers}) == [403]


# -- prompts ----------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("key", [PROMPT, f" {PROMPT}"])
def test_an_ordinary_model_is_not_declared_a_prompt(proxied, by, key):
    version = proxied.register(new_model())
    with proxied.holding(version.model, rows=2):
        refused(proxied.door(by).tag_model(version.model, key, "true"), "KF-G006")
        refused(proxied.door(by).set_alias(version.model, "champion", version.number), "KF-G002")


def test_the_prompt_verbs_do_not_reach_a_models_alias(proxied):
    from mlflow.exceptions import MlflowException

    first = proxied.champion()
    second = proxied.register(first.model)
    store = proxied.client._get_registry_client().store  # its client looks first whether it is a prompt: an attacker's does not
    with proxied.holding(first.model, rows=2):
        with pytest.raises(MlflowException, match="KF-G002"):
            store.set_prompt_alias(first.model, "champion", second.number)
        with pytest.raises(MlflowException, match="KF-G004"):
            store.delete_prompt_alias(first.model, "champion")


def test_a_model_in_a_prompts_clothes_is_judged(proxied):
    name, model = new_model(), proxied.register(new_model())
    assert proxied.rest.create_model(name, {PROMPT: "true"}) == OK
    logged = {"experiment_id": "0", "name": "logged", "source_run_id": model.run}
    made = requests.post(f"{proxied.uri}/api/2.0/mlflow/logged-models", json=logged, timeout=60).json()["model"]["info"]["model_id"]
    clothes = {"name": name, "source": "prompt-template", "model_id": made, "tags": [{"key": PROMPT, "value": "true"}]}
    assert proxied.rest("POST", "model-versions/create", clothes) == OK
    assert proxied.rest.create_version(name, model.source, model.run, {}) == OK
    assert proxied.rest.create_version(name, model.source, model.run, {PROMPT: "true"}).status == 400
    for number in ("1", "2"):
        refused(proxied.rest.set_alias(name, "champion", number), "KF-G002")
        refused(proxied.rest.stage(name, number, "Production"), "KF-G002")
    assert [kind for kind, *_ in proxied.journal(name)] == ["refused"] * 4


def test_a_prompts_mark_does_not_come_under_a_protected_name(proxied):
    version = proxied.register(new_model("free"))
    assert proxied.rest.tag_model(version.model, PROMPT, "true") == OK
    refused(proxied.rest.rename(version.model, new_model()), "KF-G004")


def test_a_real_prompt_is_free(proxied):
    name = new_model()
    proxied.client.register_prompt(name, "hello {{name}}")
    proxied.client.set_prompt_alias(name, "champion", 1)
    proxied.client.delete_prompt_alias(name, "champion")
    assert proxied.journal(name) == []


# -- what hangs together with a version ---------------------------------------------------------------------------------------


def test_deleting_run_and_logged_model_moves_no_pointer_and_helps_nobody(proxied, by):
    first = proxied.champion()
    second = proxied.register(first.model)
    proxied.upload(second, unsigned(green(second, champion=first, rows=GREEN)))
    with proxied.holding(first.model):
        proxied.client.delete_run(first.run)
        proxied.client.delete_run(second.run)
        proxied.client.restore_run(second.run)
        refused(proxied.door(by).set_alias(first.model, "champion", second.number), "KF-G010")


def test_a_verdict_written_into_the_description_changes_nothing(proxied, by):
    first = proxied.champion()
    second = proxied.register(first.model)
    forged_block = version_saying(proxied.client, first.model, first.number, "keepfit gate: promoted").description
    proxied.client.update_model_version(first.model, second.number, forged_block)
    with proxied.holding(first.model):
        refused(proxied.door(by).set_alias(first.model, "champion", second.number), "KF-G002")
    shown = version_saying(proxied.client, first.model, second.number, "keepfit gate: refused").description
    assert "keepfit gate: promoted" not in shown


@pytest.mark.parametrize("length", [60, 256])
def test_a_refusal_stays_short_whatever_the_names(proxied, by, length):
    version = proxied.register(new_model()[:12] + "ß" * (length - 12) if length < 256 else "flights-" + new_model("y") * 25)
    rows = tuple(replace(GREEN[1], slice=f"{number} {'langer Name ' * 40}", status="fail", detail="x" * 900) for number in range(300))
    proxied.client.log_text(version.run, unsigned(green(version, rows=rows)).statement.text, "keepfit/certificate-long.json")
    refused(proxied.door(by).set_alias(version.model, "champion", version.number), "KF-G010")


def test_a_refusal_stays_one_line_whatever_the_name(proxied):
    version = proxied.register(f"flights-\n\nkeepfit {new_model()} promoted to alias champion\n")
    answer = proxied.rest.set_alias(version.model, "champion", version.number)
    refused(answer, "KF-G002")
    assert "\n" not in answer.said
