"""The gate's answer with every demand: what `keepfit gate explain` asks the server's evidence and `gate check` the files alone."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime

from keepfit.flows.rules.file import RulesFile
from keepfit.gate.approvals import ASKED
from keepfit.gate.decide import decide, demands
from keepfit.gate.reasons import blocking
from keepfit.gate.rules import ModelRules
from keepfit.gate.standing import Standing
from keepfit.gate.version_evidence import VersionEvidence
from keepfit.gate.waivers import waivable
from keepfit.records import Explanation, Reason, Verdict

PASSES, REFUSED, UNDECIDED = 0, 3, 4


@dataclass(frozen=True, kw_only=True)
class Explained:
    """The verdict on `subject`; every demand (met ones too) with the place of its rule; where the rules lie.

    `unchecked` names the demands that could not be judged here: the verdict is silent about them. `waivable` names the rules
    that refuse and may be waived.
    """

    subject: str
    verdict: Verdict
    demands: tuple[tuple[Reason, str | None], ...]
    rules: str
    unchecked: tuple[str, ...] = ()
    waivable: tuple[str, ...] = ()

    @property
    def exit_code(self) -> int:
        """0 it would pass, 3 it would be refused, 4 only undecided rows stand in the way."""
        if self.verdict.promote:
            return PASSES
        refusing = {reason.code for reason in self.verdict.reasons if reason.blocking}
        return UNDECIDED if refusing <= {"KF-G022", ASKED} else REFUSED


def explained(
    evidence: VersionEvidence,
    standing: Standing,
    file: RulesFile,
    *,
    subject: str,
    target: str,
    now: datetime,
    judged: Callable[[Reason], bool] = lambda _: True,
) -> Explained:
    """Judge as the server does; a demand that `judged` sorts out counts neither way and is named as unchecked."""
    every = demands(evidence, standing, rules=file.rules, now=now)
    kept = tuple(demand for demand in every if judged(demand))
    verdict = decide(evidence, standing, rules=file.rules, target=target, now=now)
    if len(kept) < len(every):
        verdict = _without(verdict, kept)
    return Explained(
        subject=subject,
        verdict=verdict,
        demands=tuple((demand, file.stems_from(demand, model=evidence.model)) for demand in kept),
        rules=file.place,
        unchecked=tuple(sorted({demand.rule for demand in every if not judged(demand)})),
        waivable=waivable_here(evidence, standing, file, now=now, kept=kept),
    )


def waivable_here(evidence: VersionEvidence, standing: Standing, file: RulesFile, *, now: datetime, kept: tuple[Reason, ...]) -> tuple[str, ...]:
    """The names of what refuses here and may be waived, of the demands that were judged."""
    held = file.rules.of(evidence.model)
    shown = {demand.rule for demand in kept if demand.blocking}
    return () if held is None else tuple(name for name in waivable(evidence, standing, held, now=now) if name in shown)


def of_server(said: Explanation) -> Explained:
    """What a server said, which judged by rules that do not lie here."""
    verdict = said.verdict
    rules = f"the server's own, {verdict.rules}; asked by {said.asker}"
    demands = tuple((demand, None) for demand in said.demands)
    return Explained(subject=f"{verdict.model} v{verdict.version}", verdict=verdict, demands=demands, rules=rules, waivable=said.waivable)


def _without(verdict: Verdict, kept: tuple[Reason, ...]) -> Verdict:
    """The verdict if only these demands were made."""
    promote = not blocking(kept)
    reasons = tuple(reason for reason in kept if reason.code != "KF-G000")
    return replace(verdict, promote=promote, kind="promoted" if promote else "refused", reasons=reasons)


def protected_alias(held: ModelRules | None, alias: str) -> str:
    """Return the alias that is asked for: the project's, if it is protected, else the first that is."""
    return held.aliases[0] if held is not None and held.aliases and alias not in held.aliases else alias
