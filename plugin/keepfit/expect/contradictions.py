"""Lines of one suite that no window can meet together: bounds of one thing that leave nothing between them, and a mean outside the range of all values.

Only lines on the same rows are compared, and of ranges only those that tolerate no row (no `mostly`). Blind to what follows from several columns.

>>> def line(name, kind, **kwargs):
...     return {"type": f"expect_column_{kind}", "kwargs": {"column": "x", **kwargs}, "meta": {"id": name}}
>>> lines = [line("range", "values_to_be_between", min_value=0, max_value=9), line("mean", "mean_to_be_between", min_value=20)]
>>> [what for _, what, _ in contradictions(lines)]
["'mean' and 'range' leave no value of x: at least 20, at most 9"]
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations
from typing import Any

VALUES = "expect_column_values_to_be_between"
WITHIN = {f"expect_column_{name}_to_be_between" for name in ("mean", "median", "min", "max")}
IN_SET, CONTAIN = "expect_column_distinct_values_to_be_in_set", "expect_column_distinct_values_to_contain_set"
SETS = (IN_SET, "expect_column_values_to_be_in_set")


def contradictions(entries: Sequence[Mapping[str, Any]]) -> Iterator[tuple[str, str, str]]:
    """Yield (id, what, fix) for each pair of entries that contradict one another."""
    sound = [one for one in entries if isinstance(one.get("kwargs"), dict) and isinstance(one.get("meta"), dict)]
    for a, b in combinations(sorted(sound, key=lambda one: str(one["meta"].get("id"))), 2):
        if _rows(a) == _rows(b):
            what = _no_value(a, b) or _no_set(a, b)
            if what:
                yield str(a["meta"].get("id")), f"{a['meta'].get('id')!r} and {b['meta'].get('id')!r} {what}", "change one of them"


def _rows(entry: Mapping[str, Any]) -> tuple[object, ...]:
    kwargs = entry["kwargs"]
    return kwargs.get("column"), kwargs.get("row_condition")


def _no_value(a: Mapping[str, Any], b: Mapping[str, Any]) -> str:
    kinds = {str(a.get("type")), str(b.get("type"))}
    same = len(kinds) == 1 and next(iter(kinds)).endswith("_to_be_between") and "quantile" not in next(iter(kinds))
    within = VALUES in kinds and bool(kinds & WITHIN)
    if not (same or within) or any("mostly" in one["kwargs"] for one in (a, b) if one.get("type") == VALUES):
        return ""
    lows = [one["kwargs"].get("min_value") for one in (a, b)]
    highs = [one["kwargs"].get("max_value") for one in (a, b)]
    low = max((one for one in lows if isinstance(one, int | float)), default=None)
    high = min((one for one in highs if isinstance(one, int | float)), default=None)
    if low is None or high is None or low <= high or any(_crossed(one["kwargs"]) for one in (a, b)):
        return ""
    return f"leave no value of {a['kwargs'].get('column') or 'the table'}: at least {low}, at most {high}"


def _crossed(kwargs: Mapping[str, Any]) -> bool:
    """Whether the bounds of one entry cross by themselves, which is said elsewhere."""
    low, high = kwargs.get("min_value"), kwargs.get("max_value")
    return isinstance(low, int | float) and isinstance(high, int | float) and low > high


def _no_set(a: Mapping[str, Any], b: Mapping[str, Any]) -> str:
    for allowed, wanted in ((a, b), (b, a)):
        if allowed.get("type") in SETS and wanted.get("type") == CONTAIN and "mostly" not in allowed["kwargs"]:
            one, other = allowed["kwargs"].get("value_set"), wanted["kwargs"].get("value_set")
            missing = [value for value in other if value not in one] if isinstance(one, list) and isinstance(other, list) else []
            if missing:
                return f"want {missing[0]!r} in {a['kwargs'].get('column')} and do not allow it"
    return ""
