from __future__ import annotations

import json
import subprocess

import numpy as np
import pandas as pd
import pytest

from keepfit.errors import TrainError
from keepfit.flows.models.scoring import open_scorer
from keepfit.flows.models.training import train_once
from keepfit.integrations.models.keepfit_model import KeepfitModel
from keepfit.params import Params
from keepfit.profiles.profile import total
from keepfit.records import CONFIDENCE, PREDICTION, Reference, from_json
from keepfit.tables.written_targets import WRITTEN

TOPICS = ("outage", "billing", "contract", "legal")
TRAIN_PY = """
import os, pickle
import pandas as pd
from sklearn.linear_model import LogisticRegression
table = pd.read_csv(os.environ["KEEPFIT_TRAIN"])
assert set(table["topic"]) == {"outage", "billing", "contract"}, set(table["topic"])
model = LogisticRegression().fit(table[["x", "z"]], table["topic"])
pickle.dump(model, open("model.pkl", "wb"))
"""
PREDICT_PY = """
import pickle, sys
import pandas as pd
model = pickle.load(open("model.pkl", "rb"))
rows = pd.read_csv(sys.argv[1])
pd.DataFrame(model.predict_proba(rows), columns=model.classes_).round(2).to_csv(sys.argv[2], index=False)
"""


def table(n=400):
    rng = np.random.default_rng(0)
    codes = (np.arange(n) % 3).astype(float)
    frame = pd.DataFrame({"x": codes + 0.3 * rng.normal(size=n), "z": rng.normal(size=n), "time": pd.date_range("2024-01-01", periods=n, freq="1h")})
    written = [json.dumps(TOPICS[int(code)]) for code in codes]
    codes[:5], written[:5] = 4.0, [json.dumps("press")] * 5
    codes[5:8], written[5:8] = np.nan, [None] * 3
    return frame.assign(topic=codes, row_id=[f"r{i}" for i in range(n)], _window="2024-01", _weight=1.0, **{WRITTEN: written})


def params(**train):
    return Params.model_validate(
        {
            "model": {"name": "m", "task": "classification", "target": "topic", "classes": list(TOPICS)},
            "data": {"live": "rows.csv", "time": "time", "features": {"x": "numeric", "z": "numeric"}},
            "train": {"params": {"max_iter": 10}, **train},
        }
    )


@pytest.fixture
def repo(tmp_path):
    folder = tmp_path / "repo"
    folder.mkdir()
    (folder / "train.py").write_text(TRAIN_PY)
    (folder / "predict.py").write_text(PREDICT_PY)
    subprocess.run(["git", "init", "-q", str(folder)], check=True)
    return folder


def test_a_model_of_four_classes_is_trained_on_three_and_knows_what_it_never_saw(tmp_path):
    meta = train_once(params(), table(), tmp_path / "out")
    assert (meta.many, meta.classes, meta.rows) == (True, TOPICS, 392)
    scores = open_scorer(tmp_path / "out").score(table())
    assert scores.shape == (400, 4)
    assert (scores[:, 3] == 0).all()
    right = np.array(scores.argmax(axis=1) == table()["topic"])[8:]
    assert right.mean() > 0.85


def test_what_is_served_is_what_was_judged(tmp_path):
    train_once(params(), table(), tmp_path / "out")
    served = KeepfitModel(tmp_path / "out").predict(table())
    assert list(served.columns) == list(TOPICS)
    assert np.array_equal(served.to_numpy(), open_scorer(tmp_path / "out").score(table()))


def test_the_reference_counts_classes_by_their_texts_and_how_sure_the_model_is(tmp_path):
    train_once(params(), table(), tmp_path / "out")
    whole = total(from_json(Reference, (tmp_path / "out" / "profile.json").read_bytes(), where="profile.json"))
    assert set(whole.columns["topic"].categories) == {"outage", "billing", "contract"}
    assert set(whole.columns[PREDICTION].categories) <= set(TOPICS)
    assert not hasattr(whole.columns[CONFIDENCE], "categories")


def test_a_project_that_lists_its_classes_otherwise_by_now_asks_the_model_in_its_own_order(tmp_path):
    train_once(params(), table(), tmp_path / "out")
    now = ("press", "legal", "contract", "billing", "outage")
    before, scorer = open_scorer(tmp_path / "out").score(table()), open_scorer(tmp_path / "out", classes=now)
    assert scorer.meta.classes == now
    assert np.array_equal(scorer.score(table()), np.column_stack([np.zeros(400), before[:, ::-1]]))


@pytest.mark.parametrize("predict", [None, "python predict.py"])
def test_an_own_train_py_gets_the_owners_words_and_is_asked_in_the_projects_order(tmp_path, repo, predict):
    own = params(command="python train.py", reads="data/train.csv", writes="model.pkl", predict=predict, params={})
    meta = train_once(own, table(), tmp_path / "out", repo=repo)
    assert (meta.answers, meta.classes) == ("probabilities", TOPICS)
    scores = open_scorer(tmp_path / "out", own.train, repo).score(table())
    assert (scores.argmax(axis=1) == table()["topic"])[8:].mean() > 0.85
    assert (scores[:, 3] == 0).all()


def test_an_own_predict_command_that_mixes_classes_up_is_found_on_its_training_rows(tmp_path, repo):
    (repo / "predict.py").write_text(PREDICT_PY.replace("columns=model.classes_", "columns=['outage', 'contract', 'billing']"))
    own = params(command="python train.py", reads="data/train.csv", writes="model.pkl", predict="python predict.py", params={})
    with pytest.raises(TrainError, match="run against its own training labels"):
        train_once(own, table(), tmp_path / "out", repo=repo)
