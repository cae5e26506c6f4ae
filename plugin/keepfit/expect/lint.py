"""What is wrong with a suite as it is written: all of it at once, where `parse_suite` stops at the first.

Errors are what `parse_suite` refuses (unknown types and keys, no entries, an id twice, bounds that nothing or everything meets), lines that contradict one
another, and a date that is none. Warnings are lines whose `review_after` has passed, and columns that no window has.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from keepfit.errors import ExpectationError, did_you_mean
from keepfit.expect.contradictions import contradictions
from keepfit.expect.exported import is_exported
from keepfit.expect.suites import parse_suite
from keepfit.records.expectation_record import LintFinding

NAMING = ("column", "column_A", "column_B", "column_list", "column_set")


def lint(text: str, name: str, *, file: str, known: Collection[str], columns: Collection[str] | None, today: date) -> tuple[LintFinding, ...]:
    """Return what is wrong with a suite's text. `known` are the library's types, `columns` those of the table's windows (None: not known).

    >>> text = '{"name": "rows", "expectations": [{"type": "t", "kwargs": {"column": "y"}, "severity": "fatal", "meta": {"id": "a"}}]}'
    >>> [(one.level, one.what) for one in lint(text, "rows", file="rows.json", known={"t"}, columns={"x"}, today=date(2026, 1, 1))]
    [('error', "the severity 'fatal' is none of critical, warning, info"), ('warning', "no window has the column 'y'")]
    """
    try:
        data = json.loads(text)
    except ValueError as bad:
        return (LintFinding(file=file, id="", level="error", what=f"not JSON: {bad}", fix="restore the file with git"),)
    entries = data.get("expectations") if isinstance(data, dict) else None
    there = [one for one in entries if isinstance(one, dict)] if isinstance(entries, list) else []
    found = list(_refused(text, data, name, known, entries if isinstance(entries, list) else []))
    found += [("error", *one) for one in contradictions(there)]
    found += [one for entry in there for one in _dated(entry, today)]
    found += [] if columns is None else [one for entry in there for one in _strangers(entry, columns)]
    return tuple(LintFinding(file=file, id=each, level="error" if level == "error" else "warning", what=what, fix=fix) for level, each, what, fix in found)


def _refused(text: str, data: Any, name: str, known: Collection[str], entries: Sequence[Any]) -> Iterator[tuple[str, str, str, str]]:
    """Each entry that is refused by itself, and what is refused of the whole."""
    said: set[str] = set()
    if isinstance(data, dict) and not is_exported(data):
        for at, entry in enumerate(entries):
            bad = _error(json.dumps({"name": name, "expectations": [entry]}), name, known)
            if bad is not None:
                said.add(bad.what)
                yield "error", _id(entry) or f"entry {at + 1}", bad.what, bad.fix or ""
        ids = [_id(entry) for entry in entries]
        for one in sorted({one for one in ids if one and ids.count(one) > 1}):
            what = f"the id {one!r} is there {ids.count(one)} times"
            said.add(what)
            yield "error", one, what, "give every expectation an id of its own"
    whole = _error(text, name, known)
    if whole is not None and whole.what not in said:
        yield "error", "", whole.what, whole.fix or ""


def _error(text: str, name: str, known: Collection[str]) -> ExpectationError | None:
    try:
        parse_suite(text, name, known=known)
    except ExpectationError as bad:
        return bad
    return None


def _dated(entry: Mapping[str, Any], today: date) -> Iterator[tuple[str, str, str, str]]:
    meta = entry.get("meta")
    when = meta.get("review_after") if isinstance(meta, dict) else None
    if when is None:
        return
    try:
        due = date.fromisoformat(str(when))
    except ValueError:
        yield "error", _id(entry), f"review_after {when!r} is no date", "such as 2027-01-31"
        return
    if due < today:
        yield "warning", _id(entry), f"was to be reviewed after {due}", "keepfit expect record says what it was good for; then change review_after, or the line"


def _strangers(entry: Mapping[str, Any], columns: Collection[str]) -> Iterator[tuple[str, str, str, str]]:
    """Columns that an entry names and no window has."""
    kwargs: Mapping[str, Any] = entry["kwargs"] if isinstance(entry.get("kwargs"), dict) else {}
    for named in map(kwargs.get, NAMING):
        for one in named if isinstance(named, list) else [named]:
            if isinstance(one, str) and one not in columns:
                yield "warning", _id(entry), f"no window has the column {one!r}", did_you_mean(one, columns)


def _id(entry: Any) -> str:
    meta = entry.get("meta") if isinstance(entry, dict) else None
    return str(meta.get("id") or "") if isinstance(meta, dict) else ""
