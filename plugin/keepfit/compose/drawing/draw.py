"""Draw a recipe's rows where all of them lie: two passes over the source, and memory that grows with what is drawn.

The first pass counts what may train by stratum, the second fetches the rows of the lowest ranks. They are the rows that composing from all windows in
memory trains on (`compose/assemble.py`), as ranks are hashes of the ids and quotas look at counts alone; composing from what was drawn takes all of it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from keepfit.compose.drawing.count_trainable import CountTrainable
from keepfit.compose.drawing.lowest_rows import fetched
from keepfit.compose.drawing.stays import highest_floor, quota_columns, stays_of
from keepfit.compose.drawing.trainable import TrainableRows
from keepfit.compose.samplers.parts import WindowParts
from keepfit.errors import DataError, ParamsError
from keepfit.records import Window
from keepfit.tables.columns import id_column
from keepfit.tables.passes import run_pass

if TYPE_CHECKING:
    from datetime import datetime

    import pyarrow as pa

    from keepfit.compose.recipe import Recipe
    from keepfit.params import Params
    from keepfit.tables.batches import Rows


@dataclass(frozen=True, kw_only=True)
class DrawnRows:
    """The rows that were drawn, with the columns of the source, and how many there were to draw from by window."""

    table: pa.Table
    trainable: dict[str, int]


def check_drawable(recipe: Recipe, params: Params) -> None:
    """Raise `ParamsError` for a recipe that cannot be drawn from counts by stratum, or that has no bound; it names the key."""
    says, fix = recipe.says, "compose.draws_from: windows draws from the samples of the windows"
    if recipe.name is None or not isinstance(recipe.sampler, WindowParts):
        raise ParamsError("rows are drawn from the source by a recipe with windows, parts, rows and max_rows", where="params.yaml: compose.use", fix=fix)
    if says.max_rows is None:
        what = f"the recipe {recipe.name} has no max_rows: all rows of the source would train"
        raise ParamsError(what, where=f"{recipe.where}.max_rows", fix="how many rows may train, e.g. max_rows: 1000000")
    thins = next((name for name, rule in says.rows.items() if rule.keep is not None), None)
    if thins is not None:
        what = f"{thins} is to be thinned to a share of its own rows, which is not known before all of them are ranked"
        raise ParamsError(what, where=f"{recipe.where}.rows.{thins}.keep", fix="a share, or a number of rows: both say how many train")
    if any(action == "quarantine" for _, action in recipe.quality.asked):
        raise ParamsError("rows that repeat others are not looked for in the source", where="params.yaml: compose.quality", fix="report in place of quarantine")
    if params.compose.judge.windows > 1:
        raise ParamsError("windows that may be held back to judge cannot be drawn from", where="params.yaml: compose.judge.windows", fix="windows: 1")
    if params.data.history is not None:
        raise ParamsError("the template's own history is not in the source, and trains beside it", where="params.yaml: data.history", fix=fix)
    if params.data.id is None:
        raise ParamsError("rows of an engine's table are told apart by a column", where="params.yaml: data.id", fix="id: the column that names a row")


def draw(rows: Rows, windows: Sequence[Window], params: Params, *, recipe: Recipe, now: datetime, labels: pa.Table | None = None) -> DrawnRows:
    """Return the rows of these windows that the recipe trains on, of all that the source holds.

    Raises `ParamsError` for a recipe that cannot be drawn so, `DataError` for a source without rows that may train, or that changes meanwhile, and
    `UnknownNameError` for a column that it lacks. Blind to what is set aside later: a row that an expectation quarantines leaves no room for another.
    """
    recipe.check(params)
    check_drawable(recipe, params)
    ordered = tuple(sorted(windows, key=lambda window: window.order))
    trainable = TrainableRows(params=params, windows=ordered, by=quota_columns(recipe), draw=f"rows {recipe.seed}", now=now, labels=labels)
    counted = run_pass(rows, CountTrainable(trainable, rows.schema.names, highest_floor(recipe)))
    if not counted.cells:
        what = f"no labelled row of {len(ordered)} windows may train"
        raise DataError(what, where="params.yaml: data.live", fix=f"check the source: it has no labels, or no rows whose {params.data.time} is in them")
    table = fetched(rows, trainable, stays_of(counted.cells, trainable, recipe), counted.passed)
    found = dict.fromkeys((one.id for one in ordered), 0)
    for cell, of in counted.cells.items():
        found[ordered[cell[0]].id] += of.rows
    return DrawnRows(table=table.sort_by(id_column(params)), trainable=found)
