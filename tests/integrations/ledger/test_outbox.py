"""Effects: owed once, done once in effect, each model's its own."""

from tests.integrations.ledger.made import MODEL

from keepfit.integrations.ledger.outbox import Owed


def owed(key="run:1", verb="run", model=MODEL, **payload):
    return Owed(model=model, key=key, verb=verb, payload=payload)


def test_an_effect_is_owed_once_and_stays_settled(ledger):
    with ledger.transaction() as book:
        assert book.owe(owed(window="2013-02"))
        assert not book.owe(owed(window="other"))
        assert [dict(one.payload) for one in book.owed(MODEL, "run")] == [{"window": "2013-02"}]
        assert book.owed(MODEL, "hook") == ()
        book.settle(MODEL, "run:1")
        assert book.owed(MODEL, "run") == ()
        assert not book.owe(owed())


def test_a_model_is_asked_for_its_own_effects_only(ledger):
    with ledger.transaction() as book:
        book.owe(owed("run:m"))
        book.owe(owed("run:another", model="another"))
        book.settle(MODEL, "run:another")
        assert [one.key for one in book.owed(MODEL, "run")] == ["run:m"]
        assert book.owed("another", "run") == (owed("run:another", model="another"),)


def test_all_that_is_owed_comes_oldest_first(ledger):
    with ledger.transaction() as book:
        for key, verb in (("b", "run"), ("a", "hook"), ("c", "run")):
            book.owe(owed(key, verb))
        assert [one.key for one in book.owed_of(MODEL)] == ["b", "a", "c"]
