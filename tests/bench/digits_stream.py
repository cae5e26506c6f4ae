"""scikit-learn's digits as a stream: weeks of labelled rows drawn afresh with noisy pixels, of which a week on two classes may be confused.

A first model (logistic regression) is trained on eight weeks; each week after them is judged by the very fold that `keepfit monitor` takes. What is
planted is a change of the relation alone: from a week on, in a share of the rows of two classes the label is the other one, so neither the pixels nor the
shares of the classes move. Days do not differ here beyond chance.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property

import numpy as np
import pandas as pd
import pyarrow as pa
from sklearn.datasets import load_digits
from sklearn.linear_model import LogisticRegression
from threadpoolctl import threadpool_limits

from keepfit.evaluate.compare import ScoredRows
from keepfit.flows.backtesting.review import reviewed
from keepfit.monitor.champion import Champion, Scores
from keepfit.monitor.sound import Checked, Soundness
from keepfit.params import Params
from keepfit.profiles.reference import reference_with
from keepfit.records import ModelMeta, Pin, ScoreRow, Window
from keepfit.stats.arrays import Array
from keepfit.stats.clusters import RowOrigins
from keepfit.stats.metrics import Accuracy
from keepfit.tables.frames import from_frame
from keepfit.update.before_labels import learn
from keepfit.update.find import Finder
from keepfit.update.gathered import Gathered, ModelAnswers
from keepfit.update.judge import Before, Judge, WindowJudgement

CLASSES = tuple("0123456789")
PIXELS = tuple(f"p{at:02}" for at in range(64))
FIRST, START = 8, datetime(2025, 1, 6)
NOISE = 3.0


def params_of(**changes: object) -> Params:
    """The project's params: those of a new one, with these of its `monitor` or `evaluate`."""
    return Params.model_validate(
        {
            "model": {"name": "digits", "task": "classification", "target": "digit", "classes": list(CLASSES)},
            "data": {"live": "rows.csv", "time": "t", "id": "id", "window": "week", "features": dict.fromkeys(PIXELS, "numeric")},
            "evaluate": {"metric": "accuracy", "min_rows": 30},
            **changes,
        }
    )


def _answers(model: LogisticRegression, rows: pd.DataFrame) -> Array:
    return np.asarray(model.predict_proba(rows[list(PIXELS)].to_numpy() / 16))


@dataclass
class DigitsStream:
    """A seed's stream: `day` rows a day; from week `since` (counted from 1 after the first model) on, `share` of two classes' labels are the other's."""

    seed: int
    day: int = 100
    since: int | None = None
    share: float = 0.2
    metric: str = "accuracy"

    @cached_property
    def params(self) -> Params:
        """What is judged by."""
        return params_of(evaluate={"metric": self.metric, "min_rows": 30, "preset": {"name": "renew", "max_loss": 0.05}})

    @cached_property
    def pair(self) -> tuple[int, int]:
        """The two classes that are confused."""
        one, other = np.random.default_rng((self.seed, 7)).choice(10, 2, replace=False).tolist()
        return int(one), int(other)

    def week(self, number: int) -> Window:
        """The week of this number: the first model's are up to 0."""
        start = START + timedelta(weeks=FIRST - 1 + number)
        return Window(id=f"{start:%Y-%m-%d}", source="rows.csv", start=start, end=start + timedelta(weeks=1))

    def rows(self, number: int) -> pa.Table:
        """The rows of a week in the order of time."""
        rng, n = np.random.default_rng((self.seed, FIRST + number)), 7 * self.day
        images, digits = load_digits(return_X_y=True)
        drawn = rng.integers(0, len(digits), n)
        x = np.clip(images[drawn] + NOISE * rng.normal(size=(n, 64)), 0, 16).round(1)
        y = digits[drawn].astype(float)
        if self.since is not None and number >= self.since:
            y = self._confused(y, rng)
        start = self.week(number).start or START
        times = [start + timedelta(days=7 * row / n) for row in range(n)]
        frame = pd.DataFrame(x, columns=list(PIXELS)).assign(digit=y, id=[f"{number}-{row}" for row in range(n)], t=times)
        return from_frame(frame)

    def _confused(self, y: Array, rng: np.random.Generator) -> Array:
        one, other = self.pair
        chosen = rng.random(len(y)) < self.share
        return np.where(chosen & (y == one), float(other), np.where(chosen & (y == other), float(one), y))

    @cached_property
    def first(self) -> pd.DataFrame:
        """The rows that the first model learned from."""
        parts = [self.rows(number).to_pandas() for number in range(1 - FIRST, 1)]
        return pd.concat(parts, ignore_index=True)

    @cached_property
    def model(self) -> LogisticRegression:
        """The first model."""
        with threadpool_limits(1):
            return LogisticRegression(C=0.01, max_iter=200).fit(self.first[list(PIXELS)].to_numpy() / 16, self.first["digit"].astype(int))

    def scores(self, rows: pd.DataFrame) -> Array:
        """What it answers, a column a class."""
        return _answers(self.model, rows)

    def reviewed(self, mislabelled: float, week: int = 1) -> tuple[ScoreRow, ...]:
        """Review a candidate on a week: trained on eight others, in which this share of the first class's rows is labelled as the second."""
        rng, taught = np.random.default_rng((self.seed, 9)), DigitsStream(self.seed + 30_000, day=self.day).first
        y, (one, other) = taught["digit"].to_numpy(), self.pair
        y = np.where((y == one) & (rng.random(len(y)) < mislabelled), other, y).astype(int)
        with threadpool_limits(1):
            candidate = LogisticRegression(C=0.01, max_iter=200).fit(taught[list(PIXELS)].to_numpy() / 16, y)
        rows = self.rows(week).to_pandas()
        judged = ScoredRows(y=rows["digit"].to_numpy(), champion=self.scores(rows), challenger=_answers(candidate, rows))
        return reviewed(self.params, judged.in_clusters(RowOrigins(times=rows["t"].to_numpy()).clusters()), rows)

    @cached_property
    def champion(self) -> Champion:
        """The first model, judged on a week of its own: its certificate is that week's value."""
        until = self.week(0).end
        meta = ModelMeta(
            model="digits",
            task="classification",
            target="digit",
            classes=CLASSES,
            many=True,
            features=dict.fromkeys(PIXELS, "numeric"),
            flavor="sklearn",
            estimator="sklearn.linear_model.LogisticRegression",
            rows=len(self.first),
            trained_from=START,
            trained_until=until,
        )
        return Champion(params=self.params, meta=meta, reference=reference_with(self.params, self.first, self.scores(self.first)), basis="later")

    @cached_property
    def pin(self) -> Pin:
        """What the model is held to."""
        judged = DigitsStream(self.seed + 10_000, day=self.day).rows(0)
        value = self.finder_metric.value(judged["digit"].to_numpy(), self.scores(judged.to_pandas()))
        return Pin(model="digits", version="1", digest="sha256:aa", trained_until=self.week(0).end, evaluated_until=None, metric=self.metric, value=value)

    @property
    def finder_metric(self) -> Accuracy:
        """The metric that decides."""
        return Accuracy()

    def judged(self, weeks: int) -> Iterator[tuple[int, WindowJudgement]]:
        """Judge week after week."""
        taught = DigitsStream(self.seed + 20_000, day=self.day).rows(0)
        learned = learn(self.champion, taught, self.scores(taught.to_pandas()))
        past = Before(under=self.pin.digest)
        for number in range(1, weeks + 1):
            rows, window = self.rows(number), self.week(number)
            asked = ModelAnswers(rows=rows, answer=Scores(self.scores(rows.to_pandas())), learned=learned)
            found = Finder(params=self.params, pin=self.pin).find(
                self.champion, Gathered(window=window, table=rows, sound=Soundness(checked=Checked()), asked=asked), past.windows
            )
            judge = Judge(params=self.params, pin=self.pin, now=window.end or START)
            decided = judge.decide(found, past)
            assert decided is not None
            judged = judge.with_ticket(decided, past, champion=self.champion, asked=asked, before=from_frame(self.first))
            opened = (judged.ticket,) if judged.ticket is not None and judged.opened else ()
            past = Before(windows=(*past.windows, judged.record), state=judged.step.state, under=self.pin.digest, tickets=past.tickets).with_tickets(
                [*opened, *judged.closed]
            )
            yield number, judged
