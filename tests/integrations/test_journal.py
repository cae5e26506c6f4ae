from __future__ import annotations

import threading
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from keepfit.gate.chain import ORIGIN, broken
from keepfit.gate.limits import LIMITS, UnkeptNameError
from keepfit.integrations.journal import Journal
from keepfit.records import JournalRow
from keepfit.records.envelope import NewerFormError

ROW = JournalRow(
    at=datetime(2026, 1, 1, 12, 0, 0, 123456, tzinfo=UTC),
    kind="promoted",
    model="m",
    version="1",
    model_digest="sha256:d",
    target="alias champion",
    who="tess",
    via="client",
    text="said",
    rules="sha256:r",
    detail={"reason": "ünïcode \0 and nul"},
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


def write(engine, *rows):
    with Session(engine) as session:
        for row in rows:
            Journal().append(session, row)
        session.commit()


def read(engine):
    with Session(engine) as session:
        return [link.row for link in Journal().links(session)]


def chain(engine):
    with Session(engine) as session:
        return broken(Journal().links(session))


def check(engine):
    write(engine, ROW, replace(ROW, kind="refused", text="with\0nul", who="x" * 256), replace(ROW, workspace="elsewhere"), replace(ROW, model="other"))
    with Session(engine) as session:
        first, second = Journal().rows(session, "m", workspace="default")
        head = Journal().head(session)
    assert (first.kind, first.detail, first.at) == ("promoted", ROW.detail, datetime(2026, 1, 1, 12, 0, 0, 123000, tzinfo=UTC))
    assert (second.kind, second.text, len(second.who)) == ("refused", "with nul", 256)
    rows = read(engine)
    assert chain(engine) is None
    assert (head.length, head.hash) == (5, rows[-1].hash)


def test_rows_come_back_as_they_were_written_by_model_and_workspace(engine):
    check(engine)


def test_who_knows_a_history_reads_only_what_came_since(engine):
    write(engine, ROW, replace(ROW, model="other"), replace(ROW, version="2"))
    with Session(engine) as session:
        first, second = Journal().rows(session, "m", workspace="default")
        assert Journal().rows(session, "m", workspace="default", after=first.id) == (second,)
        assert Journal().rows(session, "m", workspace="default", after=second.id) == ()


def test_a_row_lives_and_dies_with_its_session(engine):
    with Session(engine) as session:
        Journal().append(session, ROW)
        session.rollback()
        assert not Journal().rows(session, "m", workspace="default")
        assert (Journal().head(session).length, Journal().head(session).hash) == (0, ORIGIN)


def test_a_change_of_the_rules_is_a_row_of_its_own_and_only_once(engine):
    write(engine, ROW, ROW, replace(ROW, rules="sha256:s"), replace(ROW, rules=None), replace(ROW, rules="sha256:s"))
    changes = [row for row in read(engine) if row.kind == "rules changed"]
    assert [row.id for row in changes] == [1, 4]
    assert changes[1].text == "the rules are now sha256:s, before sha256:r"


def test_a_time_of_another_zone_is_kept_as_the_same_instant(engine):
    write(engine, replace(ROW, at=ROW.at.astimezone(timezone(timedelta(hours=-5)))))
    assert chain(engine) is None
    assert read(engine)[-1].at.hour == 12


@pytest.mark.parametrize(
    ("statement", "said"),
    [
        ("update keepfit_journal set version = '9' where id = 3", "row 3 was changed after it was written"),
        ("delete from keepfit_journal where id = 3", "row 4 stands where row 3 should be"),
        ("update keepfit_journal set id = 99 where id = 4", "row 99 stands where row 4 should be"),
        ("update keepfit_journal set hash = 'sha256:x' where id = 2", "row 2 was changed after it was written"),
    ],
)
def test_what_is_done_to_the_rows_later_breaks_the_chain(engine, statement, said):
    write(engine, ROW, ROW, ROW)
    with engine.begin() as connection:
        connection.execute(sa.text(statement))
    assert chain(engine) == said


@pytest.mark.parametrize("column", ["workspace", "model", "version", "target", "previous", "who", "via", "certificate", "rules", "model_digest"])
def test_a_name_longer_than_the_column_is_refused_and_not_cut_whatever_the_database_would_do(engine, column):
    most = LIMITS[column]
    write(engine, replace(ROW, **{column: "ü" * most}))
    kept = read(engine)
    assert getattr(kept[-1], column) == "ü" * most
    for bad in ("ü" * (most + 1), "with\0nul"):
        with pytest.raises(UnkeptNameError):
            write(engine, replace(ROW, **{column: bad}))
    assert read(engine) == kept


NEWER = """update keepfit_journal set body = replace(body, '"schema":2', '"schema":4') where id = 2"""


def test_a_row_of_a_newer_form_is_refused_by_name(engine):
    write(engine, ROW)
    with engine.begin() as connection:
        connection.exec_driver_sql(NEWER)
    with Session(engine) as session, pytest.raises(NewerFormError, match=r"has form v4; this keepfit reads forms up to v3 \(keepfit_journal, row 2\)"):
        Journal().rows(session, "m", workspace="default")


def test_columns_that_a_newer_keepfit_has_added_do_no_harm(engine):
    write(engine, ROW)
    with engine.begin() as connection:
        connection.execute(sa.text("alter table keepfit_journal add mood text"))
    Journal().prepare(engine)
    write(engine, ROW)
    assert len(read(engine)) == 3
    assert chain(engine) is None


def test_a_copy_of_the_time_is_none_to_a_keepfit_that_knows_no_bodies(engine):
    write(engine, ROW)
    with engine.connect() as connection:
        ((at, *_),) = connection.execute(sa.text("select at from keepfit_journal where id = 2"))
    assert at == "2026-01-01T12:00:00.123Z, newer keepfit"
    with pytest.raises(ValueError, match="newer keepfit"):
        datetime.fromisoformat(at)


def without_bodies(engine):
    """The tables as a keepfit left them that knew no bodies."""
    with engine.begin() as connection:
        connection.execute(sa.text("alter table keepfit_journal drop column body"))


def test_a_journal_that_cannot_have_the_column_is_one_that_refuses(engine, tmp_path):
    without_bodies(engine)
    engine.dispose()
    only_read = sa.create_engine(f"sqlite:///file:{tmp_path / 'db'}?mode=ro&uri=true")
    with pytest.raises(sa.exc.OperationalError, match="readonly"):
        Journal().prepare(only_read)


def at_once(engine, writers=8, each=5):
    def go():
        for _ in range(each):
            with Session(engine) as session:
                Journal().append(session, ROW)
                session.commit()

    threads = [threading.Thread(target=go) for _ in range(writers)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    rows = read(engine)
    assert len(rows) == writers * each + 1
    assert chain(engine) is None


def test_many_writers_at_once_make_one_chain(tmp_path):
    engine = sa.create_engine(f"sqlite:///{tmp_path / 'db'}", connect_args={"timeout": 60})
    Journal().prepare(engine)
    at_once(engine)


def test_the_journal_holds_on_to_no_other_table(engine):
    assert sa.inspect(engine).get_foreign_keys("keepfit_journal") == []


@pytest.mark.postgres
def test_four_servers_may_prepare_it_at_once_on_postgresql_and_many_write_at_once(postgres):
    admin = sa.create_engine(postgres.uri, isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.execute(sa.text("create database journal"))
    uri = postgres.uri.rsplit("/", 1)[0] + "/journal"
    without_bodies(prepared(uri))
    engine = prepared(uri)
    check(engine)
    with engine.begin() as connection:
        connection.execute(sa.text("delete from keepfit_journal"))
        connection.execute(sa.text("update keepfit_chain set length = 0, rules = null, head = :origin"), {"origin": ORIGIN})
    at_once(engine)
