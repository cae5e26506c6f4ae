"""The augmentation `jitter`: numbers move within their noise, and no further."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest
from tests.compose.augment.test_noise import rows

from keepfit.compose.augment.jitter import Jitter
from keepfit.compose.augment.noise import measured_noise
from keepfit.errors import ParamsError, UnknownNameError
from keepfit.params import Params


def params(**features: str) -> Params:
    data = {"live": "x.csv", "time": "t", "features": features}
    return Params.model_validate({"model": {"name": "m", "task": "regression", "target": "y"}, "data": data})


def noisy(n: int = 2000):
    rng, place = np.random.default_rng(2), np.arange(n) % 20
    return rows({"place": [f"p{each}" for each in place], "reading": 100 * place + rng.normal(0, 3, n), "miles": place * 7.0})


BOTH = params(place="categorical", reading="numeric", miles="numeric")


@pytest.mark.parametrize("within", [0.5, 2.0])
def test_no_number_moves_further_than_asked_and_they_move_evenly(within):
    known = noisy()
    noise = measured_noise(known, ["reading"])["reading"]
    moved = Jitter(within=within).change(known, known, BOTH).columns["reading"].to_numpy() - known.features["reading"].to_numpy()
    assert np.abs(moved).max() <= within * noise + 1e-9
    assert np.abs(moved).mean() == pytest.approx(within * noise / 2, rel=0.1)
    assert abs(moved.mean()) < 0.1 * noise


def test_a_number_without_noise_stays_and_is_named():
    changed = Jitter().change(noisy(), noisy(), BOTH)
    assert list(changed.columns) == ["reading"]
    assert changed.notes == ("without noise, and left as they are: miles",)


def test_numbers_without_any_noise_are_refused_by_name():
    with pytest.raises(ParamsError, match="miles: no noise to move within, as rows that are alike otherwise have the same numbers"):
        Jitter(columns=("miles",)).change(noisy(), noisy(), BOTH)


def test_whole_numbers_stay_whole_in_whatever_type():
    known = rows({"a": np.random.default_rng(3).integers(0, 90, 500).astype(np.uint8), "b": np.random.default_rng(4).integers(0, 90, 500).astype(float)})
    changed = Jitter().change(known, known, params(a="numeric", b="numeric")).columns
    assert changed["a"].type == pa.uint8()
    assert (changed["b"].to_numpy() % 1 == 0).all()


def test_an_unknown_column_is_named_with_the_nearest_one():
    with pytest.raises(UnknownNameError) as caught:
        Jitter(columns=("readin",)).prepared(BOTH)
    assert str(caught.value) == "no feature 'readin'\n  fix: did you mean 'reading'? known: miles, place, reading"


def test_a_category_is_no_number():
    with pytest.raises(ParamsError, match="the feature 'place' is categorical, not numeric"):
        Jitter(columns=("place",)).prepared(BOTH)


def test_there_is_nothing_to_move_without_numbers():
    with pytest.raises(ParamsError, match="there is no numeric feature to move"):
        Jitter().prepared(params(place="categorical"))
