"""`gate.yaml`: what the server demands before a protected name moves.

Without a readable file the built-in protection holds: the alias `champion` and the stage `Production` of every model are
protected and nothing passes. That nothing is protected must be said: `models: {}`.

>>> served = read_rules("models: {'flights-*': {trust: self}}")
>>> served.of("Flights-late").aliases, served.of("other")
(('champion',), None)
>>> read_rules(None, problem="KEEPFIT_GATE is not set").of("anything").stages
('Production',)
"""

from __future__ import annotations

import base64
import binascii
import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from functools import cached_property, lru_cache
from typing import Annotated, Literal

from pydantic import Field, FiniteFloat, field_validator

from keepfit.errors import KeepfitError, ParamsError
from keepfit.gate.names import canonical
from keepfit.params import PresetParams, load_model
from keepfit.params.section import Section
from keepfit.params.thresholds import Styled
from keepfit.records import RowBasis, Severity, Undecided
from keepfit.rule_kinds.sound_rules import require_sound
from keepfit.rule_kinds.stands_for import stands_for
from keepfit.rule_kinds.written import Written

KEY_BYTES = 32
BUILTIN = "built-in"
ANONYMOUS = "anonymous"


class RowRule(Section):
    """A demand on scorecard rows: those of this kind whose metric and slice match; at least one must be there.

    `bound` is the loosest that a row may have been judged by; which of two is looser is the kind's to say. `undecided` says what an
    undecided row does, None: what its kind says. `basis` names the rows that it reads, None: those that its kind reads,
    or else those on which the scorecard rests.
    """

    kind: str
    metric: str = "*"
    slice: str = "overall"
    bound: FiniteFloat
    undecided: Undecided | None = None
    basis: RowBasis | None = None


class WaiverRules(Section):
    """What a signed, reasoned, expiring waiver may set aside: rules by name or pattern, and for how long at most.

    Never the signature, the digest, or whom the certificate speaks for, whatever is named here.
    """

    rules: tuple[str, ...] = ("*",)
    max_days: Annotated[FiniteFloat, Field(gt=0)] = 30


class RollbackRules(Section):
    """Whether a former champion may come back when all is red, if that must be given a reason first, and who may ask for it.

    `ModelRules.movers` does not bind a rollback: whoever is on call must be able to go back when those whom it names are asleep.
    """

    allowed: bool = True
    reason_required: bool = False
    movers: tuple[Annotated[str, Field(min_length=1)], ...] = ("*",)


class ModelRules(Styled):
    """What is protected of the models that a pattern names, whom to trust, and what must hold.

    The first alias and the first stage are one champion: where both stand they move together.
    """

    aliases: tuple[str, ...] = ("champion",)
    stages: tuple[Literal["Production", "Staging"], ...] = ("Production",)
    trust: Literal["self"] | dict[str, str] = Field(default_factory=dict)
    block_severities: tuple[Severity, ...] = ("critical",)
    max_data_age_days: Annotated[FiniteFloat, Field(gt=0)] | None = None
    require_merged: bool = False
    refit: Literal["allow", "refuse"] = "allow"
    unknown_rows: Literal["allow", "refuse"] = "allow"
    movers: tuple[Annotated[str, Field(min_length=1)], ...] = ("*",)
    approvals: Annotated[int, Field(ge=0)] = 0
    approvers: tuple[Annotated[str, Field(min_length=1)], ...] = ("*",)
    waivers: WaiverRules = WaiverRules()
    rollback: RollbackRules = RollbackRules()
    preset: PresetParams | None = None
    rules: dict[str, RowRule] = Field(default_factory=dict)

    @field_validator("trust")
    @classmethod
    def _public_keys(cls, trust: Literal["self"] | dict[str, str]) -> Literal["self"] | dict[str, str]:
        for name, key in {} if trust == "self" else trust.items():
            if not _is_key(key):
                raise ValueError(f"the key {name!r} is not the base64 of {KEY_BYTES} bytes; keepfit keys new prints one")
        return trust

    @field_validator("aliases")
    @classmethod
    def _spelled_as_the_page_spells_them(cls, aliases: tuple[str, ...]) -> tuple[str, ...]:
        for alias in aliases:
            if alias != canonical(alias) or not alias:
                raise ValueError(f"the alias {alias!r} must be written {canonical(alias)!r}: MLflow's page lower-cases aliases")
        return aliases

    @cached_property
    def demanded(self) -> Mapping[str, RowRule]:
        """Every demand on scorecard rows by name: what the preset and the style stand for, then the own rules."""
        return {**{name: _made(rule) for name, rule in stands_for(self).items()}, **self.rules}

    @cached_property
    def about_any_slice(self) -> frozenset[str]:
        """The preset's and the style's rules about whatever slices there are: met where a project has none, as an own rule is not."""
        return frozenset(name for name, rule in stands_for(self).items() if rule.about_any_slice)

    def keys_of(self, rule: str) -> tuple[str, ...]:
        """Return the path of the key that makes a rule of `demanded`: its own, its metric's of the style, or the preset's."""
        made = None if rule in self.rules else stands_for(self)[rule]
        return ("rules", rule) if made is None else ("thresholds", made.metric) if made.metric else ("preset",)

    @property
    def pointers(self) -> frozenset[str]:
        """Every protected pointer by its name in words."""
        return frozenset({*(f"alias {name}" for name in self.aliases), *(f"stage {name}" for name in self.stages)})

    @property
    def pair(self) -> tuple[str, ...]:
        """The pointers that are one champion: the first alias and the first stage."""
        return (*(f"alias {name}" for name in self.aliases[:1]), *(f"stage {name}" for name in self.stages[:1]))

    def may_approve(self, who: str) -> bool:
        """Whether this account is one of the approvers, spelled as it is; only where all may approve, nobody who is not known."""
        return is_named(who, self.approvers)

    def may_move(self, who: str) -> bool:
        """Whether this account may ask for a protected pointer to move, spelled as it is, by the same rules as for approvers."""
        return is_named(who, self.movers)

    def may_roll_back(self, who: str) -> bool:
        """Whether this account may ask for a former champion to come back."""
        return is_named(who, self.rollback.movers)

    @property
    def self_attested(self) -> bool:
        """Whether unsigned certificates are accepted."""
        return self.trust == "self"

    @property
    def keys(self) -> Mapping[str, str]:
        """The trusted public keys by name; empty with `trust: self`."""
        return {} if self.trust == "self" else self.trust


class GateFile(Section):
    """The whole of `gate.yaml`."""

    schema_: Literal[1] = Field(default=1, alias="schema")
    models: dict[str, ModelRules]


@dataclass(frozen=True, kw_only=True)
class GateRules:
    """The rules a server judges by: a file's, or the built-in protection with the `problem` that made it hold."""

    models: Mapping[str, ModelRules] = field(default_factory=dict)
    digest: str = BUILTIN
    problem: str | None = None

    def of(self, model: str) -> ModelRules | None:
        """Return what holds for a model, None if nothing of it is protected; the longest matching pattern wins."""
        if self.problem is not None:
            return ModelRules()
        name = canonical(model)
        found = [pattern for pattern in self.models if fnmatchcase(name, canonical(pattern))]
        return self.models[max(found, key=lambda pattern: (canonical(pattern) == name, len(pattern)))] if found else None


def read_rules(text: str | None, *, where: str = "gate.yaml", problem: str = "no rules file") -> GateRules:
    """Read the text of a `gate.yaml`; None or a text that is no rules file gives the built-in protection."""
    if text is None:
        return GateRules(problem=problem)
    try:
        return parse_rules(text, where=where)
    except KeepfitError as bad:
        return GateRules(problem=f"the rules cannot be read: {bad.what}" + (f" ({bad.where})" if bad.where else ""))


@lru_cache(maxsize=8)
def parse_rules(text: str, *, where: str = "gate.yaml") -> GateRules:
    """Read the text of a `gate.yaml`; raises `ParamsError` naming the first key that does not fit, or a rule's kind that is not known."""
    file = load_model(GateFile, text, where=where)
    for pattern, held in file.models.items():
        try:
            require_sound(held, held.rules, where=f"{where}: models.{pattern}.rules")
        except KeepfitError as bad:
            raise ParamsError(bad.what, where=bad.where, fix=bad.fix) from bad
    return GateRules(models=file.models, digest="sha256:" + hashlib.sha256(text.encode()).hexdigest())


def is_named(who: str, patterns: Sequence[str]) -> bool:
    """Whether an account is among those that patterns name; one that is not known only where all are.

    >>> is_named("release-7", ["ci-bot", "release-*"]), is_named("CI-bot", ["ci-bot"]), is_named(ANONYMOUS, ["an*"]), is_named(ANONYMOUS, ["*"])
    (True, False, False, True)
    """
    return any(fnmatchcase(who, pattern) for pattern in patterns) and (who != ANONYMOUS or "*" in patterns)


def _made(rule: Written) -> RowRule:
    return RowRule(kind=rule.kind, metric=rule.metric or "*", slice=rule.slice, bound=rule.bound, undecided=rule.undecided)


def _is_key(text: str) -> bool:
    try:
        return len(base64.b64decode(text, validate=True)) == KEY_BYTES
    except (binascii.Error, ValueError):
        return False
