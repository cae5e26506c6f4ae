"""`gate.yaml` in words: what a pattern protects, whom it trusts, each rule as a sentence, and what stays free."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from keepfit.gate.names import either
from keepfit.gate.rules import ModelRules, RowRule
from keepfit.rule_kinds.known import kind_of
from keepfit.rule_kinds.sound_rules import undecided_of
from keepfit.slices.name import OVERALL

WORDED = (
    *("aliases", "stages", "trust", "block_severities", "max_data_age_days", "require_merged"),
    *("movers", "approvals", "approvers", "rollback", "preset", "style", "thresholds", "rules"),
)
UNDECIDED = {"block": "refuses", "approve": "passes by the approval of a person", None: "is shown and passes"}
FREE = "every other model is unprotected: its aliases and stages move as in MLflow without a gate"
ATTEMPTS = (
    "the k-th model that the same rows judge is judged as such: what must be shown at an error of 1/k² of the first one's, so that all attempts "
    "together err at most 1.645 times as often as one; the journal counts them"
)
NOTHING_FREE = "no model is left unprotected"


@dataclass(frozen=True, kw_only=True)
class Sentence:
    """One sentence `about` a part of a pattern's rules, and the path of the key below the pattern that says it."""

    about: str
    text: str
    keys: tuple[str, ...]


def sentences(held: ModelRules) -> tuple[Sentence, ...]:
    """Return what holds for a pattern's models, in the order in which a reader asks; where nothing is protected nothing else matters."""
    if not held.aliases and not held.stages:
        return (Sentence(about="protects", text="nothing: all its aliases and stages move freely", keys=("aliases",)),)
    age = "may be of any age" if held.max_data_age_days is None else f"may have ended at most {held.max_data_age_days:g} days before the click"
    merged = "must be merged into the protected branch" if held.require_merged else "need not be merged"
    return (
        _protected(held),
        Sentence(about="trusts", text=_trusted(held), keys=("trust",)),
        *_preset(held),
        *_style(held),
        *(Sentence(about="demands", text=f"{name}: {_demand(rule)}", keys=held.keys_of(name)) for name, rule in held.demanded.items()),
        Sentence(about="demands", text=_others(held), keys=("rules",)),
        Sentence(about="demands", text=ATTEMPTS, keys=("rules",)),
        Sentence(about="demands", text=_severities(held), keys=("block_severities",)),
        Sentence(about="demands", text=f"the certified commit {merged}", keys=("require_merged",)),
        Sentence(about="demands", text=f"who may ask for a move: {_people(held.movers)}", keys=("movers",)),
        Sentence(about="demands", text=_approved(held), keys=("approvals",)),
        Sentence(about="demands", text=f"who may approve: {_people(held.approvers)}", keys=("approvers",)),
        Sentence(about="demands", text=_back(held), keys=("rollback",)),
        Sentence(about="ages", text=f"the evaluation's data {age}; a certificate that expired refuses", keys=("max_data_age_days",)),
        *(Sentence(about="also", text=f"{key}: {_plain(getattr(held, key))}", keys=(key,)) for key in ModelRules.model_fields if key not in WORDED),
    )


def unprotected(patterns: Sequence[str]) -> str:
    """Return what no pattern protects."""
    return NOTHING_FREE if "*" in patterns else FREE if patterns else "nothing is protected: every model moves as in MLflow without a gate"


def _protected(held: ModelRules) -> Sentence:
    names = [f"the alias {alias}" for alias in held.aliases] + [f"the stage {stage}" for stage in held.stages]
    return Sentence(about="protects", text=f"{_listed(names)}; its other aliases and stages move freely", keys=("aliases",))


def _trusted(held: ModelRules) -> str:
    if held.self_attested:
        return "anybody: certificates may be unsigned, and are called self-attested"
    if not held.keys:
        return "nobody: no version can pass"
    return f"certificates that are signed with the key {_listed(sorted(held.keys), word='or')}"


PRESETS = {
    "prove": "a candidate must be shown not worse than the champion, within the bound; where that cannot be told the champion stays",
    "renew": "a candidate passes unless it is shown worse, on windows that would have found the largest loss allowed; equal ones pass, as the data is fresher",
}
"""What each preset is for; the rules that it stands for are written out below it."""


STYLE = "the style tfx: thresholds are held against point values, without intervals, as TFX's Evaluator does before it blesses; they stand for"


def _preset(held: ModelRules) -> tuple[Sentence, ...]:
    name = held.preset.name if held.preset else None
    return () if name is None else (Sentence(about="demands", text=f"the preset {name}: {PRESETS[name]}; it stands for", keys=("preset",)),)


def _style(held: ModelRules) -> tuple[Sentence, ...]:
    return (Sentence(about="demands", text=STYLE, keys=("style",)),) if held.style == "tfx" else ()


def _demand(rule: RowRule) -> str:
    metric = "every metric" if rule.metric == "*" else f"the metric {rule.metric}"
    where = "all rows together" if rule.slice == OVERALL else "every slice" if rule.slice == "*" else f"the slices {rule.slice}"
    kind = kind_of(rule.kind)
    basis = "" if rule.basis is None else f" (rows of basis {rule.basis})"
    return f"on {where}{basis}, {metric} {kind.demand(rule.bound)}; undecided {UNDECIDED[undecided_of(kind, rule.undecided)]}"


def _others(held: ModelRules) -> str:
    rest = "rows of other rules" if held.demanded else "no rule of its own: rows"
    return f"{rest} in params.yaml must meet those, undecided ones too; a first model is judged by absolute bounds, at least one"


def _approved(held: ModelRules) -> str:
    if not held.approvals:
        undecided = any(rule.undecided == "approve" for rule in held.demanded.values())
        return "approval is asked for only where a rule lets what is undecided pass by it" if undecided else "nobody's approval is asked for"
    count = "one person approves" if held.approvals == 1 else f"{held.approvals} people approve"
    return f"{count} this very certificate, others than the one who asks; a server without users cannot tell them apart"


def _people(names: Sequence[str]) -> str:
    return "anybody whom MLflow lets edit the model" if "*" in names else f"{either(names)}, on a server with users" if names else "nobody"


def _back(held: ModelRules) -> str:
    if not held.rollback.allowed:
        return "a former champion comes back only if it meets all of this anew"
    reason = "with a reason" if held.rollback.reason_required else "with or without a reason"
    return f"a former champion comes back by its files and signature alone, {reason}; who may ask for that: {_people(held.rollback.movers)}"


def _severities(held: ModelRules) -> str:
    if not held.block_severities:
        return "a failed expectation never refuses, whatever its severity"
    return f"expectations of severity {_listed(held.block_severities, word='or')} must hold and be measured; others are shown"


def _plain(value: object) -> str:
    return "none" if value is None else str(value)


def _listed(names: Sequence[str], *, word: str = "and") -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} {word} {names[-1]}"
