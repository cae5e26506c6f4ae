"""A suite as Great Expectations exports it, read as one of ours: the same checks follow (`suites.py`).

Its `to_json_dict()` and its file store write `id` (null or a UUID), `meta` with the library's version and `notes` for the suite and
each entry, leave out the names that people read, and turn a condition into an object.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

VERSION = "great_expectations_version"
PREFIXES = ("expect_column_", "expect_")
NAMING = ("column", "column_A", "column_B")
TOLD_BY_NOTHING = ("id", "description", "rendered_content")


def is_exported(data: Mapping[str, Any]) -> bool:
    """Whether the library wrote this suite: it leaves its version.

    >>> is_exported({"name": "rows", "meta": {"great_expectations_version": "1.24.1"}})
    True
    """
    return isinstance(data.get("meta"), dict) and VERSION in data["meta"]


def as_ours(data: Mapping[str, Any]) -> dict[str, Any]:
    """Return an exported suite in our form: each entry named by its columns and type, `notes` as its reason.

    >>> entry = {"id": None, "type": "expect_column_max_to_be_between", "kwargs": {"column": "x", "max_value": 1}, "meta": {}, "severity": "warning"}
    >>> exported = {"name": "rows", "id": None, "expectations": [entry, entry], "meta": {"great_expectations_version": "1.24.1"}, "notes": None}
    >>> [one["meta"]["id"] for one in as_ours(exported)["expectations"]]
    ['x_max_to_be_between', 'x_max_to_be_between_2']
    """
    entries, taken = data.get("expectations"), set[str]()
    found = {key: value for key, value in data.items() if key not in ("id", "meta", "notes")}
    if isinstance(entries, list):
        found["expectations"] = [_entry(entry, taken) if isinstance(entry, dict) else entry for entry in entries]
    return found


def _entry(entry: Mapping[str, Any], taken: set[str]) -> dict[str, Any]:
    kept = {key: value for key, value in entry.items() if key not in (*TOLD_BY_NOTHING, "notes")}
    meta = entry["meta"] if isinstance(entry.get("meta"), dict) else {}
    own = {key: meta[key] for key in ("id", "level", "reason") if key in meta}
    reason = {"reason": str(entry["notes"])} if entry.get("notes") and "reason" not in own else {}
    name = {} if "id" in own else {"id": _name(entry, taken)}
    taken.add(str({**own, **name}["id"]))
    return {"severity": "critical", **kept, "kwargs": _kwargs(entry.get("kwargs")), "meta": {**name, **own, **reason}}


def _kwargs(kwargs: Any) -> Any:
    """A condition that the library wrote as an object around the text that it was given."""
    condition = kwargs.get("row_condition") if isinstance(kwargs, dict) else None
    if isinstance(condition, dict) and condition.get("type") == "pass_through":
        return {**kwargs, "row_condition": condition.get("pass_through_filter")}
    return kwargs


def _name(entry: Mapping[str, Any], taken: set[str]) -> str:
    kind, kwargs = str(entry.get("type")), entry.get("kwargs")
    named = kwargs if isinstance(kwargs, dict) else {}
    listed = named["column_list"] if isinstance(named.get("column_list"), list) else []
    columns = [str(name) for name in (*(named.get(key) for key in NAMING), *listed) if name is not None]
    short = next((kind.removeprefix(prefix) for prefix in PREFIXES if kind.startswith(prefix)), kind)
    name = "_".join([*columns, short])
    return next(one for one in (name, *(f"{name}_{number}" for number in range(2, len(taken) + 3))) if one not in taken)
