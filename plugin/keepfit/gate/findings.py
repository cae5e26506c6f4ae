"""What is odd about rules that fit their model: patterns in each other's way, demands nothing can meet, names nobody can set.

The file alone is looked at. A finding is a warning: what it names may be meant.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Literal

from keepfit.errors import did_you_mean
from keepfit.gate.names import canonical
from keepfit.gate.overlap import is_literal, name_of
from keepfit.gate.rules import GateRules, ModelRules, RowRule
from keepfit.rule_kinds.beside_metrics import OF_BASIS, basis_of
from keepfit.rule_kinds.known import kind_of
from keepfit.slices.name import OVERALL

Range = tuple[float, float]


@dataclass(frozen=True, kw_only=True)
class Finding:
    """What is odd, what to do, and the path of the key that it is about."""

    text: str
    fix: str
    keys: tuple[str, ...]


def findings(rules: GateRules, *, metrics: Mapping[str, Range]) -> tuple[Finding, ...]:
    """Return the findings, the patterns' first; `metrics` maps a known metric to the lowest and highest value it can have."""
    found = [*_patterns(tuple(rules.models))]
    for pattern, held in rules.models.items():
        found += _names(pattern, held)
        found += _movers(pattern, held)
        found += _approvers(pattern, held)
        for name, rule in held.demanded.items():
            found += _rule(keys_of(pattern, held, name), name, rule, metrics)
        found += _contradictions(pattern, held)
        found += _point_values(pattern, held)
    return tuple(found)


# -- patterns -----------------------------------------------------------------------------------------------------------


def _patterns(patterns: Sequence[str]) -> Iterator[Finding]:
    for first, second in combinations(patterns, 2):
        winner, loser = _ranked(first, second)
        both = name_of([canonical(winner), canonical(loser)])
        if both is not None:
            yield from _shared(winner, loser, both, why="stands first" if len(winner) == len(loser) else "is longer")


def _ranked(first: str, second: str) -> tuple[str, str]:
    """Which of two patterns holds where both match (`GateRules.of`): the name itself, else the longer one, else the first."""
    firsts, seconds = ((is_literal(canonical(one)), len(one)) for one in (first, second))
    return (first, second) if firsts >= seconds else (second, first)


def _shared(winner: str, loser: str, both: str, *, why: str) -> Iterator[Finding]:
    wins, loses = canonical(winner), canonical(loser)
    if name_of([loses], but_not=[wins]) is None:
        text = f"the pattern {loser!r} never holds: {winner!r} matches every name that it matches, and {why}"
        yield Finding(text=text, fix=f"remove {loser!r}, or make it longer than {winner!r}", keys=("models", loser))
    elif name_of([wins], but_not=[loses]) is not None:  # else the winner is a part of the loser: that is how patterns are meant
        text = f"the patterns {winner!r} and {loser!r} both match names such as {both!r}: there {winner!r} holds, which {why}"
        yield Finding(text=text, fix=f"name {both!r} in a pattern of its own, or tell the two apart", keys=("models", loser))


# -- what is protected, whom is trusted ---------------------------------------------------------------------------------


def _names(pattern: str, held: ModelRules) -> Iterator[Finding]:
    here = ("models", pattern)
    if not held.aliases and not held.stages:
        yield Finding(text=f"{pattern!r} protects no alias and no stage: its models move freely", fix="aliases: [champion]", keys=here)
    elif not held.self_attested and not held.keys:
        text = f"{pattern!r} trusts nobody: no version can pass"
        yield Finding(text=text, fix="trust: {NAME: KEY} with a key of keepfit keys new, or trust: self", keys=(*here, "trust"))


def _approvers(pattern: str, held: ModelRules) -> Iterator[Finding]:
    """Approvers whom nobody asks, or who are too few."""
    here, everybody = ("models", pattern, "approvers"), "*" in held.approvers
    asks = [name for name, rule in held.demanded.items() if rule.undecided == "approve"]
    if asks and not held.approvers:
        text = f"{pattern!r} lets what the rule {asks[0]!r} leaves undecided pass by approval, but names no approvers: nobody can let it pass"
        yield Finding(text=text, fix="approvers: [NAME]", keys=here)
    elif not held.approvals and not everybody and not asks:
        text = f"{pattern!r} names approvers, but asks for no approval: they are never asked"
        yield Finding(text=text, fix="approvals: 1", keys=here)
    if held.approvals and not everybody and all(map(is_literal, held.approvers)):
        people = {canonical(who) for who in held.approvers}
        if len(people) < held.approvals:
            text = f"{pattern!r} asks for {held.approvals} approvals, but names {len(people)} who may approve: no version can pass"
            yield Finding(text=text, fix=f"name {held.approvals} at least, or lower approvals", keys=here)


def _movers(pattern: str, held: ModelRules) -> Iterator[Finding]:
    """Movers who are nobody, or whom nobody is left to approve for: who asks does not approve."""
    here = ("models", pattern, "movers")
    if not held.movers:
        yield Finding(text=f"{pattern!r} names nobody who may ask for a move: no version can pass", fix="movers: [NAME]", keys=here)
    if not held.rollback.movers and held.rollback.allowed:
        text = f"{pattern!r} names nobody who may let a former champion come back: nobody can when all is red"
        yield Finding(text=text, fix="rollback: {movers: ['*']}, or rollback: {allowed: false}", keys=("models", pattern, "rollback"))
    if held.movers and held.approvals and all(map(is_literal, (*held.movers, *held.approvers))):
        movers, people = ({canonical(who) for who in names} for names in (held.movers, held.approvers))
        left = max(len(people - {who}) for who in movers)
        if left < held.approvals <= len(people):
            text = f"{pattern!r} asks for {held.approvals} approvals by others than the one who asks, of whom its movers leave {left}: no version can pass"
            yield Finding(text=text, fix="name another mover, or another approver", keys=here)


# -- one rule -----------------------------------------------------------------------------------------------------------


def keys_of(pattern: str, held: ModelRules, rule: str) -> tuple[str, ...]:
    """Return the path of the key that makes a rule: its own, or that of the preset or threshold which stands for it."""
    return ("models", pattern, *held.keys_of(rule))


def _rule(keys: tuple[str, ...], name: str, rule: RowRule, metrics: Mapping[str, Range]) -> Iterator[Finding]:
    if rule.slice != OVERALL and "=" not in rule.slice and is_literal(rule.slice):
        text = f"the rule {name!r} can never be met: no slice is called {rule.slice!r}"
        yield Finding(text=text, fix="overall, column=value, or a pattern such as carrier=*", keys=keys)
    basis = rule.basis or kind_of(rule.kind).basis
    beside = basis_of(rule.metric)
    if beside is not None and basis != beside:
        text = f"the rule {name!r} can never be met: {rule.metric} is measured on rows of basis {beside}, which a rule reads where it names them"
        yield Finding(text=text, fix=f"basis: {beside}", keys=keys)
    metrics = metrics if basis is None else OF_BASIS.get(basis, metrics)
    if is_literal(rule.metric) and rule.metric not in metrics and beside is None:
        yield Finding(text=f"the rule {name!r} is about a metric that is not known here: {rule.metric!r}", fix=did_you_mean(rule.metric, metrics), keys=keys)
    lowest, highest = metrics.get(rule.metric, (-math.inf, math.inf))
    problem = kind_of(rule.kind).problem(rule.bound, metric=rule.metric, lowest=lowest, highest=highest)
    if problem:
        yield Finding(text=f"the rule {name!r} {problem}", fix="set a bound that a candidate can be on either side of", keys=keys)


def _point_values(pattern: str, held: ModelRules) -> Iterator[Finding]:
    """Rules that compare point values, as TFX does: chance alone decides many of them."""
    names = [name for name, rule in held.demanded.items() if kind_of(rule.kind).point]
    if names:
        more = f" and {len(names) - 1} more" if len(names) > 1 else ""
        what = f"the rule {names[0]!r}{more} of {pattern!r} compares point values, without intervals"
        fix = "preset: {name: renew, max_loss: …} or {name: prove, bound: …} decides by intervals"
        yield Finding(text=f"{what}: chance alone passes a worse candidate, or refuses an equal one", fix=fix, keys=keys_of(pattern, held, names[0]))


def wrong_directions(rules: GateRules, *, higher: Mapping[str, bool]) -> Iterator[Finding]:
    """Yield the change thresholds whose direction is not the metric's own; `higher` says of a known metric whether more of it is better.

    Rows are signed by the metric, so such a bound would be held against the gain with the wrong sign.
    """
    for pattern, held in rules.models.items():
        for metric, its in held.thresholds.items():
            right = "HIGHER_IS_BETTER" if higher.get(metric) else "LOWER_IS_BETTER"
            said = {each.change_threshold.direction for each in (its, *its.per_slice_thresholds.values()) if each.change_threshold is not None}
            if metric in higher and said - {right}:
                text = f"{metric} of {pattern!r} is better when it is {right.partition('_')[0].lower()}: its change_threshold has the wrong sign"
                yield Finding(text=text, fix=f"direction: {right}", keys=("models", pattern, "thresholds", metric))


# -- two rules ----------------------------------------------------------------------------------------------------------


def _contradictions(pattern: str, held: ModelRules) -> Iterator[Finding]:
    """A floor above a ceiling for the same metric; only for metrics that are named, as a pattern may mean different ones."""
    named = [(name, rule) for name, rule in held.demanded.items() if is_literal(rule.metric)]
    for floor, low in (one for one in named if _limits(one[1], loosened_by="smaller")):
        for ceiling, high in (one for one in named if _limits(one[1], loosened_by="larger")):
            if low.metric == high.metric and _same_slice(low.slice, high.slice) and low.bound > high.bound:
                text = (
                    f"the rules {floor!r} and {ceiling!r} contradict each other: {low.metric} of {low.slice} at least {low.bound:g} and at most {high.bound:g}"
                )
                yield Finding(text=text, fix="lower the floor, or raise the ceiling", keys=keys_of(pattern, held, floor))


def _limits(rule: RowRule, *, loosened_by: Literal["larger", "smaller"]) -> bool:
    """Whether a rule limits the metric's own value, from below (a smaller bound is looser) or from above."""
    kind = kind_of(rule.kind)
    return not kind.relative and kind.unit == "metric" and kind.looser == loosened_by


def _same_slice(one: str, other: str) -> bool:
    """Whether two slice patterns can cover the same slice; `*` does not cover `overall`."""
    if OVERALL in (one, other):
        return one == other
    return name_of([one, other]) is not None
