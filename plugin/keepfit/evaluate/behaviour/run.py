"""From rows, models and tests to what came of them. Pure: rows of files beside the tests come in as frames."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import blake2b
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from keepfit.errors import KeepfitError, ParamsError
from keepfit.evaluate.behaviour.answers import broken_by
from keepfit.evaluate.behaviour.changes import applied, differs
from keepfit.evaluate.behaviour.declared import TIME, AboutModel, BehaviourTest
from keepfit.evaluate.behaviour.results import BehaviourResult, FailingRow
from keepfit.stats.arrays import Array
from keepfit.tables.frames import from_frame, one_below_another, parted

if TYPE_CHECKING:
    import pandas as pd

    ScoreRows = Callable[[pd.DataFrame], Array]

MOST_ROWS, MOST_AT_ONCE = 20_000, 200_000
"""Of more rows than the first so many are drawn, by a hash of the test's name and the row's id, the same ones each time."""
Answers = tuple[Array, Array] | KeepfitError
"""A model's scores of a test's rows before and after the change, or why it does not answer."""
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
    chosen = [_chosen(test, asked) for test in tests]
    whole = [rows for rows in chosen if isinstance(rows, _RowsOfTest)]
    answered = zip(_answers(whole, challenger), [None] * len(whole) if champion is None else _answers(whole, champion), strict=True)
    return tuple(rows if isinstance(rows, BehaviourResult) else _result(rows, asked, *next(answered)) for rows in chosen)


@dataclass(frozen=True, kw_only=True)
class _RowsOfTest:
    """The rows of a test: as they were and as they are changed, how many there are in all, and how many the change leaves alone."""

    test: BehaviourTest
    before: pd.DataFrame
    after: pd.DataFrame
    found: int
    unchanged: int
    ids: Sequence[str]

    @property
    def frames(self) -> tuple[pd.DataFrame, ...]:
        """What is asked: the rows before and after, once where nothing is changed."""
        return (self.before, self.after) if self.test.changes else (self.before,)


def _chosen(test: BehaviourTest, asked: RowsToAsk) -> _RowsOfTest | BehaviourResult:
    """The rows that are asked, or what came of a test that has none."""
    frame = _frame(test, asked)
    try:
        rows = _changed(test, frame, asked)
    except KeepfitError as bad:  # a column of another type than the change needs
        hidden = bool({*asked.redacted} & test.columns)
        return BehaviourResult(test=test, n=0, found=len(frame), detail="the change does not fit the column" if hidden else _said(bad), hidden=hidden)
    if not len(rows.before):
        left = f" that the change would change: it leaves all {rows.found:,} as they are" if rows.found else ""
        return BehaviourResult(test=test, n=0, found=rows.found, unchanged=rows.unchanged, detail=f"the test finds no rows{left}")
    return rows


def _result(rows: _RowsOfTest, asked: RowsToAsk, mine: Answers, other: Answers | None) -> BehaviourResult:
    test = rows.test
    broken, why = _broken(rows, asked, mine)
    if broken is None or isinstance(mine, KeepfitError):
        return BehaviourResult(test=test, n=len(rows.before), found=rows.found, unchanged=rows.unchanged, detail=f"the challenger: {why}")
    of_champion, champion_detail = (None, "") if other is None else _broken(rows, asked, other)
    return BehaviourResult(
        test=test,
        n=len(rows.before),
        found=rows.found,
        unchanged=rows.unchanged,
        failed=int(broken.sum()),
        champion=None if of_champion is None else float(of_champion.mean()),
        champion_detail=champion_detail,
        notes=_notes(test, rows, asked),
        examples=_examples(rows, mine, np.flatnonzero(broken)[:EXAMPLES], asked),
        hidden=bool({*asked.redacted} & test.columns),
    )


def _broken(rows: _RowsOfTest, asked: RowsToAsk, answers: Answers) -> tuple[npt.NDArray[np.bool_] | None, str]:
    """Which rows break the test, or why that is not known."""
    if isinstance(answers, KeepfitError):
        return None, _said(answers)
    try:
        return broken_by(rows.test.expected, asked.about, before=answers[0], after=answers[1]), ""
    except KeepfitError as bad:
        return None, _said(bad)


def _said(bad: KeepfitError) -> str:
    return " ".join(bad.what.split())[:200]


# -- rows -----------------------------------------------------------------------------------------------------------------


def _frame(test: BehaviourTest, asked: RowsToAsk) -> pd.DataFrame:
    """The rows that the test is about, before they are changed."""
    import pandas as pd

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
        return _RowsOfTest(test=test, before=frame, after=after, found=found, unchanged=0, ids=ids)
    kept = np.flatnonzero(differs(frame, after, {change.column for change in test.changes}))
    before, after = (each.iloc[kept].reset_index(drop=True) for each in (frame, after))
    return _RowsOfTest(test=test, before=before, after=after, found=found, unchanged=len(frame) - len(kept), ids=[ids[place] for place in kept])


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


def _answers(every: Sequence[_RowsOfTest], score: ScoreRows) -> list[Answers]:
    """A model's scores before and after of each test. It is asked about all of them at once, as a command or a process starts once then.

    Where it refuses that, each test is asked by itself, so that what is wrong is said of the test that it is about.
    """
    try:
        return _together(every, score)
    except KeepfitError:
        return [_alone(rows, score) for rows in every]


def _alone(rows: _RowsOfTest, score: ScoreRows) -> Answers:
    try:
        return _together([rows], score)[0]
    except KeepfitError as bad:
        return bad


def _together(every: Sequence[_RowsOfTest], score: ScoreRows) -> list[Answers]:
    frames = [frame for rows in every for frame in rows.frames]
    found: dict[int, Array] = {}
    for places in _alike(frames):
        parts = [frames[place] for place in places]
        found |= dict(zip(places, parted(score(one_below_another(parts)), parts), strict=True))
    scores = iter([found[place] for place in range(len(frames))])
    return [(before := next(scores), next(scores) if rows.test.changes else before) for rows in every]


def _alike(frames: Sequence[pd.DataFrame]) -> Iterator[list[int]]:
    """Places of frames whose columns have the same types, so that they may stand below one another, of some 200,000 rows at a time."""
    groups: dict[tuple[tuple[str, str], ...], list[int]] = {}
    for place, frame in enumerate(frames):
        key = tuple((str(name), str(dtype)) for name, dtype in frame.dtypes.items())
        there = groups.setdefault(key, [])
        if there and sum(len(frames[one]) for one in there) + len(frame) > MOST_AT_ONCE:
            yield groups.pop(key)
            there = groups.setdefault(key, [])
        there.append(place)
    yield from groups.values()


def _examples(rows: _RowsOfTest, scores: tuple[Array, Array], places: np.ndarray, asked: RowsToAsk) -> tuple[FailingRow, ...]:
    test = rows.test
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
