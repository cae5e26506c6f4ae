from __future__ import annotations

import hashlib
import subprocess

import numpy as np
import pandas as pd
import pytest

from keepfit.errors import DataError, KeepfitError, ProjectError, TrainError
from keepfit.flows.models.scoring import open_scorer
from keepfit.flows.models.training import train_once
from keepfit.params import Params
from keepfit.profiles.profile import total
from keepfit.records import Composition, Reference, from_json

TRAIN_PY = """
import os, pickle, sys
import pandas as pd
from sklearn.linear_model import LogisticRegression
table = pd.read_csv(os.environ["KEEPFIT_TRAIN"])
assert open("data/train.csv").read() == open(os.environ["KEEPFIT_TRAIN"]).read()
assert "_window" not in table and "row_id" not in table, list(table)
import helper
model = LogisticRegression().fit(table[["x", "z"]], table["y"])
pickle.dump(model, open("model.pkl", "wb"))
open("litter.txt", "w").write("x")
"""
PREDICT_PY = """
import pickle, sys
import pandas as pd
model = pickle.load(open("model.pkl", "rb"))
rows = pd.read_csv(sys.argv[1])
pd.DataFrame({"p": model.predict_proba(rows[["x", "z"]])[:, 1]}).to_csv(sys.argv[2], index=False)
"""


def table(n=400, days=20):
    rng = np.random.default_rng(0)
    frame = pd.DataFrame({"x": rng.normal(size=n), "z": rng.normal(size=n), "time": pd.date_range("2013-01-01", periods=n, freq=f"{days * 24 * 60 // n}min")})
    labels = (frame["x"] + rng.normal(size=n) > 0).astype(float)
    labels[::50] = np.nan
    return frame.assign(y=labels, row_id=[f"r{i}" for i in range(n)], _window="2013-01", _weight=1.0)


def params(train=None, **model):
    return Params.model_validate(
        {
            "model": {"name": "m", "task": "classification", "target": "y", **model},
            "data": {"live": "rows.csv", "time": "time", "features": {"x": "numeric", "z": "numeric"}},
            "train": {"params": {"max_iter": 10}, **(train or {})},
        }
    )


def command(**other):
    return {"command": "python train.py", "reads": "data/train.csv", "writes": "model.pkl", "params": {}, **other}


@pytest.fixture
def repo(tmp_path):
    folder = tmp_path / "repo"
    folder.mkdir()
    files = {"train.py": TRAIN_PY, "predict.py": PREDICT_PY, "helper.py": "", ".gitignore": "ignored/\n", "model.pkl": "an old model"}
    for name, text in files.items():
        (folder / name).write_text(text)
    subprocess.run(["git", "init", "-q", str(folder)], check=True)
    subprocess.run(["git", "-C", str(folder), "add", "train.py", ".gitignore", "model.pkl"], check=True)
    return folder


def digests(folder):
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in folder.iterdir() if path.is_file()}


COMPOSITION = Composition(
    action="improve",
    basis="later",
    trained_from=None,
    trained_until=pd.Timestamp("2013-02-01").to_pydatetime(),
    evaluated_from=None,
    evaluated_until=None,
    parts=(),
)


def test_training_twice_leaves_the_same_bytes(tmp_path):
    for name in ("one", "two"):
        train_once(params(), table(), tmp_path / name, COMPOSITION)
    assert digests(tmp_path / "one") == digests(tmp_path / "two")
    assert set(digests(tmp_path / "one")) == {"meta.json", "estimator.joblib", "profile.json", "composition.json"}


def test_what_is_known_of_the_model_says_labelled_rows_and_when(tmp_path):
    meta = train_once(params(), table(), tmp_path / "out", COMPOSITION)
    assert (meta.rows, meta.flavor, meta.classes) == (392, "sklearn", ("0", "1"))
    assert meta.trained_until == COMPOSITION.trained_until


def test_the_reference_holds_days_in_order_with_target_and_predictions(tmp_path):
    train_once(params(), table(), tmp_path / "out")
    reference = from_json(Reference, (tmp_path / "out" / "profile.json").read_bytes())
    names = [profile.window for profile in reference.profiles]
    assert names == sorted(names)
    assert len(names) == 20
    assert set(total(reference).columns) == {"x", "z", "y", "prediction"}
    assert total(reference).rows == 392


def test_scouts_leave_no_reference(tmp_path):
    train_once(params(), table(), tmp_path / "out", profile=False)
    assert not (tmp_path / "out" / "profile.json").exists()


def test_regression_runs_through_too(tmp_path):
    frame = table()
    meta = train_once(
        params({"estimator": "sklearn.ensemble.HistGradientBoostingRegressor"}, task="regression"), frame.assign(y=frame["x"] * 3), tmp_path / "out"
    )
    assert meta.classes == ()
    scores = open_scorer(tmp_path / "out").score(frame)
    assert np.corrcoef(scores, frame["x"])[0, 1] > 0.9


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda f: f.drop(columns="y"), "no column 'y'"),
        (lambda f: f.drop(columns="z"), "no column 'z'"),
        (lambda f: f.assign(y=np.nan), "none of the 400 training rows has a label"),
        (lambda f: f.head(0), "no training rows"),
        (lambda f: f.assign(y=1.0), "one class only"),
        (lambda f: f.assign(y=f["y"] * 2), "not 0 and 1"),
        (lambda f: f.assign(y="yes"), "holds text"),
    ],
)
def test_bad_tables_are_one_sentence(tmp_path, change, said):
    with pytest.raises(KeepfitError, match=said):
        train_once(params(), change(table()), tmp_path / "out")


def test_infinity_is_no_value_to_learn(tmp_path):
    frame = table()
    with pytest.raises(DataError, match="infinity"):
        train_once(params({"estimator": "sklearn.ensemble.HistGradientBoostingRegressor"}, task="regression"), frame.assign(y=np.inf), tmp_path / "out")


# -- the user's own command ---------------------------------------------------------------------------------------------


def test_an_own_command_trains_in_a_copy_and_leaves_the_checkout_alone(tmp_path, repo):
    before = sorted(path.name for path in repo.iterdir())
    meta = train_once(params(command()), table(), tmp_path / "out", repo=repo)
    assert (meta.flavor, meta.estimator) == ("command", "python train.py")
    assert sorted(path.name for path in repo.iterdir()) == before
    assert (repo / "model.pkl").read_text() == "an old model"
    scores = open_scorer(tmp_path / "out").score(table())
    assert np.corrcoef(scores, table()["x"])[0, 1] > 0.9


def test_the_own_predict_command_scores_the_same(tmp_path, repo):
    with_predict = params(command(predict="python predict.py"))
    train_once(with_predict, table(), tmp_path / "out", repo=repo)
    by_command = open_scorer(tmp_path / "out", with_predict.train, repo).score(table())
    assert by_command == pytest.approx(open_scorer(tmp_path / "out").score(table()), abs=1e-9)


LABELLED_PREDICT = """
import pickle, sys
import pandas as pd
model = pickle.load(open("model.pkl", "rb"))
rows = pd.read_csv(sys.argv[1])
p = model.predict_proba(rows[["x", "z"]])
"""


@pytest.mark.parametrize(
    ("writes", "answers"),
    [
        ("pd.DataFrame({'id': range(len(p)), 'probability': p[:, 1], 'model': 'm'})", "probabilities"),
        ("pd.DataFrame({'1': p[:, 1], '0': p[:, 0]})", "probabilities"),
        ("pd.DataFrame({'anything': p[:, 1]})", "probabilities"),
        ("pd.DataFrame({'prediction': (p[:, 1] > .5).astype(int), 'id': range(len(p))})", "labels"),
        ("pd.DataFrame({'prediction': (p[:, 1] > .5).astype(float)})", "labels"),
        ("pd.DataFrame({'prediction': p[:, 1] > .5})", "labels"),
    ],
)
def test_the_scores_of_a_predict_command_are_found_by_their_column_and_labels_are_seen(tmp_path, repo, writes, answers):
    (repo / "predict.py").write_text(f"{LABELLED_PREDICT}{writes}.to_csv(sys.argv[2], index=False)\n")
    own = params(command(predict="python predict.py"))
    meta = train_once(own, table(), tmp_path / "out", repo=repo)
    assert meta.answers == answers
    scorer = open_scorer(tmp_path / "out", own.train, repo)
    probability = open_scorer(tmp_path / "out").score(table())
    expected = probability if answers == "probabilities" else (probability > 0.5).astype(float)
    assert scorer.score(table()) == pytest.approx(expected, abs=1e-9)
    few = scorer.answer(table().head(3))  # what was seen in training decides, not three rows
    assert few.only_labels is (answers == "labels")


def test_scores_of_a_predict_command_whose_column_is_not_clear_are_refused(tmp_path, repo):
    (repo / "predict.py").write_text(f"{LABELLED_PREDICT}pd.DataFrame({{'id': range(len(p)), 'x': p[:, 1]}}).to_csv(sys.argv[2], index=False)\n")
    with pytest.raises(TrainError, match="which column holds the scores is not clear: 'id', 'x'"):
        train_once(params(command(predict="python predict.py")), table(), tmp_path / "out", repo=repo)


def test_a_model_without_probabilities_is_known_to_answer_labels(tmp_path, repo):
    (repo / "train.py").write_text(
        TRAIN_PY.replace("linear_model import LogisticRegression", "svm import LinearSVC").replace("LogisticRegression", "LinearSVC")
    )
    meta = train_once(params(command()), table(), tmp_path / "out", repo=repo)
    assert meta.answers == "labels"
    assert '"answers": "labels"' in (tmp_path / "out" / "meta.json").read_text()
    assert set(open_scorer(tmp_path / "out").score(table())) == {0.0, 1.0}


def test_scores_that_run_against_the_training_labels_are_another_classs(tmp_path, repo):
    upside_down = TRAIN_PY.replace('table["y"])', '1 - table["y"])')
    (repo / "train.py").write_text(upside_down)
    with pytest.raises(TrainError, match=r"run against its own training labels \(ROC AUC 0\.1\d\)") as caught:
        train_once(params(command()), table(), tmp_path / "out", repo=repo)
    assert "encode '1' as 1" in caught.value.fix


WORDS_TRAIN = """
import pickle, os
import pandas as pd
from sklearn.linear_model import LogisticRegression
table = pd.read_csv(os.environ["KEEPFIT_TRAIN"])
assert set(table["y"]) == {"churned", "stayed"}, set(table["y"])
assert "_target" not in table
y = table["y"] if WHOLE else table["y"] == "churned"
pickle.dump(LogisticRegression().fit(table[["x", "z"]], y), open("model.pkl", "wb"))
"""


@pytest.mark.parametrize("whole", [True, False])
def test_an_own_command_gets_the_words_of_its_target_and_its_model_is_read_by_them(tmp_path, repo, whole):
    """`churned` is the first by the alphabet: a model that learned the words has it in column 0."""
    (repo / "train.py").write_text(WORDS_TRAIN.replace("WHOLE", str(whole)))
    numbers = table()
    written = numbers["y"].map({1.0: '"churned"', 0.0: '"stayed"'})
    meta = train_once(params(command(), positive="churned"), numbers.assign(_target=written), tmp_path / "out", repo=repo)
    assert (meta.classes, meta.answers) == (("stayed", "churned"), "probabilities")
    assert np.corrcoef(open_scorer(tmp_path / "out").score(numbers), numbers["x"])[0, 1] > 0.9
    reference = from_json(Reference, (tmp_path / "out" / "profile.json").read_bytes())
    assert set(total(reference).columns["y"].categories) == {"0", "1"}  # what keepfit watches stays 0 and 1


def test_an_encoder_that_puts_the_positive_word_first_is_found_out(tmp_path, repo):
    """scikit-learn's LabelEncoder makes churned 0 and stayed 1."""
    script = WORDS_TRAIN.replace("WHOLE", "False").replace('table["y"] == "churned"', 'table["y"].map({"churned": 0, "stayed": 1})')
    (repo / "train.py").write_text(script)
    written = table()["y"].map({1.0: '"churned"', 0.0: '"stayed"'})
    with pytest.raises(TrainError, match="run against its own training labels") as caught:
        train_once(params(command(), positive="churned"), table().assign(_target=written), tmp_path / "out", repo=repo)
    assert "encode 'churned' as 1" in caught.value.fix


def test_keepfits_own_estimators_keep_the_meta_that_they_had(tmp_path):
    train_once(params(), table(), tmp_path / "out", COMPOSITION)
    assert "answers" not in (tmp_path / "out" / "meta.json").read_text()


@pytest.mark.parametrize(
    ("script", "said"),
    [
        ("raise SystemExit('no such column: fare')", "no such column: fare"),
        ("pass", "left no 'model.pkl'"),
        ("open('model.pkl', 'w').write('x')", "cannot be loaded"),
        ("import pickle; pickle.dump({}, open('model.pkl', 'wb'))", "cannot score"),
    ],
)
def test_a_command_that_breaks_the_contract_is_one_sentence(tmp_path, repo, script, said):
    (repo / "train.py").write_text(script)
    with pytest.raises(KeepfitError, match=said):
        train_once(params(command()), table(), tmp_path / "out", repo=repo)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"reads": "../train.csv"}, "leads out"),
        ({"reads": "train.xlsx"}, "neither .csv nor .parquet"),
        ({"writes": "/etc"}, "leads out"),
    ],
)
def test_paths_stay_in_the_repository(tmp_path, repo, change, said):
    with pytest.raises(KeepfitError, match=said):
        train_once(params(command(**change)), table(), tmp_path / "out", repo=repo)


def test_without_git_there_is_no_copy_to_train_in(tmp_path):
    with pytest.raises(ProjectError, match="git"):
        train_once(params(command()), table(), tmp_path / "out")


@pytest.mark.slow
def test_a_model_logged_to_mlflow_is_found_by_its_context(tmp_path, repo, monkeypatch):
    monkeypatch.setenv("MLFLOW_TRACKING_URI", f"sqlite:///{tmp_path}/mlflow.db")
    (repo / "train.py").write_text(
        "import os, mlflow, pandas as pd\nfrom sklearn.linear_model import LogisticRegression\n"
        "table = pd.read_csv(os.environ['KEEPFIT_TRAIN'])\n"
        f"mlflow.create_experiment('own', artifact_location={str(tmp_path / 'artifacts')!r})\n"
        "mlflow.set_experiment('own')\n"
        "with mlflow.start_run():\n"
        "    model = LogisticRegression().fit(table[['x', 'z']], table['y'])\n"
        "    mlflow.sklearn.log_model(model, name='model', pip_requirements=[], serialization_format='cloudpickle')\n"
    )
    meta = train_once(params(command(writes=None)), table(), tmp_path / "out", repo=repo)
    assert meta.flavor == "mlflow"
    assert np.corrcoef(open_scorer(tmp_path / "out").score(table()), table()["x"])[0, 1] > 0.9
    (repo / "train.py").write_text("print('no run')")
    with pytest.raises(TrainError, match="no MLflow run"):
        train_once(params(command(writes=None)), table(), tmp_path / "out", repo=repo)


def test_a_reference_and_what_is_known_of_a_model_are_of_the_rows_that_came_only(tmp_path):
    came = table().assign(_parent=None)
    made = came.iloc[:200].assign(row_id=lambda rows: rows["row_id"] + "~jitter.1", _parent=lambda rows: rows["row_id"], x=lambda rows: rows["x"] + 9.0)
    meta = train_once(params(), pd.concat([came, made], ignore_index=True), tmp_path / "both")
    plain = train_once(params(), table(), tmp_path / "came")
    assert (meta.rows, meta.trained_until) == (plain.rows, plain.trained_until)
    counted = [total(from_json(Reference, (tmp_path / name / "profile.json").read_bytes())) for name in ("both", "came")]
    assert counted[0].columns["x"] == counted[1].columns["x"]
    files = [hashlib.sha256((tmp_path / name / "estimator.joblib").read_bytes()).hexdigest() for name in ("both", "came")]
    assert files[0] != files[1], "they train"


def test_answers_are_watched_by_what_a_model_says_of_rows_that_it_has_not_learned(tmp_path):
    """A forest is nearly sure of each row that it has learned, and of hardly any other: a still stream looked like drift."""
    forest = params({"estimator": "sklearn.ensemble.RandomForestClassifier", "params": {"n_estimators": 20}})
    rows = table(n=2000)
    apart, learn, later = rows.iloc[::5], rows[rows.index % 5 > 1], rows[rows.index % 5 == 1]

    for name, held in (("seen", None), ("unseen", apart)):
        train_once(forest, learn, tmp_path / name, held=held)
    live = open_scorer(tmp_path / "seen").score(later)

    def apart_from_live(name):
        """Kolmogorov's distance of the reference's predictions from those of rows that came later, at the reference's edges."""
        prediction = total(from_json(Reference, (tmp_path / name / "profile.json").read_bytes(), where=name)).columns["prediction"]
        below = np.cumsum(prediction.counts[: len(prediction.edges)]) / prediction.n
        return max(abs(below - np.searchsorted(np.sort(live), prediction.edges, side="right") / len(live)))

    assert apart_from_live("unseen") < 0.1 < apart_from_live("seen")
