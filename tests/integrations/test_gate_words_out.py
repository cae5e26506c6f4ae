"""What a refusal says to do: each names the way out that there is, in names that can be typed."""

from __future__ import annotations

import errno
import shutil
import sqlite3
from contextlib import closing
from dataclasses import replace

import pytest
import sqlalchemy as sa
from tests.integrations.gate_world import MODEL, refused


@pytest.mark.parametrize("alias", ["CHAMPION", "chɑmpıon", "сhampion", "ｃｈａｍｐｉｏｎ"])
def test_a_look_alike_is_told_the_protected_spelling_not_its_own(world, alias):
    version = world.register()
    world.certify(version)
    with refused(r"KF-G003.*looks like the protected 'champion': use that spelling"):
        world.promote(version, alias=alias)


def test_what_would_delete_or_rename_a_champion_is_told_that_it_can_be_retired(world):
    (first,) = world.chain(1)
    for act in (
        lambda: world.client.delete_model_version(MODEL, first),
        lambda: world.client.delete_registered_model(MODEL),
        lambda: world.client.rename_registered_model(MODEL, "another"),
        lambda: world.client.delete_registered_model_alias(MODEL, "champion"),
    ):
        with refused("KF-G004.*keepfit retire flights-late --reason … gives it up"):
            act()
    world.ask("retire")
    world.client.delete_registered_model(MODEL)


def test_a_version_whose_run_is_gone_is_told_so_also_by_a_server_that_knew_it(world):
    (first,) = world.chain(1)
    second = world.register(content="two")
    world.certify(second, champion=first)
    run = world.stock.get_model_version(MODEL, second).run_id
    with world.engine.begin() as connection:
        for table in ("latest_metrics", "metrics", "params", "tags", "runs"):
            connection.exec_driver_sql(f"delete from {table} where run_uuid = '{run}'")
    shutil.rmtree(world.files(second).parent)
    with refused("KF-G013.*the version's run is gone, and its certificates with it.*register the model again"):
        world.promote(second)


def test_a_version_without_a_run_is_told_so(world):
    world.client.create_registered_model(MODEL)
    version = world.client.create_model_version(MODEL, str(world.home / "nowhere")).version
    with refused("KF-G002.*the version has no run, beside which a certificate could lie"):
        world.promote(str(version))


def test_a_full_database_is_named_and_nothing_has_changed(world):
    (first,) = world.chain(1)
    store = world.client._get_registry_client().store
    with closing(sqlite3.connect(world.home / "mlflow.db", isolation_level=None)) as connection:
        connection.execute("vacuum")
        pages = connection.execute("pragma page_count").fetchone()[0]
    sa.event.listen(store.engine, "connect", lambda connection, _: connection.execute(f"pragma max_page_count = {pages}"))
    store.engine.dispose()
    with refused("KF-G007.*no space is left on the server's disk, and nothing has changed → make room"):
        world.ask("retire", reason="y" * 100_000)
    assert (world.champion(), world.rows()[-1].kind) == (first, "promoted")
    assert world.chain_is_whole()


def test_a_full_disk_under_the_evidence_is_named(world):
    version = world.register()
    store = world.client._get_registry_client().store

    def gather(*_):
        raise OSError(errno.ENOSPC, "No space left on device")

    store._keepfit_gate = replace(store._keepfit_gate, gather=gather)
    with refused("KF-G007.*no space is left on the server's disk"):
        world.promote(version)


def test_a_model_whose_name_the_journal_cannot_keep_is_refused_and_says_how_long_it_may_be(world):
    name = "flights-" + "x" * 300
    version = world.register(name)
    world.certify(version, model=name)
    with refused("KF-G008.*the model's name has 308 characters, the journal keeps 256"):
        world.promote(version, model=name)
    assert world.champion(name) is None
    assert world.chain_is_whole()
