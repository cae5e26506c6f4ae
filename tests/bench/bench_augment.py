"""Augmentations raced on real streams, through the public command, in projects as `keepfit init` writes them: whether rows that are made help.

`late` of the flights of 2013, and the traffic of a highway where `KEEPFIT_STREAMS` names a folder with it (`stream_tables.py`).

    KEEPFIT_STREAMS=FOLDER python tests/bench/bench_augment.py [late] [traffic]

KEEPFIT_BENCH_SIZE=tiny only shows that it runs.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))  # as a script it sees its own folder only

from tests.bench.bench_recipes import TASKS, TINY, project, race, told
from tests.bench.stream_tables import small, streams

RECIPES = {
    "late": {
        "jitter": "{jitter: {share: 0.5}}",
        "jitter_small": "{jitter: {share: 0.5, within: 0.2}}",
        "swap": "{swap: {share: 0.5, columns: [dest, distance]}}",
        "half_weight": "{jitter: {share: 1, weight: 0.5}, swap: {share: 1, weight: 0.5, columns: [dest, distance]}}",
    },
    "traffic": {
        "jitter": "{jitter: {share: 0.5}}",
        "jitter_small": "{jitter: {share: 0.5, within: 0.2}}",
        "swap": "{swap: {share: 0.5}}",
    },
    "small": {"jitter": "{jitter: {share: 0.5}}"},
}


def main(names: list[str]) -> None:
    """Race the augmentations on the streams that are named, or on all that are at hand."""
    with tempfile.TemporaryDirectory(prefix="keepfit-augment-") as place:
        work = Path(place)
        found = [("late", TASKS["late"], {})] if not TINY else []
        found += [(one.name, one.init, one.env) for one in streams(work) if not isinstance(one, str)] if not TINY else [("small", small(work).init, {})]
        for name, init, env in found:
            if name not in RECIPES or (names and name not in names):
                continue
            print(f"\n{name}, by month", flush=True)
            folder = work / f"{name}-project"
            project(folder, init, "month", env)
            params = folder / "params.yaml"
            said = "".join(f"    {recipe}: {{augment: {augment}}}\n" for recipe, augment in RECIPES[name].items())
            params.write_text(params.read_text(encoding="utf-8").replace("\ncompose:\n", f"\ncompose:\n  recipes:\n{said}"), encoding="utf-8")
            told(race(folder, ",".join(["all", *RECIPES[name]]), env))


if __name__ == "__main__":
    main(sys.argv[1:])
