"""The rule `e-detector`: evidence over time on profiles, with what it has learned, remembers and shows.

A column that alerts stays called drift until it has gone back; it is one incident (`monitor/rules/incidents.py`).

A reference of fewer than 8 windows cannot say how much windows differ: the first 8 windows of the stream teach that, silently (the
reference alone still says what is normal). At windows 8, 16, 32 and 64 successive windows are compared: if they wobble more
than the reference allows, all design effects are raised and the status is *suspicious reference*.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, reduce
from operator import add
from typing import ClassVar, Literal

import numpy as np
import numpy.typing as npt

from keepfit.errors import DataError
from keepfit.monitor.detectors.detector import OF_ROWS, Effect
from keepfit.monitor.rules import incidents
from keepfit.monitor.rules.budget import Group, weights_of
from keepfit.monitor.rules.channels import Channels, channels_of
from keepfit.monitor.rules.labelled import LabelledEvidence
from keepfit.monitor.rules.rule import RuleWords, Watch, Weighed
from keepfit.monitor.rules.shiryaev_roberts import TOLERATED, ShiryaevRoberts
from keepfit.profiles.variation import learn_variation, side_by_side
from keepfit.records import Evidence, EvidenceMemory, Profile, ShareCount

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Status = Literal["calibrating", "calibrated", "suspicious reference"]

ENOUGH, TOLD = 8, 10
CHECKS = (8, 16, 32, 64)
DELTA, Z = 0.01, 3.0


@dataclass(frozen=True)
class EvidenceOverTime:
    """The e-detector of `monitor/rules/shiryaev_roberts.py` on a reference's profiles; its guarantee and what it is blind to are said there.

    Its evidence has the column's evidence as `e_value` (at least 1000 / promise alerts), the design effect as `statistic`, the largest
    change of a share as `effect` and the independent rows that the reference is worth as `n_reference`. Raises `DataError` for an
    empty reference and for windows counted on another layout.
    """

    watch: Watch
    name: ClassVar[str] = "e-detector"
    promises: ClassVar[bool] = True
    remembers: ClassVar[bool] = True
    learns: ClassVar[int] = ENOUGH
    effect: ClassVar[Effect | None] = OF_ROWS
    words: ClassVar[RuleWords | None] = None

    def step(self, memory: EvidenceMemory, profile: Profile, evidence: Sequence[Evidence] = (), *, steps: Sequence[Profile] = ()) -> Weighed:  # noqa: ARG002  the protocol's
        """Fold one window in, base window after base window; while calibrating there is no e-value and nobody alerts.

        The evidence shown is the most that a column reached within the window, its effect that of the whole window.
        """
        before = self.watch.fresh(memory, self.name)
        known, reached = before, []
        for base in steps or (profile,):
            known, found = self._folded(known, self._watched(base))
            reached += [] if found is None else [found]
        if steps:  # pairs are counted around each base window's medians
            profile = replace(profile, shares=reduce(add, (replace(base, columns={}) for base in steps)).shares)
        seen = self._watched(profile)
        known, labelled = self._errors.step(known, profile, steps or (profile,))
        if not reached:
            return Weighed(memory=known, evidence=(*(self._silent(name, seen, len(known.calibrating)) for name in seen.columns), *labelled))
        told = self._told(self._detector(known), known, seen, found=np.max(reached, axis=0), effects=self._effects(*self.channels.counts(seen)))
        known, said = incidents.tell(before, known, (*told, *labelled), window=profile.window, threshold=self.threshold, min_effect=self.watch.min_effect)
        loud = sorted((one for one in said if one.since), key=lambda one: (-(one.effect or 0.0), one.subject))
        return Weighed(memory=known, evidence=self._worth_telling(said, profile), loud=tuple(loud))

    def _watched(self, profile: Profile) -> Profile:
        columns = {name: one for name, one in profile.columns.items() if name in self.channels.layout}
        shares = {name: one for name, one in profile.shares.items() if name in self.channels.layout}
        return replace(profile, columns=columns, shares=shares)

    def _folded(self, known: EvidenceMemory, seen: Profile) -> tuple[EvidenceMemory, Floats | None]:
        """Fold one base window in; return the memory and each column's evidence, None while calibrating."""
        known, calibrates = replace(known, windows=known.windows + 1), self._calibrates(known)
        if calibrates:
            return replace(known, calibrating=(*known.calibrating, seen)), None
        known = self._compared(known, seen)
        return incidents.fold(self._detector(known), self.channels, known, self.channels.counts(seen))

    @property
    def threshold(self) -> float:
        """The A of the promise: one false alert in so many windows."""
        return self.watch.threshold

    def status(self, memory: EvidenceMemory) -> Status:
        """Return how the promise stands after the windows in the memory."""
        if self._calibrates(self.watch.fresh(memory, self.name)):
            return "calibrating"
        return "suspicious reference" if memory.raised > 1 else "calibrated"

    # -- what was learned -----------------------------------------------------------------------------------------------

    @cached_property
    def channels(self) -> Channels:
        """The channels of the watched columns of the reference, and of its pairs."""
        if not self.watch.reference.profiles:
            raise DataError("the reference holds no profile", fix="train again: models/candidate/profile.json is empty")
        profiles = self.watch.reference.profiles
        columns = {name: column for name, column in profiles[0].columns.items() if not self.watch.columns or name in self.watch.columns}
        pairs = {name: share for profile in profiles for name, share in profile.shares.items() if name not in profiles[0].columns}
        return channels_of({**columns, **pairs})

    @property
    def _errors(self) -> LabelledEvidence:
        return LabelledEvidence(self.watch, beside=(*dict.fromkeys(self._groups), *self._beside), detector=self.name)

    def _calibrates(self, memory: EvidenceMemory) -> bool:
        return len(self.watch.reference.profiles) < ENOUGH and len(memory.calibrating) < ENOUGH

    @cached_property
    def _counts(self) -> tuple[Ints, Ints]:
        return self.channels.windows(self.watch.reference.profiles)

    @cached_property
    def _made(self) -> dict[tuple[float, tuple[str, ...]], ShiryaevRoberts]:
        return {}

    def _detector(self, memory: EvidenceMemory) -> ShiryaevRoberts:
        """The detector under what the memory has learned of the stream; made once."""
        key = memory.raised, tuple(profile.window for profile in memory.calibrating)
        if key not in self._made:
            self._made[key] = self._learn(memory)
        return self._made[key]

    def _learn(self, memory: EvidenceMemory) -> ShiryaevRoberts:
        groups = [self._counts, *([self.channels.windows(memory.calibrating)] if memory.calibrating else [])]
        every = np.ones(len(self.channels.owner))
        return ShiryaevRoberts(
            variation=side_by_side([learn_variation([(k[:, a:b], n[:, a:b]) for k, n in groups], starts=starts) for a, b, starts in self._families()]),
            starts=self.channels.starts,
            weights=weights_of(self._groups, beside=self._beside),
            delta=DELTA * every,
            z=Z * every,
            a=self.threshold,
            raised=memory.raised,
        )

    @cached_property
    def _groups(self) -> list[Group]:
        return [column.group if isinstance(column, ShareCount) else "columns" for column in self.channels.layout.values()]

    @property
    def _beside(self) -> tuple[Group, ...]:
        """The groups that only labels bring."""
        return ("performance", "slices") if self.watch.labels else ()

    def _families(self) -> Iterator[tuple[int, int, Ints]]:
        """Columns and pairs: the channels from where to where, and each member's first; pairs do not say how much columns vary."""
        starts, total = self.channels.starts, len(self.channels.owner)
        columns = self._groups.count("columns")
        first_pair = int(starts[columns]) if columns < len(starts) else total
        yield 0, first_pair, starts[:columns]
        if first_pair < total:
            yield first_pair, total, starts[columns:] - first_pair

    # -- what is remembered ---------------------------------------------------------------------------------------------

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

    def _told(self, detector: ShiryaevRoberts, memory: EvidenceMemory, profile: Profile, *, found: Floats, effects: Floats) -> tuple[Evidence, ...]:
        rows = np.maximum.reduceat(detector.variation.rows, self.channels.starts)
        status, shown = self.status(memory), []
        for index, name in enumerate(self.channels.columns):
            if name not in profile.columns and name not in profile.shares:
                continue
            design, shift = float(detector.column_design[index]), float(detector.smallest_shift[index])
            one = self._silent(name, profile, ENOUGH)
            worth = int(rows[index] / design)
            said = f"{status}; design effect {design:.3g}; the reference is worth {worth:,} independent rows; sees changes of a share from {shift:.3f} on"
            shown.append(replace(one, statistic=design, effect=float(effects[index]), e_value=float(found[index]), n_reference=worth, detail=said))
        return tuple(shown)

    def _worth_telling(self, said: Sequence[Evidence], profile: Profile) -> tuple[Evidence, ...]:
        """All columns and the errors; of pairs and of slices the ten with the most evidence, and all that changed."""
        groups = {name: share.group for name, share in profile.shares.items() if name not in profile.columns}
        strongest = sorted(said, key=lambda one: (-(one.e_value or 0.0), one.subject))
        kept = {one.subject for group in ("pairs", "slices") for one in [one for one in strongest if groups.get(one.subject) == group][:TOLD]}
        quiet = {name for name, group in groups.items() if group != "performance"} - kept
        return tuple(one for one in said if one.subject not in quiet or one.since)

    def _silent(self, name: str, profile: Profile, windows: int) -> Evidence:
        column = profile.columns.get(name)
        rows = profile.shares[name].n if column is None else column.n + column.missing
        return Evidence(
            kind=self.watch.kinds.get(name, "data"),
            subject=name,
            detector=self.name,
            statistic=None,
            effect=None,
            n=rows,
            n_reference=0,
            detail=f"calibrating: {windows} of {ENOUGH} windows",
        )
