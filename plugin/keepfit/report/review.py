"""REVIEW.md: what a person needs to say yes or no to a retraining, with the commands that come next."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from keepfit.evaluate.cure import Cure
from keepfit.records import Composition, Scorecard, Ticket
from keepfit.records.data_diff import DataDiff
from keepfit.report.attempts import confirmation_line
from keepfit.report.augmented import augmented_summary
from keepfit.report.composition import labels_said
from keepfit.report.curation import curation_findings, curation_summary
from keepfit.report.data_diff import rows_that_train
from keepfit.report.quality import quality_summary
from keepfit.report.tables import Raw, inline, markdown_table, number
from keepfit.report.version_page import deciding_rows, failing_expectations, passed, score_table, shipped_said, verdict_line, worth_line

REASONS, WINDOWS, PARTS, ROWS, OUTCOMES, METRICS, DIFF_LINES, RULES = 4, 10, 4, 6, 3, 5, 10, 2  # the page is read in a diff: it has less than 100 lines


@dataclass(frozen=True, kw_only=True)
class Review:
    """One retraining: why, on which data, with which params, how good, against what.

    `newer` is what a window of newer data has brought, if known; `rows` what changed in the rows that train, one by one, if they can be had.
    """

    ticket: Ticket
    branch: str
    base_branch: str
    base: str
    version: str | None
    page: str | None
    windows: Sequence[str]
    composition: Composition
    previous_composition: Composition | None
    scorecard: Scorecard
    metrics: Mapping[str, float]
    previous_metrics: Mapping[str, float]
    params_diff: str
    next: Sequence[str] = field(default_factory=tuple)
    cure: Cure | None = None
    newer: float | None = None
    rows: DataDiff | None = None


def review_text(review: Review) -> str:
    """Return the whole page, of less than 100 lines; the same review gives the same bytes."""
    parts = [_head(review), _why(review), _data(review), _params(review), _quality(review), _next(review)]
    return "\n\n".join(part.rstrip("\n") for part in parts if part) + "\n"


def _head(review: Review) -> str:
    version = f"version {review.version} of {review.ticket.model}" if review.version else f"a candidate for {review.ticket.model}"
    shown = f"[{inline(version)}]({review.page})" if review.page else inline(version)
    base = f"branch `{review.branch}`, from {inline(review.base_branch)} at {review.base[:12]}"
    worth = worth_line(review.scorecard, newer=review.newer)
    line = f"**{inline(review_line(review.scorecard, review.cure))}**: {shown}, {base}."
    return f"# Retraining for {inline(review.ticket.id)}\n\n{line}{worth and ' '}{inline(worth, max_chars=400)}"


def review_line(card: Scorecard, cure: Cure | None) -> str:
    """Return the verdict in one sentence; of a candidate that passes and leaves the harm that asked for it, that too."""
    verdict = verdict_line(card)
    if cure is None or cure.holds or not passed(card):
        return verdict
    if cure.value is None or cure.missing is None:
        return f"{verdict}, but it is not known if it cures the harm: {cure.metric} of {cure.subject} was not measured"
    return (
        f"{verdict}, but does not cure the harm: {cure.metric} of {cure.subject} is {number(cure.value)}, {number(cure.missing)} worse than promised "
        f"({number(cure.promised)}), allowed is {number(cure.allowed)}"
    )


def _why(review: Review) -> str:
    ticket = review.ticket
    reasons = "\n".join(f"- {inline(reason)}" for reason in ticket.reasons[:REASONS])
    more = f"\n- and {len(ticket.reasons) - REASONS} more: `keepfit ticket {inline(ticket.id)}`" if len(ticket.reasons) > REASONS else ""
    return f"## Why\n\nGround {inline(ticket.ground)}, cause {inline(ticket.cause)}; {inline(ticket.affected)}.\n\n{reasons}{more}"


def _data(review: Review) -> str:
    added = ", ".join(map(inline, review.windows[:WINDOWS])) or "none"
    more = f" and {len(review.windows) - WINDOWS} more" if len(review.windows) > WINDOWS else ""
    new, old = _by_part(review.composition), _by_part(review.previous_composition)
    keys = sorted({*new, *old})
    rows = [(window, part, old.get((window, part)), new.get((window, part))) for window, part in keys]
    changed = [row for row in rows if row[2] != row[3]]
    table = markdown_table(("window", "part", "rows before", "rows now"), changed, max_rows=PARTS) if changed else "No row moved.\n"
    shipped = "".join(f" {line}" for line in shipped_said(review.scorecard))
    recipe = _recipe(review.composition, review.previous_composition)
    compared = "" if review.rows is None else f"\n\n{rows_that_train(review.rows)}"
    people = f"{_labels(review)}{_curation(review)}{_repeats(review)}{_made(review)}"
    return f"## Data\n\nWindows added: {added}{more}. Trained {_span(review.composition)}.{recipe}{shipped}\n\n{table.rstrip()}{people}{compared}"


def _recipe(composition: Composition, previous: Composition | None) -> str:
    """Which recipe composed the rows, and which did before, where it is another."""
    was = "" if previous is None or previous.recipe == composition.recipe else f" (before: {inline(previous.recipe or 'none')})"
    return f" Recipe: {inline(composition.recipe or 'none')}{was}." if composition.recipe or was else ""


def _made(review: Review) -> str:
    """How many of the rows that train were made, and what their data suite had against others."""
    said = augmented_summary(review.composition)
    return f"\n\n{said}" if said else ""


def _curation(review: Review) -> str:
    """What people's rules on single rows did, which of them are new, and what is odd about them."""
    now, before = review.composition.curation, review.previous_composition.curation if review.previous_composition else None
    if now is None or not (now.rules or (before and before.rules)):
        return ""
    names, known = {rule.name for rule in now.rules}, {rule.name for rule in before.rules} if before else set()
    moved = [f"{word}: {', '.join(map(inline, sorted(those)[:RULES]))}" for word, those in (("new", names - known), ("gone", known - names)) if those]
    odd = curation_findings(now)
    more = [f"and {len(odd) - RULES} more in COMPOSITION.md"] if len(odd) > RULES else []
    said = "; ".join([*(inline(sentence, max_chars=400) for sentence in odd[:RULES]), *more])
    return f"\n\n{curation_summary(now)}{' ' + '; '.join(moved) + '.' if moved else ''}{f' Odd: {said}.' if said else ''}"


def _labels(review: Review) -> str:
    """Whose labels train, where people gave some."""
    said = labels_said(review.composition, review.previous_composition)
    return f"\n\n{said}" if said else ""


def _repeats(review: Review) -> str:
    """What was done about rows that repeat or contradict others."""
    said = quality_summary(review.composition.quality)
    return f"\n\n{said}" if said else ""


def _span(composition: Composition) -> str:
    def day(value: object) -> str:
        return str(value)[:10] if value is not None else "the start"

    trained = f"on rows from {day(composition.trained_from)} to before {day(composition.trained_until)}"
    return f"{trained}, judged on {composition.basis} rows from {day(composition.evaluated_from)} to before {day(composition.evaluated_until)}"


def _by_part(composition: Composition | None) -> dict[tuple[str, str], int]:
    counts: dict[tuple[str, str], int] = defaultdict(int)
    for part in composition.parts if composition else ():
        counts[part.window, part.part] += part.rows
    return dict(counts)


def _params(review: Review) -> str:
    lines = review.params_diff.splitlines()
    if not lines:
        return "## Params and decision\n\nUnchanged."
    more = [f"… and {len(lines) - DIFF_LINES} more lines"] if len(lines) > DIFF_LINES else []
    return "\n".join(["## Params and decision", "", "```diff", *lines[:DIFF_LINES], *more, "```"])


def _quality(review: Review) -> str:
    names = sorted({*review.metrics, *review.previous_metrics})
    rows = [(Raw(f"`{name}`"), review.previous_metrics.get(name), review.metrics.get(name)) for name in names]
    parts = ["## Quality", score_table(deciding_rows(review.scorecard), most=ROWS).rstrip("\n")]
    confirmation = confirmation_line(review.scorecard)
    parts += [confirmation] if confirmation else []
    if failing_expectations(review.scorecard):
        outcomes = [(one.suite, one.expectation, one.observed, one.status) for one in failing_expectations(review.scorecard)]
        parts.append(markdown_table(("suite", "expectation", "observed", "status"), outcomes, max_rows=OUTCOMES).rstrip("\n"))
    if rows:
        parts.append(markdown_table(("metrics.json", "before", "now"), rows, max_rows=METRICS).rstrip("\n"))
    parts.append("All slices: SCORECARD.md; all rows: COMPOSITION.md; the data's expectations: validation.md.")
    return "\n\n".join(parts)


def _next(review: Review) -> str:
    return "\n".join(["## Next", "", "```", *review.next, "```"]) if review.next else ""
