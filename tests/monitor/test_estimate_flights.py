"""Performance before labels on the flights, January's model: days shuffled (nothing drifts, days stay whole) and in true order (much does)."""

from __future__ import annotations

from datetime import datetime

import numpy as np
import pytest
from tests.conftest import REPOSITORY

from keepfit.flows.models.scoring import open_scorer
from keepfit.flows.models.training import train_once
from keepfit.integrations.flights import flights_table
from keepfit.monitor.estimate import Scored, estimate_performance, held_against, learn_calibration, trusted
from keepfit.params import load_params
from keepfit.profiles.reference import batch_names
from keepfit.stats.metrics import LogLoss, RocAuc
from keepfit.tables.frames import to_frame
from keepfit.tables.labels import labelled, labels

pytestmark = pytest.mark.long
WINDOW_DAYS = 28
SHUFFLES = (*range(30), *range(1000, 1030))


@pytest.fixture(scope="module")
def days(tmp_path_factory):
    """Labels and scores of each day from February on, in order."""
    params = load_params((REPOSITORY / "params.yaml").read_text(encoding="utf-8"))
    out = tmp_path_factory.mktemp("january") / "model"
    train_once(params, to_frame(flights_table(start=None, end=datetime(2013, 2, 1))), out, profile=False)
    rows = labelled(params, to_frame(flights_table(start=datetime(2013, 2, 1), end=None))).sort_values("time", ignore_index=True)
    y, scores, names = labels(params, rows), open_scorer(out).score(rows), batch_names(rows["time"]).to_numpy(str)
    return [Scored(y=y[names == day], scores=scores[names == day], batches=names[names == day]) for day in np.unique(names)]


def joined(days):
    return Scored(**{name: np.concatenate([getattr(day, name) for day in days]) for name in ("y", "scores", "batches")})


def walked(days, metric, seed):
    """What each window of 28 days was told, learned on the first, and whether it held."""
    windows = [joined(days[first : first + WINDOW_DAYS]) for first in range(0, len(days) - WINDOW_DAYS + 1, WINDOW_DAYS)]
    learned, told = learn_calibration(windows[0], metric=metric, rng=np.random.default_rng(seed)), []
    for number, window in enumerate(windows[1:]):
        said = estimate_performance(learned, window.scores, confidence=0.95, rng=np.random.default_rng((seed, number)))
        told.append(held_against(trusted(said, told), truth=metric.value(window.y, window.scores), labelled=len(window.y)))
    return told


@pytest.mark.parametrize("metric", [LogLoss(), RocAuc()], ids=lambda metric: metric.name)
def test_with_days_shuffled_the_interval_holds(days, metric):
    """600 windows of 28 days, ten learned on each of 60 references: as sure as 60 references are, so the share's standard error is about .02."""
    held = []
    for seed in SHUFFLES:
        order = np.random.default_rng(seed).permutation(len(days))
        held += [one.held for one in walked([days[place] for place in order], metric, seed)]
    print(f"{metric.name}: held {sum(held)} of {len(held)}")
    assert np.mean(held) >= 0.85


@pytest.mark.parametrize("metric", [LogLoss(), RocAuc()], ids=lambda metric: metric.name)
def test_in_true_order_the_relation_drifts_and_it_says_that_it_cannot_tell(days, metric):
    told = walked(days, metric, 0)
    print(f"{metric.name}: held {[one.held for one in told]}, {[one.status for one in told]}")
    assert sum(one.held for one in told) < len(told) * 0.7
    assert told[-1].status == "cannot tell"
