from __future__ import annotations

from keepfit.integrations.sql.patience import LOCK_SECONDS, Patience


def test_a_query_takes_too_long_only_once_it_has_begun():
    patience = Patience(0)
    assert not patience.is_over
    patience.begin()
    assert patience.is_over
    assert not Patience(10).is_over


def test_a_lock_is_waited_for_no_longer_than_a_query():
    assert (Patience(5).for_locks, Patience(5_000).for_locks) == (5, LOCK_SECONDS)
