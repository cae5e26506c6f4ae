"""Which deliveries go next, against the rule spelled out pair by pair."""

from __future__ import annotations

from datetime import datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from keepfit.flows.deliver.next_message import WRONG_CLOCK, is_ready, next_due, next_message
from keepfit.records import Delivery

NOW = datetime(2026, 3, 2, 3)


def row(number, subscriber="s", subject="t", *, wait=0, leased=False, message=None):
    moment = NOW + timedelta(minutes=wait)
    status, lease = ("leased", moment) if leased else ("waiting", None)
    return Delivery(
        number=number,
        model="m",
        event=f"e{number}",
        subscriber=subscriber,
        subject=subject,
        status=status,
        due=NOW if leased else moment,
        lease=lease,
        message=message,
        last_attempt=20,
        made=NOW,
    )


FACTS = st.tuples(
    st.sampled_from("ab"), st.sampled_from("xyz"), st.sampled_from([-1, 0, 1, 6 * 24 * 60]), st.booleans(), st.sampled_from([None, None, None, "p", "q"])
)


def numbered(facts):
    return [row(n, who, what, wait=wait, leased=leased, message=key and f"{key}{who}") for n, (who, what, wait, leased, key) in enumerate(facts)]


@given(st.lists(FACTS, max_size=9), st.sets(st.sampled_from("ab")), st.sets(st.sampled_from("ab")))
def test_it_is_the_first_that_is_ready_with_nothing_open_before_it(facts, digests, without):
    rows = numbered(facts)
    found = next_message(rows, now=NOW, digests=digests, without=without)
    first = [
        one
        for one in rows
        if is_ready(one, NOW)
        and one.subscriber not in without
        and not any(other.number < one.number and (other.subscriber, other.subject) == (one.subscriber, one.subject) for other in rows)
    ]
    assert bool(found) == bool(first)
    if found and first[0].message is not None:
        assert found == tuple(one for one in rows if (one.subscriber, one.message) == (first[0].subscriber, first[0].message)), "as it went out before"
    elif found:
        assert found[0] == first[0]
        assert {(one.subscriber, one.message) for one in found} == {(first[0].subscriber, None)}
        assert len(found) == 1 or first[0].subscriber in digests
    if found and found[0].message is None and found[0].subscriber in digests:
        for one in found:
            before = [other for other in rows if other.number < one.number and (other.subscriber, other.subject) == (one.subscriber, one.subject)]
            assert set(before) <= set(found)


def test_what_went_out_in_one_message_goes_again_in_it():
    rows = [row(1, subject="t", message="k"), row(2, subject="w"), row(3, subject="w", message="k")]
    assert [one.number for one in next_message(rows, now=NOW)] == [1, 3]


def test_a_time_that_no_delay_reaches_does_not_count():
    days = int(WRONG_CLOCK.total_seconds() // 60)
    assert [is_ready(row(1, wait=wait, leased=leased), NOW) for leased in (False, True) for wait in (0, 1, days, days + 1)] == [True, False, False, True] * 2


def test_the_next_look_is_at_the_first_of_each_subject():
    assert next_due([row(1, wait=9), row(2), row(3, subject="w", wait=7, leased=True)]) == NOW + timedelta(minutes=7)
    assert next_due([]) is None
