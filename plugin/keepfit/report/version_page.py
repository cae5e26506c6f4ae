"""What a reviewer reads on a version's page in MLflow: the verdict, the rows that decide it, where the rest is."""

from __future__ import annotations

from keepfit.records import ExpectationOutcome, Scorecard, ScoreRow
from keepfit.report.tables import inline, markdown_table, number
from keepfit.rule_kinds.known import known_kind

HEADERS = ("slice", "metric", "rule", "bound", "champion", "challenger", "difference", "interval", "rows", "status")
SHOWN = 12


def failing_rows(scorecard: Scorecard) -> tuple[ScoreRow, ...]:
    """Return the rows that speak against the candidate.

    Failed, or not measured; or undecided where the rule's kind asks for proof, as one that is not known here may. A first model has
    nothing to be compared with: absolute bounds alone judge it.
    """
    kinds = {name: known_kind(name) for name in {row.rule for row in scorecard.rows}}
    asking = {name for name, kind in kinds.items() if kind is None or kind.undecided_blocks}
    relative = {name for name, kind in kinds.items() if kind is not None and kind.relative}
    judged = scorecard.rows if scorecard.champion else [row for row in scorecard.rows if row.rule not in relative]
    return tuple(row for row in judged if row.status in ("fail", "error") or (row.status == "undecided" and row.rule in asking))


def failing_expectations(scorecard: Scorecard) -> tuple[ExpectationOutcome, ...]:
    """Return the critical expectations on the scorecard that do not hold or could not be checked."""
    return tuple(one for one in scorecard.expectations if one.severity == "critical" and one.status in ("fail", "error"))


def passed(scorecard: Scorecard) -> bool:
    """Tell if nothing speaks against the candidate; the gate's word is final."""
    return not failing_rows(scorecard) and not failing_expectations(scorecard)


def primary_value(scorecard: Scorecard) -> float | None:
    """Return the candidate's primary metric on all judged rows, None if it was not measured."""
    values = (row.challenger for row in scorecard.rows if row.slice == "overall" and row.metric == scorecard.metric)
    return next((value for value in values if value is not None), None)


def verdict_line(scorecard: Scorecard) -> str:
    """Return one sentence: passed, or failed and on what."""
    failing = [f"{row.slice} {row.metric} ({row.rule}: {row.status})" for row in failing_rows(scorecard)]
    failing += [f"{one.suite}: {one.expectation} ({one.status})" for one in failing_expectations(scorecard)]
    if not failing:
        return f"passed on {number(scorecard.n)} rows"
    more = f" and {len(failing) - 3} more" if len(failing) > 3 else ""
    return f"failed on {', '.join(failing[:3])}{more}"


def score_table(rows: tuple[ScoreRow, ...], *, most: int = SHOWN) -> str:
    """Return scorecard rows as a Markdown table, at most so many."""
    return markdown_table(HEADERS, [_cells(row) for row in rows], max_rows=most)


def deciding_rows(scorecard: Scorecard) -> tuple[ScoreRow, ...]:
    """Return the overall rows, then the failing ones that are not among them."""
    overall = [row for row in scorecard.rows if row.slice == "overall"]
    return (*overall, *(row for row in failing_rows(scorecard) if row not in overall))


def version_description(scorecard: Scorecard, *, page: str | None) -> str:
    """Return the version's description as Markdown; `page` is the address of the run's artifacts."""
    against = f"version {scorecard.champion.version}" if scorecard.champion else "no champion: a first model, judged by absolute bounds only"
    head = f"**{inline(verdict_line(scorecard))}**; {scorecard.basis} rows, against {inline(against)}."
    parts = [head, score_table(deciding_rows(scorecard)).rstrip("\n")]
    if failing_expectations(scorecard):
        rows = [(one.suite, one.expectation, one.observed, one.status) for one in failing_expectations(scorecard)]
        parts.append(markdown_table(("suite", "expectation", "observed", "status"), rows, max_rows=SHOWN).rstrip("\n"))
    if page:
        parts.append(f"[All slices, data and composition]({page})")
    return "\n\n".join(parts) + "\n"


def _cells(row: ScoreRow) -> tuple[object, ...]:
    interval = f"{number(row.low)} … {number(row.high)}" if row.low is not None or row.high is not None else None
    status = f"{row.status}: {row.detail}" if row.challenger is None and row.detail else row.status
    return (row.slice, row.metric, row.rule, row.bound, row.champion, row.challenger, row.difference, interval, row.n, status)
