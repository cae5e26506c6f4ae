"""Which kinds there are: those of keepfit and of other packages (`keepfit.rules`), by name."""

from __future__ import annotations

from functools import lru_cache

from keepfit.errors import KeepfitError
from keepfit.plugins import BUILTIN, load
from keepfit.rule_kinds.kind import RuleKind


@lru_cache(maxsize=256)
def kind_of(name: str, *, where: str | None = None) -> RuleKind:
    """Return the kind of that name; raises `UnknownNameError` naming `where` it was asked for, `KeepfitError` if it cannot be loaded."""
    kind: RuleKind = load("rules", name, where=where)()
    return kind


def known_kind(name: str) -> RuleKind | None:
    """Return the kind of that name, None if it is not known here: a row may come from where another package is installed."""
    try:
        return kind_of(name)
    except KeepfitError:
        return None


def absolute_names() -> tuple[str, ...]:
    """Return the names of keepfit's own absolute kinds, in the order in which they are listed: those that can judge a first model."""
    return tuple(name for name in BUILTIN["rules"] if not kind_of(name).relative)
