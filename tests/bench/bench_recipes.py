"""Recipes raced on the flights of 2013, through the public command, in projects as `keepfit init` writes them.

`late` with weather and `air_time` without, by months: the mean metric by recipe (all windows, and months 4 to 12), the gains that the race tells,
and the CPU seconds of a first race and of a second, in which nothing is trained.

    python tests/bench/bench_recipes.py [late|air_time] [month|week]

Beside it how often the race takes a recipe for better that is not (`recipes_by_chance.py`). KEEPFIT_BENCH_SIZE=tiny only shows that it runs.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))  # as a script it sees its own folder only

from tests.bench.recipes_by_chance import RIVALS, chosen_by_chance
from tests.bench.stream_tables import small

TINY = os.environ.get("KEEPFIT_BENCH_SIZE") == "tiny"
TASKS = {"late": ("--template", "flights"), "air_time": ("--template", "flights", "--task", "air_time", "--no-weather")}
RECIPES = {"month": "all,last1,last2,last3,decay1,decay2", "week": "all,last4,last8,last13,decay4,decay8"}
LATER = "2013-04"
WINDOWS = (7, 13, 25)


def keepfit(*arguments: str, cwd: Path) -> tuple[str, str, float]:
    """Run the command; return what it printed, what it said, and its CPU seconds."""
    env = {**os.environ, "MLFLOW_DISABLE_TELEMETRY": "true", "DO_NOT_TRACK": "true", "KEEPFIT_KEYS": str(cwd / "keys")}
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


def project(folder: Path, init: tuple[str, ...], window: str) -> None:
    """Set a project up with windows of this length."""
    keepfit("init", str(folder), *init, cwd=folder.parent)
    params = folder / "params.yaml"
    params.write_text(params.read_text(encoding="utf-8").replace("  window: month", f"  window: {window}"), encoding="utf-8")


def race(folder: Path, recipes: str) -> dict[str, Any]:
    """Race twice; print what it said and took, and return what it told."""
    asked = ("backtest", "--recipes", recipes, "--json")
    out, said, first = keepfit(*asked, cwd=folder)
    again, _, second = keepfit(*asked, cwd=folder)
    assert again == out, "a second race tells something else"
    print(f"{said.count('training on')} trainings, {first:.1f} CPU s; again {second:.1f} CPU s")
    return dict(json.loads(out))


def told(found: dict[str, Any]) -> None:
    """Print a line a recipe, and the sentence."""
    print(f"{'recipe':>10} {'mean':>9} {'from April':>11} {'ranked':>9} {'rest':>9} {'at least':>9} {'at most':>9} {'p (Holm)':>9}")
    for name, one in found["recipes"].items():
        later = [each["value"] for each in one["windows"] if each["window"] >= LATER]
        gains = [one[key] for key in ("ranked", "gain", "low", "high", "p")]
        means = (one["mean"], sum(later) / len(later))
        print(f"{name:>10} {means[0]:9.4f} {means[1]:11.4f}", *(f"{'–':>9}" if gain is None else f"{gain:9.4f}" for gain in gains))
    print(found["said"])


def main(names: list[str]) -> None:
    """Race on both tasks, or on those and by those windows that are named."""
    with tempfile.TemporaryDirectory(prefix="keepfit-recipes-") as place:
        work = Path(place)
        tasks = {"small": small(work).init} if TINY else {task: init for task, init in TASKS.items() if task in names or not {*names} & {*TASKS}}
        for task, init in tasks.items():
            for window in [each for each in RECIPES if each in names] or ["month"]:
                print(f"\n{task}, by {window}")
                folder = work / f"{task}-{window}"
                project(folder, init, window)
                told(race(folder, RECIPES[window]))
    print(f"\n{RIVALS} recipes as good as all history: one is written in")
    for windows in WINDOWS[:1] if TINY else WINDOWS:
        print(f"{chosen_by_chance(windows, runs=20 if TINY else 500):6.1%} of races over {windows} windows")


if __name__ == "__main__":
    main(sys.argv[1:])
