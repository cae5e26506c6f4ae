"""What a model or a library raises on the rows of one window is a sentence with the window; the other windows go on."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys

import numpy as np
import pandas as pd
import pytest
from tests.flows.monitoring.test_monitor import by_window, rows_of, run, write_rows

from keepfit.errors import DataError, ParamsError, TrainError
from keepfit.flows.monitoring.failures import Failures
from keepfit.flows.project import Project


def whole(month):
    """Rows whose x is a whole number."""
    rows = rows_of(month)
    return rows.assign(x=(rows["x"] * 10).round().astype(int))


@pytest.fixture
def signed(watched):
    """A champion that MLflow loads by its Python function, with a signature that wants whole numbers in x."""
    import mlflow
    from mlflow.models import infer_signature

    class Slope(mlflow.pyfunc.PythonModel):
        def predict(self, context, model_input, params=None):
            return 1 / (1 + np.exp(-model_input["x"].to_numpy() / 5))

    folder = watched.root / "models" / "champion"
    real = folder.resolve()
    folder.unlink()
    shutil.copytree(real, folder)
    meta = json.loads((folder / "meta.json").read_text())
    meta.update(flavor="mlflow", values={}, answers=None)
    (folder / "meta.json").write_text(json.dumps(meta))
    example = pd.DataFrame({"x": [1, 2], "c": ["a", "b"]})
    mlflow.pyfunc.save_model(str(folder / "model"), python_model=Slope(), signature=infer_signature(example, np.array([0.5, 0.5])))
    return Project(watched.root)


def gap(rows):
    return rows.assign(x=rows["x"].astype("Int64").mask(rows.index == 7))


def test_a_missing_whole_number_under_a_signature_is_a_sentence_and_the_other_windows_go_on(signed):
    write_rows(signed.root, whole(1), whole(2), gap(whole(3)), whole(4))
    command = [sys.executable, "-m", "keepfit", "monitor", "--until", "2013-05-01"]
    done = subprocess.run(command, cwd=signed.root, capture_output=True, text=True, check=False)
    assert (done.returncode, "Traceback" in done.stderr) == (1, False), done.stderr
    sentence, fix = done.stderr.splitlines()[-2:]
    assert "window 2013-03" in sentence
    assert "the model cannot score these rows: MlflowException: Incompatible input types for column x." in sentence
    assert fix.startswith("  fix: ")
    assert ("2013-02" in done.stdout, "2013-03" in done.stdout, "2013-04" in done.stdout) == (True, False, True)
    write_rows(signed.root, whole(1), whole(2), whole(3), whole(4))
    told = run(signed)
    assert [(seen.window.id, seen.labelled) for seen in told.windows][:3] == [("2013-02", 400), ("2013-03", 400), ("2013-04", 400)]
    assert told.failed == ()


def test_windows_that_say_the_same_are_one_error(signed):
    write_rows(signed.root, whole(1), *(gap(whole(month)) for month in (2, 3, 4)))
    told = run(signed)
    assert (told.exit_code, len(told.failed), by_window(told)) == (1, 1, {})
    assert str(told.failed[0].where).startswith("windows 2013-02, 2013-03, 2013-04")
    assert not list((signed.state / "windows").glob("*.parquet")), "nothing is closed that was not judged"


def test_labels_that_come_late_for_a_window_that_fails_are_kept_for_the_next_run(signed):
    rows = [whole(month).assign(y=np.nan) for month in (2, 3)]
    write_rows(signed.root, whole(1), *rows)
    run(signed)
    model = signed.root / "models" / "champion" / "model"
    (model / "MLmodel").write_text((model / "MLmodel").read_text().replace('"long"', '"boolean"'))
    write_rows(signed.root, whole(1), whole(2), whole(3))
    told = run(signed)
    assert (told.exit_code, [seen.labelled for seen in told.windows][:2]) == (1, [0, 0])
    (model / "MLmodel").write_text((model / "MLmodel").read_text().replace('"boolean"', '"long"'))
    assert [seen.labelled for seen in run(signed).windows][:2] == [400, 400]


def loaded():
    return True


def test_what_no_one_foresaw_is_one_bounded_sentence_with_its_cause():
    failures = Failures()
    with failures.border("2013-02", loaded=loaded):
        raise ZeroDivisionError("x" * 9000)
    (error,) = failures.errors
    assert error.what.startswith("ZeroDivisionError: xxx")
    assert len(str(error)) < 700
    assert str(error.where).startswith("window 2013-02; in keepfit.")
    assert isinstance(error.__cause__, ZeroDivisionError)


def test_what_is_wrong_with_the_project_ends_the_run():
    failures = Failures()
    for error in (ParamsError("odd"), OSError("disk full"), TrainError("the model cannot be loaded")):
        with pytest.raises(type(error)), failures.border("2013-02", loaded=lambda: False):
            raise error
    with failures.border("2013-02", loaded=loaded):
        raise DataError("odd")
    assert [str(one).splitlines()[0] for one in failures.errors] == ["odd (window 2013-02)"]
