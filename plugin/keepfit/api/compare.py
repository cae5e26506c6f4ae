"""`keepfit.compare`: two tables in memory, or paths, in; the record of `keepfit compare` out."""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import get_args

from keepfit.api.comparison import TableComparison
from keepfit.api.given import Table, given_table
from keepfit.api.one_sentence import in_one_sentence
from keepfit.errors import UnknownNameError
from keepfit.flows.compare import CompareAsked, compare_sides, names_of
from keepfit.flows.rows.engines import EngineChoice


@in_one_sentence
def compare(
    reference: Table,
    current: Table,
    *,
    columns: Sequence[str] | None = None,
    target: str | None = None,
    prediction: str | None = None,
    slices: bool = False,
    pairs: bool = False,
    rows: Sequence[str] = (),
    min_effect: float | None = None,
    alpha: float | None = None,
    engine: EngineChoice = "local",
) -> TableComparison:
    """Compare two tables: what changed from the reference to the current one, largest effect first.

    A table is a pandas or Polars frame, an Arrow table, anything else that streams Arrow batches (a DuckDB relation), a Spark DataFrame
    (whose rows stay in Spark), or the path of a CSV or Parquet file or of a folder of them. Numbers and records are those of
    `keepfit compare` on the same tables.

    `columns`: only these (default: all that both have); `target` and `prediction` name the columns that are so called in the result;
    `slices`, `pairs` and `rows` (names of row detectors, such as `"mmd"`) look at several columns at once; a change smaller than
    `min_effect` (default .1) is listed and not called drift; `alpha` is the chance of a false alarm over all columns (default .001);
    `engine` is what reads paths: `local` (this process), `duckdb`, `spark`, which reads tables by name too, or `auto`.

    Blind to the order of the rows, to a pandas index, and to times, lists and records. Raises `KeepfitError` with what, where and a fix.

    >>> import pyarrow as pa
    >>> found = compare(pa.table({"x": range(500)}), pa.table({"x": range(400, 900)}))
    >>> found.passed, found.sentence
    (False, 'drift: 1 of 1 column changed by 0.1 or more, most of all x (ks 0.8)')
    """
    if engine not in get_args(EngineChoice):
        raise UnknownNameError("engine", str(engine), known=get_args(EngineChoice), where="engine=")
    before, now = given_table(reference, "reference", engine), given_table(current, "current", engine)
    names = names_of(*(os.fspath(data) if isinstance(data, str | os.PathLike) else name for data, name in ((reference, "reference"), (current, "current"))))
    asked = CompareAsked(
        columns=None if columns is None else tuple(columns),
        target=target,
        prediction=prediction,
        slices=slices,
        pairs=pairs,
        rows=tuple(rows),
        min_effect=min_effect,
        alpha=alpha,
    )
    return TableComparison(compare_sides(before.rows, now.rows, asked, names=names), (*before.remarks, *now.remarks))
