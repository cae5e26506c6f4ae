"""From rows, models and tests to what came of them. Pure: rows of files beside the tests come in as frames."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import blake2b
from typing import TYPE_CHECKING

import numpy as np

from keepfit.errors import KeepfitError, ParamsError
from keepfit.evaluate.behaviour.answers import broken_by
from keepfit.evaluate.behaviour.changes import applied, differs
from keepfit.evaluate.behaviour.declared import TIME, AboutModel, BehaviourTest
from keepfit.evaluate.behaviour.results import BehaviourResult, FailingRow
from keepfit.stats.arrays import Array

if TYPE_CHECKING:
    import pandas as pd

    ScoreRows = Callable[[pd.DataFrame], Array]

MOST_ROWS = 20_000
"""More rows than that are not asked: so many are drawn, by a hash of the test's name and the row's id, the same ones each time."""
EXAMPLES, SHOWN_COLUMNS, SHOWN_TEXT = 5, 4, 80
REDACTED = "(redacted)"


@dataclass(frozen=True, kw_only=True)
class RowsToAsk:
    """What tests are run on: the rows that judge, the column of their ids, and the rows of files beside the tests by name.

    `derived` holds the rows with the columns that conditions may name besides, such as features derived from the time; `redacted` columns are never shown.
    """

    rows: pd.DataFrame
    id_column: str
    about: AboutModel
    derived: pd.DataFrame | None = None
    files: Mapping[str, pd.DataFrame] = field(default_factory=dict)
    redacted: Collection[str] = ()


def run_tests(tests: Sequence[BehaviourTest], asked: RowsToAsk, challenger: ScoreRows, champion: ScoreRows | None = None) -> tuple[BehaviourResult, ...]:
    """Return what came of each test, in their order.

    A model answers one score a row (a probability, of many classes a row of them). What cannot be measured, such as a test that finds no rows, or a model that
    does not answer, is a result of status error.

    Raises:
        KeepfitError: a condition names a column that is not there, or compares what cannot be compared: the test is wrong, not the model.
    """
    return tuple(_result(test, asked, challenger, champion) for test in tests)


@dataclass(frozen=True, kw_only=True)
class _RowsOfTest:
    """The rows of a test: as they were and as they are changed, how many there are in all, and how many the change leaves alone."""

    before: pd.DataFrame
    after: pd.DataFrame
    found: int
    unchanged: int
    ids: Sequence[str]


def _result(test: BehaviourTest, asked: RowsToAsk, challenger: ScoreRows, champion: ScoreRows | None) -> BehaviourResult:
    frame = _frame(test, asked)
    try:
        rows = _changed(test, frame, asked)
    except KeepfitError as bad:  # a column of another type than the change needs
        return BehaviourResult(test=test, n=0, found=len(frame), detail=_said(bad))
    if not len(rows.before):
        left = f" that the change would change: it leaves all {rows.found:,} as they are" if rows.found else ""
        return BehaviourResult(test=test, n=0, found=rows.found, unchanged=rows.unchanged, detail=f"the test finds no rows{left}")
    try:
        scores = _scores(test, rows, challenger)
        broken = broken_by(test.expected, asked.about, before=scores[0], after=scores[1])
    except KeepfitError as bad:
        return BehaviourResult(test=test, n=len(rows.before), found=rows.found, unchanged=rows.unchanged, detail=f"the challenger: {_said(bad)}")
    rate, why = _champion(test, rows, asked, champion)
    return BehaviourResult(
        test=test,
        n=len(rows.before),
        found=rows.found,
        unchanged=rows.unchanged,
        failed=int(broken.sum()),
        champion=rate,
        champion_detail=why,
        notes=_notes(test, rows, asked),
        examples=_examples(test, rows, scores, np.flatnonzero(broken)[:EXAMPLES], asked),
        hidden=bool({*asked.redacted} & test.columns),
    )


def _champion(test: BehaviourTest, rows: _RowsOfTest, asked: RowsToAsk, champion: ScoreRows | None) -> tuple[float | None, str]:
    """The champion's failure rate, or why it is not known: that is shown, and is nothing against the challenger."""
    if champion is None:
        return None, ""
    try:
        before, after = _scores(test, rows, champion)
        return float(broken_by(test.expected, asked.about, before=before, after=after).mean()), ""
    except KeepfitError as bad:
        return None, _said(bad)


def _said(bad: KeepfitError) -> str:
    return " ".join(bad.what.split())[:200]


# -- rows -----------------------------------------------------------------------------------------------------------------


def _frame(test: BehaviourTest, asked: RowsToAsk) -> pd.DataFrame:
    """The rows that the test is about, before they are changed."""
    import pandas as pd

    from keepfit.tables.frames import from_frame

    if test.rows.file:
        return asked.files[test.rows.file]
    if test.rows.written:
        return pd.DataFrame({name: _written(test, name, kind) for name, kind in asked.about.features.items()})
    condition = test.rows.condition
    if condition is None:
        return asked.rows
    table = asked.rows if asked.derived is None else asked.derived
    named = [name for name in sorted(condition.columns) if name in table.columns]
    if not named or len(named) < len(condition.columns):
        condition.holds(from_frame(table.head(0)))  # says which column is not there
    return asked.rows[condition.holds(from_frame(table[named]))]


def _written(test: BehaviourTest, name: str, kind: str) -> pd.Series:
    """One column of the rows that are written in a test, as the kind of feature that it is; what a row does not name is missing."""
    import pandas as pd

    values = [row.get(name) for row in test.rows.written]
    try:
        return pd.to_datetime(pd.Series(values)) if kind == TIME else pd.Series(values, dtype="float64" if kind == "numeric" else None)
    except (ValueError, TypeError) as bad:
        what = "time" if kind == TIME else "number"
        raise ParamsError(f"the values of {name} are not {what}s", where=f"{test.where}.rows", fix=f"a {what} in each row, or null") from bad


def _changed(test: BehaviourTest, frame: pd.DataFrame, asked: RowsToAsk) -> _RowsOfTest:
    """Capped and changed, without the rows that the change leaves as they were."""
    found = len(frame)
    frame = frame.reset_index(drop=True)
    ids = [str(each) for each in frame[asked.id_column]] if test.rows.of_the_window else [str(number) for number in range(1, found + 1)]
    if found > MOST_ROWS:
        places = np.sort(np.argsort([_draw(test.name, each) for each in ids], kind="stable")[:MOST_ROWS])
        frame, ids = frame.iloc[places].reset_index(drop=True), [ids[place] for place in places]
    after = applied(test.changes, frame, seed=test.name)
    if not test.changes:
        return _RowsOfTest(before=frame, after=after, found=found, unchanged=0, ids=ids)
    kept = np.flatnonzero(differs(frame, after, {change.column for change in test.changes}))
    before, after = (each.iloc[kept].reset_index(drop=True) for each in (frame, after))
    return _RowsOfTest(before=before, after=after, found=found, unchanged=len(frame) - len(kept), ids=[ids[place] for place in kept])


def _draw(name: str, row: str) -> int:
    return int.from_bytes(blake2b(f"{name}\x1f{row}".encode(), digest_size=8).digest())


def _notes(test: BehaviourTest, rows: _RowsOfTest, asked: RowsToAsk) -> tuple[str, ...]:
    """What a reader must know of the rows that were asked."""
    said = []
    if rows.found > MOST_ROWS:
        said.append(f"{MOST_ROWS:,} of {rows.found:,} rows were drawn by a hash of their ids")
    if rows.unchanged:
        said.append(f"{rows.unchanged:,} rows that the change leaves as they are do not count")
    for change in test.changes:
        column = None if change.how != "set" or change.column in asked.redacted or change.column not in asked.rows.columns else asked.rows[change.column]
        if asked.about.features.get(change.column) == "categorical" and column is not None and change.value is not None:
            value = str(change.value)
            said += [] if (column.astype(str) == value).any() else [f"no row that judges has {change.column}={value[:40]}: perhaps the model never saw it"]
    return tuple(said)


# -- answers --------------------------------------------------------------------------------------------------------------


def _scores(test: BehaviourTest, rows: _RowsOfTest, score: ScoreRows) -> tuple[Array, Array]:
    """The scores before and after, asked at once where both have columns of one type: a command starts once then."""
    import pandas as pd

    if not test.changes:
        found = score(rows.before)
        return found, found
    if rows.before.dtypes.equals(rows.after.dtypes):
        both = score(pd.concat([rows.before, rows.after], ignore_index=True))
        return both[: len(rows.before)], both[len(rows.before) :]
    return score(rows.before), score(rows.after)


def _examples(test: BehaviourTest, rows: _RowsOfTest, scores: tuple[Array, Array], places: np.ndarray, asked: RowsToAsk) -> tuple[FailingRow, ...]:
    hidden = asked.id_column in asked.redacted and test.rows.of_the_window
    before, after = scores
    return tuple(
        FailingRow(
            row=REDACTED if hidden else rows.ids[place],
            shown=_shown(test, rows, int(place), asked),
            before=_answer(before[place], asked.about),
            after=_answer(after[place], asked.about) if test.changes else "",
        )
        for place in places
    )


def _shown(test: BehaviourTest, rows: _RowsOfTest, place: int, asked: RowsToAsk) -> tuple[tuple[str, str], ...]:
    """What tells a failing row: the changed columns before and after, else those that the test names."""

    def value(frame: pd.DataFrame, name: str) -> str:
        found = frame[name].iloc[place]
        return REDACTED if name in asked.redacted else f"{found:.6g}" if isinstance(found, float) else str(found)[:SHOWN_TEXT]

    changed = list(dict.fromkeys(change.column for change in test.changes))
    if changed:
        return tuple((name, f"{value(rows.before, name)} → {value(rows.after, name)}") for name in changed[:SHOWN_COLUMNS])
    if test.rows.written:
        named = [name for name in test.rows.written[int(rows.ids[place]) - 1] if name in rows.before.columns]
    else:
        condition = test.rows.condition
        named = sorted(condition.columns) if condition is not None else list(asked.about.features)
    return tuple((name, value(rows.before, name)) for name in named if name in rows.before.columns)[:SHOWN_COLUMNS]


def _answer(scores: np.ndarray | float, about: AboutModel) -> str:
    """A score, of many classes the likeliest one with its probability."""
    if np.ndim(scores) == 0:
        return f"{float(scores):.4g}"
    row = np.asarray(scores)
    return f"{about.classes[int(row.argmax())]} ({float(row.max()):.3f})"
