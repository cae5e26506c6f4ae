"""Whether a scorecard's rows can be what an evaluation found: a row that contradicts itself was written by no evaluation.

The gate takes a row's status as the signer says it. So what the status rests on must be there and be on its side of the bound;
a row that is none of that is not read as a pass, a failure or anything else. Blind to numbers that are false and fit together.
"""

from __future__ import annotations

from collections.abc import Iterator

from keepfit.gate.rows import ABSOLUTE
from keepfit.records import Scorecard, ScoreRow

TOLERANCE = 1e-6  # rows may have been rounded


def contradiction(scorecard: Scorecard) -> str | None:
    """Return what is wrong with the first row that contradicts itself, None if none does."""
    return next((f"{row.slice} {row.metric} {row.rule}: {said}" for row in scorecard.rows for said in _wrong(row)), None)


def _wrong(row: ScoreRow) -> Iterator[str]:
    """Yield what of a row cannot be."""
    if row.low is not None and row.high is not None and _below(row.high, row.low):
        yield f"its interval ends at {row.high:g} before it begins at {row.low:g}"
    if row.p_value is not None and not 0 <= row.p_value <= 1:
        yield f"its p-value is {row.p_value:g}"
    if row.n < 0:
        yield f"it was measured on {row.n} rows"
    if row.status in {"pass", "fail"}:
        yield from _unfounded(row)
    if row.status == "undecided" and row.rule == "no_proof_of_harm" and _proved_harm(row):
        yield f"undecided, but its p-value {row.p_value:g} is within the bound {row.bound:g}"


def _unfounded(row: ScoreRow) -> Iterator[str]:
    """What is missing under a row that was decided, or lies on the other side."""
    if row.n <= 0:
        yield f"{row.status}, but measured on no rows"
    if row.challenger is None:
        yield f"{row.status}, but nothing was measured of the challenger"
        return
    value = row.challenger if row.rule in ABSOLUTE else row.difference
    if value is None or (row.rule not in ABSOLUTE and row.champion is None):
        yield f"{row.status}, but nothing was compared with a champion"
    elif (row.low is not None and _below(value, row.low)) or (row.high is not None and _below(row.high, value)):
        yield f"its value {value:g} is outside of its interval [{_n(row.low)}, {_n(row.high)}]"
    elif row.bound is not None:
        yield from _wrong_side(row, value, row.bound)


def _wrong_side(row: ScoreRow, value: float, bound: float) -> Iterator[str]:
    """A pass whose surest end, or an absolute failure whose value, is on the other side of the bound."""
    low, high = (value if row.low is None else row.low), (value if row.high is None else row.high)
    if row.rule == "no_proof_of_harm":
        wrong = row.status == "pass" and (_proved_harm(row) or _below(low, 0.0))
    elif row.rule == "not_worse_than":
        wrong = _below(low, -bound) if row.status == "pass" else _below(-bound, high)
    elif row.rule == "at_least":
        wrong = _below(low, bound) if row.status == "pass" else _below(bound, high)
    else:
        wrong = _below(bound, high) if row.status == "pass" else _below(low, bound)
    if wrong:
        yield f"{row.status}, but its value {value:g} [{_n(row.low)}, {_n(row.high)}] with p {_n(row.p_value)} says otherwise at the bound {bound:g}"


def _proved_harm(row: ScoreRow) -> bool:
    return row.p_value is not None and row.bound is not None and row.p_value < row.bound - TOLERANCE


def _below(one: float, other: float) -> bool:
    """Whether a number is below another by more than rounding explains."""
    return one < other - TOLERANCE * max(1.0, abs(one), abs(other))


def _n(value: float | None) -> str:
    return "none" if value is None else f"{value:g}"
