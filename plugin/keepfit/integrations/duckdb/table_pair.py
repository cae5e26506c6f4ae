"""Two stored tables beside one another: which columns are held against which, and the SQL that does it.

Within a side's SQL `k0` … are the key, `c0` … the compared columns in a common type, `f` the number of the row's file; in `differing`, the table of
what differs, `state`, the key, `fa` and `fb`, and of each column `a0` … (before) and `b0` … (now).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

from keepfit.integrations.duckdb.connection import quoted
from keepfit.integrations.duckdb.readings import AS_IS, ColumnReading, of
from keepfit.integrations.duckdb.stored_tables import PLACE, StoredTable
from keepfit.records import TimeFeatures

Among = Literal["all", "told apart", "not told apart"]


@dataclass(frozen=True, kw_only=True)
class DiffQuestion:
    """What is asked of two tables: the key, and the columns that are told of beside the rows.

    `made`: keepfit made the key of the row's content; `derived`: slices that are read off the time where no column holds them; `classes`: the
    target is one of classes; `categories` are told as such whatever stores them; `by_file`: a file is a part of the data with a name (a window),
    and rows are counted by it; `typed`: a person typed the columns' names. `class_names`: of many classes, whose codes the target holds, what they are called
    on either side, whose lists may differ.
    """

    what: str
    key: tuple[str, ...] = ()
    made: bool = False
    target: str | None = None
    classes: bool = True
    time: str | None = None
    slices: tuple[str, ...] = ()
    derived: TimeFeatures | None = None
    categories: frozenset[str] = frozenset()
    by_file: bool = False
    typed: bool = False
    class_names: tuple[tuple[str, ...], tuple[str, ...]] | None = None


@dataclass(frozen=True, kw_only=True)
class TablePair:
    """The key's and the columns' readings; `names` are (before, now), `kept` the places of those whose values are kept of rows that one side lacks."""

    before: StoredTable
    now: StoredTable
    key: tuple[str, ...]
    keys: tuple[ColumnReading, ...]
    names: tuple[tuple[str, str], ...]
    readings: tuple[ColumnReading, ...]
    kept: frozenset[int]
    by_file: bool = False

    @cached_property
    def files(self) -> tuple[str, ...]:
        """The names of the files that may differ, of both sides: `f` is a place in it."""
        return tuple(sorted({*self.before.table.files, *self.now.table.files}))

    @property
    def has_key(self) -> str:
        """Whether a row has all of its key."""
        return " AND ".join(f"k{place} IS NOT NULL" for place in range(len(self.key)))

    @property
    def key_text(self) -> str:
        """The key as one text."""
        return f"concat_ws(', ', {', '.join(f'CAST(k{place} AS VARCHAR)' for place in range(len(self.key)))})" if self.key else "CAST(NULL AS VARCHAR)"

    def side(self, number: int, *, columns: Iterable[int], among: Among = "all") -> str:
        """Return SQL of a side (0 before, 1 now): its key, these columns and the file, of the rows that their key tells apart, or does not, or all."""
        rows = self._select(number, dict.fromkeys(columns, AS_IS))
        wanted = {"all": "", "told apart": f" WHERE {self.has_key} AND NOT {self._in_repeated}", "not told apart": f" WHERE {self._not_told_apart}"}[among]
        return f"(SELECT * FROM {rows} s{wanted})" if wanted else rows

    def whole(self, number: int, *, repeated_only: bool) -> str:
        """Return SQL of a side's rows with all values settled; `repeated_only`: those whose key does not tell them apart."""
        rows = self._select(number, {place: reading.settled for place, reading in enumerate(self.readings)})
        return f"(SELECT * FROM {rows} s WHERE {self._not_told_apart})" if repeated_only else rows

    def _select(self, number: int, columns: dict[int, str]) -> str:
        table = (self.before, self.now)[number]
        names = [pair[number] for pair in self.names]
        values = [
            f"{of(reading.settled, f'({_of(reading, number, name)})')} AS k{place}"
            for place, (name, reading) in enumerate(zip(self.key, self.keys, strict=True))
        ]
        values += [f"{of(settled, f'({_of(self.readings[place], number, names[place])})')} AS c{place}" for place, settled in columns.items()]
        values.append(f"{self._file(table) if self.by_file else 'NULL'} AS f")
        return f"(SELECT {', '.join(values)} FROM {table.rows([*self.key, *(names[place] for place in columns)], placed=self.by_file)})"

    def _file(self, table: StoredTable) -> str:
        return f"[{', '.join(str(self.files.index(name)) for name in table.table.files)}][CAST({PLACE} AS BIGINT) + 1]"

    @property
    def _not_told_apart(self) -> str:
        return f"(NOT ({self.has_key}) OR {self._in_repeated})"

    @property
    def _in_repeated(self) -> str:
        return f"EXISTS (SELECT 1 FROM repeated r WHERE {' AND '.join(f'r.k{place} = s.k{place}' for place in range(len(self.key)))})"

    def joined(self, sides: Sequence[str], *, how: str, on: str) -> str:
        """Return SQL of the rows of both sides beside one another, and of each column whether it differs (`d0` …), which is found once."""
        keys = [f"{side}.k{place} AS {side}k{place}" for place in range(len(self.key)) for side in "ab"]
        values = [f"a.c{place} AS ac{place}, b.c{place} AS bc{place}, {self._differs(place)} AS d{place}" for place in range(len(self.names))]
        return f"(SELECT {', '.join([*keys, 'a.f AS fa', 'b.f AS fb', *values])} FROM {sides[0]} a {how} {sides[1]} b ON {on})"

    def _differs(self, place: int) -> str:
        settled = self.readings[place].settled
        raw = f"a.c{place} IS DISTINCT FROM b.c{place}"
        return raw if settled == AS_IS else f"({raw} AND {of(settled, f'a.c{place}')} IS DISTINCT FROM {of(settled, f'b.c{place}')})"

    @property
    def lone(self) -> str:
        """Whether a joined row has one side only."""
        return "(ak0 IS NULL OR bk0 IS NULL)" if self.key else "false"

    @property
    def differs(self) -> str:
        """Whether any column of a joined row differs."""
        return "(" + " OR ".join(["false", *(f"d{place}" for place in range(len(self.names)))]) + ")"

    def kept_columns(self) -> str:
        """Return SQL of what `differing` keeps of a joined row."""
        lacks = ("ak0 IS NULL", "bk0 IS NULL") if self.key else ("false", "false")
        state = f"CASE WHEN {lacks[1]} THEN 'removed' WHEN {lacks[0]} THEN 'added' WHEN {self.differs} THEN 'changed' ELSE 'moved' END AS state"
        keys = [f"coalesce(ak{place}, bk{place}) AS k{place}" for place in range(len(self.key))]
        values = [f"{self._kept(place, side)} AS {side}{place}" for place in range(len(self.names)) for side in "ab"]
        return ", ".join([state, *keys, "fa", "fb", *values])

    def _kept(self, place: int, side: str) -> str:
        """A value where it differs, or is told of though the other side lacks the row; else nothing, which costs nothing to keep."""
        value = of(self.readings[place].settled, f"{side}c{place}")
        return f"CASE WHEN {self.lone} THEN {value if place in self.kept else 'NULL'} WHEN d{place} THEN {value} END"


def _of(reading: ColumnReading, number: int, name: str) -> str:
    return of((reading.before, reading.now)[number], quoted(name))
