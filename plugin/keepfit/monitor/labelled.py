"""Evidence over time on a classifier's errors: of all labelled rows, and slice by slice; part of the rule `e-detector`.

What is normal is not what the training rows show (a model errs less on what it has seen) but what the stream's first labelled windows
do: all base windows of the first windows until there are eight. From then on only a growing share of errors is a change. Blind to a
model that was bad from the start (the harm against its certified value says so), to slices that had no label while it calibrated, and to regression.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from keepfit.monitor.alerts import Watch
from keepfit.monitor.budget import Group, weights_of
from keepfit.monitor.channels import Channels, channels_of
from keepfit.monitor.edetector import Detector
from keepfit.monitor.shares import WRONG
from keepfit.monitor.variation import learn_variation
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
        found = [_errors(base) for base in steps if WRONG in base.shares]
        if not found:
            return memory, ()
        if len(memory.labelled) < ENOUGH:
            memory = replace(memory, labelled=(*memory.labelled, *found))
            return memory, (self._calibrating(profile.shares[WRONG], len(memory.labelled)),)
        channels = channels_of(_layout(memory.labelled))
        known = channels.windows(memory.labelled)
        detector = self._learned(channels, memory)
        worth, reached = channels.unpacked(memory.worth, detector.start), []
        for base in found:
            worth, evidence = detector.step(worth, *channels.counts(base))
            reached.append(evidence)
        normal = known[0].sum(axis=0) / np.maximum(known[1].sum(axis=0), 1)
        told = self._told(channels, profile, detector, reached=np.max(reached, axis=0), normal=normal)
        return replace(memory, worth={**memory.worth, **channels.packed(worth)}), told

    def _learned(self, channels: Channels, memory: EvidenceMemory) -> Detector:
        groups = [share.group for share in channels.layout.values() if isinstance(share, ShareCount)]
        every = np.ones(len(groups))
        return Detector(
            variation=learn_variation([channels.windows(memory.labelled)], starts=channels.starts),
            starts=channels.starts,
            weights=weights_of(groups, beside=self.beside),
            delta=DELTA * every,
            z=Z * every,
            a=self.watch.threshold,
            upwards=every > 0,
        )

    def _told(self, channels: Channels, profile: Profile, detector: Detector, *, reached: Floats, normal: Floats) -> tuple[Evidence, ...]:
        told = []
        for index, name in enumerate(channels.columns):
            share = profile.shares.get(name)
            if share is None or not share.n:
                continue
            now, before, design = share.yes / share.n, float(normal[index]), float(detector.column_design[index])
            one = self._calibrating(share, ENOUGH, subject=name)
            said = f"{now:.1%} of the labels are wrong, {before:.1%} in the first windows; design effect {design:.3g}"
            rows = int(detector.variation.rows[index] / design)
            told.append(replace(one, statistic=design, effect=max(0.0, now - before), e_value=float(reached[index]), n_reference=rows, detail=said))
        return tuple(told)

    def _calibrating(self, share: ShareCount, windows: int, *, subject: str = WRONG) -> Evidence:
        said = f"calibrating: {windows} labelled windows say what is normal, {ENOUGH} are needed"
        return Evidence(kind="performance", subject=subject, detector=self.detector, statistic=None, effect=None, n=share.n, n_reference=0, detail=said)


def _errors(profile: Profile) -> Profile:
    return replace(profile, columns={}, shares={name: share for name, share in profile.shares.items() if share.group != "pairs"})


def _layout(windows: Sequence[Profile]) -> dict[str, ShareCount]:
    """Every question that was asked while it calibrated, errors first."""
    return {name: share for window in windows for name, share in window.shares.items()}
