"""A regressor's loss before labels on the flights: minutes in the air by January's model, days shuffled (nothing drifts, days stay whole)."""

from __future__ import annotations

from datetime import datetime

import numpy as np
import pyarrow as pa
import pytest
from tests.conftest import REPOSITORY

from keepfit.flows.models.scoring import open_scorer
from keepfit.flows.models.training import train_once
from keepfit.integrations.flights import flights_table
from keepfit.integrations.yaml_files import put
from keepfit.monitor.loss_estimate import KnownLoss, estimate_loss, rows_as_seen
from keepfit.params import load_params
from keepfit.profiles.profile import layout_of
from keepfit.profiles.reference import batch_names
from keepfit.records import Reference, from_json
from keepfit.tables.arrow import as_table
from keepfit.tables.frames import to_frame
from keepfit.tables.labels import labelled, labels

pytestmark = [pytest.mark.long, pytest.mark.timeout(1800)]
WINDOW_DAYS, SHUFFLES = 28, range(200, 225)
CHANGES = {"model.task": "regression", "model.target": "air_time", "train.estimator": "sklearn.ensemble.HistGradientBoostingRegressor"}


@pytest.fixture(scope="module")
def days(tmp_path_factory):
    """What the trees see, the absolute error and the day of every fourth flight from February on, day by day."""
    text = (REPOSITORY / "params.yaml").read_text(encoding="utf-8")
    for key, value in {**CHANGES, "evaluate.metric": "mae", "evaluate.metrics": []}.items():
        text = put(text, key, value)
    params, out = load_params(text), tmp_path_factory.mktemp("january") / "model"
    flights = flights_table(start=None, end=None)
    frame = to_frame(flights.take(pa.array(range(0, flights.num_rows, 4))))
    train_once(params, frame[frame["time"] < datetime(2013, 2, 1)].reset_index(drop=True), out)
    layout = layout_of(from_json(Reference, (out / "profile.json").read_bytes()))
    rows = labelled(params, frame[frame["time"] >= datetime(2013, 2, 1)].reset_index(drop=True)).sort_values("time", ignore_index=True)
    scores, names = open_scorer(out).score(rows), batch_names(rows["time"]).to_numpy(str)
    seen = rows_as_seen(as_table(rows), {name: layout[name] for name in params.data.features}, scores)
    loss = np.abs(labels(params, rows) - scores)
    return [KnownLoss(rows=seen[names == day], loss=loss[names == day], days=names[names == day]) for day in np.unique(names)]


def joined(days):
    return KnownLoss(**{name: np.concatenate([getattr(day, name) for day in days]) for name in ("rows", "loss", "days")})


def test_with_days_shuffled_the_interval_holds_and_the_estimate_is_nearer_than_the_loss_before(days):
    """250 windows of 28 days, ten learned on each of 25 references: the share's standard error is about .02."""
    held, missed, naive = [], [], []
    for seed in SHUFFLES:
        order = np.random.default_rng(seed).permutation(len(days))
        windows = [joined([days[place] for place in order[first : first + WINDOW_DAYS]]) for first in range(0, len(days) - WINDOW_DAYS + 1, WINDOW_DAYS)]
        for window in windows[1:]:
            said, truth = estimate_loss(windows[0], window.rows, metric="mae", confidence=0.95), float(window.loss.mean())
            held.append(said.low <= truth <= said.high)
            missed.append((said.value - truth) ** 2)
            naive.append((float(windows[0].loss.mean()) - truth) ** 2)
    print(f"held {sum(held)} of {len(held)}; off by {np.sqrt(np.mean(missed)):.2f} minutes, the loss before by {np.sqrt(np.mean(naive)):.2f}")
    assert np.mean(held) >= 0.85
    assert np.mean(missed) < np.mean(naive)
