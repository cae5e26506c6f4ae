"""What is wrong with rows, for people: what composing did about it, and what `keepfit data check` found."""

from __future__ import annotations

from collections.abc import Sequence

from keepfit.records.quality import DoubtfulRow, QualityFinding, QualityKind, QualityOutcome, QualityReport, Suspects
from keepfit.report.tables import inline, markdown_table, number

NAMES: dict[QualityKind, str] = {
    "duplicates": "repeat another row",
    "near_duplicates": "nearly repeat another row",
    "conflicts": "have the features of a row with another label",
    "contamination": "repeat a row that judges or is held out",
}
SHOWN = 2


def quality_summary(outcomes: Sequence[QualityOutcome]) -> str:
    """Return one sentence: of the rows that may train, how many were found for what, and left out.

    >>> quality_summary([QualityOutcome(kind="duplicates", action="quarantine", rows=1200, left_out=1200)])
    'Of the rows that may train, 1,200 repeat another row (left out).'
    """
    said = [f"{number(one.rows)} {NAMES[one.kind]} ({_done(one)})" for one in outcomes]
    return f"Of the rows that may train, {', '.join(said)}." if said else ""


def _done(one: QualityOutcome) -> str:
    if one.action == "report":
        return "reported only"
    return "left out" if one.left_out == one.rows else f"{number(one.left_out)} left out"


def quality_section(outcomes: Sequence[QualityOutcome]) -> str:
    """Return the section of COMPOSITION.md: the sentence, and a line for each kind."""
    lines = [(one.kind, one.action, one.rows, one.left_out, ", ".join(map(beside, one.examples[:SHOWN]))) for one in outcomes]
    table = markdown_table(("kind", "asked", "rows", "left out", "such as"), lines)
    return f"## Quality\n\n{quality_summary(outcomes)} Rows that judge, or are held out, stay as they came.\n\n{table}"


def beside(row: DoubtfulRow) -> str:
    """Return a row with the one that it repeats or contradicts, as plain text.

    >>> beside(DoubtfulRow(row="b", beside="a"))
    'b (a)'
    """
    shown = row.row if row.beside is None else f"{row.row} ({row.beside})"
    return f"{shown}: {row.detail}" if row.detail else shown


def quality_report(report: QualityReport, *, project: bool) -> str:
    """Return what `keepfit data check` says: a sentence for each kind, the worst first, with examples, and what to type next."""
    rows = f"{number(report.rows)} rows, {number(report.labelled)} with a label that can be learned"
    parts = [f"{_headline(report)}\n", f"{inline(report.source)}: {rows}.\n"]
    for severity in ORDER:
        parts += [_finding(one) for one in report.findings if one.severity == severity]
    parts += [f"Not checked: {inline(one, max_chars=400)}.\n" for one in report.skipped]
    if report.suspects is not None:
        parts.append(_ranked(report.suspects))
    return "\n".join([*parts, *_next(report, project=project)])


ORDER = ("critical", "warning", "info")
LISTED = 10


def is_clean(report: QualityReport) -> bool:
    """Return whether nothing was found that somebody should act on: only what is worth knowing, or nothing."""
    return all(one.severity == "info" for one in report.findings)


def _headline(report: QualityReport) -> str:
    counts = [(severity, sum(one.severity == severity for one in report.findings)) for severity in ORDER]
    said = ", ".join(f"{n} {severity}" for severity, n in counts if n)
    return f"**{said}**" if said else "**nothing found**"


def _finding(one: QualityFinding) -> str:
    shown = "" if not one.examples or one.kind == "label_errors" else f" Such as {inline(', '.join(map(beside, one.examples)), max_chars=400)}."
    return f"- {one.severity}: {inline(one.sentence, max_chars=600)}{shown}\n"


def _ranked(suspects: Suspects) -> str:
    lines = [(one.row, one.label, one.instead, one.score) for one in suspects.rows[:LISTED]]
    more = f"\n{number(len(suspects.rows) - LISTED)} more in the list.\n" if len(suspects.rows) > LISTED else ""
    told = ""
    if suspects.witnesses:
        names = inline(", ".join(suspects.witnesses[:LISTED]), max_chars=300)
        told = f"\nNo features, but they tell {inline(suspects.target)} by themselves: {names}. As --evidence they would find more wrong labels.\n"
    return f"## The most doubtful labels\n\n{markdown_table(('row', 'label', 'rather', 'doubt'), lines)}{more}{told}"


def _next(report: QualityReport, *, project: bool) -> list[str]:
    kinds = {one.kind for one in report.findings}
    said = []
    if project and report.suspects is not None and report.suspects.rows:
        said.append("keepfit label export --from quality --rows 50 --out doubtful.csv   asks people about the first of them")
    elif report.suspects is None:
        said.append("keepfit data check --suspects      which labels are the most doubtful (the same command, with the option; it trains five times)")
    if project and kinds & NAMES.keys():
        said.append("params.yaml: compose.quality       leaves such rows out (quarantine), or counts them at each composition (report)")
    return ["## Next\n", "```", *said, "```\n"] if said else []
