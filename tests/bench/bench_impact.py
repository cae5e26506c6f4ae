"""How often the interval of a gain in the user's own unit holds the truth: two equally good models, acted on and priced, on days that resemble the day before.

A line: costs of two classes or a regression's asymmetric loss, on so many days of unequal size; the correlation of a day's effect with that of the day
before; then in how many runs the 95 % interval held the true gain, and in how many one would that takes days as independent of each other. 3,000 runs a
line (`KEEPFIT_BENCH_RUNS`). KEEPFIT_BENCH_SIZE=tiny only shows that it runs.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))  # as a script it sees its own folder only

from tests.evaluate.impact.priced_days import Days, covered

TINY = os.environ.get("KEEPFIT_BENCH_SIZE") == "tiny"
RUNS = int(os.environ.get("KEEPFIT_BENCH_RUNS", "20" if TINY else "3000"))
SETTINGS = [Days(days=days, alike=alike, regression=regression) for regression in (False, True) for days in (8, 10, 28, 90) for alike in (0.0, 0.3, 0.5, 0.7)]


def line(setting: Days) -> str:
    """Return what became of a setting."""
    held, plain = covered(setting, RUNS, seed=1)
    what = "loss" if setting.regression else "costs"
    return f"{what:5} {setting.days:3} days, alike by {setting.alike:.1f}: {held:.3f}, days as independent {plain:.3f}"


if __name__ == "__main__":
    for each in SETTINGS:
        print(line(each), flush=True)
