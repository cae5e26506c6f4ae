"""Canonical names: what arrives at the registry is spelled in many ways, and a rule must not be talked past by spelling.

>>> canonical("ｃｈａｍｐｉｏｎ"), canonical("Champion"), canonical("сhamріоn")  # full-width; capital; with Cyrillic letters
('champion', 'champion', 'champion')
>>> version_number("01"), version_number("x")
(1, None)
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence

# Letters of other scripts that look like small Latin ones: NFKC keeps them apart, a reader cannot.
_LOOK_ALIKES = str.maketrans("асԁеһіјӏорԛѕԝхуαεικνορτυχոս", "acdehijlopqswxyaeikvoptuxnu")


def canonical(name: str) -> str:
    """Return the name as rules compare it: NFKC, casefold, no invisible characters, look-alike letters as Latin ones."""
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", name).casefold())
    visible = "".join(letter for letter in folded if unicodedata.category(letter) not in {"Cf", "Cc", "Mn"})
    return visible.translate(_LOOK_ALIKES).strip()


def alike(name: str, protected: str) -> bool:
    """Whether a name is, or reads like, a protected one.

    Letters of all scripts that look like Latin ones cannot be listed. So: as long as the protected name, and where it has
    ASCII characters they are the protected name's, at least one of them.

    >>> alike("CHAMPION", "champion"), alike("chɑmpıon", "champion"), alike("champions", "champion"), alike("чемпион", "champion")
    (True, True, False, False)
    """
    folded, wanted = canonical(name), canonical(protected)
    if folded == wanted:
        return True
    pairs = list(zip(folded, wanted, strict=False))
    plain = [mine == theirs for mine, theirs in pairs if mine.isascii()]
    return len(folded) == len(wanted) and len(plain) < len(pairs) and any(plain) and all(plain)


def either(names: Sequence[str]) -> str:
    """Return who may do something, in words.

    >>> either(("rita", "lead-*", "paul")), either(())
    ('rita, lead-* or paul', 'nobody')
    """
    *others, last = names or ("nobody",)
    return f"{', '.join(others)} or {last}" if others else last


def version_number(version: object) -> int | None:
    """Return the number that a version's text stands for (`01` is 1), None if it stands for none."""
    try:
        return int(str(version))
    except ValueError:
        return None
