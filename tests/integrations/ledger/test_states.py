"""The policy's state: one a model, replaced."""

from tests.integrations.ledger.made import CHAMPION, MODEL

from keepfit.records import PolicyState


def test_a_model_begins_with_a_fresh_state_under_no_champion(ledger):
    with ledger.transaction() as book:
        assert book.state(MODEL) == (PolicyState(), None)


def test_a_state_is_replaced_and_is_its_models_alone(ledger):
    with ledger.transaction() as book:
        book.save_state(MODEL, CHAMPION, PolicyState(windows=1))
        book.save_state(MODEL, "sha256:bb", PolicyState(windows=2))
        assert book.state(MODEL) == (PolicyState(windows=2), "sha256:bb")
        assert book.state("another") == (PolicyState(), None)
