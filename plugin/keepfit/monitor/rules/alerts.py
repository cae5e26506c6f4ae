"""Rules over evidence: what calls a column's change drift, by name (`monitor.evidence`), and what they share.

A rule is made for one reference and stepped once a window, in time order: `step(memory, profile, evidence, steps=()) -> Weighed`. The memory is
a record, so a stream is resumed where it stopped, and live monitoring is the last step of the fold that a backtest runs over history.

| name | a column drifts when | loud on |
|---|---|---|
| `e-detector` | its evidence has reached the promise, and the effect is large enough; until it has gone back | nothing promised |
| `fixed` | p after Holm is below alpha in this window, and the effect is large enough | streams that vary more than chance |
| `pvalue+holm` | p after Holm is below alpha in this window | those, and harmless changes of large windows |
| `persist` | `fixed` speaks in 2 of the last 3 windows | streams that vary slowly; deaf to what lasts one window |
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import ClassVar, Protocol

from keepfit.monitor.evidence import drifting
from keepfit.profiles.identity import identity_of
from keepfit.records import Evidence, EvidenceKind, EvidenceMemory, Profile, Reference

OF_WINDOWS, NEEDED = 3, 2


@dataclass(frozen=True, kw_only=True)
class Watch:
    """What a rule is made for: the reference, its watched `columns` (empty: all) with their kinds, the promise and the thresholds.

    `labels`: whether errors will be counted, in all and by slice, which takes their part of the promise. `stream` names what a memory belongs to
    where the reference changes from window to window, or was read from a file; empty: the reference by its fields.
    """

    reference: Reference
    columns: Sequence[str] = ()
    kinds: Mapping[str, EvidenceKind] = field(default_factory=dict)
    false_alerts_per_1000_windows: float = 1.0
    min_effect: float = 0.01
    alpha: float = 0.001
    min_rows: int = 100
    labels: bool = False
    stream: str = ""

    @property
    def threshold(self) -> float:
        """The A of the promise: one false alert in so many windows."""
        return 1000 / self.false_alerts_per_1000_windows

    @cached_property
    def digest(self) -> str:
        """What names the reference in a memory."""
        return self.stream or identity_of(self.reference)

    def fresh(self, memory: EvidenceMemory, rule: str) -> EvidenceMemory:
        """Return the memory if it is this rule's on this reference, else an empty one of theirs."""
        if (memory.rule, memory.reference) == (rule, self.digest):
            return memory
        fresh = EvidenceMemory(rule=rule, reference=self.digest)
        return replace(memory, reference=self.digest) if (memory.rule, memory.reference) == (rule, identity_of(self.reference)) else fresh


@dataclass(frozen=True, kw_only=True)
class Weighed:
    """What a rule made of a window: its memory, its own evidence (shown beside the detectors'), and the drift it calls, largest first.

    A rule that knows incidents says in `Evidence.since` which window opened the one that stands: drift of an earlier one is no alert again.
    """

    memory: EvidenceMemory
    evidence: tuple[Evidence, ...] = ()
    loud: tuple[Evidence, ...] = ()


class EvidenceRule(Protocol):
    """Says which columns drift; made as `Rule(watch)`."""

    @property
    def name(self) -> str:
        """What it is called by in params.yaml."""

    def step(self, memory: EvidenceMemory, profile: Profile, evidence: Sequence[Evidence], *, steps: Sequence[Profile] = ()) -> Weighed:
        """Fold one window in: its profile and what the detectors said of it; another rule's memory starts anew.

        `steps` are the base windows that the profile is the sum of, as long as the reference's, in time order; empty: the window is one itself.
        """


@dataclass(frozen=True)
class Fixed:
    """Holm over all comparisons of a window joined with a minimum effect; remembers nothing.

    Blind to small changes that last; loud on streams whose natural variation is larger than sampling noise.
    """

    watch: Watch
    name: ClassVar[str] = "fixed"

    def step(self, memory: EvidenceMemory, profile: Profile, evidence: Sequence[Evidence], *, steps: Sequence[Profile] = ()) -> Weighed:  # noqa: ARG002  the protocol's
        """Call drift what speaks in this window."""
        known = self.watch.fresh(memory, self.name)
        return Weighed(memory=replace(known, windows=known.windows + 1), loud=_speaking(self.watch, evidence, self.watch.min_effect))


@dataclass(frozen=True)
class PValueHolm:
    """Holm over all comparisons of a window (Holm 1979), however small the effect; remembers nothing.

    Loud on large windows: at n = 20,000 a shift of .03 standard deviations is "significant".
    """

    watch: Watch
    name: ClassVar[str] = "pvalue+holm"

    def step(self, memory: EvidenceMemory, profile: Profile, evidence: Sequence[Evidence], *, steps: Sequence[Profile] = ()) -> Weighed:  # noqa: ARG002  the protocol's
        """Call drift what is more than chance in this window."""
        known = self.watch.fresh(memory, self.name)
        return Weighed(memory=replace(known, windows=known.windows + 1), loud=_speaking(self.watch, evidence, 0.0))


@dataclass(frozen=True)
class Persist:
    """What `fixed` calls drift in 2 of the last 3 windows, this one among them.

    Blind to what lasts one window; a small reference that is off makes it alert for ever.
    """

    watch: Watch
    name: ClassVar[str] = "persist"

    def step(self, memory: EvidenceMemory, profile: Profile, evidence: Sequence[Evidence], *, steps: Sequence[Profile] = ()) -> Weighed:  # noqa: ARG002  the protocol's
        """Remember who spoke, and call drift who spoke before."""
        known = self.watch.fresh(memory, self.name)
        now = known.windows + 1
        spoke = _speaking(self.watch, evidence, self.watch.min_effect)
        recent = {name: tuple(when for when in times if when > now - OF_WINDOWS) for name, times in known.recent.items()}
        recent |= {name: (*recent.get(name, ()), now) for name in dict.fromkeys(one.subject for one in spoke)}
        loud = tuple(one for one in spoke if len(recent[one.subject]) >= NEEDED)
        return Weighed(memory=replace(known, windows=now, recent={name: times for name, times in recent.items() if times}), loud=loud)


def _speaking(watch: Watch, evidence: Sequence[Evidence], min_effect: float) -> tuple[Evidence, ...]:
    return drifting(evidence, alpha=watch.alpha, min_effect=min_effect, min_rows=watch.min_rows)
