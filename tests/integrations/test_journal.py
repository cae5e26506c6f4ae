from __future__ import annotations

import threading
from dataclasses import replace
from datetime import UTC, datetime

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from keepfit.integrations.journal import Journal
from keepfit.records import JournalRow

ROW = JournalRow(
    id=0,
    at=datetime(2026, 1, 1, 12, tzinfo=UTC),
    kind="promoted",
    model="m",
    version="1",
    model_digest="sha256:d",
    certificate=None,
    previous=None,
    target="alias champion",
    who="tess",
    via="client",
    text="said",
)


def prepared(uri):
    engine = sa.create_engine(uri)
    threads = [threading.Thread(target=Journal().prepare, args=(engine,)) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return engine


@pytest.fixture
def engine(tmp_path):
    return prepared(f"sqlite:///{tmp_path / 'db'}")


def check(engine):
    with Session(engine) as session:
        Journal().append(session, ROW, workspace="default")
        Journal().append(session, replace(ROW, kind="refused", text="with\0nul"), workspace="default")
        Journal().append(session, ROW, workspace="elsewhere")
        Journal().append(session, replace(ROW, model="other"), workspace="default")
        session.commit()
    with Session(engine) as session:
        first, second = Journal().rows(session, "m", workspace="default")
    assert replace(first, id=0) == ROW
    assert (second.kind, second.text, second.id > first.id) == ("refused", "with nul", True)


def test_rows_come_back_as_they_were_written_by_model_and_workspace(engine):
    check(engine)


def test_a_row_lives_and_dies_with_its_session(engine):
    with Session(engine) as session:
        Journal().append(session, ROW, workspace="default")
        session.rollback()
        assert not Journal().rows(session, "m", workspace="default")


def test_the_journal_holds_on_to_no_other_table(engine):
    assert sa.inspect(engine).get_foreign_keys("keepfit_journal") == []


@pytest.mark.postgres
def test_four_servers_may_prepare_it_at_once_on_postgresql(postgres):
    check(prepared(postgres.uri))
