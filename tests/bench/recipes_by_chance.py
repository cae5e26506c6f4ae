"""Races of recipes that are no better than all history: how often one is written all the same.

By chance: each learns from rows of its own, drawn from the same history; days differ, and models share most of their rows from one window to the next.
By seasons: gains of mean 0 that come and go, neighbouring windows correlated, which is what the race is blind to.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from keepfit.stats.metrics import SquaredError
from keepfit.update.bounded_value import BoundedValue
from keepfit.update.race import REFERENCE, race

Floats = npt.NDArray[np.float64]
Part = tuple[Floats, Floats]
RIVALS, DAYS, ROWS_A_DAY, COLUMNS, DAY_EFFECT = 3, 7, 20, 10, 0.3
CONFIDENCE, SURE = 0.95, 0.01
_DAY = np.repeat(np.arange(DAYS), ROWS_A_DAY)


def chosen_by_chance(windows: int, *, runs: int) -> float:
    """Return the share of races over so many windows (the first only trains) in which a rival is taken for surely better."""
    return sum(_chosen(windows, np.random.default_rng(seed)) for seed in range(runs)) / runs


def chosen_by_seasons(windows: int, correlation: float, *, runs: int) -> float:
    """Return the same over so many judged windows, where a rival's gains of neighbouring windows are correlated."""
    rng, left = np.random.default_rng(0), np.sqrt(1 - correlation**2)

    def gains() -> list[BoundedValue]:
        values = [float(rng.normal())]
        for _ in range(windows - 1):
            values.append(float(correlation * values[-1] + left * rng.normal()))
        return [BoundedValue(value=value, low=value - SURE, high=value + SURE, n=1) for value in values]

    raced = (race({f"rival {at}": gains() for at in range(RIVALS)}, confidence=CONFIDENCE) for _ in range(runs))
    return sum(one.chosen != REFERENCE for one in raced) / runs


def _chosen(windows: int, rng: np.random.Generator) -> bool:
    rows = [_window(rng) for _ in range(windows)]
    whose = [rng.integers(0, RIVALS + 1, size=len(y)) for _, y in rows]

    def model(recipe: int, until: int) -> Floats:
        x = np.concatenate([part[0][own == recipe] for part, own in zip(rows[:until], whose, strict=False)])
        y = np.concatenate([part[1][own == recipe] for part, own in zip(rows[:until], whose, strict=False)])
        found: Floats = np.linalg.lstsq(x, y, rcond=None)[0]
        return found

    reference = [model(0, at) for at in range(1, windows)]
    gains = {f"rival {recipe}": [_gain(rows[at], reference[at - 1], model(recipe, at)) for at in range(1, windows)] for recipe in range(1, RIVALS + 1)}
    return race(gains, confidence=CONFIDENCE).chosen != REFERENCE


def _window(rng: np.random.Generator) -> Part:
    x = rng.normal(size=(DAYS * ROWS_A_DAY, COLUMNS))
    slopes = 1.0 + DAY_EFFECT * rng.normal(size=(DAYS, COLUMNS))[_DAY]
    return x, (x * slopes).sum(axis=1) + rng.normal(size=len(x))


def _gain(rows: Part, first: Floats, second: Floats) -> BoundedValue:
    x, y = rows
    found = SquaredError().difference(y, x @ first, x @ second, CONFIDENCE, clusters=_DAY)
    return BoundedValue(value=found.gain, low=found.low, high=found.high, n=found.n, clusters=found.clusters, design=found.design, freedom=found.freedom)
