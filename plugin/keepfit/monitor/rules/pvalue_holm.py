"""The rule `pvalue+holm`: what one window's p-values call drift, however small the effect."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import ClassVar

from keepfit.monitor.detectors.detector import Effect
from keepfit.monitor.rules.rule import RuleWords, Watch, Weighed
from keepfit.records import Evidence, EvidenceMemory, Profile


@dataclass(frozen=True)
class PValueHolm:
    """Holm over all comparisons of a window (Holm 1979), however small the effect; remembers nothing.

    Loud on large windows: at n = 20,000 a shift of .03 standard deviations is "significant".
    """

    watch: Watch
    name: ClassVar[str] = "pvalue+holm"
    promises: ClassVar[bool] = False
    remembers: ClassVar[bool] = False
    learns: ClassVar[int] = 0
    effect: ClassVar[Effect | None] = None
    words: ClassVar[RuleWords | None] = None

    def step(self, memory: EvidenceMemory, profile: Profile, evidence: Sequence[Evidence], *, steps: Sequence[Profile] = ()) -> Weighed:  # noqa: ARG002  the protocol's
        """Call drift what is more than chance in this window."""
        known = self.watch.fresh(memory, self.name)
        return Weighed(memory=replace(known, windows=known.windows + 1), loud=self.watch.significant(evidence, min_effect=0.0))
