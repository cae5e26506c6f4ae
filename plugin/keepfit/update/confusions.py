"""Which classes the champion confuses more than it did: counts of one window against those of the windows that say what is normal.

For each class whose errors surely grew, and each pair that did, an interval of the growth (Newcombe, Statistics in Medicine 17, 1998; simultaneous over all
classes and pairs) and Fisher's exact p. A class is told by the one other that it is taken for where that pair makes up at least half of the growth, else
by itself. What costs most rows is told first. Rows count as independent here; that something changed at all is said by evidence over time, which knows
how much windows differ. Blind to classes that had no label in the windows that say what is normal, and to rows of a class that is not in the list.

>>> before = {("3", ""): ShareCount(group="slices", yes=4, n=200), ("3", "8"): ShareCount(group="slices", yes=3, n=200)}
>>> now = {("3", ""): ShareCount(group="slices", yes=21, n=100), ("3", "8"): ShareCount(group="slices", yes=19, n=100)}
>>> [(found.slice, found.before, found.now) for found in grown_confusions(before, now)]
[('class=3 taken for 8', 0.015, 0.19)]
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

from keepfit.profiles.confusions import CLASS, counted_of, taken_for
from keepfit.profiles.shares import WRONG
from keepfit.records import GrownConfusion, Profile, RootCause, ShareCount
from keepfit.slices.answers import answer_slice
from keepfit.stats.bounds import quantile

Counts = Mapping[tuple[str, str], ShareCount]
ALPHA, TOP, MOST = 0.01, 3, 0.5


def confusions_of(normal: Sequence[Profile], now: Profile | None, classes: Sequence[str]) -> tuple[GrownConfusion, ...]:
    """Return what grew from the windows that say what is normal to this one; nothing while there are none, or where this one was not profiled."""
    if now is None:
        return ()
    before: dict[str, ShareCount] = {}
    for window in normal:
        before |= {name: before[name] + share if name in before else share for name, share in window.shares.items()}
    return grown_confusions(counted_of(before, classes), counted_of(now.shares, classes))


def grown_confusions(before: Counts, now: Counts) -> tuple[GrownConfusion, ...]:
    """Return the classes and pairs that are confused surely more than before, the most rows first."""
    known = {label for label, other in now if not other and (label, "") in before}
    whole = [share for (_, other), share in now.items() if not other]
    totals = sum(share.yes for share in whole), sum(share.n for share in whole)
    tests = len(known) ** 2  # each class, and each of the others that it may be taken for
    both = {key: (before.get(key, _never(before[key[0], ""])), share) for key, share in now.items() if key[0] in known}
    found = {key: one for key, sides in both.items() if (one := _grown(key, *sides, tests=tests, totals=totals)) is not None}
    kept = [one for key, one in found.items() if _speaks(key, found)]
    return tuple(sorted(kept, key=lambda one: (-one.more, one.slice))[:TOP])


def _never(whole: ShareCount) -> ShareCount:
    """A pair that did not happen among the rows of its class."""
    return ShareCount(group="confusions", yes=0, n=whole.n)


def _speaks(key: tuple[str, str], found: Mapping[tuple[str, str], GrownConfusion]) -> bool:
    """Whether a class is told by itself, or by this pair."""
    label, other = key
    whole = found.get((label, ""))
    pairs = [one for (name, taken), one in found.items() if name == label and taken]
    if other:
        return whole is None or found[key].more >= MOST * whole.more
    return not any(one.more >= MOST * found[key].more for one in pairs)


def _grown(key: tuple[str, str], before: ShareCount, now: ShareCount, *, tests: int, totals: tuple[int, int]) -> GrownConfusion | None:
    """The growth of one question, None if it is not sure; `totals` are the errors and the labelled rows of the window."""
    from keepfit.stats.fisher import fisher  # loads scipy: a monitor without a window to judge needs none

    a, b = before.yes / max(before.n, 1), now.yes / max(now.n, 1)
    if b <= a or not before.n:
        return None
    low, high = _bounds((before, now), ALPHA / (2 * tests))
    p_value = min(1.0, tests * fisher((before.yes, now.yes), (before.n, now.n)))
    if low <= 0 or p_value > ALPHA:
        return None
    label, other = key
    return GrownConfusion(
        slice=taken_for(label, other) if other else f"{CLASS}={label}",
        label=label,
        taken_for=other,
        before=a,
        now=b,
        low=low,
        high=high,
        rows=now.n,
        rows_before=before.n,
        share=now.n / totals[1],
        p_value=p_value,
        explained=min(1.0, (b - a) * now.n / max(totals[0], 1)),
        tests=tests,
    )


def asked_slices(root: RootCause) -> tuple[str, ...]:
    """Return the slices whose rows are to be labelled: those that are answered as classes that are confused, then those that are worse, or that grew."""
    confused = [answer_slice(name) for one in root.confusions for name in (one.label, one.taken_for) if name]
    found = root.slices or tuple(one for one in root.moved if one.effect > 0)
    return tuple(dict.fromkeys([*confused, *(one.slice for one in found)]))


def _bounds(sides: tuple[ShareCount, ShareCount], level: float) -> tuple[float, float]:
    """The interval of a difference of two shares, the second minus the first, from Wilson's of each (Newcombe's tenth method)."""
    (a, a_low, a_high), (b, b_low, b_high) = (_wilson(side, -quantile(level)) for side in sides)
    return b - a - math.hypot(b - b_low, a_high - a), b - a + math.hypot(b_high - b, a - a_low)


def _wilson(side: ShareCount, z: float) -> tuple[float, float, float]:
    share, n = side.yes / side.n, side.n
    middle, reach = share + z * z / (2 * n), z * math.sqrt(share * (1 - share) / n + z * z / (4 * n * n))
    return share, (middle - reach) / (1 + z * z / n), (middle + reach) / (1 + z * z / n)


def sentence(found: GrownConfusion) -> str:
    """Return the growth in words: `class=3 taken for 8: 1.5% → 19.0%`."""
    asked = found.slice if found.taken_for else f"{WRONG} of {found.slice}"
    return f"{asked}: {found.before:.1%} → {found.now:.1%}"
