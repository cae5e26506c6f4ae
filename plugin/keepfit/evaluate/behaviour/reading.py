"""`expectations/behaviour/NAME.yaml`: behaviour tests by name, each key checked; whatever is odd is refused with its place.

| key | of a test below `tests` |
|---|---|
| `type` | `invariance`, `directional` or `minimum_functionality` |
| `rows` | `all` rows that judge, those where a condition holds, those of a file (`{file: ROWS.csv}`), or a list of rows `{COLUMN: VALUE}` |
| `change` | `set`, `swap`, `add`, `multiply`, `case`, `typo`, `append`: each a map from column to value (`changes.py`) |
| `expect` | of an invariance `{tolerance: 0.02}` or `{label: same}`; of a direction `{score: must_not_fall}` or `{score: must_rise, by_at_least: 0.1}`; |
| | of minimum functionality `{label: NAME}` or `{between: [0.2, 0.8]}`; with `class: NAME` where there are many |
| `may_fail` | the share of rows that may fail |
| `min_rows`, `severity` | from how many rows on it is judged (1); `critical` (the default), `warning` or `info` |
| `author`, `reason` | whom to ask, and why |
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, get_args

from keepfit.errors import ParamsError, UnknownNameError
from keepfit.evaluate.behaviour.changes import CASES, HOW, MOST_TYPOS, OF_NUMBERS, OF_TEXTS, RowChange
from keepfit.evaluate.behaviour.declared import AboutModel, BehaviourTest, Direction, ExpectedAnswers, RowCondition, RowSet, TestType
from keepfit.records import Severity

ReadCondition = Callable[[str, str], RowCondition]
KEYS = ("type", "rows", "change", "expect", "may_fail", "min_rows", "severity", "author", "reason")
EXPECT_KEYS = ("tolerance", "label", "score", "by_at_least", "between", "class")
NAME = re.compile(r"\w[\w.-]{0,59}")
MOST_TESTS, MOST_WRITTEN, LONGEST, LONGEST_TEXT = 200, 1_000, 300, 10_000
EXAMPLE = "{type: directional, rows: visib > 5, change: {add: {visib: -4}}, expect: {score: must_not_fall}, may_fail: 0.05, author: you, reason: why}"


@dataclass(frozen=True, kw_only=True)
class TestReader:
    """What tests are read with: how a condition is read, and the model they are about (None: columns and classes are not known and not checked)."""

    condition: ReadCondition
    about: AboutModel | None = None

    def read(self, entries: Mapping[str, Any], *, file: str) -> tuple[BehaviourTest, ...]:
        """Return the tests of one file, by name; raises `ParamsError` with the place of what is odd."""
        for key in entries:
            if key != "tests":
                raise UnknownNameError("key", str(key)[:60], known=["tests"], where=file)
        tests = entries.get("tests")
        if tests is None:
            return ()
        if not isinstance(tests, dict):
            raise ParamsError("tests are a map by name", where=f"{file}: tests", fix=f"NAME: {EXAMPLE}")
        if len(tests) > MOST_TESTS:
            raise ParamsError(f"{len(tests)} tests, at most {MOST_TESTS} are read", where=f"{file}: tests", fix="split what is one model's from another's")
        return tuple(self._test(name, tests[name], file) for name in sorted(tests, key=str))

    def _test(self, name: Any, entry: Any, file: str) -> BehaviourTest:
        where = f"{file}: tests.{str(name)[:60]}"
        if not isinstance(name, str) or not NAME.fullmatch(name):
            raise ParamsError(f"{str(name)[:60]!r} is no name of a test", where=where, fix="letters, digits, '-', '_' and '.', at most 60")
        if not isinstance(entry, dict):
            raise ParamsError("a test is a map", where=where, fix=EXAMPLE)
        _known_keys(entry, KEYS, where)
        kind: TestType = _choice(entry, "type", get_args(TestType), where)
        changes = self._changes(entry.get("change"), f"{where}.change")
        if not changes and kind != "minimum_functionality":
            raise ParamsError(f"{kind} compares rows before and after a change, and nothing is changed", where=where, fix="change: {set: {COLUMN: VALUE}}")
        severity: Severity = _choice({"severity": "critical", **entry}, "severity", get_args(Severity), where)
        return BehaviourTest(
            name=name,
            type=kind,
            rows=self._rows(entry, where),
            changes=changes,
            expected=self._expected(kind, entry, where),
            may_fail=_failure_share(entry, where),
            min_rows=_whole(entry, "min_rows", where),
            severity=severity,
            author=_said(entry, "author", where, fix="whom to ask about it"),
            reason=_said(entry, "reason", where, fix="say why: somebody will read it in a year"),
            where=where,
        )

    # -- which rows -----------------------------------------------------------------------------------------------------

    def _rows(self, entry: Mapping[str, Any], where: str) -> RowSet:
        rows, place = entry.get("rows"), f"{where}.rows"
        if isinstance(rows, str) and rows.strip():
            return RowSet() if rows.strip() == "all" else RowSet(condition=self.condition(rows, place))
        if isinstance(rows, dict):
            _known_keys(rows, ("file",), place)
            return RowSet(file=_file_name(rows.get("file"), f"{place}.file"))
        if isinstance(rows, list) and rows and all(isinstance(row, dict) and row for row in rows):
            if len(rows) > MOST_WRITTEN:
                raise ParamsError(f"{len(rows):,} rows, at most {MOST_WRITTEN:,} are read", where=place, fix="rows: {file: ROWS.csv}")
            return RowSet(written=tuple(self._written(row, f"{place}[{number}]") for number, row in enumerate(rows)))
        raise ParamsError("the test does not say which rows", where=place, fix="rows: all, a condition, {file: ROWS.csv}, or a list of rows {COLUMN: VALUE}")

    def _written(self, row: Mapping[Any, Any], where: str) -> Mapping[str, Any]:
        odd = next((str(name)[:60] for name, value in row.items() if not isinstance(value, str | int | float | bool | None)), None)
        if odd is not None:
            raise ParamsError(f"the value of {odd} is neither a text nor a number, true, false or null", where=where, fix="times in quotation marks")
        for name in row:
            self._require_column(str(name), where)
        return {str(name): value for name, value in row.items()}

    # -- what is changed ------------------------------------------------------------------------------------------------

    def _changes(self, entry: Any, where: str) -> tuple[RowChange, ...]:
        if entry is None:
            return ()
        if not isinstance(entry, dict) or not entry:
            raise ParamsError("what is changed is a map", where=where, fix="change: {set: {COLUMN: VALUE}}")
        _known_keys(entry, HOW, where)
        found: list[RowChange] = []
        for how, columns in entry.items():
            if not isinstance(columns, dict) or not columns:
                raise ParamsError(f"{how} does not say which column", where=f"{where}.{how}", fix=f"{how}: {{COLUMN: VALUE}}")
            found += [self._change(RowChange(how, str(column), value), f"{where}.{how}.{str(column)[:60]}") for column, value in columns.items()]
        return tuple(found)

    def _change(self, change: RowChange, where: str) -> RowChange:
        value = tuple(change.value) if isinstance(change.value, list) else change.value
        problem = _problem(change.how, value)
        if problem is not None:
            raise ParamsError(problem[0], where=where, fix=problem[1])
        self._require_column(change.column, where)
        kind = None if self.about is None else self.about.features.get(change.column)
        if (change.how in OF_NUMBERS and kind not in (None, "numeric")) or (change.how in OF_TEXTS and kind not in (None, "text")):
            raise ParamsError(f"{change.column} is {kind}: {change.how} does not apply", where=where, fix="set changes a value of any kind")
        return RowChange(change.how, change.column, value)

    def _require_column(self, name: str, where: str) -> None:
        if self.about is not None and name not in self.about.features:
            raise UnknownNameError("feature", name[:60], known=self.about.features, where=where)

    # -- what must hold -------------------------------------------------------------------------------------------------

    def _expected(self, kind: TestType, entry: Mapping[str, Any], where: str) -> ExpectedAnswers:
        said, place = entry.get("expect"), f"{where}.expect"
        if not isinstance(said, dict) or not said:
            raise ParamsError("the test expects nothing", where=place, fix=f"expect: {_FIXES[kind]}")
        _known_keys(said, EXPECT_KEYS, place)
        own = {"invariance": _invariance, "directional": _directional, "minimum_functionality": _functionality}[kind]
        found = own(said, place)
        if self.about is not None:
            _check_against(found, self.about, place)
        return found


_FIXES: Mapping[TestType, str] = {
    "invariance": "{tolerance: 0.02}, or {label: same}",
    "directional": "{score: must_not_fall}, must_not_rise, or must_rise or must_fall with by_at_least: 0.1",
    "minimum_functionality": "{label: NAME}, or {between: [0.2, 0.8]} of the score",
}


def _invariance(said: Mapping[str, Any], where: str) -> ExpectedAnswers:
    if ("tolerance" in said) == ("label" in said) or set(said) - {"tolerance", "label", "class"}:
        raise ParamsError("an invariance expects a tolerance of the score or the same label", where=where, fix=_FIXES["invariance"])
    if "label" in said:
        if said["label"] != "same" or "class" in said:
            raise ParamsError("an invariance expects the same label, whatever it is", where=f"{where}.label", fix="{label: same}")
        return ExpectedAnswers(same_label=True)
    return ExpectedAnswers(tolerance=_number(said, "tolerance", where, least=0.0), of_class=_class(said, where))


def _directional(said: Mapping[str, Any], where: str) -> ExpectedAnswers:
    if "score" not in said or set(said) - {"score", "by_at_least", "class"}:
        raise ParamsError("a directional test says which way the score must go", where=where, fix=_FIXES["directional"])
    direction: Direction = _choice(said, "score", get_args(Direction), where)
    if direction in ("must_not_fall", "must_not_rise") and "by_at_least" in said:
        raise ParamsError(f"{direction} and by_at_least contradict each other", where=f"{where}.by_at_least", fix="score: must_rise or must_fall by at least")
    by = _number(said, "by_at_least", where, least=0.0) if "by_at_least" in said else 0.0
    return ExpectedAnswers(direction=direction, by_at_least=by, of_class=_class(said, where))


def _functionality(said: Mapping[str, Any], where: str) -> ExpectedAnswers:
    if "label" in said:
        label = said["label"]
        if set(said) - {"label"} or not isinstance(label, str | int | float | bool) or label == "same":
            raise ParamsError("a label is expected alone, as it is written in the rows", where=where, fix=_FIXES["minimum_functionality"])
        return ExpectedAnswers(label=written(label))
    if "between" not in said or set(said) - {"between", "class"}:
        raise ParamsError("minimum functionality is a label or a range of the score", where=where, fix=_FIXES["minimum_functionality"])
    low, high = _range(said["between"], f"{where}.between")
    return ExpectedAnswers(low=low, high=high, of_class=_class(said, where))


def _range(ends: Any, where: str) -> tuple[float | None, float | None]:
    """The two ends of a range, null where it is open."""
    if not isinstance(ends, list) or len(ends) != 2 or ends == [None, None]:
        raise ParamsError("a range has two ends, of which one may be null", where=where, fix="between: [0.2, 0.8]")
    low, high = (None if end is None else _number({"between": end}, "between", where.removesuffix(".between")) for end in ends)
    if low is not None and high is not None and low > high:
        raise ParamsError(f"a score between {low:g} and {high:g}: the ends contradict each other", where=where, fix="the lower one first")
    return low, high


def _check_against(found: ExpectedAnswers, about: AboutModel, where: str) -> None:
    """What a model of this task and these classes can answer at all."""
    if about.task == "regression":
        if found.of_labels or found.of_class is not None:
            raise ParamsError("a regression has no labels", where=where, fix="expect a tolerance, a direction or a range")
        return
    for key, name in (("label", found.label), ("class", found.of_class)):
        if name is not None and name not in about.classes:
            raise UnknownNameError("class", name[:60], known=about.classes, where=f"{where}.{key}")
    if not about.many and found.of_class is not None:
        raise ParamsError("of two classes the score is the positive one's probability", where=f"{where}.class", fix=f"drop it: {about.classes[-1]}")
    if about.many and found.of_class is None and found.tolerance is None and not found.of_labels:
        raise ParamsError("of many classes each has a score", where=where, fix=f"class: {about.classes[0]}")
    ends = (found.low, found.high, found.by_at_least)
    if any(end is not None and not 0 <= end <= 1 for end in ends):
        raise ParamsError("the score is a probability, 0 to 1: that can never be met, or always is", where=where, fix="a number from 0 to 1")


def _problem(how: str, value: Any) -> tuple[str, str] | None:
    """What is wrong with a change's value, and the fix."""
    if how == "set":
        odd = not isinstance(value, str | int | float | bool | None) or (isinstance(value, float) and not math.isfinite(value))
        return ("a value is a text, a number, true, false or null", "set: {COLUMN: VALUE}") if odd else None
    if how == "swap":
        two = isinstance(value, tuple) and len(value) == 2 and all(isinstance(each, str | int | float | bool) for each in value) and value[0] != value[1]
        return None if two else ("two different values are swapped", "swap: {COLUMN: [A, B]}")
    if how in OF_NUMBERS:
        finite = isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)
        idle = finite and value == (0 if how == "add" else 1)
        return None if finite and not idle else ("the number changes nothing" if idle else "it takes a number", f"{how}: {{COLUMN: 2}}")
    if how == "case":
        return None if value in CASES else (f"the case is one of {', '.join(CASES)}", "case: {COLUMN: upper}")
    if how == "typo":
        fine = isinstance(value, int) and not isinstance(value, bool) and 1 <= value <= MOST_TYPOS
        return None if fine else (f"the number of typos is 1 to {MOST_TYPOS}", "typo: {COLUMN: 1}")
    return None if isinstance(value, str) and 0 < len(value) <= LONGEST_TEXT else ("a text is appended", "append: {COLUMN: ' thanks'}")


# -- single keys --------------------------------------------------------------------------------------------------------


def _known_keys(entry: Mapping[Any, Any], known: tuple[str, ...], where: str) -> None:
    for key in entry:
        if key not in known:
            raise UnknownNameError("key", str(key)[:60], known=known, where=where)


def _choice(entry: Mapping[str, Any], key: str, known: tuple[str, ...], where: str) -> Any:
    value = entry.get(key)
    if value not in known:
        if value is None:
            raise ParamsError(f"the test has no {key}", where=f"{where}.{key}", fix=f"one of {', '.join(known)}")
        raise UnknownNameError(key, str(value)[:60], known=known, where=f"{where}.{key}")
    return value


def _number(entry: Mapping[str, Any], key: str, where: str, *, least: float = -math.inf) -> float:
    value = entry[key]
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value) or value < least:
        raise ParamsError(f"{key} is no number{'' if least == -math.inf else f' of at least {least:g}'}", where=f"{where}.{key}", fix=f"{key}: 0.02")
    return float(value)


def _failure_share(entry: Mapping[str, Any], where: str) -> float:
    if "may_fail" not in entry:
        raise ParamsError("the test does not say which share of its rows may fail", where=f"{where}.may_fail", fix="may_fail: 0 (none), or 0.05")
    share = _number(entry, "may_fail", where, least=0.0)
    if share >= 1:
        raise ParamsError(f"a share of {share:g} refuses nothing", where=f"{where}.may_fail", fix="a share below 1: 0.05")
    return share


def _whole(entry: Mapping[str, Any], key: str, where: str) -> int:
    value = entry.get(key, 1)
    if isinstance(value, bool) or not isinstance(value, int) or value < 1:
        raise ParamsError(f"{key} is no whole number of at least 1", where=f"{where}.{key}", fix=f"{key}: 30")
    return int(value)


def _class(said: Mapping[str, Any], where: str) -> str | None:
    value = said.get("class")
    if value is not None and not isinstance(value, str | int | float | bool):
        raise ParamsError("a class is named by its text", where=f"{where}.class", fix="class: NAME")
    return None if value is None else written(value)


def written(value: str | float) -> str:
    """Return a label of YAML as it is written in rows.

    >>> written(True), written(1), written(1.0), written("late")
    ('true', '1', '1', 'late')
    """
    return str(value).lower() if isinstance(value, bool) else f"{value:g}" if isinstance(value, int | float) else value


def _said(entry: Mapping[str, Any], key: str, where: str, *, fix: str) -> str:
    text = entry.get(key)
    if not isinstance(text, str) or not text.strip():
        raise ParamsError(f"the test has no {key}", where=f"{where}.{key}", fix=fix)
    said = " ".join(text.split())
    if len(said) > LONGEST:
        raise ParamsError(f"the {key} has {len(said)} characters, at most {LONGEST} are shown", where=f"{where}.{key}", fix="a sentence")
    return said


def _file_name(value: Any, where: str) -> str:
    """The name of a file beside the test: git has it, the stage depends on it, and the certificate names its digest."""
    if not isinstance(value, str) or not re.fullmatch(r"\w[\w .-]{0,99}\.(csv|parquet)", value):
        raise ParamsError("a file of rows lies beside the test, a CSV or Parquet file without a folder", where=where, fix="file: ROWS.csv")
    return value


def require_unlike(tests: tuple[BehaviourTest, ...]) -> None:
    """Raise `ParamsError` where two files name one test: its row could not be told from the other's."""
    seen: dict[str, str] = {}
    for test in tests:
        if test.name in seen:
            raise ParamsError(f"two tests are called {test.name!r}", where=f"{test.where}, {seen[test.name]}", fix="name one of them otherwise")
        seen[test.name] = test.where
