from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import joblib
import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import FunctionTransformer, OneHotEncoder, OrdinalEncoder
from tests.storage import NAMED, storages

from keepfit.errors import DataError, TrainError
from keepfit.integrations.estimators import EstimatorRecipe, save_sklearn, train_sklearn
from keepfit.integrations.models import keepfit_model
from keepfit.integrations.models.scorer import is_model, load_scorer, missing_code
from keepfit.records import ModelMeta, canonical, from_json, to_json
from keepfit.tables.frames import forms_of_frame, to_frame

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
    recipe = EstimatorRecipe(estimator="sklearn.linear_model.LogisticRegression", task="classification", features=FEATURES)
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
    from keepfit.integrations.models.scorer import LoadedModel

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


# -- one form, whatever stores the values -------------------------------------------------------------------------------


def own_model(folder, model, values):
    """A user's pickled model with one feature, of the form that its training table has."""
    frame = to_frame(pa.table({"v": values}))
    target = np.array([value == values[0].as_py() for value in values.to_pylist()], int)
    model.fit(frame, target)
    write_meta(folder, flavor="command", features={"v": "categorical"}, values=forms_of_frame(frame, {"v": "categorical"}))
    (folder / "model").mkdir()
    joblib.dump(model, folder / "model" / "model.pkl")


@pytest.mark.parametrize("name", ["boolean", "small integer", "0 and 1", "number", "text"])
def test_a_users_model_gets_what_its_training_table_held_and_serves_as_it_is_judged(tmp_path, name):
    encoder = OneHotEncoder(handle_unknown="ignore")
    values = [value for value in NAMED[name] if value is not None] * 20
    own_model(tmp_path, make_pipeline(encoder, LogisticRegression()), pa.array(values))
    scores = load_scorer(tmp_path).score(to_frame(pa.table({"v": pa.array(values)})))
    for storage, stored in storages([*values, None]).items():
        frame = to_frame(pa.table({"v": stored}))
        assert load_scorer(tmp_path).score(frame)[:-1].tolist() == scores.tolist(), storage
        assert keepfit_model._load_pyfunc(tmp_path).predict(frame).tolist() == load_scorer(tmp_path).score(frame).tolist(), storage


def test_a_users_model_of_texts_sees_booleans_with_nulls_as_pandas_reads_them(tmp_path):
    as_text = FunctionTransformer(pd.DataFrame.astype, kw_args={"dtype": "str"})
    flags = [True, False, False, True] * 20
    own_model(tmp_path, make_pipeline(as_text, OneHotEncoder(handle_unknown="ignore"), LogisticRegression()), pa.array(flags))
    scores = load_scorer(tmp_path).score(to_frame(pa.table({"v": flags})))
    assert load_scorer(tmp_path).score(to_frame(pa.table({"v": pa.array([None, *flags[1:]])})))[1:].tolist() == scores[1:].tolist()


class NumbersOnly:
    """A user's model that refuses columns of objects, as LightGBM does."""

    classes_ = np.array([0, 1])

    def predict_proba(self, frame):
        if any(pd.api.types.is_object_dtype(kind) for kind in frame.dtypes):
            raise ValueError("pandas dtypes must be int, float or bool")
        chance = frame["v"].astype("float64").fillna(0.5)
        return np.column_stack([1 - chance, chance])


def test_a_model_that_refuses_booleans_with_nulls_as_objects_gets_ones_and_zeros(tmp_path):
    write_meta(tmp_path, flavor="command", features={"v": "categorical"}, values={"v": "boolean"})
    (tmp_path / "model").mkdir()
    joblib.dump(NumbersOnly(), tmp_path / "model" / "model.pkl")
    frame = to_frame(pa.table({"v": [True, None, False]}))
    assert load_scorer(tmp_path).score(frame).tolist() == [1.0, 0.5, 0.0]
    assert keepfit_model._load_pyfunc(tmp_path).predict(frame).tolist() == [1.0, 0.5, 0.0]


def test_text_that_is_no_number_in_a_numeric_feature_is_refused_not_taken_for_missing(kept):
    with pytest.raises(DataError, match="cannot score these rows"):
        load_scorer(kept).score(pd.DataFrame({"carrier": ["EV"], "distance": ["far"]}))
    assert load_scorer(kept).score(pd.DataFrame({"carrier": ["EV"], "distance": ["0.5"]})) == load_scorer(kept).score(
        pd.DataFrame({"carrier": ["EV"], "distance": [0.5]})
    )


def earlier_pipeline(stored):
    """What keepfit trained before forms were kept: values as text, whatever pandas makes of the column."""
    from sklearn.compose import ColumnTransformer
    from sklearn.ensemble import HistGradientBoostingClassifier
    from sklearn.pipeline import Pipeline

    as_text = FunctionTransformer(pd.DataFrame.astype, kw_args={"dtype": "str"})
    encoder = OrdinalEncoder(handle_unknown="use_encoded_value", unknown_value=np.nan, encoded_missing_value=np.nan)
    texts = make_pipeline(FunctionTransformer(pd.DataFrame.convert_dtypes), as_text, encoder)
    prepare = ColumnTransformer([("categorical", texts, ["v"])], sparse_threshold=0)
    return Pipeline([("prepare", prepare), ("estimator", HistGradientBoostingClassifier(categorical_features=[0]))]).fit(*stored)


@pytest.mark.parametrize("trained_on", ["booleans", "booleans with NULLs, then 1.0 and 0.0"])
def test_a_champion_of_an_earlier_keepfit_knows_its_booleans_too(tmp_path, trained_on):
    rng = np.random.default_rng(0)
    flags = rng.random(1000) < 0.5
    target = (rng.random(1000) < np.where(flags, 0.9, 0.1)).astype(int)
    frame = pd.DataFrame({"v": flags if trained_on == "booleans" else np.where(np.arange(1000) < 3, np.nan, flags)})
    model = earlier_pipeline((frame, target))
    write_meta(tmp_path, features={"v": "categorical"})
    joblib.dump(model, tmp_path / "estimator.joblib")
    expected = model.predict_proba(frame)[:, 1]
    for storage, stored in storages([None, None, None, *map(bool, flags[3:])]).items():
        found = load_scorer(tmp_path).score(to_frame(pa.table({"v": stored})))
        assert found[3:].tolist() == expected[3:].tolist(), storage


def test_a_meta_without_values_is_written_as_it_was_before_there_were_any():
    before = {"model": "m", "task": "regression", "target": "y", "features": {"x": "numeric"}, "flavor": "sklearn", "estimator": "E", "rows": 1}
    meta = ModelMeta(**before, trained_from=None, trained_until=None)
    assert b"values" not in canonical(meta)
    kept = ModelMeta(**before, trained_from=None, trained_until=None, values={"x": "integer"})
    assert from_json(ModelMeta, to_json(kept)) == kept
    assert from_json(ModelMeta, to_json(meta)) == meta


OWN_CLASS = """
import sys
import joblib
from sklearn.base import BaseEstimator, TransformerMixin
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import FunctionTransformer
{where}
joblib.dump(make_pipeline(Ratio()), sys.argv[1])
"""
RATIO = """
from sklearn.base import BaseEstimator, TransformerMixin
class Ratio(TransformerMixin, BaseEstimator):
    def fit(self, X, y=None): return self
    def transform(self, X): return X
"""


@pytest.mark.parametrize(
    ("where", "missing", "fixes"),
    [
        (RATIO, "'Ratio'", ("Ratio was defined in the script that trained", "move it into a module", "train.predict")),
        ("from own_ratios import Ratio", "'own_ratios'", ("the module 'own_ratios' is not on the path", "PYTHONPATH", "code_paths", "train.predict")),
    ],
)
def test_a_pickle_with_an_own_class_says_which_code_is_missing_and_how_to_bring_it(tmp_path, where, missing, fixes):
    write_meta(tmp_path, flavor="command")
    (tmp_path / "model").mkdir()
    (tmp_path / "own_ratios.py").write_text(RATIO)
    (tmp_path / "train.py").write_text(OWN_CLASS.format(where=where))
    subprocess.run([sys.executable, tmp_path / "train.py", tmp_path / "model" / "model.joblib"], check=True)
    with pytest.raises(TrainError, match=missing) as caught:
        load_scorer(tmp_path)
    assert all(part in caught.value.fix for part in fixes)
    assert "versions" not in caught.value.fix


@pytest.mark.parametrize(
    ("raised", "said"),
    [
        (ModuleNotFoundError("No module named 'numpy._core2'", name="numpy._core2"), "numpy._core2 is another version here"),
        (ModuleNotFoundError("No module named 'own.steps'", name="own.steps"), "the module 'own.steps' is not on the path"),
        (ImportError("cannot import name 'Old' from 'sklearn.base' (/x/base.py)"), "sklearn.base is another version here"),
        (AttributeError("Can't get attribute 'Ratio' on <module 'sklearn.base' from 'x'>"), "sklearn.base is another version here"),
        (AttributeError("Can't get attribute 'Ratio' on <module '__main__' from 'train.py'>"), "Ratio was defined in the script that trained"),
        (ValueError("node array has an incompatible dtype"), None),
    ],
)
def test_missing_code_is_told_from_another_version_of_a_package(raised, said):
    found = missing_code(raised)
    assert found is None if said is None else found.startswith(said)


class Refuses:
    """A model of a library with errors of its own."""

    class LibraryError(Exception):
        pass

    def predict(self, frame):
        raise self.LibraryError("bad input: column x")


class NeedsCode(Refuses):
    def predict(self, frame):
        import own_ratios_that_are_nowhere  # noqa: F401


@pytest.mark.parametrize(
    ("model", "said", "fix"),
    [
        (Refuses(), "LibraryError: bad input: column x", "compare the columns"),
        (NeedsCode(), "No module named", "'own_ratios_that_are_nowhere' is not on the path"),
    ],
)
def test_whatever_a_model_raises_while_it_scores_is_one_sentence(model, said, fix):
    from keepfit.integrations.models.scorer import LoadedModel

    frame, _ = table()
    meta = ModelMeta(
        model="m", task="classification", target="late", features=FEATURES, flavor="command", estimator="E", rows=1, trained_from=None, trained_until=None
    )
    with pytest.raises(DataError, match=said) as caught:
        LoadedModel(meta, model).score(frame)
    assert fix in caught.value.fix


@pytest.mark.parametrize("eighths", range(1, 8))
def test_a_file_that_is_not_whole_is_no_matter_of_versions(kept, eighths):
    import joblib

    model = joblib.load(kept / "estimator.joblib")
    model.keepfit_large = np.arange(20_000)  # most of a model is arrays: where the file is cut inside one, numpy has words of its own
    joblib.dump(model, kept / "estimator.joblib")
    whole = (kept / "estimator.joblib").read_bytes()
    (kept / "estimator.joblib").write_bytes(whole[: len(whole) * eighths // 8])
    with pytest.raises(TrainError, match="cannot be loaded") as caught:
        load_scorer(kept)
    assert "dvc checkout" in caught.value.fix
