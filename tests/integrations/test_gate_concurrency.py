"""Many processes promote at once: one wins, the others are told who, and nobody else waits."""

from __future__ import annotations

import re
import threading
import time
from collections import Counter
from dataclasses import replace

import pytest
from tests.certificates import FIRST, GREEN
from tests.integrations.gate_world import MODEL
from tests.integrations.promoters import at_once, promoters

from keepfit.flows.promotion.audit import audit
from keepfit.flows.promotion.registry_journal import RegistryJournal

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]
PROCESSES = 4
ROUNDS = 50
FRESH = 5  # rounds on a model without a champion: the first alias of all
KINDS = (("alias",) * 4, ("stage",) * 4, ("alias", "stage") * 2)


def candidates(world, model, champion=None, count=PROCESSES):
    """Versions of the same bytes in one run, each with its certificate."""
    first = world.register(model, content=f"after {champion}")
    found = world.stock.get_model_version(model, first)
    rest = [str(world.client.create_model_version(model, found.source, found.run_id).version) for _ in range(count - 1)]
    for version in (first, *rest):
        world.certify(version, model=model, champion=champion, rows=GREEN if champion else FIRST)
    return [first, *rest]


def race(world, every, model, kinds, champion=None):
    """One round: every process promotes another version at the same moment; returns the winner and what the losers were told."""
    versions = candidates(world, model, champion)
    asks = [{"kind": kind, "model": model, "version": version} for kind, version in zip(kinds, versions, strict=True)]
    answers = at_once(every, asks)
    winners = [version for version, answer in zip(versions, answers, strict=True) if answer["status"] == 200]
    assert len(winners) == 1, answers
    return winners[0], [answer for answer in answers if answer["status"] != 200]


def told_who_won(answer, winner):
    """409 if it was judged before the winner moved, else 403 whose first reason is that the champion is another now."""
    late = re.search(r" as (alias champion|stage Production): \[KF-G018\]", answer["text"]) is not None
    return f"against v{winner}" in answer["text"] and (answer["status"] == 409 or (answer["status"] == 403 and late))


def test_of_four_processes_that_promote_at_once_one_wins_and_the_others_are_told_who(each_world, capsys):
    world, told = each_world, Counter()
    (stood,) = world.chain(1)
    world.produce(stood)
    with promoters(PROCESSES, f"keepfit:{world.uri}", world.home) as every:
        for number in range(ROUNDS):
            fresh = number < FRESH
            model, kinds, before = (f"flights-fresh-{number}", KINDS[0], None) if fresh else (MODEL, KINDS[number % 3], stood)
            winner, losers = race(world, every, model, kinds, before)
            stood = stood if fresh else winner
            assert [answer for answer in losers if not told_who_won(answer, winner)] == []
            assert world.pointers(model) == ([winner], [] if fresh else [winner])
            assert world.explained(model)
            told.update(answer["status"] for answer in losers)
    with capsys.disabled():
        print(f"\n  {world.engine.dialect.name}: {ROUNDS} winners, {told[409]} losers told by 409, {told[403]} by 403")
    rows = world.rows()
    assert world.chain_is_whole()
    kinds = Counter(found.kind for found in rows)
    assert kinds == Counter({"rules changed": 1, "promoted": ROUNDS + 2, "refused": told[403]})  # none refused and no such row are the same
    assert told[409] >= ROUNDS, f"hardly a race: {told}"


@pytest.mark.long
def test_stock_mlflow_leaves_several_versions_in_production_under_the_same_load(world):
    """The comparison that shows that the test above could fail."""
    left = []
    with promoters(PROCESSES, world.uri, world.home) as every:
        for number in range(10):
            model = f"stock-{number}"
            versions = candidates(world, model)
            at_once(every, [{"kind": "stage", "model": model, "version": version} for version in versions])
            left.append(len(world.pointers(model)[1]))
    assert sum(count > 1 for count in left) >= 5, left


@pytest.mark.parametrize("overtaken", ["links", "head"])
def test_an_audit_that_a_promotion_overtakes_raises_no_alarm(world, monkeypatch, overtaken):
    (first,) = world.chain(1)
    second = world.register()
    world.certify(second, champion=first)
    stock = getattr(RegistryJournal, overtaken)

    def then_promoted(journal):
        found = stock(journal)
        monkeypatch.setattr(RegistryJournal, overtaken, stock)
        world.promote(second)
        return found

    monkeypatch.setattr(RegistryJournal, overtaken, then_promoted)
    found = audit(store=world.uri, rules=str(world.rules))
    assert (found.exit_code, found.rows) == (0, 3)


# -- nobody else waits ----------------------------------------------------------------------------------------------------------


@pytest.fixture
def held(postgres_world):
    """A promotion that holds its lock until the test is over, and the world that it happens in."""
    world = postgres_world
    version = world.register()
    world.certify(version)
    store = world.client._get_registry_client().store
    locked, go_on = threading.Event(), threading.Event()

    def reached(step):
        if step == "promotion.locked":
            locked.set()
            go_on.wait(60)

    store._keepfit_gate = replace(store._keepfit_gate, reached=reached)
    promotion = threading.Thread(target=world.promote, args=(version,))
    yield world, promotion, locked
    go_on.set()
    promotion.join()
    assert world.champion() == version


@pytest.mark.postgres
def test_other_models_and_tags_are_written_while_a_promotion_holds_its_lock(held):
    world, promotion, locked = held
    other, (mine,) = world.register("other"), [found.version for found in world.stock.search_model_versions(f"name = '{MODEL}'")]
    promotion.start()
    assert locked.wait(60)
    for model, version in (("other", other), (MODEL, mine)):
        began = time.monotonic()
        world.client.set_model_version_tag(model, version, "looked", "at")
        world.client.set_registered_model_tag(model, "looked", "at")
        assert time.monotonic() - began < 1, model
    world.promote(other, model="other")
    assert world.champion(MODEL) is None
