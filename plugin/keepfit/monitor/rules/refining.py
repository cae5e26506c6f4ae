"""What is normal for a model's errors, learned further while nothing changes, so that few calibrating windows cost no delay for ever.

Each labelled base window waits until `LAG` later ones have been folded in, and then joins those that say what is normal, until there are `FULL`.
The lag is as long as it takes to find the smallest change that the documentation promises a delay for (2 points at a base rate of .2,
1,000 labels a window): a window from after a change comes up when its change is found, or under way to it.

| left out, subject by subject | because |
|---|---|
| whose incident stands, with all that wait | they are from after the change, and what was normal before it is what the way back is measured by |
| class by class, all that is confused with what, while the errors of all rows or of a class are one of these | a pair that never happened is not counted |
| whose evidence is rising: its bettors are worth more than a coin for each window of the lag | a change may be under way that is not proven yet |

Nothing is learned after `FULL` windows: what creeps up slowly is held to the stream's beginning, not to yesterday. A bet is always against a share
that was known before its window, which is all that the theorem of `monitor/rules/shiryaev_roberts.py` asks of it.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

from keepfit.profiles.confusions import without_classes
from keepfit.records import EvidenceMemory, Profile

LAG = 12
FULL = 28


def refined(memory: EvidenceMemory, base: Profile, *, rising: Collection[str]) -> EvidenceMemory:
    """Let a labelled base window wait, and the oldest that waited long enough join what is normal, without the subjects that are `rising`.

    >>> from keepfit.records import Incident, ShareCount
    >>> day = Profile(window="d", rows=9, columns={}, shares={"errors": ShareCount(group="performance", yes=1, n=9)})
    >>> memory = EvidenceMemory(labelled=(day,) * 8)
    >>> for _ in range(LAG + 1):
    ...     memory = refined(memory, day, rising=())
    >>> len(memory.labelled), len(memory.waiting)
    (9, 12)
    >>> changed = refined(replace(memory, incidents={"errors": Incident(since="d", effect=0.1)}), day, rising=())
    >>> len(changed.labelled), len(changed.waiting), {len(one.shares) for one in changed.waiting}
    (9, 12, {0})
    """
    if len(memory.labelled) >= FULL:
        return replace(memory, waiting=()) if memory.waiting else memory
    waiting = [_without(one, memory.incidents) for one in (*memory.waiting, base)]
    if len(waiting) <= LAG:
        return replace(memory, waiting=tuple(waiting))
    oldest = _without(waiting[0], rising)
    return replace(memory, labelled=(*memory.labelled, oldest) if oldest.shares else memory.labelled, waiting=tuple(waiting[1:]))


def _without(window: Profile, subjects: Collection[str]) -> Profile:
    shares = without_classes(window.shares, subjects)
    if shares is window.shares and not window.shares.keys() & set(subjects):
        return window
    return replace(window, shares={name: share for name, share in shares.items() if name not in subjects})
