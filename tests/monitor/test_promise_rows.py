"""The promise on rows of awkward shapes, through profiles and the whole rule: what no multinomial draw can show.

Bars as in `test_promise.py`: m + 2.33 sqrt(m) + 1 flagged windows. Quick: 150 windows of 8 columns and 28 pairs a shape; long: 3,000 of 20 and 190.
"""

from dataclasses import replace

import numpy as np
import pyarrow as pa
import pytest
from tests.monitor.streams import allowed, opened

from keepfit.monitor.rules.e_detector import ENOUGH, EvidenceOverTime
from keepfit.monitor.rules.rule import Watch
from keepfit.profiles.profile import learn_layout, profile_table
from keepfit.profiles.shares import pair_shares
from keepfit.records import EvidenceMemory, Reference


def counted(table, layout, name):
    """A window as `keepfit monitor` counts it: its columns and their pairs."""
    return replace(profile_table(table, layout, name), shares=pair_shares(table, layout))


def correlated(rng, n, columns):
    return np.sqrt(0.5) * rng.normal(size=(n, 1)) + np.sqrt(0.5) * rng.normal(size=(n, columns))


def following(rng, n, columns):
    """Rows that follow one another, AR(1) .5, within a window."""
    steps = rng.normal(size=(n, columns))
    for i in range(1, n):
        steps[i] = 0.5 * steps[i - 1] + np.sqrt(0.75) * steps[i]
    return steps


def clustered(rng, n, columns):
    """Customers with 20 rows each, half of the variance between customers."""
    return np.sqrt(0.5) * np.repeat(rng.normal(size=(n // 20, columns)), 20, axis=0) + np.sqrt(0.5) * rng.normal(size=(n, columns))


SHAPES = {
    "heavy tails, t(3)": lambda rng, n, columns: rng.standard_t(3, (n, columns)),
    "lognormal": lambda rng, n, columns: rng.lognormal(size=(n, columns)),
    "ties": lambda rng, n, columns: rng.poisson(3.0, (n, columns)).astype(float),
    "zero-inflated": lambda rng, n, columns: np.where(rng.random((n, columns)) < 0.7, 0.0, rng.exponential(size=(n, columns))),
    "correlated .5": correlated,
    "rows that follow one another": following,
    "clusters of 20": clustered,
}


def rare(rng, n, columns):
    """A table of categories, one of them of 1 %."""
    return pa.table({f"c{i}": rng.choice(["a", "b", "c"], n, p=[0.6, 0.39, 0.01]).tolist() for i in range(columns)})


def numbers(shape):
    return lambda rng, n, columns: pa.table({f"x{i}": values for i, values in enumerate(SHAPES[shape](rng, n, columns).T)})


def flagged(make, seeds, *, kind="numeric", windows=50, columns=8, reference_windows=20, rows=1000):
    """Flagged windows over seeds, each with a reference of its own; what calibrates does not count as a window."""
    total = 0
    for seed in seeds:
        rng = np.random.default_rng(seed)
        first = make(rng, rows * reference_windows, columns)
        layout = learn_layout(first, dict.fromkeys(first.column_names, kind))
        cut = [first.slice(i * rows, rows) for i in range(reference_windows)]
        rule = EvidenceOverTime(Watch(reference=Reference(profiles=tuple(counted(part, layout, f"r{i:03}") for i, part in enumerate(cut)))))
        memory = EvidenceMemory()
        for i in range(windows + (ENOUGH if reference_windows < ENOUGH else 0)):
            profile = counted(make(rng, rows, columns), layout, f"w{i:03}")
            weighed = rule.step(memory, profile)
            memory, total = weighed.memory, total + bool(opened(weighed, profile))
    return total


@pytest.mark.parametrize("shape", SHAPES)
def test_the_promise_is_kept_on_rows_of_every_shape(shape):
    assert flagged(numbers(shape), range(10, 13)) <= allowed(1, 150)


def test_a_category_of_one_per_cent_keeps_the_promise():
    assert flagged(rare, range(20, 23), kind="categorical") <= allowed(1, 150)


@pytest.mark.parametrize("windows", [1, 2, 4])
def test_few_reference_windows_keep_the_promise_after_calibration(windows):
    assert flagged(numbers("clusters of 20"), range(30, 33), reference_windows=windows) <= allowed(2, 150)


@pytest.mark.long
@pytest.mark.parametrize("shape", SHAPES)
def test_the_promise_is_kept_on_rows_of_every_shape_over_3000_windows(shape):
    assert flagged(numbers(shape), range(100, 150), windows=60, columns=20) <= allowed(1, 3000)


@pytest.mark.long
def test_a_category_of_one_per_cent_keeps_the_promise_over_3000_windows():
    assert flagged(rare, range(200, 250), kind="categorical", windows=60, columns=20) <= allowed(1, 3000)


@pytest.mark.long
@pytest.mark.parametrize("windows", [1, 2, 4])
def test_few_reference_windows_keep_the_promise_over_3000_windows(windows):
    assert flagged(numbers("clusters of 20"), range(300, 350), windows=60, columns=20, reference_windows=windows) <= allowed(2, 3000)


# -- delays -------------------------------------------------------------------------------------------------------------


def delay(make, changed, seeds, *, kind="numeric", columns=20, rows=1000):
    """The median number of windows until one of the columns that `changed` makes alerts."""
    found = []
    for seed in seeds:
        rng = np.random.default_rng(seed)
        first = make(rng, rows * 20, columns)
        layout = learn_layout(first, dict.fromkeys(first.column_names, kind))
        parts = [counted(first.slice(i * rows, rows), layout, f"r{i:02}") for i in range(20)]
        rule, memory = EvidenceOverTime(Watch(reference=Reference(profiles=tuple(parts)))), EvidenceMemory()
        waited = 0
        while waited < 20:
            weighed = rule.step(memory, counted(changed(rng, rows, columns), layout, "w"))
            memory, waited = weighed.memory, waited + 1
            if weighed.loud:
                break
        found.append(waited)
    return float(np.median(found))


def shares(first):
    """Columns of five categories; `first` are the shares of the first column's."""

    def make(rng, n, columns):
        usual = [0.35, 0.25, 0.2, 0.1, 0.1]
        return pa.table({f"c{i}": rng.choice(list("abcde"), n, p=usual if i else first).tolist() for i in range(columns)})

    return make


def test_five_points_between_categories_are_seen_within_six_windows():
    """From a share of .2 to one of .1; between shares of .6 and .39 the same five points take 10 windows."""
    usual, moved = shares([0.35, 0.25, 0.2, 0.1, 0.1]), shares([0.35, 0.25, 0.15, 0.15, 0.1])
    assert delay(usual, moved, range(40, 47), kind="categorical") <= 6  # median of 7 seeds


@pytest.mark.parametrize(("shape", "shift"), [("heavy tails, t(3)", 0.5), ("correlated .5", 0.3), ("ties", 0.5)])
def test_a_shift_of_a_column_is_seen_within_two_windows_whatever_its_shape(shape, shift):
    def shifted(rng, n, columns):
        values = SHAPES[shape](rng, n, columns)
        sd = 1.0 if shape == "correlated .5" else np.sqrt(3.0)
        values[:, 0] += rng.poisson(shift * sd, n) if shape == "ties" else shift * sd
        return pa.table({f"x{i}": column for i, column in enumerate(values.T)})

    assert delay(numbers(shape), shifted, range(50, 57)) <= 2  # median of 7 seeds; shift in sd of the column


def test_a_correlation_of_a_half_is_seen_within_two_windows():
    def joined(rng, n, columns):
        values = rng.normal(size=(n, columns))
        values[:, 1] = 0.5 * values[:, 0] + np.sqrt(0.75) * values[:, 1]
        return pa.table({f"x{i}": column for i, column in enumerate(values.T)})

    def apart(rng, n, columns):
        return pa.table({f"x{i}": column for i, column in enumerate(rng.normal(size=(columns, n)))})

    assert delay(apart, joined, range(60, 67)) <= 2  # median of 7 seeds
