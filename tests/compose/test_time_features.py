"""A recipe names rows by their time though no table holds such a column, and what is composed holds none either."""

from __future__ import annotations

import numpy as np
from tests.compose.test_assemble import MIXED, run, sources, table

from keepfit.params import Params
from keepfit.tables.origins import origins

HOURS = MIXED * 2


def settings(**data):
    recipe = {"use": "days", "recipes": {"days": {"rows": {"day_part=night": {"at_most": 0}}}}}
    return Params.model_validate({
        "model": {"name": "m", "task": "classification", "target": "y"},
        "data": {"live": "x.csv", "time": "t", "id": "id", "window": "week", **data},
        "compose": recipe,
        "evaluate": {"slices": {"day_part": {}}},
    })  # fmt: skip


def test_rows_are_left_out_by_the_part_of_the_day():
    made = run(sources(table(0, HOURS[:96]), table(1, HOURS[:96])), settings_=settings())
    hours = origins(settings().data, made.train).times.astype("datetime64[h]").astype(int) % 24
    assert set(np.unique(hours // 6)) == {1, 2, 3}
    assert "day_part" not in made.train.column_names


def test_time_features_change_no_split_and_no_row():
    parts = sources(table(0, HOURS[:96]), table(1, HOURS[:96]))
    plain, timed = (run(parts, settings_=settings(**data)) for data in ({}, {"time_features": ["hour", "weekday"]}))
    for name in ("train", "evaluate", "holdout", "manifest"):
        assert getattr(plain, name).equals(getattr(timed, name))
    assert plain.composition == timed.composition
