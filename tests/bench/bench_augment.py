"""Augmentations raced on real streams, through the public command, in projects as `keepfit init` writes them: whether rows that are made help.

`late` of the flights of 2013, and the traffic of a highway where `KEEPFIT_STREAMS` names a folder with it (`stream_tables.py`). Words are dropped from few
texts of the tests' grammar (is one about billing?), by a linear model of three penalties: a made row is one more reason to believe the data, not the penalty.

    KEEPFIT_STREAMS=FOLDER python tests/bench/bench_augment.py [late] [traffic] [texts]

KEEPFIT_BENCH_SIZE=tiny only shows that it runs.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
from pyarrow import parquet

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))  # as a script it sees its own folder only

from tests.bench.bench_recipes import TASKS, TINY, project, race, told
from tests.bench.stream_tables import small, streams
from tests.grammar import texts

RECIPES = {
    "late": {
        "jitter": "{jitter: {share: 0.5}}",
        "jitter_small": "{jitter: {share: 0.5, within: 0.2}}",
        "swap": "{swap: {share: 0.5, within: [carrier, origin, day_part], columns: [dest, distance]}}",
        "half_weight": "{jitter: {share: 1, weight: 0.5}, swap: {share: 1, weight: 0.5, within: [carrier, origin, day_part], columns: [dest, distance]}}",
    },
    "traffic": {
        "jitter": "{jitter: {share: 0.5}}",
        "jitter_small": "{jitter: {share: 0.5, within: 0.2}}",
        "swap": "{swap: {share: 0.5, within: [holiday, weather_main]}}",
    },
    "texts": {"drop": "{word_dropout: {share: 1}}", "drop_more": "{word_dropout: {share: 2, rate: 0.3}}"},
    "small": {"jitter": "{jitter: {share: 0.5}}"},
}
WEEKS, TEXTS_A_WEEK = (6, 40) if TINY else (20, 60)
PENALTIES = (1,) if TINY else (1, 3, 30)
"""scikit-learn's C: the larger, the less is the penalty."""


def with_recipes(folder: Path, name: str, *changes: tuple[str, str]) -> None:
    """Write the stream's recipes into params.yaml, and change it further."""
    said = "".join(f"    {recipe}: {{augment: {augment}}}\n" for recipe, augment in RECIPES[name].items())
    params = folder / "params.yaml"
    text = params.read_text(encoding="utf-8")
    for before, after in (("\ncompose:\n", f"\ncompose:\n  recipes:\n{said}"), *changes):
        assert before in text, before
        text = text.replace(before, after)
    params.write_text(text, encoding="utf-8")


def race_tables(work: Path, names: list[str]) -> Iterator[tuple[str, tuple[str, ...], dict[str, str]]]:
    """Yield the streams of numbers and categories that are named, or all that are at hand: name, arguments of `keepfit init`, environment."""
    found = [] if TINY else [("late", TASKS["late"], {})]
    found += [("small", small(work).init, {})] if TINY else [(one.name, one.init, one.env) for one in streams(work) if not isinstance(one, str)]
    yield from ((name, init, env) for name, init, env in found if name in RECIPES and (not names or name in names))


def race_texts(work: Path) -> None:
    """Race on texts, a linear model of each penalty."""
    table = texts(0, windows=WEEKS, rows=TEXTS_A_WEEK)
    billing = pc.cast(pc.equal(table["topic"], "billing"), pa.int8())
    parquet.write_table(table.drop_columns(["topic", "waited"]).append_column("target", billing), work / "texts.parquet")
    asked = ("--data", str(work / "texts.parquet"), "--time", "time", "--target", "target", "--id", "id", "--model", "texts", "--yes", "--window", "week")
    for penalty in PENALTIES:
        print(f"\ntexts, by week, C {penalty}", flush=True)
        folder = work / f"texts-{penalty}"
        project(folder, asked, "week", {})
        fitted = ("    max_iter: 1000\n", f"    max_iter: 1000\n    C: {penalty}\n")
        metric = (("  metric: roc_auc", "  metric: log_loss"), ("  metrics: [log_loss]", "  metrics: [roc_auc]"))
        with_recipes(folder, "texts", fitted, *metric)
        told(race(folder, ",".join(["all", *RECIPES["texts"]]), {}))


def main(names: list[str]) -> None:
    """Race the augmentations on the streams that are named, or on all that are at hand."""
    with tempfile.TemporaryDirectory(prefix="keepfit-augment-") as place:
        work = Path(place)
        for name, init, env in race_tables(work, names):
            print(f"\n{name}, by month", flush=True)
            folder = work / f"{name}-project"
            project(folder, init, "month", env)
            with_recipes(folder, name)
            told(race(folder, ",".join(["all", *RECIPES[name]]), env))
        if not names or "texts" in names:
            race_texts(work)


if __name__ == "__main__":
    main(sys.argv[1:])
