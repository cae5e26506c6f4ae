"""Attempts on frozen rows, as the store counts them and judges by them."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from tests.certificates import row
from tests.integrations.gate_world import MODEL, refused

from keepfit.gate.certificate import sign
from keepfit.gate.questions import ANSWER, ATTEMPTS, explaining
from keepfit.gate.statement import stated
from keepfit.integrations import signing
from keepfit.records import Attempt, Attempts, Explanation, Request, from_json
from keepfit.rule_kinds.spending import spent

ROWS, OTHER_ROWS = "sha256:" + "a" * 64, "sha256:" + "b" * 64


def files(number):
    return f"sha256:{number:064d}"


def held(number, rows=ROWS):
    return Attempt(rows=rows, model=files(number), until=datetime(2013, 3, 1))


def announce(world, version, number, *, rows=ROWS, **about):
    return world.ask("evaluate", version, evaluated=held(number, rows), **about)


def evaluated(world):
    return [found for found in world.rows() if found.kind == "evaluated"]


def counted(world):
    return from_json(Attempts, world.client.get_model_version_by_alias(MODEL, ATTEMPTS).tags[ANSWER]).counted


def certified(world, version, number, *, champion, attempt=1, confidence=0.95):
    """A certificate of a candidate that passes, judged as that attempt with intervals at that confidence."""
    made = world.certificate(version, champion=champion, rows=(row(confidence=confidence), row("no_proof_of_harm", 0.05, slice_="carrier=EV", confidence=0.95)))
    card = replace(made.scorecard, judged_digest=ROWS, judged_model=files(number), attempt=attempt, confidence=0.95)
    world.upload(version, sign(replace(made, scorecard=card, issued=datetime.now(UTC)), key=world.key.public, by=world.key.sign))


def test_a_model_held_against_rows_is_written_down_once_and_its_tag_is_not_kept(world):
    version = world.register()
    announce(world, version, 1, certificate="sha256:" + "c" * 64)
    announce(world, version, 1)
    announce(world, version, 1, rows=OTHER_ROWS)
    [first, other] = evaluated(world)
    assert (first.version, first.certificate, first.detail["by"]) == (version, "sha256:" + "c" * 64, "ci")
    assert (first.detail["judged_rows"], first.detail["judged_model"], other.detail["judged_rows"]) == (ROWS, files(1), OTHER_ROWS)
    assert first.text.endswith("attempt 1")
    assert counted(world) == (held(1), held(1, OTHER_ROWS))
    assert "request-evaluate" not in world.stock.get_model_version(MODEL, version).tags
    assert world.chain_is_whole()
    assert world.explained()


def test_the_journal_counts_models_in_their_order(world):
    for number in (1, 2, 1, 3):
        announce(world, world.register(), number)
    assert [one.model for one in counted(world)] == [files(1), files(2), files(3)]
    assert [found.text.rsplit(" ", 1)[-1] for found in evaluated(world)] == ["1", "2", "3"]


def test_a_fourth_model_that_was_judged_as_the_first_is_refused_and_passes_as_the_fourth(world):
    (first,) = world.chain(1)
    candidate = world.register(content="two")
    for number in (1, 2, 3):
        announce(world, candidate, number)
    certified(world, candidate, 9, champion=first)
    with refused("KF-G037.*judged as attempt 1 of these rows, the journal counts 4"):
        world.promote(candidate)
    certified(world, candidate, 9, champion=first, attempt=4)
    with refused("KF-G038.*attempt 4 of these rows asks for 0.9969"):
        world.promote(candidate)
    certified(world, candidate, 9, champion=first, attempt=4, confidence=spent(0.95, 4))
    said = from_json(Explanation, world.client.get_model_version_by_alias(MODEL, explaining(candidate)).tags[ANSWER])
    assert next(demand.text for demand in said.demands if demand.rule == "attempts").endswith("the journal counts 4")
    world.promote(candidate)
    assert world.champion() == candidate


def test_who_certifies_at_the_same_time_is_counted_in_the_order_of_the_announcements(world):
    (first,) = world.chain(1)
    one, other = world.register(content="two"), world.register(content="three")
    announce(world, other, 2)
    announce(world, one, 1)
    certified(world, one, 1, champion=first)
    certified(world, other, 2, champion=first)
    with refused("judged as attempt 1 of these rows, the journal counts 2"):
        world.promote(one)
    world.promote(other)


def test_a_waiver_that_names_it_sets_it_aside(world):
    (first,) = world.chain(1)
    candidate = world.register(content="two")
    announce(world, candidate, 1)
    certified(world, candidate, 9, champion=first)
    said = from_json(Explanation, world.client.get_model_version_by_alias(MODEL, explaining(candidate)).tags[ANSWER])
    until = datetime(2100, 1, 1, tzinfo=UTC)
    world.rule("waivers: {rules: [attempts], max_days: 100000}")
    assert "attempts" in said.waivable
    world.ask("waive", candidate, rule="attempts", until=until, certificate=said.verdict.certificate)
    world.promote(candidate)


def test_to_announce_gives_no_right_so_that_it_need_not_be_signed(world):
    version = world.register()
    request = Request(
        verb="evaluate", workspace="default", model=MODEL, version=version, reason="said", by="unsigned", issued=datetime.now(UTC), nonce="n", evaluated=held(1)
    )
    world.send("evaluate", version, stated("request", request).text)
    assert [found.detail["by"] for found in evaluated(world)] == ["unsigned"]
    waive = replace(request, verb="waive", evaluated=None, nonce="o")
    with refused("KF-G053.*the request is not signed"):
        world.send("waive", version, stated("request", waive).text)


NONE = (
    ({"key": "stranger"}, "signed with a key that gate.yaml does not name"),
    ({"evaluated": None}, "does not say which model was held against which rows"),
    ({"evaluated": Attempt(rows="a" * 5000, model=files(1))}, "named by their sha256"),
    ({"evaluated": Attempt(rows=ROWS, model="'; drop table")}, "named by their sha256"),
    ({"model": "another"}, "the request is to evaluate another"),
    ({"issued": datetime(2020, 1, 1, tzinfo=UTC)}, "too far from now"),
)


def test_what_is_no_announcement_is_refused_and_counts_nothing(world, tmp_path):
    version, stranger = world.register(), signing.new_key("stranger", folder=tmp_path / "other")
    plain = {"workspace": "default", "model": MODEL, "reason": "said", "nonce": "n", "evaluated": held(1)}
    for about, why in NONE:
        key = stranger if "key" in about else world.key
        said = {name: value for name, value in about.items() if name != "key"}
        request = Request(verb="evaluate", version=version, by=key.name, **(plain | {"issued": datetime.now(UTC)} | said))
        with refused(f"KF-G053.*{why}"):
            world.send("evaluate", version, stated("request", request, key=key.public, by=key.sign).text)
    assert evaluated(world) == []
    assert counted(world) == ()


def test_what_nobody_protects_is_counted_by_nobody(world):
    world.register("other")
    with refused("alias keepfit-attempts not found"):
        world.client.get_model_version_by_alias("other", ATTEMPTS)
