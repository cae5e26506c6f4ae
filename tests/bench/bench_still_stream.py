"""A stream that stands still asks for few retrainings: tickets a year by ground, 20 seeds of 48 months after a first model on 24.

The policy is the one of `params/`, four reviews a year. Rows are drawn afresh from one function, days differ. `python tests/bench/bench_still_stream.py`
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
from tests.bench.still_stream import StillGrid, course_of, tickets_a_year

SEEDS, FIRST, COUNT = (1, 4, 6) if os.environ.get("KEEPFIT_BENCH_SIZE") == "tiny" else (20, 24, 48)


def main() -> None:
    """Print each seed's tickets a year, and the means."""
    found = []
    for seed in range(SEEDS):
        course = course_of(StillGrid(seed, first=FIRST, count=COUNT))
        found.append([tickets_a_year(course, ground) for ground in ("debt", "harm", "age", "regret")])
        print(f"seed {seed:2}: debt {found[-1][0]:.2f}, harm {found[-1][1]:.2f}, age {found[-1][2]:.2f}, regret {found[-1][3]:.2f} a year", flush=True)
    means = [sum(column) / len(found) for column in zip(*found, strict=True)]
    print("mean of {} seeds: debt {:.2f} (must 2, aim 0), harm {:.2f}, age {:.2f}, regret {:.2f} tickets a year".format(len(found), *means))


if __name__ == "__main__":
    main()
