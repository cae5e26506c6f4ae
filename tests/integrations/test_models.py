from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import joblib
import numpy as np
import pandas as pd
import pytest
from sklearn.linear_model import LogisticRegression

from keepfit.errors import DataError, TrainError
from keepfit.integrations import keepfit_model
from keepfit.integrations.estimators import Recipe, save_sklearn, train_sklearn
from keepfit.integrations.models import is_model, load_scorer
from keepfit.records import ModelMeta, to_json

FEATURES = {"carrier": "categorical", "distance": "numeric"}


def table(n=300):
    rng = np.random.default_rng(0)
    frame = pd.DataFrame({"carrier": rng.choice(["EV", "UA"], n), "distance": rng.normal(size=n)})
    return frame, ((frame["carrier"] == "EV") + rng.normal(size=n) > 0.5).to_numpy(float)


def write_meta(folder, **changes):
    meta = ModelMeta(**{
        "model": "m", "task": "classification", "target": "late", "features": FEATURES, "flavor": "sklearn", "estimator": "E",
        "classes": ("0", "1"), "rows": 300, "trained_from": None, "trained_until": None, **changes,
    })  # fmt: skip
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "meta.json").write_text(to_json(meta))


@pytest.fixture
def kept(tmp_path):
    frame, target = table()
    recipe = Recipe(estimator="sklearn.linear_model.LogisticRegression", task="classification", features=FEATURES)
    save_sklearn(train_sklearn(recipe, frame, target), tmp_path / "kept")
    write_meta(tmp_path / "kept")
    return tmp_path / "kept"


def test_a_kept_model_scores_probabilities_of_the_positive_class(kept):
    scores = load_scorer(kept).score(pd.DataFrame({"distance": [0.0, 0.0], "carrier": ["EV", "UA"], "other": [1, 2]}))
    assert scores.dtype == np.float64
    assert 0 < scores[1] < 0.5 < scores[0] < 1


def test_no_rows_have_no_scores(kept):
    assert load_scorer(kept).score(pd.DataFrame({"carrier": [], "distance": []})).shape == (0,)


def test_a_missing_column_is_named_with_its_nearest_neighbour(kept):
    with pytest.raises(DataError, match="no column 'carrier'") as caught:
        load_scorer(kept).score(pd.DataFrame({"carrrier": ["EV"], "distance": [0.0]}))
    assert "did you mean 'carrrier'" in str(caught.value)


def test_the_shipped_module_loads_it_without_keepfit_and_scores_the_same(kept, tmp_path):
    shutil.copy(Path(keepfit_model.__file__), tmp_path / "keepfit_model.py")
    code = (
        "import sys; sys.modules['keepfit'] = None\n"
        "import keepfit_model, pandas\n"
        f"model = keepfit_model._load_pyfunc({str(kept)!r})\n"
        "print(repr(float(model.predict(pandas.DataFrame({'distance': [0.5], 'carrier': ['EV']}))[0])))"
    )
    said = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, check=True)
    assert float(said.stdout) == load_scorer(kept).score(pd.DataFrame({"distance": [0.5], "carrier": ["EV"]}))[0]


def test_a_users_pickle_whose_classes_are_words_is_read_by_name(tmp_path):
    frame, target = table()
    model = LogisticRegression().fit(frame[["distance"]], np.where(target == 1, "late", "on time"))
    write_meta(tmp_path, flavor="command", features={"distance": "numeric"}, classes=("on time", "late"))
    (tmp_path / "model").mkdir()
    joblib.dump(model, tmp_path / "model" / "model.pkl")
    assert load_scorer(tmp_path).score(frame) == pytest.approx(model.predict_proba(frame[["distance"]])[:, 0])


def test_an_mlflow_model_is_scored_by_its_probabilities(tmp_path):
    import mlflow

    frame, target = table()
    model = LogisticRegression().fit(frame[["distance"]], target.astype(int))
    write_meta(tmp_path, flavor="mlflow", features={"distance": "numeric"})
    mlflow.sklearn.save_model(model, tmp_path / "model", serialization_format="cloudpickle", pip_requirements=[])
    expected = model.predict_proba(frame[["distance"]])[:, 1]
    assert load_scorer(tmp_path).score(frame) == pytest.approx(expected)
    assert keepfit_model._load_pyfunc(tmp_path).predict(frame) == pytest.approx(expected)


class Odd:
    """A user's model that breaks the train contract in a way of its own."""

    def __init__(self, answer):
        self.answer = answer

    def predict(self, frame):
        return self.answer(frame)


def words(frame):
    return ["late"] * len(frame)


def short(frame):
    return [0.5]


def unbounded(frame):
    return [3.0] * len(frame)


@pytest.mark.parametrize(("answer", "said"), [(words, "no numbers"), (short, "scores for 300 rows"), (unbounded, "no probabilities")])
def test_a_model_that_breaks_the_contract_is_refused(answer, said):
    from keepfit.integrations.models import LoadedModel

    frame, _ = table()
    meta = ModelMeta(
        model="m", task="classification", target="late", features=FEATURES, flavor="command", estimator="E", rows=1, trained_from=None, trained_until=None
    )
    with pytest.raises(TrainError, match=said):
        LoadedModel(meta, Odd(answer)).score(frame)


def test_a_broken_pickle_and_an_empty_folder_are_one_sentence(kept, tmp_path):
    (kept / "estimator.joblib").write_bytes(b"not a pickle")
    with pytest.raises(TrainError, match="cannot be loaded"):
        load_scorer(kept)
    assert not is_model(tmp_path)
    with pytest.raises(TrainError, match="no model here"):
        load_scorer(tmp_path)
