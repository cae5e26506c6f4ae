"""What a suite must satisfy before a library runs it: a suite that looks as if it checked something must do so.

The library (Great Expectations) drops what it does not know and passes what is empty; so the text is judged here first.
A suite's JSON is `{"name", "expectations": [{"type", "kwargs", "severity", "meta": {"id", "level", "reason", ...}}]}`;
`level` row means that failing rows can be set aside, batch (the default) that only the whole window can. A suite that the library
itself exported is read too (`exported.py`).

>>> text = '{"name": "rows", "expectations": [{"type": "is_big", "kwargs": {}, "severity": "fatal", "meta": {"id": "a"}}]}'
>>> parse_suite(text, "rows", known={"is_big"})
Traceback (most recent call last):
keepfit.errors.ExpectationError: the severity 'fatal' is none of critical, warning, info (suite rows: a)
  fix: critical blocks or sets rows aside, warning and info are only shown
"""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, NoReturn, cast, get_args

from keepfit.errors import ExpectationError, did_you_mean
from keepfit.expect.demands import check_demands
from keepfit.expect.exported import as_ours, is_exported
from keepfit.records import Severity

Level = Literal["row", "batch"]
SUITE_KEYS = ("name", "expectations")
ENTRY_KEYS = ("type", "kwargs", "severity", "meta")
META_KEYS = ("id", "level", "reason", "added_in", "evidence", "review_after", "loosened")
ROW_TYPES = (
    "expect_column_values_",
    "expect_column_value_",
    "expect_column_pair_values_",
    "expect_multicolumn_",
    "expect_compound_columns_",
    "expect_select_column_values_",
)
_NO_LIKE = "the library judges LIKE patterns in a database only; use expect_column_values_to_match_regex (… not_match_regex)"
_NO_QUERY = "the library runs it in a database only, a suite judges one table; use an expectation with a row_condition"
UNSUPPORTED = {
    "expect_column_values_to_match_like_pattern": _NO_LIKE,
    "expect_column_values_to_match_like_pattern_list": _NO_LIKE,
    "expect_column_values_to_not_match_like_pattern": _NO_LIKE,
    "expect_column_values_to_not_match_like_pattern_list": _NO_LIKE,
    "expect_query_results_to_match_comparison": _NO_QUERY,
    "expect_table_row_count_to_equal_other_table": _NO_QUERY,
    "unexpected_rows_expectation": _NO_QUERY,
}
"""Types that the library offers but cannot run on a table in memory, with what to use instead."""
PLACES = frozenset({"column", "column_A", "column_B", "column_list", "row_condition", "condition_parser", "mostly"})


@dataclass(frozen=True, kw_only=True)
class Expectation:
    """One entry of a suite, checked."""

    id: str
    type: str
    kwargs: Mapping[str, Any]
    severity: Severity
    level: Level
    reason: str = ""

    @property
    def column(self) -> str | None:
        """The column (or columns) it speaks of; None if of the table."""
        named = [self.kwargs.get(key) for key in ("column", "column_A", "column_B")]
        names = [str(name) for name in (*named, *self.kwargs.get("column_list", ())) if name is not None]
        return ", ".join(names) or None

    @property
    def wanted(self) -> str:
        """Its bounds as a reader needs them; a long list is cut to its length.

        >>> Expectation(id="w", type="t", kwargs={"column": "x", "min_value": 0, "max_value": 9}, severity="info", level="row").wanted
        'max_value 9, min_value 0'
        """
        bounds = {key: value for key, value in self.kwargs.items() if key not in PLACES}
        texts = [f"{key} {_short(value)}" for key, value in sorted(bounds.items())]
        return ", ".join(texts)


@dataclass(frozen=True, kw_only=True)
class Suite:
    """A named, non-empty set of expectations with unique ids, sorted by id."""

    name: str
    expectations: tuple[Expectation, ...]


def parse_suite(text: str, name: str, *, known: Collection[str]) -> Suite:
    """Read a suite's JSON; `name` is the table's, `known` the library's expectation types.

    Raises `ExpectationError` naming the first entry that could not do what it says: unknown type, key or severity, a type that
    needs a database, no entries, a missing or repeated id, `min_value` above `max_value`, bounds or sets that pass everything, a
    tolerance (`mostly`) on a row-level entry.
    """
    data = _json_object(text, name)
    data = as_ours(data) if is_exported(data) else data
    _only(data, SUITE_KEYS, f"suite {name}")
    if data.get("name") != name:
        _refuse(f"the suite calls itself {data.get('name')!r}", f"suite {name}", f'"name": "{name}", as its file is called')
    entries = data.get("expectations")
    if not isinstance(entries, list) or not entries:
        _refuse("the suite expects nothing, so it would always pass", f"suite {name}", "add an expectation, or delete the file")
    found = [_expectation(entry, name, at, known) for at, entry in enumerate(entries)]
    ids = [one.id for one in found]
    for one in ids:
        if ids.count(one) > 1:
            _refuse(f"the id {one!r} is there {ids.count(one)} times", f"suite {name}", "give every expectation an id of its own")
    return Suite(name=name, expectations=tuple(sorted(found, key=lambda one: one.id)))


def _json_object(text: str, name: str) -> dict[str, Any]:
    def refuse(constant: str) -> NoReturn:
        raise ValueError(f"{constant} is no JSON number")

    try:
        data = json.loads(text, parse_constant=refuse)
    except ValueError as bad:
        raise ExpectationError(f"not JSON: {bad}", where=f"suite {name}", fix="mend the line named above") from bad
    if not isinstance(data, dict):
        _refuse("not a suite: the file holds no JSON object", f"suite {name}", '{"name": …, "expectations": […]}')
    return data


def _expectation(entry: Any, suite: str, at: int, known: Collection[str]) -> Expectation:
    where = f"suite {suite}: entry {at + 1}"
    if not isinstance(entry, dict):
        _refuse("an expectation is a JSON object", where, '{"type": …, "kwargs": {…}, "severity": …, "meta": {"id": …}}')
    meta, kwargs = entry.get("meta"), entry.get("kwargs")
    if not isinstance(meta, dict) or not isinstance(meta.get("id"), str) or not meta["id"].strip():
        _refuse("an expectation has no id", where, 'add "meta": {"id": "a_name_people_will_read"}')
    where = f"suite {suite}: {meta['id']}"
    _only(entry, ENTRY_KEYS, where)
    _only(meta, META_KEYS, where)
    if entry.get("type") not in known:
        _refuse(f"no expectation type {entry.get('type')!r}", where, did_you_mean(str(entry.get("type")), known))
    if entry["type"] in UNSUPPORTED:
        _refuse(f"{entry['type']} cannot be run on a table", where, UNSUPPORTED[entry["type"]])
    if entry.get("severity") not in get_args(Severity):
        severities = "critical blocks or sets rows aside, warning and info are only shown"
        _refuse(f"the severity {entry.get('severity')!r} is none of {', '.join(get_args(Severity))}", where, severities)
    if not isinstance(kwargs, dict):
        _refuse("an expectation has no kwargs", where, 'add "kwargs": {…}')
    level = meta.get("level", "batch")
    _check_level(level, entry["type"], kwargs, where)
    check_demands(entry["type"], kwargs, where)
    reason = str(meta.get("reason", ""))
    return Expectation(id=meta["id"], type=entry["type"], kwargs=kwargs, severity=entry["severity"], level=cast("Level", level), reason=reason)


def _check_level(level: Any, kind: str, kwargs: Mapping[str, Any], where: str) -> None:
    if level not in get_args(Level):
        _refuse(f"the level {level!r} is neither row nor batch", where, "row: failing rows are set aside; batch: the window is blocked")
    if level == "row" and not kind.startswith(ROW_TYPES):
        _refuse(f"{kind} speaks of the whole window and cannot set rows aside", where, '"level": "batch"')
    if level == "row" and "mostly" in kwargs:
        _refuse("a row-level expectation judges each row, so it tolerates none (mostly)", where, 'drop mostly, or "level": "batch"')


def _only(data: Mapping[str, Any], known: Sequence[str], where: str) -> None:
    for key in data:
        if key not in known:
            _refuse(f"no key {key!r}", where, did_you_mean(key, known))


def _refuse(what: str, where: str, fix: str) -> NoReturn:
    raise ExpectationError(what, where=where, fix=fix)


def _short(value: Any) -> str:
    if isinstance(value, list):
        return f"of {len(value)} values"
    text = str(value)
    return text if len(text) <= 60 else text[:57] + "…"
