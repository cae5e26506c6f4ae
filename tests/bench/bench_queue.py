"""What a queue's strategy is worth: models retrained on the rows that each asked for, beside rows drawn by chance at an equal budget, over ten seeds.

Each strategy is asked as `keepfit label export` asks it, with a fifth of its rows by chance, in rounds; after each the model is trained again. The last
model is judged on rows that no queue could ask about. A difference to `random` is paired by seed (the same rows to begin with, the same judges), with Student's
interval over the seeds.
"""

from __future__ import annotations

import os
import sys
import time

if __name__ == "__main__":
    os.environ.setdefault("OMP_NUM_THREADS", "1")  # hundreds of small models: threads cost more than they bring

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
from scipy.stats import t
from sklearn.compose import make_column_transformer
from sklearn.datasets import load_digits
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import accuracy_score, roc_auc_score
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OrdinalEncoder, StandardScaler

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))  # as a script it sees its own folder only

from tests.grammar import texts

from keepfit import plugins
from keepfit.compose.draws import ranks, row_hashes
from keepfit.compose.queue.drawing import QueueLook
from keepfit.compose.queue.population import population_of
from keepfit.compose.queue.select import select
from keepfit.compose.queue.strategy import QueuePool
from keepfit.compose.strata import coded
from keepfit.integrations.flights import flights_table
from keepfit.params import Params

TINY = os.environ.get("KEEPFIT_BENCH_SIZE") == "tiny"
SEEDS, ROUNDS = (2, 1) if TINY else (10, 4)
RANDOM = "random"
CATEGORIES = ["carrier", "origin", "dest"]
NUMBERS = ["distance", "dep_minute", "day_of_week", "temp", "dewp", "humid", "wind_speed", "precip", "pressure", "visib"]


@dataclass(frozen=True, kw_only=True)
class Stream:
    """Rows in three parts: labelled to begin with, to be asked about, and judging; `asked` rows a round."""

    name: str
    metric: str
    features: pd.DataFrame
    y: np.ndarray
    parts: tuple[np.ndarray, np.ndarray, np.ndarray]
    start: int
    asked: int
    model: Callable[[], Any]
    kinds: dict[str, Any]
    slice: str | None

    def draw(self, seed: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """The rows to begin with, those of the pool, the judges."""
        first, pool, judges = self.parts
        rng = np.random.default_rng(seed)
        return rng.permutation(first)[: self.start], rng.permutation(pool)[:3000], rng.permutation(judges)[:4000]

    def value(self, model: Any, judges: np.ndarray) -> float:
        """How good a model is, larger is better."""
        if self.metric == "AUC":
            return float(roc_auc_score(self.y[judges], model.predict_proba(self.features.iloc[judges])[:, 1]))
        return float(accuracy_score(self.y[judges], model.predict(self.features.iloc[judges])))


def flights() -> Stream:
    """Is a flight late: January to begin with, February is asked about, March judges."""
    rows = flights_table(start=None, end=datetime(2013, 4, 1)).to_pandas().dropna(subset=["late"]).reset_index(drop=True)
    month = rows["time"].dt.month.to_numpy()
    columns = [name for name in (*CATEGORIES, *NUMBERS) if name in rows.columns]
    kinds = {name: "categorical" if name in CATEGORIES else "numeric" for name in columns}
    return Stream(
        name="flights",
        metric="AUC",
        features=rows[columns],
        y=rows["late"].to_numpy().astype(int),
        parts=tuple(np.flatnonzero(month == one) for one in (1, 2, 3)),  # type: ignore[arg-type]
        start=600,
        asked=150,
        model=boosted,
        kinds=kinds,
        slice="carrier",
    )


def boosted() -> Any:
    """What `keepfit init` trains, smaller."""
    encode = OrdinalEncoder(handle_unknown="use_encoded_value", unknown_value=-1)
    return make_pipeline(make_column_transformer((encode, CATEGORIES), remainder="passthrough"), HistGradientBoostingClassifier(max_iter=30, random_state=0))


def of_words() -> Any:
    """Words and a linear model."""
    return make_pipeline(make_column_transformer((TfidfVectorizer(sublinear_tf=True), "text")), LogisticRegression(C=10, max_iter=500))


def digits() -> Stream:
    """Which of ten digits: 1,797 pictures, a third of which judges."""
    found = load_digits()
    order = np.random.default_rng(7).permutation(len(found.target))
    columns = [f"p{number}" for number in range(64)]
    return Stream(
        name="digits",
        metric="accuracy",
        features=pd.DataFrame(found.data, columns=columns),
        y=found.target,
        parts=(order[:1198], order[:1198], order[1198:]),
        start=50,
        asked=25,
        model=lambda: make_pipeline(StandardScaler(), LogisticRegression(C=0.1, max_iter=500)),
        kinds=dict.fromkeys(columns, "numeric"),
        slice=None,
    )


def topics() -> Stream:
    """Which of four topics a text has: the seeded grammar of the tests; weeks before, a week that is asked about, weeks that judge."""
    rows = texts(0, windows=9, rows=500).to_pandas()
    week = rows["id"].str[:3].astype(int).to_numpy()
    return Stream(
        name="texts",
        metric="accuracy",
        features=rows[["text", "channel"]],
        y=rows["topic"].to_numpy(),
        parts=(np.flatnonzero(week < 3), np.flatnonzero((week >= 3) & (week < 6)), np.flatnonzero(week >= 6)),
        start=24,
        asked=12,
        model=of_words,
        kinds={"text": "text", "channel": "categorical"},
        slice="channel",
    )


def course(stream: Stream, strategy: Any, seed: int) -> tuple[float, float]:
    """What the model is worth to begin with, and when all rounds are labelled."""
    known, left, judges = stream.draw(seed)
    before = stream.model().fit(stream.features.iloc[known[: len(known) // 2]], stream.y[known[: len(known) // 2]])
    model = stream.model().fit(stream.features.iloc[known], stream.y[known])
    first = stream.value(model, judges)
    left = left[~np.isin(left, known)]
    for turn in range(ROUNDS):
        pool = pool_of(stream, left, before, model, seed=seed * 100 + turn)
        found = select(pool, strategy, rows=stream.asked)
        known, left = np.concatenate([known, left[found.positions]]), np.delete(left, found.positions)
        before, model = model, stream.model().fit(stream.features.iloc[known], stream.y[known])
    return first, stream.value(model, judges)


def pool_of(stream: Stream, rows: np.ndarray, champion: Any, candidate: Any, *, seed: int) -> QueuePool:
    """The rows with what the newest model and the one before it say; the newest is asked first, as the champion would be."""
    features = stream.features.iloc[rows]
    table = pa.Table.from_pandas(features, preserve_index=False)
    pool = QueuePool(rank=ranks(row_hashes([str(row) for row in rows]), f"seed {seed}"), features=table, kinds=stream.kinds)
    answers, rival = (spread(model, features, stream.y) for model in (candidate, champion))
    slices = {} if stream.slice is None else {stream.slice: coded(stream.slice, table[stream.slice])}
    return replace(pool, answers=answers, rival=rival, slices=slices)


def spread(model: Any, features: pd.DataFrame, y: np.ndarray) -> np.ndarray:
    """Probabilities in the order of all classes; a class that a model has not seen has none."""
    classes = np.unique(y)
    found = np.zeros((len(features), len(classes)))
    found[:, np.searchsorted(classes, model.classes_)] = model.predict_proba(features)
    return found


def main() -> None:
    """Print the table of docs/labelling.md."""
    print("| data | labels to begin with | asked for | strategy | model after | difference to `random` | 95 % interval | seeds better |")
    print("|---|--:|--:|---|--:|--:|--:|--:|")
    for stream in (flights(), digits(), topics()):
        names = [name for name in plugins.BUILTIN["queue_strategies"] if name != "slices" or stream.slice is not None]
        ends: dict[str, np.ndarray] = {}
        for name in names:
            made = plugins.make("queue_strategies", name, where="bench")
            runs = np.array([course(stream, made, seed) for seed in range(SEEDS)])
            ends[name] = runs[:, 1]
            head = f"| {stream.name} ({stream.metric} {runs[:, 0].mean():.4f}) | {stream.start} | {stream.asked * ROUNDS}" if name == RANDOM else "| | |"
            print(f"{head} | `{name}` | {runs[:, 1].mean():.4f} |{beside_chance(runs[:, 1] - ends[RANDOM]) if name != RANDOM else ' | | |'}", flush=True)


def cost() -> None:
    """Print what it costs to find and to rank the rows that wait, and to ask for rows that are unlike one another: CPU seconds."""
    many, some = (10_000, 500) if TINY else (1_000_000, 50_000)
    rng = np.random.default_rng(0)
    columns = {**{f"x{number}": rng.normal(size=many) for number in range(7)}, **{f"c{number}": rng.choice(list("abcdefgh"), many) for number in range(3)}}
    table = pa.table({"id": [f"r{number:08d}" for number in range(many)], **columns, "y": pa.nulls(many, pa.float64())})
    kinds = {name: "numeric" if name.startswith("x") else "categorical" for name in columns}
    data = {"live": "rows.csv", "time": "t", "id": "id", "features": kinds}
    params = Params.model_validate({"model": {"name": "m", "task": "classification", "target": "y"}, "data": data})
    started = time.process_time()
    look = QueueLook.at(population_of({"w": table}, params, known=(), asked=()), params, seed=0, most=some)
    print(f"\na population of {many:,} rows with {len(columns)} features, of which {some:,} are looked at: {time.process_time() - started:.2f} s")
    pool = QueuePool(rank=look.rank, features=look.table.select(list(columns)), kinds=params.data.features)
    for asked in (50, 500):
        started = time.process_time()
        select(pool, plugins.make("queue_strategies", "diversity", where="bench"), rows=asked)
        print(f"diversity, {asked} of {some:,} rows: {time.process_time() - started:.2f} s")


def beside_chance(gain: np.ndarray) -> str:
    """The mean difference over the seeds, its interval, and how often it is above zero."""
    half = t.ppf(0.975, len(gain) - 1) * gain.std(ddof=1) / np.sqrt(len(gain))
    return f" {gain.mean():+.4f} | {gain.mean() - half:+.4f} to {gain.mean() + half:+.4f} | {(gain > 0).sum()} of {len(gain)} |"


if __name__ == "__main__":
    main()
    cost()
