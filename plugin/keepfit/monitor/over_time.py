"""The rule `e-detector`: evidence over time on profiles, with what it has learned, remembers and shows.

A reference of fewer than 8 windows cannot say how much windows differ: the first 8 windows of the stream teach that, silently (the
reference alone still says what is normal). At windows 8, 16, 32 and 64 successive windows are compared: if they wobble more
than the reference allows, all design effects are raised and the status is *suspicious reference*.
"""

from __future__ import annotations

import base64
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import ClassVar, Literal

import numpy as np
import numpy.typing as npt

from keepfit.errors import DataError
from keepfit.monitor.alerts import Watch, Weighed
from keepfit.monitor.channels import Channels, channels_of
from keepfit.monitor.edetector import TOLERATED, Detector
from keepfit.monitor.variation import learn_variation
from keepfit.records import Evidence, EvidenceKind, EvidenceMemory, Profile

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Status = Literal["calibrating", "calibrated", "suspicious reference"]
Group = Literal["columns", "performance", "pairs", "slices"]

BUDGET: dict[Group, float] = {"columns": 0.5, "performance": 0.25, "pairs": 0.125, "slices": 0.125}
"""Each group's part of the promise, so that a rich configuration does not make columns deaf; what a group that is not there leaves is shared."""
ENOUGH = 8
CHECKS = (8, 16, 32, 64)
DELTA, Z = 0.01, 3.0
DELTA_PERFORMANCE, Z_PERFORMANCE = 0.0, 2.0


def group_of(kind: EvidenceKind) -> Group:
    """Return which part of the budget a column of this kind belongs to."""
    return "performance" if kind == "performance" else "columns"


def weights_of(groups: Sequence[Group]) -> Floats:
    """Return each column's share of the promise, sum 1: its group's budget, split evenly within the group.

    >>> weights_of(["columns", "columns", "performance"]).round(3).tolist()
    [0.333, 0.333, 0.333]
    >>> weights_of(["columns", "columns", "columns", "performance"]).round(3).tolist()
    [0.222, 0.222, 0.222, 0.333]
    """
    raw = np.array([BUDGET[group] / groups.count(group) for group in groups])
    return np.asarray(raw / raw.sum())


@dataclass(frozen=True)
class EvidenceOverTime:
    """The e-detector of `monitor/edetector.py` on a reference's profiles; its guarantee and what it is blind to are said there.

    Its evidence has the column's evidence as `e_value` (at least 1000 / promise alerts), the design effect as `statistic`, the largest
    change of a share as `effect` and the independent rows that the reference is worth as `n_reference`. Raises `DataError` for an
    empty reference and for windows counted on another layout.
    """

    watch: Watch
    name: ClassVar[str] = "e-detector"

    def step(self, memory: EvidenceMemory, profile: Profile, evidence: Sequence[Evidence] = (), *, steps: Sequence[Profile] = ()) -> Weighed:  # noqa: ARG002  the protocol's
        """Fold one window in, base window after base window; while calibrating there is no e-value and nobody alerts.

        The evidence shown is the most that a column reached within the window, its effect that of the whole window.
        """
        known, reached = self.watch.fresh(memory, self.name), []
        for base in steps or (profile,):
            known, found = self._folded(known, self._watched(base))
            reached += [] if found is None else [found]
        seen = self._watched(profile)
        if not reached:
            return Weighed(memory=known, evidence=tuple(self._silent(name, seen, len(known.calibrating)) for name in seen.columns))
        told = self._told(self._detector(known), known, seen, found=np.max(reached, axis=0), effects=self._effects(*self.channels.counts(seen)))
        loud = [one for one in told if (one.e_value or 0.0) >= self.threshold and (one.effect or 0.0) >= self.watch.min_effect]
        return Weighed(memory=known, evidence=told, loud=tuple(sorted(loud, key=lambda one: (-(one.effect or 0.0), one.subject))))

    def _watched(self, profile: Profile) -> Profile:
        return replace(profile, columns={name: profile.columns[name] for name in self.channels.columns if name in profile.columns})

    def _folded(self, known: EvidenceMemory, seen: Profile) -> tuple[EvidenceMemory, Floats | None]:
        """Fold one base window in; return the memory and each column's evidence, None while calibrating."""
        known, calibrates = replace(known, windows=known.windows + 1), self._calibrates(known)
        if calibrates:
            return replace(known, calibrating=(*known.calibrating, seen)), None
        known = self._compared(known, seen)
        detector = self._detector(known)
        worth, found = detector.step(self._worth(known, detector), *self.channels.counts(seen))
        return replace(known, worth=self._packed(worth)), found

    @property
    def threshold(self) -> float:
        """The A of the promise: one false alert in so many windows."""
        return 1000 / self.watch.false_alerts_per_1000_windows

    def status(self, memory: EvidenceMemory) -> Status:
        """Return how the promise stands after the windows in the memory."""
        if self._calibrates(self.watch.fresh(memory, self.name)):
            return "calibrating"
        return "suspicious reference" if memory.raised > 1 else "calibrated"

    # -- what was learned -----------------------------------------------------------------------------------------------

    @cached_property
    def channels(self) -> Channels:
        """The channels of the watched columns of the reference."""
        if not self.watch.reference.profiles:
            raise DataError("the reference holds no profile", fix="train again: models/candidate/profile.json is empty")
        layout = self.watch.reference.profiles[0].columns
        return channels_of({name: column for name, column in layout.items() if not self.watch.columns or name in self.watch.columns})

    def _calibrates(self, memory: EvidenceMemory) -> bool:
        return len(self.watch.reference.profiles) < ENOUGH and len(memory.calibrating) < ENOUGH

    @cached_property
    def _counts(self) -> tuple[Ints, Ints]:
        return self.channels.windows(self.watch.reference.profiles)

    @cached_property
    def _made(self) -> dict[tuple[float, tuple[str, ...]], Detector]:
        return {}

    def _detector(self, memory: EvidenceMemory) -> Detector:
        """The detector under what the memory has learned of the stream; made once."""
        key = memory.raised, tuple(profile.window for profile in memory.calibrating)
        if key not in self._made:
            self._made[key] = self._learn(memory)
        return self._made[key]

    def _learn(self, memory: EvidenceMemory) -> Detector:
        groups = [self._counts, *([self.channels.windows(memory.calibrating)] if memory.calibrating else [])]
        kinds = [group_of(self.watch.kinds.get(name, "data")) for name in self.channels.columns]
        performs = np.array([group == "performance" for group in kinds])[self.channels.owner]
        return Detector(
            variation=learn_variation(groups, starts=self.channels.starts),
            starts=self.channels.starts,
            weights=weights_of(kinds),
            delta=np.where(performs, DELTA_PERFORMANCE, DELTA),
            z=np.where(performs, Z_PERFORMANCE, Z),
            a=self.threshold,
            raised=memory.raised,
        )

    # -- what is remembered ---------------------------------------------------------------------------------------------

    def _worth(self, memory: EvidenceMemory, detector: Detector) -> Floats:
        """What the bettors were worth; those of a column that was not watched before start at nothing."""
        worth = detector.start
        for name, start, size in zip(self.channels.columns, self.channels.starts, self.channels.sizes, strict=True):
            kept = np.frombuffer(base64.b64decode(memory.worth.get(name, "")), "<f4")
            if kept.size == size * worth[0].size:
                worth[start : start + size] = kept.reshape(size, *worth.shape[1:])
        return worth

    def _packed(self, worth: Floats) -> dict[str, str]:
        parts = zip(self.channels.columns, self.channels.starts, self.channels.sizes, strict=True)
        small = worth.astype("<f4")
        return {name: base64.b64encode(small[start : start + size].tobytes()).decode() for name, start, size in parts}

    def _compared(self, memory: EvidenceMemory, profile: Profile) -> EvidenceMemory:
        """Compare a window with the one before; at the checks raise the design effects if the median column wobbles too much."""
        if memory.windows > CHECKS[-1] + len(memory.calibrating):
            return replace(memory, last=None, wobble={}) if memory.last is not None else memory
        if memory.last is None:
            return replace(memory, last=profile)
        ratios = self._detector(memory).wobble(self.channels.counts(memory.last), self.channels.counts(profile))
        sums = {name: memory.wobble.get(name, 0.0) + float(ratio) for name, ratio in zip(self.channels.columns, ratios, strict=True) if np.isfinite(ratio)}
        memory = replace(memory, last=profile, wobble={**memory.wobble, **sums}, wobbles=memory.wobbles + 1)
        typical = float(np.median(list(memory.wobble.values()) or [0.0])) / memory.wobbles
        if memory.windows - len(memory.calibrating) not in CHECKS or typical <= TOLERATED:
            return memory
        return replace(memory, raised=memory.raised * typical, wobble={}, wobbles=0)

    # -- what is shown --------------------------------------------------------------------------------------------------

    def _effects(self, k: Ints, n: Ints) -> Floats:
        """Each column's largest change of a share (for a number: the Kolmogorov-Smirnov gap at the edges)."""
        yes, of = (each.sum(axis=0) for each in self._counts)
        change = np.where((n > 0) & (of > 0), np.abs(k / np.maximum(n, 1) - yes / np.maximum(of, 1)), 0.0)
        return np.asarray(np.maximum.reduceat(change, self.channels.starts))

    def _told(self, detector: Detector, memory: EvidenceMemory, profile: Profile, *, found: Floats, effects: Floats) -> tuple[Evidence, ...]:
        rows = np.maximum.reduceat(detector.variation.rows, self.channels.starts)
        status, shown = self.status(memory), []
        for index, name in enumerate(self.channels.columns):
            if name not in profile.columns:
                continue
            design, shift = float(detector.column_design[index]), float(detector.smallest_shift[index])
            one = self._silent(name, profile, ENOUGH)
            worth = int(rows[index] / design)
            said = f"{status}; design effect {design:.3g}; the reference is worth {worth:,} independent rows; sees changes of a share from {shift:.3f} on"
            shown.append(replace(one, statistic=design, effect=float(effects[index]), e_value=float(found[index]), n_reference=worth, detail=said))
        return tuple(shown)

    def _silent(self, name: str, profile: Profile, windows: int) -> Evidence:
        column = profile.columns[name]
        return Evidence(
            kind=self.watch.kinds.get(name, "data"),
            subject=name,
            detector=self.name,
            statistic=None,
            effect=None,
            n=column.n + column.missing,
            n_reference=0,
            detail=f"calibrating: {windows} of {ENOUGH} windows",
        )
