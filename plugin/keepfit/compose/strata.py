"""Strata: the rows of a pool by the values of a column that a recipe names — a slice's column, `class` or `window`.

A stratum is named as a slice is (`carrier=EV`); `carrier=*` is each value of the column on its own, and a name that is written out goes before a pattern.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, TypeVar

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from keepfit.compose.quality.admissible import Floats
from keepfit.compose.sources import Positions, SortedRows
from keepfit.errors import ParamsError, UnknownNameError
from keepfit.params import Params
from keepfit.records import CLASS, Stratum, StratumStatus
from keepfit.slices.masks import value_text
from keepfit.slices.name import Slice, matches
from keepfit.tables.classes import OTHER
from keepfit.tables.columns import require_columns
from keepfit.tables.time_features import DERIVED, sliced_by, with_time_features

Codes = npt.NDArray[np.int32]
WINDOWS = "window"
OWN = (CLASS, WINDOWS)
"""Columns that every pool has, whatever `evaluate.slices` names."""
DIGITS = 6
WILD = frozenset("*?[")
Said = TypeVar("Said")


@dataclass(frozen=True)
class Coded:
    """A column of a pool: `codes[row]` is the place of the row's stratum in `names`."""

    column: str
    names: tuple[str, ...]
    codes: Codes

    def rows(self, keep: npt.NDArray[np.bool_]) -> Coded:
        """Return the column of these rows only."""
        return Coded(self.column, self.names, self.codes[keep])

    def counts(self, which: npt.NDArray[np.bool_]) -> npt.NDArray[np.int64]:
        """How many of these rows each stratum has."""
        return np.bincount(self.codes[which], minlength=len(self.names))


def coded(column: str, values: pa.ChunkedArray | pa.Array) -> Coded:
    """Return a column's strata in the order of their names; a missing value is the stratum `column=(missing)`.

    >>> found = coded("origin", pa.array(["LGA", None, "EWR"]))
    >>> found.names, found.codes.tolist()
    (('origin=(missing)', 'origin=EWR', 'origin=LGA'), [2, 0, 1])
    """
    one = values.combine_chunks() if isinstance(values, pa.ChunkedArray) else values
    if not pa.types.is_dictionary(one.type):
        one = pc.dictionary_encode(one, null_encoding="encode")
    texts = [value_text(value) for value in one.dictionary.to_pylist()]
    names = sorted({*texts, *(["(missing)"] if one.null_count else [])})
    place = {name: at for at, name in enumerate(names)}
    indices = one.indices.fill_null(len(texts)).to_numpy(zero_copy_only=False)
    order = np.array([*(place[text] for text in texts), place.get("(missing)", 0)], dtype=np.int32)
    return Coded(column, tuple(f"{column}={name}" for name in names), order[indices])


def classes(label: Floats, listed: Sequence[str] = ()) -> Coded:
    """Return the strata of the labels: `class=0`, `class=1`; of many classes, whose codes the labels are, each by its text, all that are `listed`.

    >>> found = classes(np.array([2.0, 0.0, 3.0, np.nan]), ("billing", "outage", "contract"))
    >>> found.names, found.codes.tolist()
    (('class=billing', 'class=outage', 'class=contract', 'class=another class', 'class=(missing)'), [2, 0, 3, 4])
    """
    if listed:
        codes = np.where(np.isnan(label), len(listed) + 1, np.nan_to_num(label)).astype(np.int32)
        most = int(codes.max(initial=0)) + 1  # classes are all there, without rows or with them; what is none of them is there where a row is
        names = (*listed, *(OTHER, "(missing)")[: max(0, most - len(listed))])
        return Coded(CLASS, tuple(f"{CLASS}={name}" for name in names), codes)
    found = pa.array(label).dictionary_encode()
    values = found.dictionary.to_numpy()
    order = np.argsort(values)
    names = tuple(f"{CLASS}={value:g}" for value in values[order])  # no label, which judging rows may lack, is a class that nobody names
    return Coded(CLASS, names, np.argsort(order).astype(np.int32)[found.indices.to_numpy()])


def slices_of(rows: SortedRows, names: Collection[str], params: Params, among: Positions | None = None) -> dict[str, Coded]:
    """Return the strata of slicing columns, of the rows at these positions; raises `UnknownNameError` for a column that no window has."""
    if not names:
        return {}
    derived = sliced_by(params, rows.column_names())
    found = rows.columns([*names, *([derived.column] if derived else [])], np.arange(len(rows)) if among is None else among)
    whole = with_time_features(found, derived)
    require_columns(whole, names, where="params.yaml: evaluate.slices")
    return {name: coded(name, whole[name]) for name in names}


def columns_of(patterns: Collection[str]) -> list[str]:
    """Return the columns that patterns name, each once, in the order of their names."""
    return sorted({Slice.parse(pattern).column or "" for pattern in patterns})


def said_of(names: Collection[str], said: Mapping[str, Said]) -> list[tuple[str, Said] | None]:
    """Return for each stratum the pattern that covers it and what that says; None where none does.

    >>> said_of(["carrier=EV", "carrier=UA", "origin=JFK"], {"carrier=*": 1, "carrier=EV": 2})
    [('carrier=EV', 2), ('carrier=*', 1), None]
    """
    return [_nearest(name, said) for name in names]


def _nearest(name: str, said: Mapping[str, Said]) -> tuple[str, Said] | None:
    if name in said:
        return name, said[name]
    covering = sorted((pattern for pattern in said if matches(pattern, name)), key=lambda pattern: (-len(pattern), pattern))
    return (covering[0], said[covering[0]]) if covering else None


def named(column: Coded, said: Collection[str]) -> Coded:
    """Return the column with a stratum for each name of it that is written out, without rows where it has none."""
    written = sorted(name for name in said if Slice.parse(name).column == column.column and not WILD & {*name} and name not in column.names)
    return Coded(column.column, (*column.names, *written), column.codes)


def check_columns(said: Collection[str], params: Params, *, where: str) -> None:
    """Raise `UnknownNameError` for rows by a column that is no slice's, `ParamsError` for a feature that could be one, and for classes of a regression."""
    for name in sorted(said):
        column = Slice.parse(name).column or ""
        if column == CLASS:
            _check_class(name, params, where=f"{where}.{name}")
        if column in (*DERIVED, *params.data.features) and column not in params.evaluate.slices:
            raise ParamsError(f"{column} is no slicing column yet", where=f"{where}.{name}", fix=f"add {column}: {{}} to evaluate.slices")
        if column not in (*OWN, *params.evaluate.slices):
            raise UnknownNameError("slicing column", column, known=[*OWN, *params.evaluate.slices], where=f"{where}.{name}")


def _check_class(name: str, params: Params, *, where: str) -> None:
    """A class that is named is one of those that there are, where these are listed."""
    if params.model.task != "classification":
        raise ParamsError(f"a {params.model.task} has no classes", where=where, fix="name rows by a slice or a window")
    listed, value = params.model.classes, Slice.parse(name).value or ""
    if listed is not None and value not in listed and not WILD & {*value}:
        raise UnknownNameError("class", value[:60], known=listed, where=where)


def stratum(name: str, part: Literal["train", "judge"], counts: tuple[int, int], total: int, *, asked: str, status: StratumStatus | None) -> Stratum:
    """Return what a part holds of a stratum: `counts` are the rows that there were and those that are in it, of `total` rows."""
    share = round(counts[1] / max(1, total), DIGITS)
    return Stratum(name=name, part=part, available=counts[0], rows=counts[1], share=share, weight=share, asked=asked, status=status)
