"""A regressor watched on real flights: minutes in the air without the weather, where winds change and the inputs hardly do."""

from __future__ import annotations

from datetime import datetime

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pytest
from tests.conftest import REPOSITORY
from tests.flows.monitoring.test_monitor import pin, run

from keepfit import plugins
from keepfit.flows.init.files import WEATHER
from keepfit.flows.models.training import train_once
from keepfit.flows.project import Project
from keepfit.integrations.flights import flights_table
from keepfit.integrations.tables import write_parquet
from keepfit.integrations.yaml_files import put
from keepfit.tables.frames import to_frame

pytestmark = pytest.mark.slow
UNTIL = datetime(2013, 7, 1)
CHANGES = {
    "model.name": "clicks",  # what `pin` pins
    "model.task": "regression",
    "model.target": "air_time",
    "data.history": None,
    "data.live": "live.parquet",
    "train.estimator": "sklearn.ensemble.HistGradientBoostingRegressor",
    "evaluate.metric": "mae",
    "evaluate.metrics": [],
    "update.scout": False,
    "update.harm_margin": 5.0,
    "mlflow.tracking_uri": "http://127.0.0.1:9",
}


@pytest.fixture
def project(tmp_path, monkeypatch):
    """January's model on every fourth flight, half a year of them live."""
    monkeypatch.delenv("MLFLOW_TRACKING_URI", raising=False)
    text = (REPOSITORY / "params.yaml").read_text(encoding="utf-8")
    text = "\n".join(line for line in text.split("\n") if line.strip().split(":")[0] not in WEATHER)
    for key, value in CHANGES.items():
        text = put(text, key, value)
    (tmp_path / "params.yaml").write_text(text)
    (tmp_path / "expectations" / "data").mkdir(parents=True)
    (tmp_path / "expectations" / "windows.yaml").write_text("{}\n")
    flights = flights_table(start=None, end=UNTIL)
    flights = flights.take(pa.array(range(0, flights.num_rows, 4)))
    write_parquet(flights, tmp_path / "live.parquet")
    january = flights.filter(pc.less(flights["time"], pa.scalar(datetime(2013, 2, 1))))
    train_once(Project(tmp_path).params, to_frame(january), tmp_path / "models" / "champion")
    pin(tmp_path, metric="mae", value=9.0)
    return Project(tmp_path)


def test_a_regressors_larger_errors_are_told_over_time(project):
    told = run(project, until=UNTIL).windows
    errors = [one for seen in told for one in seen.evidence if one.kind == "performance" and one.detector == "e-detector"]
    assert [one.subject for one in errors] == ["errors"] * 5
    assert errors[0].detail.startswith("calibrating: 28 labelled windows say what is normal"), "February's days"
    assert [one.e_value >= 1000 for one in errors[1:]] == [False, False, True, True], "the mean error is 8 to 10 minutes up to April, 14 to 15 in May and June"
    assert "of the errors are above 11.9" in errors[3].detail
    may = next(seen for seen in told if seen.window.id == "2013-05")
    assert any(reason.startswith("drift in errors (e-detector ") for reason in may.decision.reasons), may.decision.reasons


def test_the_loss_is_estimated_before_labels_and_cannot_be_told_once_the_winds_have_changed(project):
    told = {seen.window.id: seen for seen in run(project, until=UNTIL).windows}
    assert (told["2013-02"].estimate.status, told["2013-02"].estimate.n_reference) == ("not estimated", 0)
    march = told["2013-03"].estimate
    assert (march.status, march.n_reference) == ("estimated", told["2013-02"].labelled)
    assert march.low < told["2013-02"].value < march.high, "the inputs are much the same"
    assert (march.truth, march.labelled) == (told["2013-03"].value, told["2013-03"].labelled)
    june = told["2013-06"].estimate
    assert (june.status, june.held) == ("cannot tell", False), "the relation drifts, which no estimate sees"


class MedianError:
    """A metric that is no mean over rows, as a plugin may bring one."""

    name, greater_is_better, task = "median_error", False, "regression"

    def undecidable(self, y, *, clusters=None):
        return None if len(y) else "no rows"

    def value(self, y, s):
        return float(np.median(np.abs(np.asarray(y) - s)))

    def interval(self, y, s, confidence, *, clusters=None):
        return self.value(y, s) - 1, self.value(y, s) + 1

    def difference(self, y, a, b, confidence, *, clusters=None):
        raise NotImplementedError


def test_a_metric_that_is_no_mean_over_rows_has_no_estimate_and_says_so(project, monkeypatch):
    monkeypatch.setitem(plugins.BUILTIN["metrics"], "median_error", f"{__name__}:MedianError")
    params = project.root / "params.yaml"
    params.write_text(put(params.read_text(), "evaluate.metric", "median_error"))
    pin(project.root, metric="median_error", value=9.0)
    told = run(project, until=datetime(2013, 4, 1)).windows
    assert (told[1].estimate.status, told[1].estimate.detail) == ("not estimated", "the metric median_error is no mean over rows")
