"""One look at a model's part of the ledger."""

from collections import Counter

from tests.integrations.ledger.made import CHAMPION, MODEL, judged, ticket
from tests.integrations.ledger.test_outbox import owed

from keepfit.integrations.ledger import windows
from keepfit.records import PolicyState
from keepfit.tables.windows import parse_window_id

MONTHS = ("2013-01", "2013-02", "2013-03")


def filled(ledger):
    with ledger.transaction() as book:
        for month in MONTHS:
            book.record_window(judged(month, status="blocked" if month == "2013-02" else "seen", quarantined=("r1",) if month == "2013-03" else ()))
        book.record_window(judged("2013-01", champion="sha256:bb", rows=7, quarantined=("r0",)))
        book.save_state(MODEL, CHAMPION, PolicyState(windows=3))
        book.save_ticket(ticket())
        book.owe(owed("log-run:1", "log-run"))
        book.owe(owed("announce:1", "announce"))
        book.owe(owed("announce:2", "announce", model="another"))
    return ledger


def test_a_view_answers_as_the_ledger_does(ledger):
    view = filled(ledger).view(MODEL)
    with ledger.reading() as book:
        assert view.windows(CHAMPION) == book.windows(MODEL, CHAMPION)
        assert view.windows() == book.windows(MODEL, None)
        assert view.window("sha256:bb", "2013-01") == book.window(MODEL, "sha256:bb", "2013-01")
        assert view.window("sha256:bb", "2013-02") is None
        assert (view.state, view.under) == book.state(MODEL)
        assert view.tickets == book.tickets(MODEL)
        assert view.ticket("2013-02-harm") == ticket()
        assert view.ticket("2013-03-harm") is None
        assert view.owes("announce") == book.owed(MODEL, "announce") == (owed("announce:1", "announce"),)


def test_a_view_knows_what_lies_before_a_window_is_blocked_and_was_set_aside(ledger):
    view = filled(ledger).view(MODEL)
    assert [one.window.id for one in view.before(CHAMPION, parse_window_id("2013-03"))] == ["2013-01", "2013-02"]
    assert view.blocked == {"2013-02"}
    assert view.aside == {("2013-01", "r0"), ("2013-03", "r1")}


def test_a_view_of_a_model_that_nobody_has_judged_is_empty(ledger):
    view = ledger.view("nobody's")
    assert (view.windows(), view.state, view.under, view.tickets, view.owed) == ((), PolicyState(), None, (), ())


def test_a_windows_record_is_parsed_once_and_only_if_it_is_asked_for(ledger, monkeypatch):
    view, parsed, read = filled(ledger).view(MODEL), Counter(), windows.read

    def counted(kind, text):
        parsed[text] += 1
        return read(kind, text)

    monkeypatch.setattr(windows, "read", counted)
    assert view.blocked
    assert not parsed
    for _ in range(3):
        view.windows("sha256:bb")
    assert list(parsed.values()) == [1]
    for _ in range(3):
        view.windows()
    assert list(parsed.values()) == [1] * 4


def test_a_view_read_again_knows_what_was_written_and_parses_no_other_window_a_second_time(ledger, monkeypatch):
    view, parsed, read = filled(ledger).view(MODEL), [], windows.read
    assert len(view.windows()) == 4
    with ledger.transaction() as book:
        book.record_window(judged("2013-04"))
        book.record_window(judged("2013-02", rows=99))
        book.save_state(MODEL, CHAMPION, PolicyState(windows=4))
        book.save_ticket(ticket("2013-04-harm"))
        book.settle(MODEL, "announce:1")
        monkeypatch.setattr(windows, "read", lambda kind, text: parsed.append(text) or read(kind, text))
        again = view.again(book, parse_window_id("2013-04"), parse_window_id("2013-02"))
    now = ledger.view(MODEL)
    assert (again.state, again.under, again.tickets, again.owed, again.rows) == (now.state, now.under, now.tickets, now.owed, now.rows)
    assert len(again.windows()) == 5
    assert len(parsed) == 2
    assert [one.window.id for one in again.windows(CHAMPION)] == ["2013-01", "2013-02", "2013-03", "2013-04"]
