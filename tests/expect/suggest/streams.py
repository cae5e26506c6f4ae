"""Windows of a small stream with known shares, for tests of suggestions."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import numpy as np
import pyarrow as pa

from keepfit.expect.suggest.facts import FactsAsked, WindowFacts, facts_of
from keepfit.expect.suggest.past import PastWindows
from keepfit.records import Window

ASKED = FactsAsked(left_out=frozenset({"id", "time"}), keys=(("id",), ("time", "of", "x")))
Change = Callable[[dict[str, np.ndarray]], None]


def month(number: int) -> Window:
    """The month of this number, from January 2012 on."""
    year, at = 2012 + number // 12, number % 12 + 1
    ends = datetime(year + at // 12, at % 12 + 1, 1)
    return Window(id=f"{year}-{at:02d}", source="live", start=datetime(year, at, 1), end=ends)


def rows_of(number: int, *, rows: int = 1000, change: Change | None = None) -> pa.Table:
    """A month's rows: a category, a number around 50, one that is missing in a few rows; `change` breaks something."""
    rng = np.random.default_rng(number)
    n = rows + int(rng.integers(-20, 20))
    columns = {
        "id": np.array([f"{number}-{at}" for at in range(n)], dtype=object),
        "time": np.datetime64(month(number).start, "us") + np.arange(n) * np.timedelta64(1, "m"),
        "of": rng.choice(np.array(["a", "b", "c"], dtype=object), n, p=[0.5, 0.3, 0.2]),
        "x": rng.normal(50, 5, n),
        "gap": np.where(rng.random(n) < rng.uniform(0.001, 0.01), np.nan, rng.normal(0, 1, n)),
    }
    if change is not None:
        change(columns)
    return pa.table({name: pa.array(values, from_pandas=True) for name, values in columns.items()})


def facts(number: int, **how: object) -> WindowFacts:
    """What is to be known of a month."""
    return facts_of(rows_of(number, **how), month(number), ASKED)  # type: ignore[arg-type]


def past(months: int = 12, *incidents: WindowFacts) -> PastWindows:
    """So many accepted months, and incidents."""
    return PastWindows(accepted=[facts(number) for number in range(months)], incidents=incidents, size="month", key="id")


def without_gap(columns: dict[str, np.ndarray]) -> None:
    """Every tenth value of the column `gap` is missing."""
    columns["gap"] = np.where(np.arange(len(columns["gap"])) % 10 == 0, np.nan, columns["gap"])


def other_unit(columns: dict[str, np.ndarray]) -> None:
    """Fahrenheit for Celsius."""
    columns["x"] = columns["x"] * 1.8 + 32


def renamed(columns: dict[str, np.ndarray]) -> None:
    """A category with another name."""
    columns["of"] = np.where(columns["of"] == "c", "C", columns["of"])


def stuck(columns: dict[str, np.ndarray]) -> None:
    """A sensor that says one number."""
    columns["x"] = np.full(len(columns["x"]), 50.0)


def doubled(columns: dict[str, np.ndarray]) -> None:
    """A tenth of the rows comes twice."""
    part = len(columns["id"]) // 10
    for name, values in columns.items():
        columns[name] = np.concatenate([values, values[:part]])


def cut(columns: dict[str, np.ndarray]) -> None:
    """The last half of the rows is not there."""
    for name, values in columns.items():
        columns[name] = values[: len(values) // 2]
