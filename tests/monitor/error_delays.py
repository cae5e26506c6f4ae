"""How long errors take to be found, and how often they are found though nothing changed, as docs/monitoring.md has it.

python -m tests.monitor.error_delays
"""

from __future__ import annotations

import numpy as np
from tests.monitor.rules.test_labelled import flagged as unrefined
from tests.monitor.rules.test_labelled import wait
from tests.monitor.rules.test_refining import LONG, NULL, flagged, waits


def main() -> None:
    """Print the medians of 21 streams (60 where 8 windows calibrate), and the windows of 3,000 in which an incident opens."""
    for base in (0.1, 0.2):
        found = [
            np.median([wait(seed, base=base, plus=plus, rows=rows) for seed in range(400, 421)])
            for plus, rows in [(0.02, 1000), (0.05, 1000), (0.1, 1000), (0.05, 100)]
        ]
        print(f"base rate {base}, 20 windows calibrate: +2, +5, +10 points, 10 % labels +5: {found}")
    for quiet in (0, 12, 24, 36):
        waited = np.array(waits(range(500, 560), plus=0.02, quiet=quiet))
        print(f"8 windows calibrate, {quiet} more before +2 points: {np.median(waited)}, within 24 windows {np.mean(waited <= 24):.0%}")
    for creep in (0.002, 0.001):
        print(f"errors creep up by {creep} a window: {np.median(waits(range(400, 421), plus=0.0, creep=creep))}")
    for first, rows in [(8, 1000), (20, 1000), (28, 900), (20, 50)]:
        print(f"no change, {first} windows of {rows} rows calibrate: {unrefined(range(100, 150), first=first, rows=rows)}")
    for setting in NULL:
        print(f"no change, 8 windows calibrate, {setting}: {flagged(range(100, 150), **setting)}")
    for setting in LONG:
        print(f"no change, five streams of 600 windows, {setting}: {flagged(range(200, 205), windows=600, **setting)}")


if __name__ == "__main__":
    main()
