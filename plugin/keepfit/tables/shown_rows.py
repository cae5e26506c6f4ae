"""Rows as a page shows them: every value a text, the label by its class, scores beside it, and nothing of columns that are hidden."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import TYPE_CHECKING

import pyarrow as pa

from keepfit.records.data_view import ModelSide, SampleRow
from keepfit.tables.classes import class_texts
from keepfit.tables.labels import labels
from keepfit.tables.shown_scores import shown_scores
from keepfit.tables.written_targets import WRITTEN

if TYPE_CHECKING:
    from keepfit.params import Params
    from keepfit.stats.arrays import Array

HIDDEN, MISSING = "(redacted)", "–"


def shown_rows(
    params: Params,
    table: pa.Table,
    *,
    scores: Mapping[ModelSide, Array],
    columns: Sequence[str],
    id_column: str,
    hidden: Collection[str],
) -> tuple[SampleRow, ...]:
    """Return of each row its id, time, label, what the models say (by their names in `scores`), and the cells of `columns`, all as texts."""
    said = {name: shown_scores(values, params.model.class_names) for name, values in scores.items()}
    texts = {name: _texts(table[name], hide=name in hidden) for name in dict.fromkeys((id_column, params.data.time, *columns)) if name in table.column_names}
    known = _labels(params, table)
    nothing = [""] * table.num_rows
    return tuple(
        SampleRow(
            id=texts.get(id_column, nothing)[row],
            time=texts.get(params.data.time, nothing)[row][:16],
            label=known[row],
            champion=said.get("champion", nothing)[row],
            candidate=said.get("candidate", nothing)[row],
            cells=tuple(texts[name][row] for name in columns),
        )
        for row in range(table.num_rows)
    )


def _labels(params: Params, table: pa.Table) -> list[str]:
    values = labels(params, table)
    if params.model.task == "regression":
        return [_text(value) for value in values.tolist()]
    written = table[WRITTEN].to_pylist() if WRITTEN in table.column_names else None
    return [MISSING if name is None else name for name in class_texts(values, params.model.class_names, written)]


def _texts(values: pa.ChunkedArray, *, hide: bool) -> list[str]:
    return [HIDDEN if hide else _text(value) for value in values.to_pylist()]


def _text(value: object) -> str:
    if value is None or value != value:
        return MISSING
    return f"{value:.6g}" if isinstance(value, float) else str(value)
