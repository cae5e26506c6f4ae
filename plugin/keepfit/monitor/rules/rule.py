"""What a rule over evidence is: it says which columns drift, window after window (`monitor.evidence` in params.yaml, entry points `keepfit.evidence`).

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

from keepfit import plugins
from keepfit.errors import KeepfitError
from keepfit.monitor.detectors.detector import Effect
from keepfit.monitor.evidence import drifting
from keepfit.profiles.identity import identity_of
from keepfit.records import Evidence, EvidenceKind, EvidenceMemory, Profile, Reference


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

    def significant(self, evidence: Sequence[Evidence], *, min_effect: float) -> tuple[Evidence, ...]:
        """Return what one window's p-values call drift after Holm, the largest effect first."""
        return drifting(evidence, alpha=self.alpha, min_effect=min_effect, min_rows=self.min_rows)


@dataclass(frozen=True, kw_only=True)
class Weighed:
    """What a rule made of a window: its memory, its own evidence (shown beside the detectors'), and the drift it calls, largest first.

    A rule that knows incidents says in `Evidence.since` which window opened the one that stands: drift of an earlier one is no alert again.
    """

    memory: EvidenceMemory
    evidence: tuple[Evidence, ...] = ()
    loud: tuple[Evidence, ...] = ()


@dataclass(frozen=True, kw_only=True)
class RuleWords:
    """How sentences about a rule's drift read: columns that `changed` by `{by}`, that a change `judged` so, and `held` to what (`{alpha}`)."""

    changed: str
    judged: str
    held: str


class EvidenceRule(Protocol):
    """Says which columns drift."""

    @property
    def name(self) -> str:
        """What it is called by in params.yaml."""

    def step(self, memory: EvidenceMemory, profile: Profile, evidence: Sequence[Evidence], *, steps: Sequence[Profile] = ()) -> Weighed:
        """Fold one window in: its profile and what the detectors said of it; another rule's memory starts anew.

        `steps` are the base windows that the profile is the sum of, as long as the reference's, in time order; empty: the window is one itself.
        """


class NamedRule(EvidenceRule, Protocol):
    """A member of the family: made as `Rule(watch)`, with what others need to know of it.

    `promises`: whether it keeps `monitor.false_alerts_per_1000_windows`, over time. `remembers`: whether a window before changes what it says of this
    one. `learns`: how many windows of a stream it needs where the reference is too small to say how much windows differ. `effect`: what the effect of
    its own evidence is, None if it has none. `words`: of its sentences, None for the ones that name it.
    """

    name: ClassVar[str]
    promises: ClassVar[bool]
    remembers: ClassVar[bool]
    learns: ClassVar[int]
    effect: ClassVar[Effect | None]
    words: ClassVar[RuleWords | None]

    def __init__(self, watch: Watch) -> None:
        """Make the rule for a reference."""


def rule_for(name: str, watch: Watch) -> EvidenceRule:
    """Return the rule that params.yaml names, made for a reference; raises `UnknownNameError`."""
    rule: EvidenceRule = plugins.load("evidence", name, where="params.yaml: monitor.evidence")(watch)
    return rule


def words_of(name: str) -> RuleWords:
    """Return how sentences about a rule's drift read, also where it is not installed any more."""
    try:
        own: RuleWords | None = getattr(plugins.load("evidence", name), "words", None)
    except KeepfitError:
        own = None
    rule = f"the rule {name}".replace("{", "{{").replace("}", "}}")
    return own or RuleWords(changed=f"changed {{by}} by {rule}", judged=f"is called drift by {rule}", held=f"that {rule} calls one")
