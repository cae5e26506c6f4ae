"""A regressor watched on real flights: minutes in the air without the weather, where winds change and the inputs hardly do."""

from __future__ import annotations

from datetime import datetime

import pyarrow as pa
import pyarrow.compute as pc
import pytest
from tests.conftest import REPOSITORY
from tests.flows.test_monitor import pin, run

from keepfit.flows.init_files import WEATHER
from keepfit.flows.project import Project
from keepfit.flows.training import train_once
from keepfit.integrations.flights import flights_table
from keepfit.integrations.tables import to_frame, write_parquet
from keepfit.integrations.yaml_files import put

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


def test_a_regressors_larger_errors_are_told_over_time_and_nothing_pretends_to_know_them_before_labels(project):
    told = run(project, until=UNTIL).windows
    errors = [one for seen in told for one in seen.evidence if one.kind == "performance" and one.detector == "e-detector"]
    assert [one.subject for one in errors] == ["errors"] * 5
    assert errors[0].detail.startswith("calibrating: 28 labelled windows say what is normal"), "February's days"
    assert [one.e_value >= 1000 for one in errors[1:]] == [False, False, True, True], "the mean error is 8 to 10 minutes up to April, 14 to 15 in May and June"
    assert "of the errors are above 11.9" in errors[3].detail
    may = next(seen for seen in told if seen.window.id == "2013-05")
    assert any(reason.startswith("drift in errors (e-detector ") for reason in may.decision.reasons), may.decision.reasons
    assert {(seen.estimate.status, seen.estimate.detail) for seen in told} == {("not estimated", "a regression has no estimate before its labels come")}
