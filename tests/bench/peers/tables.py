"""The tables that keepfit and its peers are given, made by numpy alone: each environment makes the same."""

import numpy as np

Table = np.ndarray
SIZES = (2, 3, 4, 4, 5, 5, 6, 8, 8, 10, 10, 12, 15, 20, 20)  # categories of the columns that slices are searched in


def sample(rows: int, columns: int) -> tuple[Table, Table]:
    """Two normal tables without a difference."""
    first, second = np.random.default_rng(1).normal(size=(2, rows, columns))
    return first, second


def case(seed: int, rows: int, columns: int) -> tuple[Table, Table]:
    """One of the seeded cases: the odd ones are shifted by .15 sd in every column."""
    first, second = np.random.default_rng(seed).normal(size=(2, rows, columns))
    return first, second + (seed % 2) * 0.15


def planted(seed: int, rows: int, sizes: tuple[int, int] = (2, 4)) -> tuple[list[Table], Table, set[tuple[int, int]]]:
    """Codes of 15 columns, errors that are ten points more frequent in one slice of two literals, and that slice.

    The literals are of columns with that many categories (least, most): 6 to 17 % of the rows for (2, 4), 3 to 11 % for (3, 6).
    """
    rng = np.random.default_rng(seed)
    codes = [rng.integers(size, size=rows) for size in SIZES]
    first, second = sorted(rng.choice([i for i, size in enumerate(SIZES) if sizes[0] <= size <= sizes[1]], size=2, replace=False))
    inside = (codes[first] == 1) & (codes[second] == 1)
    return codes, (rng.random(rows) < 0.1 + 0.1 * inside).astype(float), {(int(first), 1), (int(second), 1)}
