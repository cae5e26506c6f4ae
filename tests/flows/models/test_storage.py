"""Training, scoring and profiles do not see how a table stores its values."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from tempfile import mkdtemp

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.storage import NAMED, storages

from keepfit.flows.models.scoring import open_scorer
from keepfit.flows.models.training import train_once
from keepfit.integrations.models import keepfit_model
from keepfit.monitor.champion import Champion
from keepfit.params import Params
from keepfit.records import Reference, Window, digest, from_json
from keepfit.tables.frames import to_frame

ROWS = 240
KINDS = {"flag": "categorical", "code": "categorical", "size": "numeric", "id": "categorical", "word": "categorical"}
VALUES = {"flag": "boolean", "code": "small integer", "size": "number", "id": "integer above 2**53", "word": "text"}
ESTIMATORS = {"native": "sklearn.ensemble.HistGradientBoostingClassifier", "one-hot": "sklearn.linear_model.LogisticRegression"}


def params(estimator):
    return Params.model_validate({
        "model": {"name": "m", "task": "classification", "target": "y"},
        "data": {"live": "rows.csv", "time": "t", "features": KINDS},
        "train": {"estimator": ESTIMATORS[estimator], "params": {"max_iter": 5} if estimator == "native" else {}},
    })  # fmt: skip


def values(name):
    rng = np.random.default_rng(len(name))
    return [NAMED[VALUES[name]][at] for at in rng.integers(0, len(NAMED[VALUES[name]]), ROWS)]


def table(chosen):
    """The same rows; `chosen` picks each column's storage by a number."""
    flags = values("flag")
    rng = np.random.default_rng(0)
    y = [float(rng.random() < (0.9 if flag else 0.2)) for flag in flags]
    stored = {name: list(storages(values(name)).values()) for name in KINDS}
    columns = {name: ways[chosen.get(name, 0) % len(ways)] for name, ways in stored.items()}
    return pa.table({"t": [datetime(2026, 1, 1) + timedelta(hours=row) for row in range(ROWS)], **columns, "y": y})


@cache
def trained(estimator):
    out = Path(mkdtemp()) / "m"
    train_once(params(estimator), to_frame(table({})), out)
    return out


def champion(estimator):
    out = trained(estimator)
    reference = from_json(Reference, (out / "profile.json").read_bytes())
    return Champion(params=params(estimator), meta=open_scorer(out).meta, reference=reference, basis="later")


@pytest.mark.parametrize("estimator", ESTIMATORS)
@given(chosen=st.fixed_dictionaries({name: st.integers(0, 100) for name in KINDS}))
@settings(deadline=None, max_examples=15)
def test_storage_is_permuted_and_scores_and_profiles_stay_equal(estimator, chosen):
    own, window = champion(estimator), Window(id="w", source="s")
    scorer, plain, stored = open_scorer(trained(estimator)), table({}), table(chosen)
    scores = scorer.score(to_frame(plain))
    assert scorer.score(to_frame(stored)).tolist() == scores.tolist()
    assert scorer.score(to_frame(own.read(stored).table)).tolist() == scores.tolist()
    assert keepfit_model._load_pyfunc(trained(estimator)).predict(to_frame(stored)).tolist() == scores.tolist()
    assert digest(own.profile(stored, scores, window)) == digest(own.profile(plain, scores, window))
    assert own.read(stored).evidence == ()


@pytest.mark.parametrize("estimator", ESTIMATORS)
@pytest.mark.parametrize("seed", range(4))
def test_training_on_other_storage_gives_the_same_scores_and_reference(tmp_path, estimator, seed):
    kept = {
        "flag": ["bool"],
        "code": ["int64", "int8", "double", "decimal(20,0)"],
        "size": ["double", "decimal(20,2)", "float"],
        "id": ["int64", "decimal(24,2)"],
        "word": ["string", "large_string", "string_view", "dictionary"],
    }
    rng = np.random.default_rng(seed)
    chosen = {name: list(storages(values(name))).index(str(rng.choice(ways))) for name, ways in kept.items()}
    train_once(params(estimator), to_frame(table(chosen)), tmp_path / "m")
    assert open_scorer(tmp_path / "m").score(to_frame(table({}))).tolist() == open_scorer(trained(estimator)).score(to_frame(table({}))).tolist()
    assert (tmp_path / "m" / "profile.json").read_bytes() == (trained(estimator) / "profile.json").read_bytes()
    assert open_scorer(tmp_path / "m").meta.values == open_scorer(trained(estimator)).meta.values
