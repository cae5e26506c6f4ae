"""Evidence over time on a model's errors, part of the rule `e-detector`.

Counted is how often a classifier is wrong, of all labelled rows and slice by slice, or how often a regressor is off by more than each of several sizes.

What is normal is not what the training rows show (a model errs less on what it has seen) but what the stream's first labelled windows
do: all base windows of the first windows until there are eight. From then on only a growing share of errors is a change. Blind to a
model that was bad from the start (the harm against its certified value says so), to slices that had no label while it calibrated, to slices of a
regression, and to errors of a regressor that stay below a 32nd of the target's standard deviation.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from keepfit.monitor.rules import incidents
from keepfit.monitor.rules.budget import Group, weights_of
from keepfit.monitor.rules.channels import Channels, channels_of
from keepfit.monitor.rules.rule import Watch
from keepfit.monitor.rules.shiryaev_roberts import ShiryaevRoberts
from keepfit.profiles.shares import WRONG
from keepfit.profiles.variation import learn_variation
from keepfit.records import Evidence, EvidenceMemory, Profile, ShareCount

Floats = npt.NDArray[np.float64]
ENOUGH = 8
DELTA, Z = 0.0, 2.0


@dataclass(frozen=True)
class LabelledEvidence:
    """The errors' part of the e-detector; `beside` are the groups that share its promise."""

    watch: Watch
    beside: tuple[Group, ...]
    detector: str

    def step(self, memory: EvidenceMemory, profile: Profile, steps: Sequence[Profile]) -> tuple[EvidenceMemory, tuple[Evidence, ...]]:
        """Fold a window's labels in, base window after base window; while calibrating there is one line that says so."""
        found = [_errors(base) for base in steps if _of_all(base)]
        if not found:
            return memory, ()
        if len(memory.labelled) < ENOUGH:
            memory = replace(memory, labelled=(*memory.labelled, *found))
            return memory, (self._calibrating(next(iter(_of_all(profile).values())), len(memory.labelled)),)
        channels = channels_of(_layout(memory.labelled))
        known = channels.windows(memory.labelled)
        detector, reached = self._learned(channels, memory), []
        for base in found:
            memory, evidence = incidents.fold(detector, channels, memory, channels.counts(base))
            reached.append(evidence)
        normal = known[0].sum(axis=0) / np.maximum(known[1].sum(axis=0), 1)
        return memory, self._told(channels, profile, detector, reached=np.max(reached, axis=0), normal=normal)

    def _learned(self, channels: Channels, memory: EvidenceMemory) -> ShiryaevRoberts:
        groups = [share.group for share in channels.layout.values() if isinstance(share, ShareCount)]
        every = np.ones(len(groups))
        return ShiryaevRoberts(
            variation=learn_variation([channels.windows(memory.labelled)], starts=channels.starts),
            starts=channels.starts,
            weights=weights_of(groups, beside=self.beside),
            delta=DELTA * every,
            z=Z * every,
            a=self.watch.threshold,
            upwards=every > 0,
        )

    def _told(self, channels: Channels, profile: Profile, detector: ShiryaevRoberts, *, reached: Floats, normal: Floats) -> tuple[Evidence, ...]:
        told = []
        for index, name in enumerate(channels.columns):
            share = profile.shares.get(name)
            if share is None or not share.n:
                continue
            now, before, design = share.yes / share.n, float(normal[index]), float(detector.column_design[index])
            one = self._calibrating(share, ENOUGH, subject=name)
            said = f"{now:.1%} of the {_asked(name)}, {before:.1%} in the first windows; design effect {design:.3g}"
            rows = int(detector.variation.rows[index] / design)
            told.append(replace(one, statistic=design, effect=max(0.0, now - before), e_value=float(reached[index]), n_reference=rows, detail=said))
        return _as_one(told, profile)

    def _calibrating(self, share: ShareCount, windows: int, *, subject: str = WRONG) -> Evidence:
        said = f"calibrating: {windows} labelled windows say what is normal, {ENOUGH} are needed"
        return Evidence(kind="performance", subject=subject, detector=self.detector, statistic=None, effect=None, n=share.n, n_reference=0, detail=said)


def _of_all(profile: Profile) -> dict[str, ShareCount]:
    """The questions about all labelled rows: one of a classifier, one a size of a regressor."""
    return {name: share for name, share in profile.shares.items() if share.group == "performance"}


def _asked(name: str) -> str:
    """What is counted, in words."""
    return name.replace(WRONG, "errors are", 1) if name.startswith(f"{WRONG} above ") else "labels are wrong"


def _as_one(told: Sequence[Evidence], profile: Profile) -> tuple[Evidence, ...]:
    """What is told, with a regressor's sizes as one subject: the size with the most evidence speaks for all."""
    sizes = [one for one in told if one.subject in _of_all(profile)]
    loudest = max(sizes, key=lambda one: one.e_value or 0.0, default=None)
    return tuple(replace(one, subject=WRONG) if one is loudest else one for one in told if one is loudest or one not in sizes)


def _errors(profile: Profile) -> Profile:
    return replace(profile, columns={}, shares={name: share for name, share in profile.shares.items() if share.group != "pairs"})


def _layout(windows: Sequence[Profile]) -> dict[str, ShareCount]:
    """Every question that was asked while it calibrated, errors first."""
    return {name: share for window in windows for name, share in window.shares.items()}
