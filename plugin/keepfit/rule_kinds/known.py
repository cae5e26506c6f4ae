"""Which kinds there are: those of keepfit and of other packages (`keepfit.rules`), by name."""

from __future__ import annotations

from functools import lru_cache

from keepfit.errors import KeepfitError
from keepfit.plugins import BUILTIN, load
from keepfit.rule_kinds.kind import RuleKind

FACTS = ("relative", "looser", "passes_when", "bound_is")  # those without a default
SAID = 200


@lru_cache(maxsize=256)
def kind_of(name: str, *, where: str | None = None) -> RuleKind:
    """Return the kind of that name.

    Raises `UnknownNameError` naming `where` it was asked for, and `KeepfitError` for a kind of another package that cannot be loaded or is none.
    """
    try:
        kind = load("rules", name, where=where)()
    except KeepfitError:
        raise
    except Exception as bad:  # somebody else's code: the server goes on, and refuses what is judged by it
        said = " ".join(f"{type(bad).__name__}: {bad}".split())[:SAID]
        raise _no_kind(name, f"cannot be loaded: {said}", where) from bad
    lacking = [fact for fact in FACTS if not hasattr(kind, fact)]
    if not isinstance(kind, RuleKind) or lacking:
        raise _no_kind(name, f"does not say {', '.join(lacking)}" if lacking else "is no RuleKind", where)
    if kind.name != name:
        raise _no_kind(name, f"calls itself {kind.name!r}", where)
    return kind


def _no_kind(name: str, what: str, where: str | None) -> KeepfitError:
    return KeepfitError(
        f"the rule kind {name!r} {what}", where=where, fix="docs/extend.md says what a rule kind is; ask whoever made the package that brings it"
    )


def known_kind(name: str) -> RuleKind | None:
    """Return the kind of that name, None if it is not known here: a row may come from where another package is installed."""
    try:
        return kind_of(name)
    except KeepfitError:
        return None


def absolute_names() -> tuple[str, ...]:
    """Return the names of keepfit's own absolute kinds, in the order in which they are listed: those that can judge a first model."""
    return tuple(name for name in BUILTIN["rules"] if not kind_of(name).relative)
