"""Recipes raced on the flights of 2013 and on other real streams, through the public command, in projects as `keepfit init` writes them.

`late` with weather and `air_time` without, by months: the mean metric by recipe (all windows, and from the fourth on), the gains that the race tells,
and the CPU seconds of a first race and of a second, in which nothing is trained. Streams of `stream_tables.py` race where they are named.

    KEEPFIT_STREAMS=FOLDER python tests/bench/bench_recipes.py [late|air_time|STREAM …] [month|week]

Beside it how often the race takes a recipe for better that is not (`recipes_by_chance.py`). KEEPFIT_BENCH_SIZE=tiny only shows that it runs.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))  # as a script it sees its own folder only

from tests.bench.recipes_by_chance import RIVALS, chosen_by_chance, chosen_by_seasons
from tests.bench.stream_tables import small, streams

TINY = os.environ.get("KEEPFIT_BENCH_SIZE") == "tiny"
TASKS = {"late": ("--template", "flights"), "air_time": ("--template", "flights", "--task", "air_time", "--no-weather")}
RECIPES = {"month": "all,last1,last2,last3,decay1,decay2", "week": "all,last4,last8,last13,decay4,decay8"}
LATER = 2
"""Windows after the first judged one from which `later` is the mean: the fourth month on, as in the design's table."""
WINDOWS, CORRELATIONS = (7, 13, 25), (0.0, 0.3, 0.5, 0.8)


def keepfit(*arguments: str, cwd: Path, more: dict[str, str] | None = None) -> tuple[str, str, float]:
    """Run the command; return what it printed, what it said, and its CPU seconds."""
    env = {**os.environ, "MLFLOW_DISABLE_TELEMETRY": "true", "DO_NOT_TRACK": "true", "KEEPFIT_KEYS": str(cwd / "keys"), **(more or {})}
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as words:
        process = subprocess.Popen([sys.executable, "-m", "keepfit", *arguments], cwd=cwd, env=env, stdout=out, stderr=words)
        _, status, took = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        texts = []
        for file in (out, words):
            file.seek(0)
            texts.append(file.read().decode())
    assert process.returncode == 0, texts[1][-2000:]
    return texts[0], texts[1], took.ru_utime + took.ru_stime


def project(folder: Path, init: tuple[str, ...], window: str, env: dict[str, str]) -> None:
    """Set a project up with windows of this length."""
    keepfit("init", str(folder), *init, cwd=folder.parent, more=env)
    params = folder / "params.yaml"
    params.write_text(params.read_text(encoding="utf-8").replace("  window: month", f"  window: {window}"), encoding="utf-8")


def race(folder: Path, recipes: str, env: dict[str, str]) -> dict[str, Any]:
    """Race twice; print what it said and took, and return what it told."""
    asked = ("backtest", "--recipes", recipes, "--json")
    out, said, first = keepfit(*asked, cwd=folder, more=env)
    again, _, second = keepfit(*asked, cwd=folder, more=env)
    assert again == out, "a second race tells something else"
    print(f"{said.count('training on')} trainings, {first:.1f} CPU s; again {second:.1f} CPU s")
    return dict(json.loads(out))


def told(found: dict[str, Any]) -> None:
    """Print a line a recipe, and the sentence."""
    print(f"{'recipe':>10} {'mean':>9} {'later':>9} {'ranked':>9} {'rest':>9} {'at least':>9} {'at most':>9} {'p (Holm)':>9}")
    for name, one in found["recipes"].items():
        later = [each["value"] for each in one["windows"][LATER:]]
        gains = [one[key] for key in ("ranked", "gain", "low", "high", "p")]
        means = (one["mean"], sum(later) / len(later))
        print(f"{name:>10} {means[0]:9.4f} {means[1]:9.4f}", *(f"{'–':>9}" if gain is None else f"{gain:9.4f}" for gain in gains))
    print(found["said"])


def entries(work: Path, names: list[str]) -> Iterator[tuple[str, tuple[str, ...], dict[str, str]]]:
    """Yield what races: its name, how `keepfit init` is called for it, in which environment."""
    if TINY:
        yield "small", small(work).init, {}
        return
    for task, init in TASKS.items():
        if task in names or not {*names} - {*RECIPES}:
            yield task, init, {}
    for stream in streams(work) if {*names} - {*RECIPES, *TASKS} else ():
        if isinstance(stream, str):
            print(stream)
        elif stream.name in names:
            yield stream.name, stream.init, stream.env


def main(names: list[str]) -> None:
    """Race on both tasks, or on those and by those windows that are named."""
    with tempfile.TemporaryDirectory(prefix="keepfit-recipes-") as place:
        work = Path(place)
        for task, init, env in entries(work, names):
            for window in [each for each in RECIPES if each in names] or ["month"]:
                print(f"\n{task}, by {window}")
                folder = work / f"{task}-{window}"
                project(folder, init, window, env)
                told(race(folder, RECIPES[window], env))
    if names:
        return
    runs = 20 if TINY else 500
    print(f"\n{RIVALS} recipes as good as all history: one is written in")
    for windows in WINDOWS[:1] if TINY else WINDOWS:
        print(f"{chosen_by_chance(windows, runs=runs):6.1%} of races over {windows} windows")
    for correlation in CORRELATIONS:
        found = ", ".join(f"{chosen_by_seasons(windows - 1, correlation, runs=runs):.1%}" for windows in WINDOWS[1:])
        print(f"{found} over {WINDOWS[1:]}, neighbouring windows' gains correlated by {correlation}")


if __name__ == "__main__":
    main(sys.argv[1:])
