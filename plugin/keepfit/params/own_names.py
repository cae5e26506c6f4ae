"""What monitoring counts beside the table's columns, under names of its own: a column of the same name would be mixed up with it."""

from __future__ import annotations

from collections.abc import Iterable

OWN_NAMES = {"prediction": "the model's predictions", "errors": "the model's errors"}
"""The names that are taken, each with what is watched under it."""


def no_own_name(names: Iterable[str]) -> None:
    """Raise `ValueError` for a feature or target of such a name."""
    taken = next((name for name in names if name in OWN_NAMES), None)
    if taken is not None:
        raise ValueError(f"no feature or target can be named {taken!r}, as keepfit watches {OWN_NAMES[taken]} under it: rename the column")
