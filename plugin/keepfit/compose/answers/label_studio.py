"""A full JSON export of Label Studio, read after its documented format (tasks with their annotations).

A cancelled (skipped) annotation and an empty submission are no answers; drafts and predictions are nobody's. The smaller export JSON_MIN is refused:
there a submission without a choice shows what the task itself held, such as a label of before, as if the annotator had given it.

>>> task = {"id": 1, "data": {"row": "7"}, "annotations": [{"id": 5, "completed_by": 2, "result": [
...     {"from_name": "label", "to_name": "text", "type": "choices", "value": {"choices": ["outage"]}}]}]}
>>> [(answer.place, answer.row, answer.label, answer.annotator) for answer in tasks(json.dumps([task]).encode(), ids={"row"}, where="a.json").answers]
[('task 1, annotation 5', '7', 'outage', '2')]
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from keepfit.compose.answers.answer import GivenAnswer, HandedIn, Misread, shown
from keepfit.errors import DataError
from keepfit.tables.label_file import LONGEST, in_utc

EXPORT: Final = "export the project as JSON (not JSON_MIN or CSV)"
OURS: Final = "label"
"""What the control is called in the configuration that keepfit writes."""
VALUES: Final = {"choices": "choices", "number": "number", "rating": "rating", "textarea": "text"}
"""The controls whose answers are read, each with the key of its value."""


class _UnreadError(Exception):
    """Why an annotation is no answer that can be read."""


def tasks(content: bytes, *, ids: Collection[str], where: str) -> HandedIn:
    """Return the answers of an export; `ids` are the keys of a task's data that may name its row.

    Raises `DataError` for what is no JSON, no export of tasks, or an export of another kind.
    """
    answers: list[GivenAnswer] = []
    misread: list[Misread] = []
    for place, task in _tasks(content, where):
        row = _row(task, ids)
        for number, annotation in enumerate(_annotations(task), start=1):
            named = f"{place}, annotation {_id(annotation, number)}"
            if not row or len(row) > LONGEST:
                why = "its data names no row" if not row else f"the id has {len(row):,} characters, at most {LONGEST:,} are read"
                misread.append(Misread(place=named, row=shown(row), why=why))
                continue
            try:
                answers.append(_answer(annotation, row, place=named, queue=str(task["data"].get("queue", ""))))
            except _UnreadError as bad:
                misread.append(Misread(place=named, row=shown(row), why=str(bad)))
    return HandedIn(answers=answers, misread=misread)


# -- tasks --------------------------------------------------------------------------------------------------------------


def _tasks(content: bytes, where: str) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Each task, and what it is called."""
    try:
        loaded = json.loads(content.decode("utf-8-sig"))
    except (ValueError, RecursionError) as bad:
        raise DataError(f"no JSON: {str(bad)[:100]}", where=where, fix=EXPORT) from bad
    listed = [loaded] if isinstance(loaded, dict) else loaded
    if not isinstance(listed, list) or not all(isinstance(task, dict) for task in listed):
        raise DataError("no list of tasks", where=where, fix=EXPORT)
    for number, task in enumerate(listed, start=1):
        if not _is_task(task):
            what = "a JSON_MIN export: it does not tell an empty answer from the label of before" if "data" not in task else "a task without annotations"
            raise DataError(f"task {_id(task, number)} is no task of a full export: {what}", where=where, fix=EXPORT)
        yield f"task {_id(task, number)}", task


def _is_task(task: Mapping[str, Any]) -> bool:
    found = task.get("annotations", task.get("completions"))
    return isinstance(task.get("data"), dict) and isinstance(found, list) and all(isinstance(one, dict) for one in found)


def _annotations(task: Mapping[str, Any]) -> Sequence[Mapping[str, Any]]:
    """What people handed in; it was called `completions` once."""
    found: Sequence[Mapping[str, Any]] = task.get("annotations", task.get("completions", ()))
    return found


def _row(task: Mapping[str, Any], ids: Collection[str]) -> str:
    value = next((task["data"][name] for name in sorted(ids, key=lambda name: name != "row") if task["data"].get(name) not in (None, "")), "")
    return str(value) if isinstance(value, str | int) and not isinstance(value, bool) else ""


def _id(of: Mapping[str, Any], number: int) -> str:
    return str(of.get("id", number))[:40]


# -- an annotation ------------------------------------------------------------------------------------------------------


def _answer(annotation: Mapping[str, Any], row: str, *, place: str, queue: str) -> GivenAnswer:
    skipped = annotation.get("was_cancelled") or annotation.get("skipped")
    label = "" if skipped else _label(annotation.get("result") or ())
    if len(label) > LONGEST:
        raise _UnreadError(f"the label has {len(label):,} characters, at most {LONGEST:,} are read")
    return GivenAnswer(place=place, row=row, label=label, annotator=_who(annotation), known_at=_when(annotation), queue=queue)


def _label(result: object) -> str:
    """The one value that was given; empty where none was."""
    if not isinstance(result, Sequence) or not all(isinstance(one, dict) for one in result):
        raise _UnreadError("its result is no list of answers")
    read = [one for one in result if one.get("type") in VALUES]
    if result and not read:
        raise _UnreadError(f"its answer is of the type {shown(str(result[0].get('type')))}: {', '.join(VALUES)} are read")
    names = {one.get("from_name") for one in read}
    if len(names) > 1:
        if OURS not in names:
            raise _UnreadError(f"it answers several questions, none of which is called {OURS!r}")
        read = [one for one in read if one.get("from_name") == OURS]
    values = list(dict.fromkeys(value for one in read for value in _values(one)))
    if len(values) > 1:
        raise _UnreadError(f"several labels in one answer: {', '.join(map(shown, values[:3]))}")
    return values[0].strip() if values else ""


def _values(one: Mapping[str, Any]) -> list[str]:
    value = one.get("value")
    found = value.get(VALUES[str(one["type"])]) if isinstance(value, dict) else None
    listed = found if isinstance(found, list) else [] if found is None else [found]
    if not all(isinstance(each, str | int | float) for each in listed):
        raise _UnreadError("its value is neither text nor a number")
    return [f"{each:.0f}" if isinstance(each, float) and each.is_integer() else str(each) for each in listed]


def _who(annotation: Mapping[str, Any]) -> str:
    """The number of the user, which every export has; a name or an address where there is no number."""
    who = annotation.get("completed_by")
    if isinstance(who, dict):
        who = who.get("id", who.get("email"))
    return "" if who is None else str(who)[:LONGEST]


def _when(annotation: Mapping[str, Any]) -> datetime | None:
    """When it was given, or last changed."""
    said = annotation.get("updated_at") or annotation.get("created_at")
    if not isinstance(said, str):
        return None
    try:
        return in_utc(datetime.fromisoformat(said))
    except (ValueError, OverflowError) as bad:
        raise _UnreadError(f"it says {shown(said)} of when it was given, no time") from bad
