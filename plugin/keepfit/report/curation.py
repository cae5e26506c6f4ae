"""What people's rules on single rows (`curation.yaml`) did to a data set, for `COMPOSITION.md` and `REVIEW.md`; and what is odd about them."""

from __future__ import annotations

from keepfit.records import CuratedRule, CurationReport, Scorecard
from keepfit.report.tables import inline, markdown_table, number

FINDINGS = 10
DONE = {"exclude": "left out", "include": "used after all", "relabel": "relabelled", "weight": "weighed"}


def curation_findings(report: CurationReport) -> list[str]:
    """Return a sentence for each rule that has expired, matches nothing or changes nothing, for ids of no row, and for rules that contradict each other."""
    said = [sentence for rule in report.rules for sentence in _odd(rule, report)]
    for one in report.conflicts:
        names, shown = " and ".join(one.rules), ", ".join(one.examples)
        then = "these are left out" if one.then == "left out" else "neither weighs these"
        said.append(f"{names} contradict each other on {_rows(one.rows)} ({shown}): {then}")
    return said


def _odd(rule: CuratedRule, report: CurationReport) -> list[str]:
    said = []
    if rule.expired:
        said.append(f"{rule.name} expired on {rule.expires} (the data ends on {report.end:%Y-%m-%d}) and does nothing")
    elif not rule.matched:
        said.append(f"{rule.name} matches nothing")
    elif not rule.train + rule.judge:
        said.append(f"{rule.name} matches {_rows(rule.matched)} and changes nothing")
    if rule.strangers:
        shown = ", ".join(rule.strange) + (", …" if rule.strangers > len(rule.strange) else "")
        said.append(f"{rule.name} names {number(rule.strangers)} id{'' if rule.strangers == 1 else 's'} that no row has: {shown}")
    return said


def curation_summary(report: CurationReport) -> str:
    """Return one sentence: how many rows rules changed, in training and in judging.

    >>> from datetime import datetime
    >>> curation_summary(CurationReport(end=datetime(2013, 3, 1), rules=()))
    'curation.yaml has no rules.'
    """
    if not report.rules:
        return "curation.yaml has no rules."
    done: dict[str, list[int]] = {}
    for rule in report.rules:
        counts = done.setdefault(rule.action, [0, 0])
        counts[0] += rule.train
        counts[1] += rule.judge
    parts = [", ".join(f"{number(counts[side])} {DONE[action]}" for action, counts in done.items() if counts[side]) for side in (0, 1)]
    judging = f"; **of the rows that judge, or are held out, {parts[1]}**: the evidence is of curated rows" if parts[1] else "; no row that judges"
    rules = "1 rule" if len(report.rules) == 1 else f"{number(len(report.rules))} rules"
    return f"{rules} of curation.yaml: of the rows that may train, {parts[0] or 'none changed'}{judging}."


def curated_line(card: Scorecard) -> str:
    """Return that the evidence is of curated rows, as a sentence with a space before it; empty where no rule touched a row that judges."""
    if not card.curated:
        return ""
    were = "1 row that judges, or is held out, was" if card.curated == 1 else f"{number(card.curated)} rows that judge, or are held out, were"
    return f" **{were} changed or left out by rules of curation.yaml**: COMPOSITION.md says by which."


def curation_section(report: CurationReport) -> str:
    """Return the section of COMPOSITION.md: the sentence, a line a rule, and what is odd."""
    columns = ("rule", "action", "matched", "in training", "in judging", "such as", "until", "author", "reason")
    lines = [
        (
            rule.name,
            _action(rule),
            rule.matched,
            rule.train,
            rule.judge,
            ", ".join(rule.examples[:2]),
            f"{rule.expires}, expired" if rule.expired else rule.expires or "for good",
            rule.author,
            rule.reason,
        )
        for rule in report.rules
    ]
    parts = ["## Curation\n", f"{curation_summary(report)}\n", markdown_table(columns, lines)]
    found = curation_findings(report)
    if found:
        more = [f"- and {len(found) - FINDINGS} more"] if len(found) > FINDINGS else []
        parts.append("\n".join([*(f"- {inline(sentence, max_chars=400)}" for sentence in found[:FINDINGS]), *more]) + "\n")
    return "\n".join(parts)


def _action(rule: CuratedRule) -> str:
    value = "" if rule.value is None else f" {rule.value if isinstance(rule.value, str) else number(rule.value)}"
    return f"{rule.action}{value}{', judging too' if rule.judging else ''}"


def _rows(count: int) -> str:
    return f"{number(count)} row{'' if count == 1 else 's'}"
