r"""How a CSV file is written: its delimiter, a decimal comma, Excel's `sep=` line, a delimiter at the end of each line, an index without a name.

Looked up in the file's first lines. The delimiter is the one of `,` `;` tab `|` that cuts the header line and the lines below into the same
number of fields, more than one, the most where several do. Blind to a file whose first lines are written another way than the rest: a reader finds that.

>>> sniff("sep=;\namount;cat\n1,5;a\n2,5;b\n", whole=True)
Dialect(delimiter=';', decimal_comma=True, skip=1, names=None)
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from keepfit.errors import DataError
from keepfit.tables.missing import MISSING_WORDS

if TYPE_CHECKING:
    from pyarrow import csv as arrow_csv

DELIMITERS = (",", ";", "\t", "|")
OTHERS = {"^": "^", "~": "~", "\x01": "\\x01", "\x1f": "\\x1f", "§": "§", ":": ":", " ": "a space"}
NUMERIC_BELOW = (":", " ")  # texts hold them too, so only a column of numbers below a word shows that they cut
HEAD = 1 << 16
LINES = 200
MOST = 0.9
INDEX, TRAILING = "\x00index", "\x00trailing"  # names that no header line holds
SEP_LINE = re.compile(r'^"?sep=(.)"?\r?\n', re.IGNORECASE)
DECIMAL_COMMA = re.compile(r"^\s*[-+]?(\d+|\d{1,3}(\.\d{3})+),\d+\s*$")
DECIMAL_POINT = re.compile(r"^\s*[-+]?(\d+\.\d+|\d{1,3}(,\d{3})+\.\d+|\d{1,3}(,\d{3}){2,})\s*$")
NUMBER = re.compile(r"^\s*[-+]?\d+([.,]\d+)?\s*$")
Lines = Sequence[Sequence[str]]


@dataclass(frozen=True)
class Dialect:
    """How to read a file. `skip` lines come before its columns; `names` are given where the header line does not name all fields (`None`: it does)."""

    delimiter: str = ","
    decimal_comma: bool = False
    skip: int = 0
    names: tuple[str, ...] | None = None

    def options(self, *, block: int) -> tuple[arrow_csv.ReadOptions, arrow_csv.ParseOptions]:
        """Return how Arrow cuts the file into lines and fields."""
        from pyarrow import csv as arrow_csv

        skip = self.skip + (self.names is not None)
        reading = arrow_csv.ReadOptions(block_size=block, skip_rows=skip, column_names=list(self.names) if self.names else None)
        return reading, arrow_csv.ParseOptions(delimiter=self.delimiter, newlines_in_values=True)

    def conversion(self, **more: object) -> arrow_csv.ConvertOptions:
        """Return how Arrow makes values of the fields: words for missing are NULL unless they stand in quotes."""
        from pyarrow import csv as arrow_csv

        return arrow_csv.ConvertOptions(
            null_values=list(MISSING_WORDS),
            strings_can_be_null=True,
            quoted_strings_can_be_null=False,
            decimal_point="," if self.decimal_comma else ".",
            **more,
        )

    @property
    def nameless(self) -> tuple[str, ...]:
        """The fields that are no columns: an index without a name, what stands after the last delimiter."""
        return tuple(name for name in (INDEX, TRAILING) if name in (self.names or ()))


def sniff(head: str, *, whole: bool) -> Dialect:
    """Return the dialect of a file that begins with this text (`whole`: that is all of it).

    Raises `DataError` for a delimiter that is none of the four, named, and for columns without a name that are neither an index nor empty.
    """
    skip, delimiter = 0, None
    if said := SEP_LINE.match(head):
        skip, delimiter, head = 1, said[1], head[said.end() :]
    text = head if whole else head[: head.rfind("\n") + 1] or head
    cut = {one: _cut(text, one) for one in ((delimiter,) if delimiter else DELIMITERS)}
    chosen = delimiter or max(cut, key=lambda one: (_consistent(cut[one]), len(cut[one][0]) if cut[one] else 0, -DELIMITERS.index(one)))
    lines = cut[chosen]
    if not lines:
        return Dialect(delimiter=chosen, skip=skip)
    if len(lines[0]) == 1 and delimiter is None:
        _refuse_others(text)
        return Dialect(skip=skip)
    names = _names(lines, text)
    if names is not None:  # Arrow skips lines, and empty ones count
        skip += len(text[: len(text) - len(text.lstrip("\r\n"))].splitlines())
    return Dialect(delimiter=chosen, decimal_comma=chosen != "," and _decimal_comma(lines), skip=skip, names=names)


def _cut(text: str, delimiter: str) -> Lines:
    """The first lines' fields; none where they cannot be cut this way."""
    found = []
    try:
        for line in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter):
            if line:
                found.append(line)
            if len(found) == LINES:
                break
    except csv.Error:
        return ()
    return found


def _consistent(lines: Lines) -> bool:
    """Whether the delimiter cuts the header into several fields, and nearly all lines into as many (or one more, for an index or a last delimiter)."""
    if not lines or len(lines[0]) < 2:
        return False
    width, body = len(lines[0]), lines[1:]
    return sum(len(line) in (width, width + 1) for line in body) >= MOST * len(body)


def _refuse_others(text: str) -> None:
    for delimiter, shown in OTHERS.items():
        lines = _cut(text, delimiter)
        if len(lines) < 2 or len(lines[0]) < 2 or any(len(line) != len(lines[0]) for line in lines):
            continue
        if delimiter not in NUMERIC_BELOW or any(not NUMBER.match(column[0]) and all(map(NUMBER.match, column[1:])) for column in zip(*lines, strict=True)):
            raise DataError(f"the fields are set apart by {shown!r}, not by one of , ; tab |", fix="save it with one of these, or as Parquet")


def _decimal_comma(lines: Lines) -> bool:
    cells = [cell for line in lines[1:] for cell in line]
    commas = sum(bool(DECIMAL_COMMA.match(cell)) for cell in cells)
    return commas > sum(bool(DECIMAL_POINT.match(cell)) for cell in cells)


def _names(lines: Lines, text: str) -> tuple[str, ...] | None:
    """The columns' names where some fields have none: an index in front, nothing after a last delimiter. Raises `DataError` for any other."""
    header, body = list(lines[0]), lines[1:]
    if body and all(len(line) == len(header) + 1 for line in body):
        if all(not line[-1].strip() for line in body):
            header.append("")
        elif _counts_up([line[0] for line in body]):
            header.insert(0, "")
        else:
            raise DataError("each line has one field more than the header line names", fix="name every column in the header line, or take the field away")
    if all(name.strip() for name in header):
        return None
    return _placed(header, [line for line in body if len(line) == len(header)], text)


def _placed(header: list[str], body: Lines, text: str) -> tuple[str, ...]:
    last = len(header) - 1
    for place, name in enumerate(header):
        if name.strip():
            continue
        if place == last and all(not line[-1].strip() for line in body):
            header[place] = TRAILING
        elif place == 0:
            header[place] = INDEX
        else:
            raise DataError(
                f"a column has no name: the header line names {len(header) - sum(not one.strip() for one in header)} of {len(header)}, not column {place + 1}",
                fix="give every column a name of its own",
            )
    if text.lstrip("\r\n").split("\n", 1)[0].count('"') % 2:
        raise DataError("a column has no name, in a header that goes over several lines", fix="give every column a name, in one header line")
    return tuple(header)


def _counts_up(values: Sequence[str]) -> bool:
    """Whether the values are row numbers."""
    if len(values) < 2 or not all(value.isascii() and value.isdigit() for value in values):
        return False
    numbers = [int(value) for value in values]
    return numbers == list(range(numbers[0], numbers[0] + len(numbers)))
