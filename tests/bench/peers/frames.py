"""The frames that both sides compare: four numeric columns for every categorical one."""

import numpy as np
import pandas as pd


def frame(seed, rows, columns):
    """Return the rows of one side; the same seed gives the same rows."""
    rng = np.random.default_rng(seed)
    made = {f"x{i}": rng.normal(size=rows) for i in range(columns * 4 // 5)}
    for i in range(columns - len(made)):
        made[f"c{i}"] = np.array([f"category {k}" for k in range(5 * (i + 1))])[rng.integers(0, 5 * (i + 1), rows)]
    return pd.DataFrame(made)
