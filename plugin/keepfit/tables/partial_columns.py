"""Columns that only some files of a folder have: their rows elsewhere are NULL, which nobody may have meant.

>>> [one.sentence for one in partial_columns({"01.csv": ["t"], "02.csv": ["t", "x"], "03.csv": ["t", "x"]})]
["the column 'x' begins with 02.csv: it is NULL in the file before"]
>>> [one.sentence for one in partial_columns({"a": ["t", "x"], "b": ["t"], "c": ["t", "x"]})]
["the column 'x' is in 2 of 3 files (a first): it is NULL in the others"]
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class PartialColumn:
    """A column that `having` of `files` files have, `first` by name the first; `begins`: all before lack it, and none after."""

    name: str
    first: str
    having: int
    files: int
    begins: bool

    @property
    def sentence(self) -> str:
        """What a person is told."""
        before = self.files - self.having
        if self.begins:
            return f"the column {self.name!r} begins with {self.first}: it is NULL in the {'file' if before == 1 else f'{before} files'} before"
        return f"the column {self.name!r} is in {self.having} of {self.files} files ({self.first} first): it is NULL in the others"


def partial_columns(files: Mapping[str, Sequence[str]]) -> Iterator[PartialColumn]:
    """Yield the columns that some of the files lack, given the columns of each file in the order of names."""
    names = list(files)
    for column in dict.fromkeys(column for columns in files.values() for column in columns):
        having = [place for place, columns in enumerate(files.values()) if column in columns]
        if len(having) < len(names):
            begins = having == list(range(having[0], len(names)))
            yield PartialColumn(name=column, first=names[having[0]], having=len(having), files=len(names), begins=begins)
