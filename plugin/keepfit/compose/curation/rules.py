"""The rules of `curation.yaml`: what a person decided on single rows, with author, reason and expiry.

    rules:
      NAME: {action: exclude | include | relabel | weight, where: CONDITION | rows: [IDS], value: …, author: …, reason: …, expires: DATE | null, judging: false}

| action | what becomes of a row that the rule speaks of |
|---|---|
| exclude | it is left out |
| include | a row that an expectation set aside (quarantined) is used like any other |
| relabel | its label is `value`, a class or (regression) a number; also where it has none |
| weight | what it weighs in training is multiplied by `value` |

A rule is for rows that may train. `judging: true` makes it one for rows that judge, and for the permanent holdout, as well: then the evidence changes, so it is
said wherever the evidence is shown. Rows that judge have no weight.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal, cast, get_args

from keepfit.compose.curation.expression import Condition, condition
from keepfit.errors import ParamsError, UnknownNameError

CurationAction = Literal["exclude", "include", "relabel", "weight"]
FILE = "curation.yaml"
KEYS = ("action", "where", "rows", "value", "author", "reason", "expires", "judging")
VALUED = ("relabel", "weight")
EXAMPLE = "{action: exclude, where: 'distance > 9000', author: you, reason: why, expires: null}"
MOST_RULES, MOST_ROWS, LONGEST, HEAVIEST = 200, 10_000, 300, 1e6


@dataclass(frozen=True, kw_only=True)
class CurationRule:
    """One rule: the rows that a condition is true of, or those with these ids; `expires` is the first day that it no longer holds on (None: it stays)."""

    name: str
    action: CurationAction
    when: Condition | None
    rows: tuple[str, ...]
    value: float | str | None
    author: str
    reason: str
    expires: date | None
    judging: bool

    @property
    def where(self) -> str:
        """Its place in the file."""
        return f"{FILE}: rules.{self.name}"

    def expired(self, end: datetime) -> bool:
        """Whether it no longer holds for data that ends then: the clock of a rule is that of the newest window."""
        return self.expires is not None and end > datetime(self.expires.year, self.expires.month, self.expires.day)


@dataclass(frozen=True, kw_only=True)
class Curation:
    """The rules in the order of their names; `columns` are those that some window has, though perhaps none of those that are composed."""

    rules: tuple[CurationRule, ...] = ()
    columns: frozenset[str] = frozenset()

    @property
    def needed(self) -> frozenset[str]:
        """The columns that conditions speak of."""
        return frozenset().union(*(rule.when.columns for rule in self.rules if rule.when is not None))

    @property
    def told(self) -> list[list[Any]]:
        """What of the rules changes a model, in plain values: for the key of what is kept."""
        return [
            [rule.name, rule.action, None if rule.when is None else rule.when.text, rule.rows, rule.value, str(rule.expires), rule.judging]
            for rule in self.rules
        ]


NOTHING = Curation()
"""No rule at all."""


def curation_of(entries: Mapping[str, Any]) -> Curation:
    """Return the rules that `curation.yaml` holds; raises `ParamsError` with the rule's place for one that is none."""
    for key in entries:
        if key != "rules":
            raise UnknownNameError("key", key, known=["rules"], where=FILE)
    rules = entries.get("rules")
    if rules is None:
        return NOTHING
    if not isinstance(rules, dict):
        raise ParamsError("rules are a map by name", where=f"{FILE}: rules", fix=f"NAME: {EXAMPLE}")
    if len(rules) > MOST_RULES:
        raise ParamsError(f"{len(rules)} rules, at most {MOST_RULES} are read", where=f"{FILE}: rules", fix="join some by `or`, drop what has expired")
    return Curation(rules=tuple(_rule(name, rules[name]) for name in sorted(rules, key=str)))


def _rule(name: Any, entry: Any) -> CurationRule:
    where = f"{FILE}: rules.{str(name)[:60]}"
    if not isinstance(name, str) or not name.strip() or len(name) > 60 or not name.isprintable():
        raise ParamsError(f"{str(name)[:60]!r} is no name of a rule", where=where, fix="a short text")
    if not isinstance(entry, dict):
        raise ParamsError("a rule is a map", where=where, fix=EXAMPLE)
    for key in entry:
        if key not in KEYS:
            raise UnknownNameError("key", str(key)[:60], known=KEYS, where=where)
    action = entry.get("action")
    if action not in get_args(CurationAction):
        raise ParamsError(f"the action {str(action)[:60]!r} is none", where=f"{where}.action", fix="exclude, include, relabel or weight")
    judging = entry.get("judging", False)
    if not isinstance(judging, bool) or (judging and action == "weight"):
        what = "a row that judges has no weight" if judging is True else f"{str(judging)[:60]!r} is neither true nor false"
        raise ParamsError(what, where=f"{where}.judging", fix="judging: false")
    when, rows = _rows(entry, where)
    return CurationRule(
        name=name,
        action=cast("CurationAction", action),
        when=when,
        rows=rows,
        value=_value(str(action), entry, where),
        author=_said(entry, "author", where, fix="whom to ask about it"),
        reason=_said(entry, "reason", where, fix="say why: somebody will read it in a year"),
        expires=_expires(entry, where),
        judging=judging,
    )


def _rows(entry: Mapping[str, Any], where: str) -> tuple[Condition | None, tuple[str, ...]]:
    """What says which rows: a condition, or their ids."""
    if ("where" in entry) == ("rows" in entry):
        what = "a rule has a condition or ids of rows, not both" if "where" in entry else "the rule does not say which rows"
        raise ParamsError(what, where=where, fix="where: CONDITION, or rows: [IDS]")
    if "where" in entry:
        text = entry["where"]
        if not isinstance(text, str):
            raise ParamsError(f"{str(text)[:60]!r} is no condition", where=f"{where}.where", fix="a text: where: 'distance > 9000'")
        return condition(text, where=f"{where}.where"), ()
    return None, _ids(entry["rows"], f"{where}.rows")


def _ids(rows: Any, where: str) -> tuple[str, ...]:
    if not isinstance(rows, list) or not rows:
        raise ParamsError("rows are a list of ids", where=where, fix="rows: ['a1', 'a2']")
    if len(rows) > MOST_ROWS:
        raise ParamsError(f"{len(rows):,} ids, at most {MOST_ROWS:,} are read", where=where, fix="a condition: where: …")
    odd = next((each for each in rows if not isinstance(each, str) and (isinstance(each, bool) or not isinstance(each, int))), None)
    if odd is not None:
        raise ParamsError(f"{str(odd)[:60]!r} was not written as an id", where=where, fix="put it into quotation marks")
    return tuple(sorted({str(each) for each in rows}))


def _value(action: str, entry: Mapping[str, Any], where: str) -> float | str | None:
    """A weight, or a label as it was written; a boolean as its word."""
    value = entry.get("value")
    if action not in VALUED:
        if value is not None:
            raise ParamsError(f"{action} takes no value", where=f"{where}.value", fix="drop it")
        return None
    place = f"{where}.value"
    if action == "relabel":
        if not isinstance(value, str | int | float) or (isinstance(value, float) and not math.isfinite(value)):
            raise ParamsError("relabel needs the label as its value", where=place, fix="value: a class, or a number")
        return value if isinstance(value, str) else str(value).lower() if isinstance(value, bool) else float(value)
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 < value <= HEAVIEST:
        raise ParamsError(
            f"the weight {str(value)[:60]} is not above 0 and at most {HEAVIEST:,.0f}", where=place, fix="value: 0.5; rows are left out by exclude"
        )
    return float(value)


def _said(entry: Mapping[str, Any], key: str, where: str, *, fix: str) -> str:
    text = entry.get(key)
    if not isinstance(text, str) or not text.strip():
        raise ParamsError(f"the rule has no {key}", where=f"{where}.{key}", fix=fix)
    said = " ".join(text.split())
    if len(said) > LONGEST:
        raise ParamsError(f"the {key} has {len(said)} characters, at most {LONGEST} are shown", where=f"{where}.{key}", fix="a sentence")
    return said


def _expires(entry: Mapping[str, Any], where: str) -> date | None:
    if "expires" not in entry:
        raise ParamsError("the rule does not say when it expires", where=f"{where}.expires", fix="a date such as 2014-01-31, or null: never")
    found = entry["expires"]
    if isinstance(found, str):
        try:
            found = date.fromisoformat(found)
        except ValueError:
            raise ParamsError(f"{found[:60]!r} is no date", where=f"{where}.expires", fix="a date such as 2014-01-31, or null: never") from None
    if found is None or (isinstance(found, date) and not isinstance(found, datetime)):
        return found
    raise ParamsError(f"{str(found)[:60]!r} is no date", where=f"{where}.expires", fix="a date such as 2014-01-31, or null: never")
