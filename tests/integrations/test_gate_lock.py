"""How long a promotion holds its lock: not for the hashing of the model's files, and not for long."""

from __future__ import annotations

import statistics
import threading
import time
from dataclasses import replace

import pytest
from tests.integrations.gate_world import MODEL

from keepfit.integrations.journal import Journal

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]
BIG = 200_000_000  # bytes
PROMOTIONS = 50
LOCKED_S = 0.1


def hooked(world, **hooks):
    """Put hooks in place of some of the gate's parts."""
    store = world.client._get_registry_client().store
    store._keepfit_gate = replace(store._keepfit_gate, **hooks)


def test_nobody_waits_while_the_files_of_a_big_model_are_hashed(each_world):
    world = each_world
    version = world.register()
    with (world.files(version) / "data" / "candidate" / "estimator.joblib").open("r+b") as file:
        file.truncate(BIG)
    world.certify(version)
    gather, hashing, hashed = world.client._get_registry_client().store._keepfit_gate.gather, threading.Event(), threading.Event()

    def slow(*arguments):
        hashing.set()
        found = gather(*arguments)
        assert hashed.wait(60)  # holds what it holds until the other's write is done; a lock would end that after 20 s
        return found

    hooked(world, gather=slow)
    promotion = threading.Thread(target=world.promote, args=(version,))
    promotion.start()
    assert hashing.wait(60)
    began = time.monotonic()
    world.stock.set_model_version_tag(MODEL, version, "looked", "at")
    world.stock.update_registered_model(MODEL, "looked at")  # writes the very row that a promotion locks
    waited = time.monotonic() - began
    hashed.set()
    promotion.join()
    assert world.champion() == version
    assert waited < 5


def test_of_a_long_history_only_what_is_new_is_read_under_the_lock(world):
    champion = world.chain(3)[-1]
    version = world.register()
    world.certify(version, champion=champion)
    read = []

    class Counted(Journal):
        def rows(self, session, model, **about):
            found = super().rows(session, model, **about)
            read.append(len(found))
            return found

    hooked(world, journal=Counted())
    world.promote(version)
    move = page = [2, 1]  # the last that this process knows and what came since; under the lock only the last, which is as it was
    assert read == move + page


def test_under_its_lock_a_promotion_is_done_in_less_than_a_tenth_of_a_second(each_world, capsys):
    world, at, held = each_world, {}, []

    def reached(step):
        at[step] = time.perf_counter()
        if step == "promotion.committed":
            held.append(at[step] - at["promotion.locked"])

    hooked(world, reached=reached)
    world.chain(PROMOTIONS)
    assert len(held) == PROMOTIONS
    median, most = statistics.median(held) * 1000, max(held) * 1000
    with capsys.disabled():
        print(f"\n  {world.engine.dialect.name}: under the lock {median:.1f} ms in the median of {PROMOTIONS} promotions, {most:.1f} ms at most")
    assert statistics.median(held) < LOCKED_S
