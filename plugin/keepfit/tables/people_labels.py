"""What people said of rows, held against the labels that the rows came with: which of them counts, and which rows may judge.

A better origin outranks a worse one: gold, annotator, the source's own, proxy, weak; among labels of one origin the newest counts. So people correct
the source, and a proxy stands in only where there is nothing better. A label counts from when it was known.

Rows that were chosen to be asked about (by a strategy, or for a ticket's slice) are not like the others: a model looks as bad on them as it was
unsure. They train and never judge, unless the row was drawn by chance as well.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import blake2b
from typing import TYPE_CHECKING, Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from keepfit.errors import DataError
from keepfit.records.labels import ORIGINS, Label
from keepfit.tables.columns import id_column
from keepfit.tables.set_labels import with_labels, with_target
from keepfit.tables.values import WORDS

if TYPE_CHECKING:
    from keepfit.params import Params
    from keepfit.params.model import ModelParams

Floats = npt.NDArray[np.float64]
Mask = npt.NDArray[np.bool_]
Codes = npt.NDArray[np.int8]
SOURCE: Final = ORIGINS.index("source")
"""The place of the source's own label among the origins."""


@dataclass(frozen=True, kw_only=True)
class LabelledByPeople:
    """Of some rows: the label of each (NaN: none), the place in `ORIGINS` of who said it, and which rows were chosen and never judge."""

    label: Floats
    origin: Codes
    asked: Mask

    @property
    def said(self) -> Mask:
        """Which rows have a label of people."""
        found: Mask = self.origin != SOURCE
        return found


@dataclass(frozen=True, kw_only=True)
class PeopleLabels:
    """The label of people that counts, a row each: its value, the place in `ORIGINS` of who said it, whether the row was chosen."""

    rows: pa.Array
    label: Floats
    origin: Codes
    asked: Mask

    @property
    def digest(self) -> str:
        """What tells these labels from others."""
        told = blake2b(digest_size=16)
        for part in ("\x1f".join(self.rows.to_pylist()).encode(), self.label.tobytes(), self.origin.tobytes(), self.asked.tobytes()):
            told.update(blake2b(part, digest_size=16).digest())
        return told.hexdigest()

    def of(self, keys: pa.Array | pa.ChunkedArray, own: Floats) -> LabelledByPeople:
        """Return what holds of the rows with these ids and their `own` labels."""
        places = np.asarray(pc.fill_null(pc.index_in(keys, value_set=self.rows), -1).to_numpy(), dtype=np.int64)
        counts = (places >= 0) & (np.isnan(own) | (self.origin[places] < SOURCE))
        origin = np.full(len(places), SOURCE, np.int8)
        label, asked = own.copy(), np.zeros(len(places), np.bool_)
        label[counts], origin[counts], asked[counts] = self.label[places[counts]], self.origin[places[counts]], self.asked[places[counts]]
        return LabelledByPeople(label=label, origin=origin, asked=asked)

    def chosen_among(self, keys: pa.Array | pa.ChunkedArray) -> int:
        """Return how many of the rows with these ids were chosen to be asked about."""
        return int(pc.sum(pc.is_in(keys, value_set=self.rows.filter(pa.array(self.asked)))).as_py() or 0)

    def training(self, table: pa.Table, params: Params) -> pa.Table:
        """Return the rows as they train: with the labels that count."""
        table, found, own = self._held_against(table, params)
        return with_labels(table, params.model.target, found.label, differ(found.label, own))

    def judging(self, table: pa.Table, params: Params) -> pa.Table:
        """Return the rows as they judge: with the labels that count, and none where the row was chosen."""
        table, found, own = self._held_against(table, params)
        label = np.where(found.asked, np.nan, found.label)
        return with_labels(table, params.model.target, label, differ(label, own))

    def _held_against(self, table: pa.Table, params: Params) -> tuple[pa.Table, LabelledByPeople, Floats]:
        from keepfit.tables.labels import labels

        table = with_target(table, params.model.target)
        own = labels(params, table)
        return table, self.of(table[id_column(params)], own), own


def differ(label: Floats, own: Floats) -> Mask:
    """Return which labels are not the same (NaN: none)."""
    found: Mask = (label != own) & ~(np.isnan(label) & np.isnan(own))
    return found


def people_labels(said: Iterable[Label], model: ModelParams, *, until: datetime | None = None) -> PeopleLabels | None:
    """Return the label of each row that counts among those known by `until` (with a zone; None: all); None where there is none.

    Raises `DataError` for a label that is no class or number of the model.
    """
    by_row: dict[str, list[Label]] = defaultdict(list)
    for label in said:
        if until is None or label.known_at <= until:
            by_row[label.row].append(label)
    if not by_row:
        return None
    best = [min(found, key=_standing) for found in by_row.values()]
    return PeopleLabels(
        rows=pa.array(list(by_row), pa.string()),
        label=np.array([value_of(one.label, model, where=f"labels: row {one.row[:60]}") for one in best]),
        origin=np.array([ORIGINS.index(one.origin) for one in best], np.int8),
        asked=np.array([_chosen(found) for found in by_row.values()], np.bool_),
    )


def _standing(label: Label) -> tuple[int, float, str]:
    """The best origin first, then the newest."""
    return (ORIGINS.index(label.origin), -label.known_at.timestamp(), label.label)


def _chosen(found: Sequence[Label]) -> bool:
    return any(not one.judges for one in found) and not any(one.by_chance for one in found)


def value_of(text: str, model: ModelParams, *, where: str) -> float:
    """Return a label, as people write it, as the number that keepfit works with: its class's code, 1 for the word that counts as 1, or the number that it is.

    Raises `DataError` for a text that is no label of the model.
    """
    if model.classes is not None:
        return float(model.classes.index(text)) if text in model.classes else float(len(model.classes))
    if model.positive is not None:
        return float(text == model.positive)
    if model.task == "classification":
        if text.lower() not in WORDS:
            raise _no_label(text, "0 or 1", where)
        return float(WORDS[text.lower()])
    try:
        value = float(text)
    except ValueError:
        value = np.nan
    if not np.isfinite(value):
        raise _no_label(text, "a finite number", where)
    return value


def _no_label(text: str, of: str, where: str) -> DataError:
    return DataError(f"the label {text[:60]!r} is not {of}", where=where, fix="correct it, or restore it with git")
