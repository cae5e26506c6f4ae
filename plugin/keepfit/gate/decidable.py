"""Whether windows of this size can decide a rule at all: asked of the rows of the last scorecard.

A candidate that is exactly as good as the champion passes when half its interval is no wider than the margin of the rule's kind.
The interval shrinks with the root of the number of rows, so `n * (half width / margin)²` rows would decide it. Blind to how
good the next candidate is: one that is clearly better or worse is decided sooner.

>>> undecidable_text(n=312, half=0.021, margin=0.01)
'with 312 rows the interval is ±0.021, the bound is 0.01: about 1,380 rows would decide it'
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

from keepfit.gate.rows import covers
from keepfit.gate.rules import ModelRules, RowRule
from keepfit.records import Scorecard, ScoreRow
from keepfit.rule_kinds.beside_metrics import CERTIFIED
from keepfit.rule_kinds.kind import RuleKind, judged_looser
from keepfit.rule_kinds.known import kind_of

MOST_ROWS = 10_000_000
TOLERANCE = 1e-9


@dataclass(frozen=True, kw_only=True)
class RowFinding:
    """What the last scorecard says about a rule; `undecidable` if too few rows are the matter. `needed` rows would do."""

    rule: str
    slice: str
    metric: str
    text: str
    undecidable: bool
    n: int | None = None
    half_width: float | None = None
    bound: float
    needed: int | None = None


def row_findings(held: ModelRules, card: Scorecard) -> Iterator[RowFinding]:
    """Yield what the scorecard's rows say about each rule; nothing was compared for a first model, so nothing is said about that."""
    for name, rule in held.demanded.items():
        kind = kind_of(rule.kind)
        if card.champion is None and kind.relative:
            continue
        rows = [row for row in card.rows if covers(rule, row, card.basis)]
        if not rows and rule.metric not in CERTIFIED:
            text = f"the last scorecard has no row {rule.kind} {rule.metric} on {rule.slice}: such a candidate is refused"
            yield RowFinding(rule=name, slice=rule.slice, metric=rule.metric, text=text, undecidable=False, bound=rule.bound)
        if kind.relative and kind.undecided_blocks:
            yield from (found for row in rows for found in _of_row(kind, name, rule, row))


def _of_row(kind: RuleKind, name: str, rule: RowRule, row: ScoreRow) -> Iterator[RowFinding]:
    bound = rule.bound if row.bound is None or judged_looser(kind, row.bound, than=rule.bound) else row.bound
    margin = kind.margin(bound, champion=row.champion)
    where = f"{row.slice} {row.metric}"
    if row.low is None or row.high is None:
        if row.status == "undecided":
            yield _found(name, row, f"{where}: undecided with {row.n:,} rows: {row.detail or 'too few'}", bound, undecidable=True)
        return
    if margin is None:
        return
    half = (row.high - row.low) / 2
    if margin <= 0:
        text = f"{where}: asks for a gain; with {row.n:,} rows a candidate passes when it is better by about {half - margin:.2g}"
        yield _found(name, row, text, margin, half=half)
    elif half > margin * (1 + TOLERANCE):
        text = f"{where}: {undecidable_text(n=row.n, half=half, margin=margin)}"
        yield _found(name, row, text, margin, half=half, undecidable=True, needed=_needed(row.n, half, margin))


def undecidable_text(*, n: int, half: float, margin: float) -> str:
    """Return the sentence for an interval of ±`half` from `n` rows where the rule allows `margin`."""
    needed = _needed(n, half, margin)
    would = "no number of rows within reach" if needed is None else f"about {needed:,} rows"
    return f"with {n:,} rows the interval is ±{half:.2g}, the bound is {margin:g}: {would} would decide it"


def _needed(n: int, half: float, margin: float) -> int | None:
    """The number of rows, to three digits and not below; None if that is out of reach."""
    if half * math.sqrt(n / MOST_ROWS) > margin:
        return None
    exact = n * (half / margin) ** 2
    step = int(10 ** max(0, math.floor(math.log10(max(exact, 1))) - 2))
    return math.ceil(exact / step) * step


def _found(
    name: str, row: ScoreRow, text: str, margin: float, *, half: float | None = None, undecidable: bool = False, needed: int | None = None
) -> RowFinding:
    return RowFinding(
        rule=name, slice=row.slice, metric=row.metric, text=text, undecidable=undecidable, n=row.n, half_width=half, bound=margin, needed=needed
    )  # fmt: skip
