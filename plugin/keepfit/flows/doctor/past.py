"""`keepfit doctor`: what candidates are held to remember: can it be read, does a rule read it, does the evaluation depend on it?"""

from __future__ import annotations

from collections.abc import Iterator

from keepfit.errors import KeepfitError
from keepfit.flows.doctor.curation import lacking
from keepfit.flows.project import Project
from keepfit.flows.rows.past import past_entries
from keepfit.report.doctor import Check
from keepfit.slices.past_entries import FILE, PastEntries

STAGE = "evaluate"


def examine(project: Project | None) -> Iterator[Check]:
    """Yield what is to be said of `expectations/past.yaml` and the rules about it; nothing where there are neither entries nor rules."""
    if project is None:
        return
    try:
        entries = past_entries(project)
    except KeepfitError as bad:
        yield Check(name="past", status="fail", found=f"{bad.what} ({bad.where})", fix=bad.fix or "")
        return
    if rules := _rules(project):
        yield from _with_rules(project, entries, rules)
    elif entries.said:
        found = f"{FILE} says something of {len(entries.said)}, and no rule is about the past: it does nothing"
        yield Check(name="past", status="warn", found=found, fix="name a rule about it in params.yaml (docs/forgetting.md)")


def _rules(project: Project) -> list[str]:
    from keepfit.evaluate.rules import reading, rules_of

    return [rule.slice for rule in reading(rules_of(project.params.evaluate, many=project.params.model.many), "past")]


def _with_rules(project: Project, entries: PastEntries, rules: list[str]) -> Iterator[Check]:
    """What keeps rules about the past from being met, or from being asked again when people decide otherwise."""
    if not project.params.data.holdout_share:
        found = "a rule is about the past, and no row is held out for good: every candidate is refused"
        yield Check(name="past", status="fail", found=found, fix="params.yaml: data.holdout_share: 0.2, or drop the rule")
        return
    dep = f"{project.params.expect.suites}/{FILE}"
    if lacking(project, dep, (STAGE,)):
        found = f"{STAGE} in dvc.yaml does not depend on {dep}: a retired window, or a new incident, re-runs nothing"
        yield Check(name="past", status="warn", found=found, fix=f"add {dep} to the deps of {STAGE} in dvc.yaml")
        return
    live = sum(not entries.is_retired(one.name) for one in entries.incidents)
    yield Check(name="past", status="ok", found=f"rules about the past: {len(rules)}; retired: {len(entries.retired)}; incidents that judge: {live}")
