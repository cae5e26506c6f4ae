"""Judged windows: once per champion, in the order of time."""

from datetime import datetime

import pytest
from tests.integrations.ledger.made import CHAMPION, MODEL, judged

from keepfit.integrations.ledger.ledger import Ledger
from keepfit.records import Window


def test_a_window_is_judged_once_per_champion(ledger):
    with ledger.transaction() as book:
        assert book.record_window(judged(rows=1))
        assert not book.record_window(judged(rows=2))
        assert book.window(MODEL, CHAMPION, "2013-02").rows == 1
        assert book.window(MODEL, "sha256:bb", "2013-02") is None


def test_a_blocked_window_may_be_judged_again(ledger):
    with ledger.transaction() as book:
        assert book.record_window(judged(status="blocked", rows=1))
        assert book.record_window(judged(rows=2))
        assert [(w.status, w.rows) for w in book.windows(MODEL, CHAMPION)] == [("seen", 2)]


def test_a_blocked_window_is_not_scored_again_before_it_was_judged(ledger):
    with ledger.transaction() as book:
        book.record_window(judged(status="blocked", rows=1))
        book.rescore_window(judged(rows=2))
        assert book.window(MODEL, CHAMPION, "2013-02").rows == 1


def test_another_models_windows_are_not_looked_at(ledger):
    with ledger.transaction() as book:
        book.record_window(judged())
        book.record_window(judged(model="another"))
        assert [one.model for one in book.windows(MODEL, None)] == [MODEL]


ORDERS = [
    ("months", ("2013-11", "2013-02", "2013-10"), ("2013-02", "2013-10", "2013-11")),
    ("a day lies in its month, whatever its id sorts like", ("2013-02-28", "2013-03", "2013-02"), ("2013-02", "2013-02-28", "2013-03")),
    ("weeks beside months", ("2013-W06", "2013-03", "2013-W10", "2013-01"), ("2013-01", "2013-W06", "2013-03", "2013-W10")),
    ("a millionth window", ("rows-1000000", "rows-999999", "rows-000002"), ("rows-000002", "rows-999999", "rows-1000000")),
]


@pytest.mark.parametrize(("came", "in_time"), [pytest.param(*order[1:], id=order[0]) for order in ORDERS])
def test_windows_come_in_the_order_of_time(ledger, came, in_time):
    with ledger.transaction() as book:
        for name in came:
            book.record_window(judged(name))
        assert tuple(w.window.id for w in book.windows(MODEL, CHAMPION)) == in_time
    assert tuple(w.window.id for w in ledger.view(MODEL).windows(CHAMPION)) == in_time


@pytest.mark.postgres
@pytest.mark.parametrize(("came", "in_time"), [pytest.param(*order[1:], id=order[0]) for order in ORDERS])
def test_on_postgresql_windows_come_in_the_order_of_time_too(postgres, came, in_time):
    ledger = Ledger(postgres.uri)
    with ledger.transaction() as book:
        for name in came:
            book.record_window(judged(name, champion=f"sha256:{came[0]}"))
        assert tuple(w.window.id for w in book.windows(MODEL, f"sha256:{came[0]}")) == in_time
    ledger.close()


def test_windows_of_rows_that_begin_together_come_by_their_number(ledger):
    at = datetime(2013, 2, 1)
    with ledger.transaction() as book:
        for number in (2, 1):
            book.record_window(judged(Window(id=f"rows-{number:06d}", source="rows.csv", start=at, end=at)))
        assert [w.window.number for w in book.windows(MODEL, CHAMPION)] == [1, 2]
