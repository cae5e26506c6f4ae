"""The reference of a model: profiles of days in order, with target and predictions."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from keepfit.params import load_params
from keepfit.profiles.profile import total
from keepfit.profiles.reference import FEWEST_HELD, HeldOut, batch_names, reference_with

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


def held(days, n):
    own = rows(days)
    return HeldOut(own.iloc[:n].assign(t=own["t"].iloc[:n] + pd.Timedelta(minutes=20)), np.full(n, 0.5))


def test_predictions_are_counted_on_the_rows_that_were_held_out_and_features_on_those_that_train():
    table, apart = rows(9), held(9, 9 * 24 - 30)
    found = reference_with(PARAMS, table, table["y"].to_numpy(), apart)
    whole = total(found)
    assert (whole.columns["prediction"].n, whole.columns["x"].n, whole.columns["y"].n) == (9 * 24 - 30, 9 * 24, 9 * 24)
    assert (whole.columns["prediction"].low, whole.columns["prediction"].high) == (0.5, 0.5)
    assert [profile.columns["prediction"].n for profile in found.profiles] == [24] * 7 + [18, 0], "each in the batch of its time; the last day has none"
    assert [replace(one, columns={**one.columns, "prediction": None}) for one in found.profiles] == [
        replace(one, columns={**one.columns, "prediction": None}) for one in reference_with(PARAMS, table, table["y"].to_numpy()).profiles
    ]


@pytest.mark.parametrize("apart", [held(9, FEWEST_HELD - 1), HeldOut(rows(9).assign(t=pd.Timestamp("2025-01-01")), np.full(9 * 24, 0.5))])
def test_too_few_rows_held_out_or_none_of_the_time_leave_predictions_to_the_rows_that_train(apart):
    table = rows(9)
    assert reference_with(PARAMS, table, table["y"].to_numpy(), apart) == reference_with(PARAMS, table, table["y"].to_numpy())


def test_rows_of_a_few_hours_are_cut_in_tenths():
    times = pd.Series(pd.date_range("2026-01-01", periods=40, freq="min"))
    assert batch_names(times).value_counts().to_dict() == {f"part-{part}": 4 for part in range(10)}
