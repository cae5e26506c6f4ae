r"""A sheet of answers: CSV as it was exported, or a simple one (id, label), as spreadsheets save it.

Commas, semicolons, tabs or bars; UTF-8 with a byte order mark or without, UTF-16, Windows-1252; lines before the header and columns beside
id and label are passed over. What cannot be an answer is named with the number of its line; the other lines are read.

>>> found = sheet(b"id;label;note\r\n7; yes ;\r\n8;;\r\n", ids={"id"}, labels={"label"}, where="a.csv")
>>> [(answer.place, answer.row, answer.label) for answer in found.answers]
[('line 2', '7', 'yes'), ('line 3', '8', '')]
"""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from keepfit.compose.answers.answer import GivenAnswer, HandedIn, Misread, shown
from keepfit.errors import DataError
from keepfit.tables.label_file import LONGEST, in_utc
from keepfit.tables.spreadsheet import id_of_cell, unguarded

DELIMITERS: Final = (",", ";", "\t", "|")
SEP_LINE: Final = re.compile(r'^"?sep=.[^\r\n]*\r?\n', re.IGNORECASE)
ABOVE: Final = 20
"""Lines among which the header is looked for."""
IN_PLACE_OF_SPACE: Final = " \t\r\n\v\f\xa0\u200b\u2007\u202f\ufeff"
SAVE: Final = "save the sheet as CSV UTF-8"


@dataclass(frozen=True, kw_only=True)
class _Header:
    """Where the columns are: of `width`, the header standing in the `line`."""

    line: int
    width: int
    row: int
    label: int
    annotator: int | None
    known_at: int | None


def sheet(content: bytes, *, ids: Collection[str], labels: Collection[str], where: str) -> HandedIn:
    """Return the answers of a file; `ids` and `labels` are what the columns of ids and answers may be called.

    Raises `DataError` for what is no table in text, and for one without a column of ids or of answers.
    """
    text, encoding = _text(content, where)
    header, lines = _table(text, ids=ids, labels=labels, where=where)
    answers: list[GivenAnswer] = []
    misread: list[Misread] = []
    for number, cells in lines:
        if number > header.line and any(cell.strip(IN_PLACE_OF_SPACE) for cell in cells):
            found = _answer(cells, header, place=f"line {number}")
            (misread if isinstance(found, Misread) else answers).append(found)  # type: ignore[arg-type]
    return HandedIn(answers=answers, misread=misread, remarks=[f"read as {encoding}"] if encoding else [])


# -- the text -----------------------------------------------------------------------------------------------------------


def _text(content: bytes, where: str) -> tuple[str, str]:
    """The text, and which encoding it has if it is not UTF-8."""
    if content.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):
        raise DataError("a workbook, not a table in text", where=where, fix=SAVE)
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return _decoded(content, "utf-16", where), "UTF-16"
    try:
        return _decoded(content, "utf-8-sig", where), ""
    except DataError:
        return _decoded(content, "cp1252", where), "Windows-1252"


def _decoded(content: bytes, encoding: str, where: str) -> str:
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError as bad:
        raise DataError(f"no text: {bad.reason} at byte {bad.start}", where=where, fix=SAVE) from bad
    if "\0" in text:
        raise DataError("no text: it holds NUL characters", where=where, fix=SAVE)
    return text


# -- the table ----------------------------------------------------------------------------------------------------------


def _table(text: str, *, ids: Collection[str], labels: Collection[str], where: str) -> tuple[_Header, Sequence[tuple[int, list[str]]]]:
    """The header and the numbered lines, cut by the delimiter with which a line names a column of ids and one of answers."""
    if not text.strip():
        raise DataError("the file is empty", where=where, fix="it needs a header line: id,label")
    unclosed = None
    for delimiter in DELIMITERS:
        try:
            lines = list(_lines(text, delimiter))
        except _UnclosedError as bad:
            unclosed = unclosed or (bad, delimiter)
            continue
        header = next((found for number, cells in lines[:ABOVE] if (found := _header(cells, number, ids=ids, labels=labels))), None)
        if header is not None:
            return header, lines
    if unclosed is not None:
        raise DataError(f"a quotation mark of line {unclosed[0].line} does not end where its cell ends", where=where, fix="correct it, or save the sheet again")
    names = f"{_listed(ids)} (ids) and {_listed(labels)} (answers)"
    raise DataError(f"no line names a column of ids and one of answers: {shown(text.splitlines()[0])}", where=where, fix=f"name the columns {names}")


def _listed(names: Collection[str]) -> str:
    return " or ".join(sorted(names, key=lambda name: (len(name), name))[:3])


class _UnclosedError(Exception):
    """A quoted cell that does not end, or goes on behind its end."""

    def __init__(self, line: int) -> None:
        super().__init__(line)
        self.line = line


def _lines(text: str, delimiter: str) -> Iterator[tuple[int, list[str]]]:
    """The cells of each line with its number, where a cell of several lines begins."""
    said = SEP_LINE.match(text)
    begins = 1 + (said is not None)
    reader = csv.reader(io.StringIO(text[said.end() :] if said else text, newline=""), delimiter=delimiter, strict=True)
    with _cells_of_any_length(len(text)):
        last = 0
        try:
            for cells in reader:
                yield last + begins, cells
                last = reader.line_num
        except csv.Error as bad:
            raise _UnclosedError(last + begins) from bad


@contextmanager
def _cells_of_any_length(most: int) -> Iterator[None]:
    """The csv module refuses a whole file for one long cell; here the cell is named."""
    before = csv.field_size_limit()
    csv.field_size_limit(max(before, most + 1))
    try:
        yield
    finally:
        csv.field_size_limit(before)


def _header(cells: Sequence[str], line: int, *, ids: Collection[str], labels: Collection[str]) -> _Header | None:
    names = [_name(cell) for cell in cells]
    row, label = _place(names, ids), _place(names, labels)
    if row is None or label is None or row == label:
        return None
    return _Header(line=line, width=len(cells), row=row, label=label, annotator=_place(names, {"annotator"}), known_at=_place(names, {"known_at"}))


def _name(cell: str) -> str:
    """What a column is called: `label (billing | outage)` is a label."""
    return unguarded(cell).split("(")[0].strip(IN_PLACE_OF_SPACE).casefold()


def _place(names: Sequence[str], wanted: Collection[str]) -> int | None:
    known = {one.casefold() for one in wanted}
    return next((place for place, name in enumerate(names) if name in known), None)


# -- a line -------------------------------------------------------------------------------------------------------------


def _answer(cells: Sequence[str], header: _Header, *, place: str) -> GivenAnswer | Misread:
    row = id_of_cell(_cell(cells, header.row))
    label = _cell(cells, header.label)
    found = Misread(place=place, row=shown(row), why="")
    if len(cells) > header.width and any(cell.strip() for cell in cells[header.width :]):
        return _because(found, f"{len(cells)} cells, the header line names {header.width}")
    if not row:
        return _because(found, "it has a label but no id" if label else "it has no id")
    if len(row) > LONGEST or len(label) > LONGEST:
        return _because(found, f"{'the id' if len(row) > LONGEST else 'the label'} has {max(len(row), len(label)):,} characters, at most {LONGEST:,} are read")
    try:
        known_at = _moment(_cell(cells, header.known_at))
    except ValueError:
        return _because(found, f"known_at is {shown(_cell(cells, header.known_at))}, no time")
    return GivenAnswer(place=place, row=row, label=label, annotator=_cell(cells, header.annotator), known_at=known_at)


def _because(found: Misread, why: str) -> Misread:
    return Misread(place=found.place, row=found.row, why=why)


def _cell(cells: Sequence[str], place: int | None) -> str:
    if place is None or place >= len(cells):
        return ""
    return unguarded(cells[place].strip(IN_PLACE_OF_SPACE)).strip(IN_PLACE_OF_SPACE)


def _moment(text: str) -> datetime | None:
    try:
        return in_utc(datetime.fromisoformat(text)) if text else None
    except OverflowError as bad:
        raise ValueError(text) from bad
