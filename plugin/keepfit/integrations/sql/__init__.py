"""Rows of a database by SQLAlchemy URL: one query, read-only, of one state of the database."""
