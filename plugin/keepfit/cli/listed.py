"""Names in one option, separated by commas."""

from __future__ import annotations


def listed(names: str) -> list[str]:
    """Return the names, without what is empty.

    >>> listed("all, last3,,decay2")
    ['all', 'last3', 'decay2']
    """
    return [name.strip() for name in names.split(",") if name.strip()]
