"""Expectations over history: suggested from it, tested against it, with a record of what each was good for; and what is wrong with how they are written."""
