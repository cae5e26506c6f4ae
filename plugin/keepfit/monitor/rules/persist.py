"""The rule `persist`: what one window's p-values call drift, again and again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import ClassVar

from keepfit.monitor.detectors.detector import Effect
from keepfit.monitor.rules.rule import RuleWords, Watch, Weighed
from keepfit.records import Evidence, EvidenceMemory, Profile

OF_WINDOWS, NEEDED = 3, 2


@dataclass(frozen=True)
class Persist:
    """What `fixed` calls drift in 2 of the last 3 windows, this one among them.

    Blind to what lasts one window; a small reference that is off makes it alert for ever.
    """

    watch: Watch
    name: ClassVar[str] = "persist"
    promises: ClassVar[bool] = False
    remembers: ClassVar[bool] = True
    learns: ClassVar[int] = 0
    effect: ClassVar[Effect | None] = None
    words: ClassVar[RuleWords | None] = None

    def step(self, memory: EvidenceMemory, profile: Profile, evidence: Sequence[Evidence], *, steps: Sequence[Profile] = ()) -> Weighed:  # noqa: ARG002  the protocol's
        """Remember who spoke, and call drift who spoke before."""
        known = self.watch.fresh(memory, self.name)
        now = known.windows + 1
        spoke = self.watch.significant(evidence, min_effect=self.watch.min_effect)
        recent = {name: tuple(when for when in times if when > now - OF_WINDOWS) for name, times in known.recent.items()}
        recent |= {name: (*recent.get(name, ()), now) for name in dict.fromkeys(one.subject for one in spoke)}
        loud = tuple(one for one in spoke if len(recent[one.subject]) >= NEEDED)
        return Weighed(memory=replace(known, windows=now, recent={name: times for name, times in recent.items() if times}), loud=loud)
