"""A model is served to itself: asked in this process here, in one of its own in tests/flows/models/test_served.py."""

from __future__ import annotations

import json

import mlflow
import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from mlflow.models import infer_signature
from sklearn.linear_model import LogisticRegression

from keepfit.integrations.models.served_process import ANSWER, MODEL, QUESTION, ROWS, ServingQuestion, _asked, serve_here
from keepfit.records import to_json

FRAME = pd.DataFrame({"x": np.linspace(-1, 1, 40), "z": np.linspace(1, -1, 40)})
PYFUNC = """
class Served:
    def predict(self, frame, params=None):
        BODY


def _load_pyfunc(path):
    LOAD
    return Served()
"""


@pytest.fixture(scope="module")
def fitted():
    return LogisticRegression().fit(FRAME, FRAME["x"] > 0)


def save(folder, fitted, **given):
    mlflow.sklearn.save_model(fitted, folder / MODEL, pip_requirements=["scikit-learn"], **given)


def own(folder, body="return [0.5] * len(frame)", load="pass", **given):
    """A model of somebody's own code."""
    name = f"served_{abs(hash(str(folder)))}"
    (folder / f"{name}.py").write_text(PYFUNC.replace("BODY", body).replace("LOAD", load))
    mlflow.pyfunc.save_model(folder / MODEL, loader_module=name, code_paths=[str(folder / f"{name}.py")], pip_requirements=["mlflow"], **given)


def answer(folder, *, rows=None, **asked):
    (folder / QUESTION).write_text(to_json(ServingQuestion(**asked)))
    if rows is not None:
        pq.write_table(pa.Table.from_pandas(rows), folder / ROWS)
    serve_here(folder)
    return json.loads((folder / ANSWER).read_bytes())


def test_a_model_as_people_log_it_loads_answers_its_example_and_fits_its_signature(tmp_path, fitted):
    save(tmp_path, fitted, signature=infer_signature(FRAME, fitted.predict(FRAME)), input_example=FRAME.head(3))
    found = answer(tmp_path, features=("x", "z"))
    assert (found["loads"], found["answers"], found["signature"], found["example"]) == ("", "", "", True)
    assert found["single"] == []


def test_calls_are_timed_with_one_row_and_with_a_thousand(tmp_path, fitted):
    save(tmp_path, fitted, signature=infer_signature(FRAME))
    found = answer(tmp_path, rows=FRAME, timed=True)
    assert (len(found["single"]), len(found["batch"]), found["rows"], found["champion_single"]) == (100, 20, 1000, [])
    assert all(0 < took < 10_000 for took in (*found["single"], *found["batch"]))


@pytest.mark.parametrize(
    ("features", "says"),
    [(("x", "z", "wind"), "it does not name 'wind', which the model reads"), (("x",), "it names 'z', which the model does not read")],
)
def test_a_signature_of_other_columns_than_the_model_reads_is_named(tmp_path, fitted, features, says):
    save(tmp_path, fitted, signature=infer_signature(FRAME))
    assert answer(tmp_path, features=features)["signature"] == says


def test_a_model_without_signature_example_and_rows_is_not_said_to_answer(tmp_path):
    own(tmp_path)
    found = answer(tmp_path)
    assert (found["signature"][:19], found["answers"][:48]) == ("it has no signature", "it has neither an input example nor a signature,")
    assert answer(tmp_path, rows=FRAME)["answers"] == ""


@pytest.mark.parametrize(
    ("body", "load", "key", "says"),
    [
        ("pass", "raise ImportError('no ratios')", "loads", "ImportError: no ratios"),
        ("raise KeyError('wind')", "pass", "answers", "KeyError: 'wind'"),
    ],
)
def test_what_does_not_load_or_answer_says_why(tmp_path, body, load, key, says):
    own(tmp_path, body=body, load=load)
    assert says in answer(tmp_path, rows=FRAME)[key]


def test_fewer_answers_than_rows_are_none(tmp_path):
    own(tmp_path, body="return [0.5]")
    assert _asked(mlflow.pyfunc.load_model(str(tmp_path / MODEL)), FRAME) == "it gives 1 answers to 40 rows"
