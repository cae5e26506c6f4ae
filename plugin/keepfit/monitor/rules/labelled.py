"""Evidence over time on a model's errors, part of the rule `e-detector`.

Counted is how often a classifier is wrong, of all labelled rows and slice by slice, or how often a regressor is off by more than each of several sizes.

What is normal is not what the training rows show (a model errs less on what it has seen) but what the stream's first labelled windows
do: all base windows of the first windows until there are eight, and while nothing changes the ones after them (`monitor/rules/refining.py`). From the
eighth on only a growing share of errors is a change. Blind to a model that was bad from the start (the harm against its certified value says so), to
slices without a label until then, to slices of a regression, and to errors of a regressor that stay below a 32nd of the target's standard deviation.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from keepfit.monitor.rules import incidents
from keepfit.monitor.rules.budget import Group, weights_of
from keepfit.monitor.rules.channels import Channels, channels_of
from keepfit.monitor.rules.refining import LAG, refined
from keepfit.monitor.rules.rule import Watch
from keepfit.monitor.rules.shiryaev_roberts import ShiryaevRoberts
from keepfit.profiles.confusions import CLASS
from keepfit.profiles.shares import WRONG
from keepfit.profiles.variation import learn_variation
from keepfit.records import Evidence, EvidenceMemory, Profile, ShareCount

ENOUGH = 8
DELTA, Z, NEAREST = 0.0, 2.0, 1.0


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
        reached: dict[str, float] = {}
        channels, detector = self._learned(memory)
        for base in found:
            before = memory.labelled
            memory, evidence = self._folded(channels, detector, memory, base)
            reached |= {name: max(reached.get(name, 0.0), value) for name, value in evidence.items()}
            last = channels, detector
            channels, detector = last if memory.labelled is before else self._learned(memory)
        return memory, self._told(*last, profile, reached=reached)

    def _folded(self, channels: Channels, detector: ShiryaevRoberts, memory: EvidenceMemory, base: Profile) -> tuple[EvidenceMemory, dict[str, float]]:
        """Fold one base window in: the memory, with what it has learned of what is normal, and the evidence by subject."""
        memory, evidence = incidents.fold(detector, channels, memory, channels.counts(base))
        rising = {name for name, worth in zip(channels.columns, evidence / detector.weights, strict=True) if worth > LAG}
        return refined(memory, base, rising=rising), dict(zip(channels.columns, evidence.tolist(), strict=True))

    def _learned(self, memory: EvidenceMemory) -> tuple[Channels, ShiryaevRoberts]:
        """The questions that were asked in the windows that say what is normal, and the detector that these teach."""
        channels = channels_of(_layout(memory.labelled))
        groups = [share.group for share in channels.layout.values() if isinstance(share, ShareCount)]
        every = np.ones(len(groups))
        detector = ShiryaevRoberts(
            variation=learn_variation([channels.windows(memory.labelled)], starts=channels.starts),
            starts=channels.starts,
            weights=weights_of(groups, beside=self.beside),
            delta=DELTA * every,
            z=Z * every,
            z_nearest=NEAREST * every,
            a=self.watch.threshold,
            upwards=every > 0,
        )
        return channels, detector

    def _told(self, channels: Channels, detector: ShiryaevRoberts, profile: Profile, *, reached: Mapping[str, float]) -> tuple[Evidence, ...]:
        told = []
        for index, name in enumerate(channels.columns):
            share = profile.shares.get(name)
            if share is None or not share.n:
                continue
            now, before, design = share.yes / share.n, float(detector.variation.share[index]), float(detector.column_design[index])
            one = self._calibrating(share, ENOUGH, subject=name)
            said = f"{now:.1%} of the {_asked(name)}, {before:.1%} is normal; design effect {design:.3g}"
            rows = int(detector.variation.rows[index] / design)
            told.append(replace(one, statistic=design, effect=max(0.0, now - before), e_value=reached[name], n_reference=rows, detail=said))
        return _as_one(told, profile)

    def _calibrating(self, share: ShareCount, windows: int, *, subject: str = WRONG) -> Evidence:
        said = f"calibrating: {windows} labelled windows say what is normal, {ENOUGH} are needed"
        return Evidence(kind="performance", subject=subject, detector=self.detector, statistic=None, effect=None, n=share.n, n_reference=0, detail=said)


def _of_all(profile: Profile) -> dict[str, ShareCount]:
    """The questions about all labelled rows: one of a classifier, one a size of a regressor."""
    return {name: share for name, share in profile.shares.items() if share.group == "performance"}


def _asked(name: str) -> str:
    """What is counted, in words."""
    if name.startswith(f"{WRONG} of {CLASS}="):
        return f"rows of {name.removeprefix(f'{WRONG} of ')} are answered wrongly"
    return name.replace(WRONG, "errors are", 1) if name.startswith(f"{WRONG} above ") else "labels are wrong"


def _as_one(told: Sequence[Evidence], profile: Profile) -> tuple[Evidence, ...]:
    """What is told, with a regressor's sizes as one subject: the size with the most evidence speaks for all."""
    sizes = [one for one in told if one.subject in _of_all(profile)]
    loudest = max(sizes, key=lambda one: one.e_value or 0.0, default=None)
    return tuple(replace(one, subject=WRONG) if one is loudest else one for one in told if one is loudest or one not in sizes)


def _errors(profile: Profile) -> Profile:
    return replace(profile, columns={}, shares={name: share for name, share in profile.shares.items() if share.group != "pairs"})


def _layout(windows: Sequence[Profile]) -> dict[str, ShareCount]:
    """Every question that is watched and was asked in the windows that say what is normal, errors first."""
    return {name: share for window in windows for name, share in window.shares.items() if share.group != "confusions"}
