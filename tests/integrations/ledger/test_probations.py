"""Promotions on probation: one row a pair, replaced, in the order in which they were first judged."""

from dataclasses import replace

from tests.integrations.ledger.made import CHAMPION, MODEL

from keepfit.records import GainInterval, Probation, ProbationWindow, PromiseKept

FIRST = Probation(model=MODEL, champion=CHAMPION, version="2", displaced="sha256:aa", displaced_version="1", wanted=3)
SECOND = replace(FIRST, champion="sha256:cc", version="3", displaced=CHAMPION, displaced_version="2")
GAIN = GainInterval(gain=0.02, low=0.01, high=0.03, confidence=0.9, n=400, clusters=28)


def test_a_pair_is_replaced_and_keeps_its_place(ledger):
    window = ProbationWindow(window="2013-02", labelled=400, arrivals=0, gain=0.02)
    judged = replace(FIRST, windows=(window,), kept=(PromiseKept(unit="roc_auc", delivered=GAIN),))
    with ledger.transaction() as book:
        assert book.probations(MODEL) == ()
        for found in (FIRST, SECOND, judged, judged):
            book.save_probation(found)
        assert book.probations(MODEL) == (judged, SECOND)
        assert book.probations("another") == ()


def test_the_same_version_over_another_one_is_another_pair(ledger):
    with ledger.transaction() as book:
        for found in (FIRST, replace(FIRST, displaced="sha256:dd", displaced_version="7")):
            book.save_probation(found)
        assert [one.displaced_version for one in book.probations(MODEL)] == ["1", "7"]
