"""Worlds with a slice that is worse than the rest, and without one: 15 categorical columns of 2 to 20 values."""

from __future__ import annotations

import numpy as np

from keepfit.slices.codes import CodedColumn

SIZES = (2, 3, 4, 4, 5, 5, 6, 8, 8, 10, 10, 12, 15, 20, 20)
PLANTED = ("c2=0", "c4=0")


def column(name, size, codes):
    return CodedColumn(name, tuple(f"{name}={value}" for value in range(size)), codes.astype(np.intp))


def planted(seed, *, n=20_000, base=0.1, harm=0.1, literals=2):
    """Columns, an error of 0 or 1 a row, and the name of the slice (5 % of the rows) whose error is `harm` higher."""
    rng = np.random.default_rng((seed, 77))
    codes = [rng.choice(size, size=n, p=rng.dirichlet(np.full(size, 2.0))) for size in SIZES]
    codes[2] = rng.choice(4, size=n, p=[0.25, 0.25, 0.3, 0.2] if literals == 2 else [0.05, 0.35, 0.3, 0.3])
    codes[4] = rng.choice(5, size=n, p=[0.2, 0.2, 0.2, 0.3, 0.1])
    inside = (codes[2] == 0) & (codes[4] == 0) if literals == 2 else codes[2] == 0
    errors = (rng.random(n) < base + harm * inside).astype(float)
    return [column(f"c{place}", size, codes[place]) for place, size in enumerate(SIZES)], errors, " & ".join(PLANTED[:literals])
