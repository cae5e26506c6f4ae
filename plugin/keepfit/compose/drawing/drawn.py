"""Rows that were drawn for a recipe: the window's rows that they make with those held out, and whether they are what is asked for now."""

from __future__ import annotations

from datetime import datetime
from hashlib import sha256
from json import dumps

import pyarrow as pa
import pyarrow.compute as pc

from keepfit.compose.holdout import in_holdout
from keepfit.compose.recipe import Recipe
from keepfit.errors import ProjectError
from keepfit.params import Params
from keepfit.records import RecipeDraw
from keepfit.tables.columns import id_column
from keepfit.tables.from_numpy import from_numpy
from keepfit.tables.union import stacked

FIX = "keepfit window draw, then dvc add data/windows"
WHERE = "data/windows/drawn"


def beside_held_out(sample: pa.Table, drawn: pa.Table, params: Params) -> pa.Table:
    """Return a window's rows for composing: those of its sample that are held out, and those that were drawn to train, in the order of their ids."""
    data = params.data
    keys = pc.cast(sample[data.group], pa.string()) if data.group else sample[id_column(params)]
    held = in_holdout(keys, share=data.holdout_share, salt=data.holdout_salt)
    return stacked([sample.filter(from_numpy(held)), drawn], where=WHERE).sort_by(id_column(params))


def asked_by(recipe: Recipe, params: Params) -> str:
    """Return the digest of all that a draw depends on beside the rows: a recipe's windows, parts, rows and cap, the seed, and what may train at all."""
    says = recipe.says.model_dump(mode="json", exclude={"weights", "augment", "quality"})
    data = params.data.model_dump(mode="json", include={"live", "labels", "time", "timezone", "id", "group", "holdout_share", "holdout_salt", "no_label"})
    model = params.model.model_dump(mode="json", include={"target", "positive", "classes"})
    told = dumps([recipe.name, says, recipe.seed, data, model], sort_keys=True)
    return f"sha256:{sha256(told.encode()).hexdigest()}"


def check_drawn(drawn: RecipeDraw | None, recipe: Recipe, params: Params) -> None:
    """Raise `ProjectError` where params ask for rows of the source and none were drawn, or they were drawn by what params do not say any more."""
    if (params.compose.draws_from == "source") != (drawn is not None):
        what = "the rows were drawn from the source, and compose.draws_from says windows"
        lacking = "compose.draws_from says source, and nothing was drawn from it"
        raise ProjectError(lacking if drawn is None else what, where=WHERE, fix=FIX)
    if drawn is not None and drawn.asked != asked_by(recipe, params):
        what = f"the rows were drawn by the recipe {drawn.recipe} as it was, and params.yaml has changed since"
        raise ProjectError(what, where=WHERE, fix=FIX)


def check_before(drawn: RecipeDraw, until: datetime) -> None:
    """Raise `ProjectError` where rows that were drawn to train would judge: they are not as the windows are."""
    if drawn.until > until:
        what = f"rows up to {drawn.until:%Y-%m-%d %H:%M} were drawn to train, and those from {until:%Y-%m-%d %H:%M} on are to judge"
        raise ProjectError(what, where=WHERE, fix=FIX)
