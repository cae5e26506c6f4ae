"""Windows until the incident of a column that is as before ends: the reverse test alone, medians over 30 seeds of 20 columns.

`python -m tests.monitor.incident_delays` prints the table of docs/monitoring.md.
"""

import numpy as np
from tests.monitor.streams import SIZE, detector_of, draw

from keepfit.monitor.rules.incidents import BACK

SETTINGS = [
    {"rows": 200},
    {"rows": 1000},
    {"rows": 5000},
    {"rows": 20_000},
    {"rows": 1000, "sd": 0.05},
    {"rows": 1000, "sd": 0.1},
    {"rows": 1000, "sd": 0.2, "reference_windows": 52},
]


def until_back(seed, *, rows, sd=0.0, reference_windows=20, shift=0.0, windows=80, columns=20):
    """Windows until the first column is said to be back, one more than there are if it never is; `shift` in reference sd."""
    rng = np.random.default_rng(seed)
    detector = detector_of(draw(rng, rows, rng.normal(0, sd, (reference_windows, columns))), columns)
    moves = rng.normal(0, sd, (windows, columns))
    moves[:, 0] += shift
    worth = np.zeros((columns * SIZE, 2))
    for window, (k, n) in enumerate(zip(*draw(rng, rows, moves), strict=True), 1):
        worth, evidence = detector.back(worth, k, n)
        if evidence[0] >= BACK:
            return window
    return windows + 1


if __name__ == "__main__":
    for setting in SETTINGS:
        print(setting, np.median([until_back(seed, **setting) for seed in range(30)]))
