"""Whether a scorecard's rows can be what an evaluation found: a row that contradicts itself was written by no evaluation.

The gate takes a row's status as the signer says it. So what the status rests on must be there, and the row's kind must decide
the same of it; a row that is none of that is not read as a pass, a failure or anything else. Nor is one of a kind that is not
known here: whether it was judged rightly cannot be told. Blind to numbers that are false and fit together.
"""

from __future__ import annotations

from collections.abc import Iterator

from keepfit.errors import KeepfitError
from keepfit.records import BESIDE, Scorecard, ScoreRow
from keepfit.rule_kinds.kind import Measured, RuleKind
from keepfit.rule_kinds.known import kind_of, known_kind

TOLERANCE = 1e-6  # rows may have been rounded


def of_known_kinds(scorecard: Scorecard) -> tuple[ScoreRow, ...]:
    """Return the rows whose kind is known here."""
    known = {name for name in {row.rule for row in scorecard.rows} if known_kind(name) is not None}
    return tuple(row for row in scorecard.rows if row.rule in known)


def unknown_kind(scorecard: Scorecard) -> str | None:
    """Return why the first kind of a row that is not known here is not, None if all are."""
    for name in dict.fromkeys(row.rule for row in scorecard.rows):
        try:
            kind_of(name)
        except KeepfitError as bad:
            return bad.what
    return None


def contradiction(scorecard: Scorecard) -> str | None:
    """Return what is wrong with the first row that contradicts itself, None if none does."""
    rows = of_known_kinds(scorecard)
    return next((f"{row.slice} {row.metric} {row.rule}: {said}" for row in rows for said in _wrong(kind_of(row.rule), row, _attempt(scorecard, row))), None)


def _attempt(scorecard: Scorecard, row: ScoreRow) -> int:
    """Which attempt the row was judged as: rows beside those that judge are counted by nobody."""
    return 1 if row.basis in BESIDE else scorecard.attempt or 1


def _wrong(kind: RuleKind, row: ScoreRow, attempt: int) -> Iterator[str]:
    """Yield what of a row cannot be."""
    if row.low is not None and row.high is not None and _below(row.high, row.low):
        yield f"its interval ends at {row.high:g} before it begins at {row.low:g}"
    if row.p_value is not None and not 0 <= row.p_value <= 1:
        yield f"its p-value is {row.p_value:g}"
    if row.n < 0:
        yield f"it was measured on {row.n} rows"
    if row.status in {"pass", "fail"}:
        yield from _unfounded(kind, row, attempt)
    if row.status == "undecided" and not kind.undecided_blocks:
        yield from _passed_over(kind, row, attempt)


def _unfounded(kind: RuleKind, row: ScoreRow, attempt: int) -> Iterator[str]:
    """What is missing under a row that was decided, or lies on the other side."""
    if row.n <= 0:
        yield f"{row.status}, but measured on no rows"
    if row.challenger is None:
        yield f"{row.status}, but nothing was measured of the challenger"
        return
    value = row.difference if kind.relative else row.challenger
    if value is None or (kind.relative and row.champion is None):
        yield f"{row.status}, but nothing was compared with a champion"
    elif (row.low is not None and _below(value, row.low)) or (row.high is not None and _below(row.high, value)):
        yield f"its value {value:g} is outside of its interval [{_n(row.low)}, {_n(row.high)}]"
    elif row.bound is not None and row.status not in _statuses(kind, row, value, attempt):
        interval = f"[{_n(row.low)}, {_n(row.high)}]"
        yield f"{row.status}, but its value {value:g} {interval} with p {_n(row.p_value)} says otherwise at the bound {row.bound:g}"


def _passed_over(kind: RuleKind, row: ScoreRow, attempt: int) -> Iterator[str]:
    """A failure that is called undecided, of a kind whose undecided rows refuse nothing."""
    value = row.difference if kind.relative else row.challenger
    if row.bound is not None and set(_statuses(kind, row, value or 0.0, attempt)) == {"fail"}:
        what = f"value {_n(value)}" if row.p_value is None else f"p-value {row.p_value:g}"
        yield f"undecided, but its {what} is within the bound {row.bound:g}"


def _statuses(kind: RuleKind, row: ScoreRow, value: float, attempt: int) -> Iterator[str]:
    """What the kind decides of the row's numbers, and of them moved up and down by what rounding explains."""
    bound = row.bound or 0.0
    for sign in (0, 1, -1):
        low, value_, high = (_moved(number, bound, sign) for number in (value if row.low is None else row.low, value, value if row.high is None else row.high))
        p_value = None if row.p_value is None else row.p_value + sign * TOLERANCE
        challenger = value_ if row.challenger is None or not kind.relative else row.challenger
        champion = 0.0 if kind.relative and row.champion is None else row.champion
        measured = Measured(
            value=value_, low=low, high=high, n=row.n, challenger=challenger, champion=champion, p_value=p_value, confidence=row.confidence, attempt=attempt
        )  # fmt: skip
        yield kind.decide(measured, bound).status


def _moved(number: float, bound: float, sign: int) -> float:
    return number + sign * TOLERANCE * max(1.0, abs(number), abs(bound))


def _below(one: float, other: float) -> bool:
    """Whether a number is below another by more than rounding explains."""
    return one < other - TOLERANCE * max(1.0, abs(one), abs(other))


def _n(value: float | None) -> str:
    return "none" if value is None else f"{value:g}"
