"""Text of `labels/NAME.csv`: people's answers, one a line, in the order of their rows; the same labels are the same bytes.

Times are of UTC, to the second. A value that a spreadsheet would take for a formula is kept behind an apostrophe (`spreadsheet.py`).
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final, cast

from keepfit.errors import DataError
from keepfit.records.labels import ORIGINS, Label
from keepfit.tables.spreadsheet import guarded, unguarded

if TYPE_CHECKING:
    from keepfit.records.labels import Selected

COLUMNS: Final = ("row", "label", "origin", "annotator", "known_at", "queue", "selected", "probability")
LONGEST: Final = 1000
"""The most characters of a label or an id."""
FIX: Final = "restore it with git, or correct the line"


def is_foreign(text: str) -> bool:
    r"""Whether a text is another table: its first line does not name a row and its label (and is no mark of a merge).

    >>> is_foreign("path,class\n1.png,cat\n"), is_foreign("row,label\n7,yes\n"), is_foreign("<<<<<<< HEAD\n")
    (True, False, False)
    """
    names = text.removeprefix("\ufeff").split("\n", 1)[0].strip().split(",")
    return not {"row", "label"} <= set(names) and not text.startswith(("<<<<<<<", "=======", ">>>>>>>"))


def written(labels: Iterable[Label]) -> str:
    """Return the file that holds these labels."""
    ordered = sorted(labels, key=lambda one: (one.row, one.known_at, one.annotator, one.label))
    return "".join(f"{','.join(map(_quoted, cells))}\n" for cells in (COLUMNS, *map(_cells, ordered)))


def _quoted(cell: str) -> str:
    """As the csv module does it, with lone carriage returns too, which it leaves bare."""
    doubled = cell.replace('"', '""')
    return f'"{doubled}"' if any(sign in cell for sign in ',"\r\n') else cell


def read(text: str, *, where: str) -> list[Label]:
    """Return the labels of a file; raises `DataError` with the line's number for one that holds none."""
    try:
        lines = list(csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline=""), strict=True))
    except csv.Error as bad:
        raise DataError(f"no table of labels: {bad}", where=where, fix=FIX) from bad
    if not lines or tuple(lines[0]) != COLUMNS:
        raise DataError(f"the first line is not {','.join(COLUMNS)}", where=where, fix=FIX)
    return [_label(cells, where=f"{where}: line {number}") for number, cells in enumerate(lines[1:], start=2) if cells]


def _cells(label: Label) -> Sequence[str]:
    probability = "" if label.probability is None else repr(label.probability)
    texts = (label.row, label.label, label.origin, label.annotator)
    return (*map(guarded, texts), f"{in_utc(label.known_at):%Y-%m-%dT%H:%M:%SZ}", guarded(label.queue), label.selected or "", probability)


def in_utc(moment: datetime) -> datetime:
    """Return the moment in UTC, to the second; one without a zone is in UTC already."""
    return (moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)).replace(microsecond=0, fold=0)


def _label(cells: Sequence[str], *, where: str) -> Label:
    if len(cells) != len(COLUMNS):
        raise DataError(f"{len(cells)} cells, {len(COLUMNS)} are due", where=where, fix=FIX)
    row, label, origin, annotator, known_at, queue, selected, probability = map(unguarded, cells)
    if not row or not label or max(len(row), len(label)) > LONGEST:
        raise DataError(f"an id or a label is empty, or longer than {LONGEST} characters", where=where, fix=FIX)
    if origin not in ORIGINS or origin == "source":
        raise DataError(f"the origin {origin[:40]!r} is none", where=where, fix="gold, annotator, proxy or weak")
    return Label(
        row=row,
        label=label,
        origin=origin,
        annotator=annotator,
        known_at=_moment(known_at, where),
        queue=queue,
        selected=_selected(selected, where),
        probability=_share(probability, where),
    )


def _selected(text: str, where: str) -> Selected | None:
    if text not in ("", "random", "active", "ticket"):
        raise DataError(f"selected is {text[:40]!r}", where=where, fix="random, active, ticket or nothing")
    return cast("Selected", text) if text else None


def _moment(text: str, where: str) -> datetime:
    try:
        return in_utc(datetime.fromisoformat(text))
    except (ValueError, OverflowError) as bad:
        raise DataError(f"known_at is {text[:40]!r}, no time", where=where, fix="a time in UTC: 2026-11-30T16:00:00Z") from bad


def _share(text: str, where: str) -> float | None:
    if not text:
        return None
    try:
        share = float(text)
    except ValueError:
        share = -1.0
    if not 0 < share <= 1:
        raise DataError(f"the probability is {text[:40]!r}", where=where, fix="more than 0, at most 1, or nothing")
    return share
