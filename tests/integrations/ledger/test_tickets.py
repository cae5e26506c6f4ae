"""Tickets: replaced by their id, in the order they were opened."""

from tests.integrations.ledger.made import MODEL, ticket


def test_a_ticket_is_replaced_by_its_id_and_kept_in_order(ledger):
    with ledger.transaction() as book:
        book.save_ticket(ticket("2013-12-harm"))
        book.save_ticket(ticket("2013-02-harm"))
        book.save_ticket(ticket("2013-12-harm", status="resolved"))
        assert [(t.id, t.status) for t in book.tickets(MODEL)] == [("2013-12-harm", "resolved"), ("2013-02-harm", "open")]
        assert book.ticket(MODEL, "2013-03-harm") is None
        assert book.tickets("another") == ()


def test_two_models_may_have_tickets_of_one_id(ledger):
    with ledger.transaction() as book:
        book.save_ticket(ticket())
        book.save_ticket(ticket(model="another", status="resolved"))
        assert (book.ticket(MODEL, "2013-02-harm").status, book.ticket("another", "2013-02-harm").status) == ("open", "resolved")
