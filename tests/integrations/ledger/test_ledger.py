"""The ledger: one memory for several models and processes."""

import multiprocessing
import sqlite3
import threading
from contextlib import closing

import pytest
from tests.integrations.ledger.made import CHAMPION, MODEL, judged, ticket

from keepfit.errors import LedgerError
from keepfit.integrations.ledger.ledger import Ledger
from keepfit.integrations.ledger.outbox import Owed
from keepfit.records import PolicyState


def write_a_window_and_fail(ledger):
    with ledger.transaction() as book:
        book.record_window(judged())
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


def test_who_only_looks_waits_for_no_writer_and_sees_what_was_written_whole(ledger):
    with ledger.transaction() as book:
        book.save_state(MODEL, CHAMPION, PolicyState(windows=1))
    with ledger.transaction() as writing:
        writing.save_state(MODEL, CHAMPION, PolicyState(windows=2))
        with Ledger(ledger.uri).reading() as book:
            assert book.state(MODEL)[0].windows == 1
    with ledger.reading() as book:
        assert book.state(MODEL)[0].windows == 2


def test_who_only_looks_sees_one_state_of_the_ledger(ledger):
    with ledger.transaction() as book:
        book.save_state(MODEL, CHAMPION, PolicyState(windows=1))
    with ledger.reading() as book:
        before = book.state(MODEL)
        writer = threading.Thread(target=add_effects, args=(ledger.uri, "thread", 1))
        writer.start()
        writer.join(0.3)
        assert book.state(MODEL) == before
    writer.join()
    with ledger.reading() as book:
        assert book.state(MODEL)[0].windows == 2


def test_a_file_that_is_no_database_is_one_sentence(tmp_path):
    (tmp_path / "ledger.db").write_text("this is no database, and long enough to be read as a header of one" * 40)
    with pytest.raises(LedgerError, match="file is not a database"), Ledger(f"sqlite:///{tmp_path}/ledger.db").transaction():
        pass


@pytest.mark.parametrize("uri", ["nonsense", "no-such-dialect://x"])
def test_a_uri_that_names_no_database_is_one_sentence(uri):
    with pytest.raises(LedgerError, match=r"ledger\.uri"):
        Ledger(uri)


def test_a_password_never_shows_in_an_error():
    with pytest.raises(LedgerError) as caught, Ledger("postgresql+psycopg://me:secret@127.0.0.1:9/x").transaction():
        pass
    assert "secret" not in str(caught.value)


# -- several processes --------------------------------------------------------------------------------------------------


def add_effects(uri, worker, count):
    ledger = Ledger(uri)
    for step in range(count):
        with ledger.transaction() as book:
            state, _ = book.state(MODEL)
            book.save_state(MODEL, CHAMPION, PolicyState(windows=state.windows + 1))
            book.owe(Owed(model=MODEL, key=f"{worker}:{step}", verb="run", payload={}))
    ledger.close()


def at_once(uri, *, workers, count):
    context = multiprocessing.get_context("spawn")
    started = [context.Process(target=add_effects, args=(uri, worker, count)) for worker in range(workers)]
    for worker in started:
        worker.start()
    for worker in started:
        worker.join()
    return [worker.exitcode for worker in started]


def test_processes_that_start_on_an_empty_file_lose_no_update(tmp_path):
    uri = f"sqlite:///{tmp_path}/ledger.db"
    assert at_once(uri, workers=3, count=20) == [0, 0, 0]
    with Ledger(uri).transaction() as book:
        assert book.state(MODEL)[0].windows == 60
        assert len(book.owed(MODEL, "run")) == 60


@pytest.mark.postgres
def test_several_hosts_share_a_ledger_on_postgresql_and_lose_no_update(on_postgres):
    assert at_once(on_postgres, workers=3, count=5) == [0, 0, 0]
    ledger = Ledger(on_postgres)
    with ledger.transaction() as book:
        assert book.state(MODEL)[0].windows == 15
        assert len(book.owed(MODEL, "run")) == 15
        assert book.record_window(judged())
        assert not book.record_window(judged())
        book.save_ticket(ticket())
        assert book.ticket(MODEL, "2013-02-harm") == ticket()
    ledger.close()


@pytest.mark.postgres
def test_on_postgresql_a_model_that_is_written_keeps_no_other_waiting(on_postgres):
    ledger, done = Ledger(on_postgres), []

    def write(model):
        with ledger.transaction() as book:
            book.save_state(model, CHAMPION, PolicyState(windows=1))
        done.append(model)

    with ledger.transaction() as book:
        book.state(MODEL)
        threads = [threading.Thread(target=write, args=(model,)) for model in (MODEL, "another")]
        for thread in threads:
            thread.start()
        threads[1].join(30)
        threads[0].join(0.5)
        assert done == ["another"]
    threads[0].join(30)
    assert done == ["another", MODEL]
    ledger.close()


def test_what_is_looked_up_has_an_index(ledger, tmp_path):
    with ledger.transaction():
        pass
    questions = {
        "select record from keepfit_windows where model = 'm' and champion = 'c' order by starts, ends, number": "keepfit_windows_time",
        "select record from keepfit_windows where model = 'm' and champion = 'c' and window = 'w'": "keepfit_windows",
        "select record from keepfit_tickets where model = 'm' and id = 't'": "keepfit_tickets_id",
        "select record from keepfit_tickets where model = 'm' and status = 'open'": "keepfit_tickets_status",
        "select record from keepfit_steps where model = 'm' and ticket = 't'": "keepfit_steps_of",
        "select key from keepfit_outbox where model = 'm' and verb = 'v' and done = 0": "keepfit_outbox_due",
    }
    with closing(sqlite3.connect(tmp_path / "deep/ledger.db")) as database:
        plans = {asked: " ".join(row[3] for row in database.execute(f"explain query plan {asked}")) for asked in questions}
    for asked, index in questions.items():
        assert "SEARCH" in plans[asked], (asked, plans[asked])
        assert index in plans[asked], (asked, plans[asked])
        assert "TEMP B-TREE" not in plans[asked], (asked, plans[asked])
