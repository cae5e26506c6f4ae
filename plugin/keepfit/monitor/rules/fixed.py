"""The rule `fixed`: what one window's p-values call drift, joined with a minimum effect."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import ClassVar

from keepfit.monitor.detectors.detector import Effect
from keepfit.monitor.rules.rule import RuleWords, Watch, Weighed
from keepfit.records import Evidence, EvidenceMemory, Profile


@dataclass(frozen=True)
class Fixed:
    """Holm over all comparisons of a window joined with a minimum effect; remembers nothing.

    Blind to small changes that last; loud on streams whose natural variation is larger than sampling noise.
    """

    watch: Watch
    name: ClassVar[str] = "fixed"
    promises: ClassVar[bool] = False
    remembers: ClassVar[bool] = False
    learns: ClassVar[int] = 0
    effect: ClassVar[Effect | None] = None
    words: ClassVar[RuleWords | None] = RuleWords(changed="significantly changed {by}", judged="is significant", held="with p below {alpha:g} after Holm")

    def step(self, memory: EvidenceMemory, profile: Profile, evidence: Sequence[Evidence], *, steps: Sequence[Profile] = ()) -> Weighed:  # noqa: ARG002  the protocol's
        """Call drift what speaks in this window."""
        known = self.watch.fresh(memory, self.name)
        return Weighed(memory=replace(known, windows=known.windows + 1), loud=self.watch.significant(evidence, min_effect=self.watch.min_effect))
