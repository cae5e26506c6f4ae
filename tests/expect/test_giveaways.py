"""Columns that know the target are doubted, each for its own reason; honest ones are not."""

from __future__ import annotations

import numpy as np
import pytest

from keepfit.expect.giveaways import column_of, giveaway, known_afterwards

N = 4_000
RNG = np.random.default_rng(0)
X = RNG.normal(size=N)
P = 1 / (1 + np.exp(-1.5 * X))
Y = (RNG.random(N) < P).astype(float)
AMOUNT = np.exp(X + RNG.normal(0, 0.5, N))


def doubt(name, values, target=Y, *, numeric=True):
    return giveaway(column_of(name, values, numeric=numeric), target, classes=2 if target is Y else 0, rng=np.random.default_rng(1))


@pytest.mark.parametrize(
    ("name", "values", "numeric", "says"),
    [
        ("status", np.where(Y > 0, "Canceled", "Check-Out"), False, "AUC 1 alone"),
        ("refund", np.where(Y > 0, RNG.random(N), np.nan), True, "AUC 1 alone"),
        ("nearly", np.where(RNG.random(N) < 0.99, Y, 1 - Y), True, "AUC 0.99 alone"),
        ("u_shaped", np.where(Y > 0, RNG.normal(0, 0.1, N), RNG.choice([-3, 3], N) + RNG.normal(0, 0.1, N)), True, "AUC"),
        ("risk", P, True, "reads like a prediction of the target (AUC 0.8"),
        ("churn_pred", X, True, "reads like a prediction of the target"),
    ],
)
def test_a_column_that_knows_a_class_is_doubted(name, values, numeric, says):
    assert says in doubt(name, values, numeric=numeric)


@pytest.mark.parametrize(
    ("name", "values", "numeric"),
    [
        ("x", X, True),
        ("noise", RNG.normal(size=N), True),
        ("share", RNG.random(N), True),
        ("word", RNG.choice(list("abc"), N), False),
        ("many", [f"c{at}" for at in RNG.integers(0, 3_000, N)], False),
        ("missing", np.where(RNG.random(N) < 0.5, X, np.nan), True),
        ("prediction_horizon", RNG.integers(1, 9, N).astype(float), True),
    ],
)
def test_an_honest_column_is_not_doubted(name, values, numeric):
    assert doubt(name, values, numeric=numeric) is None


def test_a_number_that_is_the_target_in_other_units_is_doubted_however_long_its_tail():
    assert "R² 1 alone" in doubt("cents", AMOUNT * 100, AMOUNT)
    assert doubt("x", X + RNG.normal(0, 1, N), AMOUNT) is None


def test_a_forecast_of_a_number_is_doubted_by_its_calibration_not_by_its_strength():
    forecast = np.exp(X + 0.125)
    assert "reads like a prediction" in doubt("planned", forecast, AMOUNT)
    assert doubt("planned", 3 * forecast, AMOUNT) is None


def test_a_column_that_is_missing_where_the_label_is_missing_is_known_only_afterwards():
    late = Y.copy()
    late[-500:] = np.nan
    agent = [None if np.isnan(label) else "a" for label in late]
    assert "known only afterwards" in known_afterwards(column_of("agent", agent, numeric=False), late)
    assert known_afterwards(column_of("x", X, numeric=True), late) is None
    assert known_afterwards(column_of("agent", ["a"] * N, numeric=False), Y) is None


def test_few_labels_say_nothing():
    few = np.full(N, np.nan)
    few[:100] = Y[:100]
    assert giveaway(column_of("y", Y, numeric=True), few, classes=2, rng=np.random.default_rng(1)) is None


def test_of_many_classes_a_column_is_doubted_that_tells_each_from_the_rest():
    codes = np.random.default_rng(2).integers(0, 4, N).astype(float)
    names, noise = np.array(list("abcd"))[codes.astype(int)], np.random.default_rng(3).normal(size=N)
    seen = {"copy": (names, False), "ranked": (codes * 10 + noise, True), "one": (np.where(codes == 2, "x", "y"), False), "weak": (codes + 3 * noise, True)}
    found = {
        name: giveaway(column_of(name, values, numeric=numeric), codes, classes=4, rng=np.random.default_rng(1)) for name, (values, numeric) in seen.items()
    }
    assert "AUC 1 alone" in found["copy"]
    assert "gives the target away" in found["ranked"]
    assert found["one"] is None
    assert found["weak"] is None
