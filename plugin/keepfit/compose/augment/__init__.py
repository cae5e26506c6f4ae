"""Augmentation: rows that are made from rows that train, by name, each with its parent."""
