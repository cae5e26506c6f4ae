"""The ledger: one memory for several processes."""

import multiprocessing
import sqlite3
from contextlib import closing
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from keepfit.errors import LedgerError
from keepfit.integrations.ledger import SCHEMA, Ledger
from keepfit.integrations.run_lock import one_at_a_time
from keepfit.records import Decision, JudgedWindow, PolicyState, PolicyStep, Ticket, Window

MODEL, CHAMPION = "m", "sha256:aa"


def seen(window="2013-02", status="seen", rows=10):
    decision = Decision(window=window, action="continue", ground=None, cause=None, target=None, reasons=("nothing changed",))
    place = Window(id=window, source="rows.csv", start=datetime(2013, 2, 1), end=datetime(2013, 3, 1))
    return JudgedWindow(model=MODEL, champion=CHAMPION, version="1", window=place, status=status, rows=rows, decision=decision)


def ticket(name="2013-02-harm", **changes):
    values = {
        "id": name,
        "model": MODEL,
        "champion": "1",
        "action": "improve",
        "ground": "harm",
        "cause": "harm:overall",
        "window": "2013-02",
        "opened": datetime(2013, 3, 1),
        "target": "2013-02-01",
        "reasons": ("worse",),
        "evidence": (),
        "affected": "all rows",
        "next": (f"keepfit improve {name}",),
    }
    return Ticket(**(values | changes))


@pytest.fixture
def ledger(tmp_path):
    made = Ledger(f"sqlite:///{tmp_path}/deep/ledger.db")
    yield made
    made.close()


def test_the_tables_are_made_on_first_use(ledger, tmp_path):
    with ledger.transaction() as book:
        assert book.windows(MODEL, CHAMPION) == ()
        assert book.state(MODEL) == (PolicyState(), None)
    assert (tmp_path / "deep/ledger.db").exists()


def test_a_window_is_judged_once_per_champion(ledger):
    with ledger.transaction() as book:
        assert book.record_window(seen(rows=1))
        assert not book.record_window(seen(rows=2))
        assert book.window(MODEL, CHAMPION, "2013-02").rows == 1
        assert book.window(MODEL, "sha256:bb", "2013-02") is None


def test_a_blocked_window_may_be_judged_again(ledger):
    with ledger.transaction() as book:
        assert book.record_window(seen(status="blocked", rows=1))
        assert book.record_window(seen(rows=2))
        assert [(w.status, w.rows) for w in book.windows(MODEL, CHAMPION)] == [("seen", 2)]


def test_windows_come_in_the_order_of_time(ledger):
    with ledger.transaction() as book:
        for name in ("2013-11", "2013-02", "2013-10"):
            book.record_window(seen(name))
        assert [w.window.id for w in book.windows(MODEL, CHAMPION)] == ["2013-02", "2013-10", "2013-11"]


def write_a_window_and_fail(ledger):
    with ledger.transaction() as book:
        book.record_window(seen())
        book.save_ticket(ticket())
        book.save_state(MODEL, CHAMPION, PolicyState(windows=2))
        raise RuntimeError("power cut")


def test_a_failure_inside_a_transaction_leaves_nothing_behind(ledger):
    with ledger.transaction() as book:
        book.save_state(MODEL, CHAMPION, PolicyState(windows=1))
    with pytest.raises(RuntimeError, match="power cut"):
        write_a_window_and_fail(ledger)
    with ledger.transaction() as book:
        assert book.windows(MODEL, CHAMPION) == ()
        assert book.tickets(MODEL) == ()
        assert book.state(MODEL) == (PolicyState(windows=1), CHAMPION)


def test_a_ticket_is_replaced_by_its_id_and_kept_in_order(ledger):
    with ledger.transaction() as book:
        book.save_ticket(ticket("2013-12-harm"))
        book.save_ticket(ticket("2013-02-harm"))
        book.save_ticket(ticket("2013-12-harm", status="resolved"))
        assert [(t.id, t.status) for t in book.tickets(MODEL)] == [("2013-12-harm", "resolved"), ("2013-02-harm", "open")]
        assert book.ticket(MODEL, "2013-03-harm") is None
        assert book.tickets("another") == ()


def test_an_effect_is_owed_once_and_stays_settled(ledger):
    with ledger.transaction() as book:
        assert book.owe("run:1", "run", {"window": "2013-02"})
        assert not book.owe("run:1", "run", {"window": "other"})
        assert [dict(owed.payload) for owed in book.owed("run")] == [{"window": "2013-02"}]
        assert book.owed("hook") == ()
        book.settle("run:1")
        assert book.owed("run") == ()
        assert not book.owe("run:1", "run", {})


def test_a_ledger_of_a_newer_keepfit_is_refused(ledger, tmp_path):
    with ledger.transaction():
        pass
    with create_engine(f"sqlite:///{tmp_path}/deep/ledger.db").begin() as other:
        other.execute(text(f"UPDATE keepfit_ledger SET schema = {SCHEMA + 1}"))
    with pytest.raises(LedgerError, match="update keepfit"), Ledger(ledger.uri).transaction():
        pass


def test_a_ledger_of_an_older_keepfit_gets_the_steps_and_keeps_the_rest(ledger, tmp_path):
    with ledger.transaction() as book:
        book.record_window(seen())
        book.save_ticket(ticket())
    with create_engine(f"sqlite:///{tmp_path}/deep/ledger.db").begin() as older:
        older.execute(text("DROP TABLE keepfit_steps"))
        older.execute(text("UPDATE keepfit_ledger SET schema = 1"))
    with Ledger(ledger.uri).transaction() as book:
        assert (book.windows(MODEL, CHAMPION), book.tickets(MODEL)) == ((seen(),), (ticket(),))
        assert book.step_of(MODEL, "2013-02-harm") is None
    with create_engine(f"sqlite:///{tmp_path}/deep/ledger.db").begin() as now:
        assert now.execute(text("SELECT schema FROM keepfit_ledger")).scalar_one() == SCHEMA


def test_what_the_first_ledgers_hold_is_read_with_nothing_said_of_what_they_did_not_know(tmp_path):
    with closing(sqlite3.connect(tmp_path / "ledger.db")) as first:
        first.executescript((Path(__file__).parent / "older_ledger.sql").read_text())
    with Ledger(f"sqlite:///{tmp_path}/ledger.db").transaction() as book:
        (window,), (asked,) = book.windows(MODEL, CHAMPION), book.tickets(MODEL)
        assert (window.value, window.labelled, window.evidence[0].effect, window.decision.ground) == (0.7, 400, -0.1, "harm")
        assert (window.arrivals, window.late_rows, window.estimate) == (0, 0, None)
        assert (asked.id, asked.status, asked.root) == ("2013-02-harm", "open", None)
        assert book.state(MODEL) == (PolicyState(windows=1, last_improve=datetime(2013, 3, 1), drifting={"x": 2}), CHAMPION)
        assert [owed.payload["ticket"] for owed in book.owed("announce")] == ["2013-02-harm"]
        book.rescore_window(replace(window, arrivals=1, late_rows=3))
        assert book.window(MODEL, CHAMPION, "2013-02") == replace(window, arrivals=1, late_rows=3)


def test_the_step_of_a_ticket_is_the_one_that_opened_it(ledger):
    place = seen().window
    first = PolicyStep(
        model=MODEL,
        champion=CHAMPION,
        window=place,
        now=datetime(2013, 3, 1),
        policy={"min_gain": 0.005, "max_age_days": None, "grounds": ("harm",)},
        state=PolicyState(windows=1),
        evidence=(),
        decision=seen().decision,
        ticket="2013-02-harm",
    )
    with ledger.transaction() as book:
        book.record_step(first)
        book.record_step(replace(first, state=PolicyState(windows=2)))
        assert book.step_of(MODEL, "2013-02-harm") == first
        assert book.step_of("another", "2013-02-harm") is None


def test_a_file_that_is_no_database_is_one_sentence(tmp_path):
    (tmp_path / "ledger.db").write_text("this is no database, and long enough to be read as a header of one" * 40)
    with pytest.raises(LedgerError, match="file is not a database"), Ledger(f"sqlite:///{tmp_path}/ledger.db").transaction():
        pass


@pytest.mark.parametrize("uri", ["nonsense", "no-such-dialect://x"])
def test_a_uri_that_names_no_database_is_one_sentence(uri):
    with pytest.raises(LedgerError, match=r"ledger\.uri"):
        Ledger(uri)


def add_effects(uri, worker, count):
    ledger = Ledger(uri)
    for step in range(count):
        with ledger.transaction() as book:
            state, _ = book.state(MODEL)
            book.save_state(MODEL, CHAMPION, PolicyState(windows=state.windows + 1))
            book.owe(f"{worker}:{step}", "run", {})


def test_processes_that_start_on_an_empty_file_lose_no_update(tmp_path):
    uri = f"sqlite:///{tmp_path}/ledger.db"
    context = multiprocessing.get_context("spawn")
    workers = [context.Process(target=add_effects, args=(uri, worker, 20)) for worker in range(3)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert [worker.exitcode for worker in workers] == [0, 0, 0]
    with Ledger(uri).transaction() as book:
        assert book.state(MODEL)[0].windows == 60
        assert len(book.owed("run")) == 60


def test_a_second_run_waits_for_the_first_and_then_gives_up_with_a_sentence(tmp_path):
    uri, told = f"sqlite:///{tmp_path}/ledger.db", []
    with one_at_a_time(uri, "monitor", patience=0, waiting=lambda: told.append("first")):
        with pytest.raises(LedgerError, match="another keepfit run"), one_at_a_time(uri, "monitor", patience=0.3, waiting=lambda: told.append("second")):
            pass
        with one_at_a_time(uri, "another", patience=0, waiting=lambda: told.append("another name")):
            pass
    with one_at_a_time(uri, "monitor", patience=0, waiting=lambda: told.append("third")):
        pass
    assert told == ["second"]
    assert Path(f"{tmp_path}/ledger.db.monitor.lock").exists()


@pytest.mark.postgres
def test_several_hosts_share_a_ledger_on_postgresql(postgres):
    context = multiprocessing.get_context("spawn")
    workers = [context.Process(target=add_effects, args=(postgres.uri, worker, 5)) for worker in range(3)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert [worker.exitcode for worker in workers] == [0, 0, 0]
    ledger = Ledger(postgres.uri)
    with ledger.transaction() as book:
        assert len(book.owed("run")) == 15
        assert book.record_window(seen())
        assert not book.record_window(seen())
        book.save_ticket(ticket())
        assert book.ticket(MODEL, "2013-02-harm") == ticket()
    ledger.close()


@pytest.mark.postgres
def test_on_postgresql_a_second_host_waits_too(postgres):
    told = []
    with one_at_a_time(postgres.uri, "monitor", patience=0, waiting=lambda: told.append("first")):
        second = one_at_a_time(postgres.uri, "monitor", patience=0.3, waiting=lambda: told.append("second"))
        with pytest.raises(LedgerError, match="another keepfit run"):
            second.__enter__()
    with one_at_a_time(postgres.uri, "monitor", patience=0, waiting=lambda: told.append("third")):
        pass
    assert told == ["second"]


def test_a_password_never_shows_in_an_error():
    with pytest.raises(LedgerError) as caught, Ledger("postgresql+psycopg://me:secret@127.0.0.1:9/x").transaction():
        pass
    assert "secret" not in str(caught.value)
