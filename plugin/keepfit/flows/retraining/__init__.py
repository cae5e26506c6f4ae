"""*improve*: from a ticket to a registered candidate on a branch of its own."""
