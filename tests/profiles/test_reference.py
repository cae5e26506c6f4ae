"""The reference of a model: profiles of days in order, with target and predictions."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from keepfit.params import load_params
from keepfit.profiles.reference import batch_names, reference_with

PARAMS = load_params("model: {name: m, task: classification, target: y}\ndata: {live: rows.csv, time: t, features: {x: numeric}}\n")


def rows(days):
    times = pd.date_range("2026-01-01", periods=days * 24, freq="h")
    return pd.DataFrame({"t": times, "x": np.arange(len(times), dtype=float), "y": np.arange(len(times)) % 2.0})


@pytest.mark.parametrize(("days", "first"), [(8, "2026-01-01"), (2, "2026-01-01T00")])
def test_a_reference_holds_days_and_hours_where_days_are_few(days, first):
    table = rows(days).sample(frac=1, random_state=0)
    found = reference_with(PARAMS, table, table["y"].to_numpy())
    assert found.profiles[0].window == first
    assert [profile.window for profile in found.profiles] == sorted(profile.window for profile in found.profiles)
    assert set(found.profiles[0].columns) == {"x", "y", "prediction"}


def test_the_order_of_rows_changes_nothing():
    table = rows(8)
    mixed = table.sample(frac=1, random_state=1)
    assert reference_with(PARAMS, table, table["y"].to_numpy()) == reference_with(PARAMS, mixed, mixed["y"].to_numpy())


def test_rows_of_a_few_hours_are_cut_in_tenths():
    times = pd.Series(pd.date_range("2026-01-01", periods=40, freq="min"))
    assert batch_names(times).value_counts().to_dict() == {f"part-{part}": 4 for part in range(10)}
