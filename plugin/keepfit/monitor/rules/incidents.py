"""Incidents of the rule `e-detector`: a lasting change is told once, when it is crossed, and stands until it has gone back.

| while the incident of a column is open | |
|---|---|
| it stands | the column is *still changed*: named with its first window and its effect now, and no alert |
| it grows | evidence that a share has moved by more than twice what was told is an alert again, and opens the incident anew |
| it ends | the reverse test (`ShiryaevRoberts.back`): evidence that every share is inside the reference's bound and delta again |

What was told is the larger effect of the incident's first two windows, as a change may begin in the middle of the first; the
second is no news. After its end the column is watched as before. The reverse test says "back" of a share that lies on m0 itself
about once in 20 windows at most (its M is a Shiryaev-Roberts e-detector too), of one well beyond m0 hardly ever; a mistake costs
one more alert, for which the evidence has to reach the promise again.

Blind, while it is open, to a second change of the same column that is no larger than twice the first (another category, the other
direction), and slow to see an end where the reference is worth few rows or windows vary much.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
import numpy.typing as npt

from keepfit.monitor.rules.channels import Channels
from keepfit.monitor.rules.shiryaev_roberts import ShiryaevRoberts
from keepfit.records import Evidence, EvidenceMemory, Incident

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
BACK = 20.0
"""The evidence at which a column is back: on the border it is wrong once in so many windows."""
GROWN = 2.0
"""How many times the told effect is news."""
SETTLED = 2
"""The first windows of an incident say how large it is."""


def fold(detector: ShiryaevRoberts, channels: Channels, memory: EvidenceMemory, counts: tuple[Ints, Ints]) -> tuple[EvidenceMemory, Floats]:
    """Fold one base window in: return the memory, without the incidents that ended, and each column's evidence."""
    standing = {name: one for name, one in memory.incidents.items() if name in channels.layout}
    tolerated = _tolerated(detector, channels, standing) if standing else None
    worth, evidence = detector.step(channels.unpacked(memory.worth, detector.start), *counts, tolerated=tolerated)
    memory = replace(memory, worth={**memory.worth, **channels.packed(worth)})
    return (_reversed(detector, channels, memory, counts) if standing else memory), evidence


def tell(
    before: EvidenceMemory, memory: EvidenceMemory, told: Sequence[Evidence], *, window: str, threshold: float, min_effect: float
) -> tuple[EvidenceMemory, tuple[Evidence, ...]]:
    """Open and go on with incidents at a window's end: return the memory and the evidence with the window that each change is known since.

    `before` is the memory at the window's start. A column that reaches the promise with less than `min_effect` opens nothing.
    """
    incidents, worth, said = dict(memory.incidents), dict(memory.worth), []
    for one in told:
        stood, stands, effect = before.incidents.get(one.subject), incidents.get(one.subject), one.effect or 0.0
        least = max(min_effect, _news(stands) if stands else 0.0)
        if (one.e_value or 0.0) >= threshold and effect >= least:
            incidents[one.subject] = Incident(since=window, effect=effect)
            worth.pop(one.subject, None)
        elif stands is not None:
            size = max(stands.effect, effect) if stands.windows < SETTLED else stands.effect
            incidents[one.subject] = replace(stands, windows=stands.windows + 1, effect=size)
        said.append(_said(one, stood, incidents.get(one.subject), window=window))
    return replace(memory, incidents=incidents, worth=worth), tuple(said)


def _said(one: Evidence, stood: Incident | None, stands: Incident | None, *, window: str) -> Evidence:
    if stands is None:
        return replace(one, detail=f"back to normal, was changed since {stood.since}; {one.detail}") if stood else one
    if stands.since != window:
        how = f"still changed, known since {stands.since} with an effect of {stands.effect:.3f}"
    else:
        how = f"grown to more than twice what was told in {stood.since}" if stood and stood.since != window else "changed"
    return replace(one, since=stands.since, detail=f"{how}; {one.detail}")


def _news(one: Incident) -> float:
    """The effect above which growth is told; nothing is until it is known how large the change is."""
    return min(GROWN * one.effect, 1.0) if one.windows >= SETTLED else 1.0


def _tolerated(detector: ShiryaevRoberts, channels: Channels, standing: Mapping[str, Incident]) -> Floats:
    """The change of a share that is no news, a value a channel: delta, and of a column with an incident twice what was told."""
    told = np.array([_news(standing[name]) if name in standing else 0.0 for name in channels.columns])
    return np.asarray(np.maximum(detector.delta, told[channels.owner]))


def _reversed(detector: ShiryaevRoberts, channels: Channels, memory: EvidenceMemory, counts: tuple[Ints, Ints]) -> EvidenceMemory:
    """Fold one base window into the reverse tests; a column that is back loses its incident and starts anew."""
    kept = {name: one.back for name, one in memory.incidents.items()}
    worth, evidence = detector.back(channels.unpacked(kept, np.zeros((len(channels.owner), 2))), *counts)
    packed, back = channels.packed(worth), {name for name, e in zip(channels.columns, evidence, strict=True) if e >= BACK and name in kept}
    incidents = {name: replace(one, back=packed.get(name, one.back)) for name, one in memory.incidents.items() if name not in back}
    return replace(memory, incidents=incidents, worth={name: one for name, one in memory.worth.items() if name not in back})
