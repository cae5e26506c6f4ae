"""Tickets: list, acknowledge and resolve them, explain one on a page, take its decision again."""
