from __future__ import annotations

import mlflow
import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from mlflow.models import infer_signature
from sklearn.linear_model import LogisticRegression

from keepfit.flows.models.served import served
from keepfit.params.serving import ServingParams

FRAME = pd.DataFrame({"x": np.linspace(-1, 1, 40)})
ENDS = "import os\n\n\ndef _load_pyfunc(path):\n    os._exit(9)\n"


@pytest.fixture(scope="module")
def model(tmp_path_factory):
    folder = tmp_path_factory.mktemp("served") / "model"
    fitted = LogisticRegression().fit(FRAME, FRAME["x"] > 0)
    mlflow.sklearn.save_model(fitted, folder, pip_requirements=["scikit-learn"], signature=infer_signature(FRAME), input_example=FRAME.head(2))
    return folder


@pytest.mark.slow
def test_a_registered_model_is_served_beside_its_champion_in_a_process_of_its_own(model):
    wanted = ServingParams(signature=True, max_latency_ms=1000, max_batch_latency_ms=1000, max_latency_ratio=100)
    found = {(row.slice, row.metric): row for row in served(model, wanted, rows=pa.Table.from_pandas(FRAME), champion=model, called="m v2")}
    assert {key: row.status for key, row in found.items()} == dict.fromkeys(
        [
            ("overall", "loads"),
            ("overall", "answers"),
            ("overall", "signature"),
            ("batch=1", "latency_ms"),
            ("batch=1000", "latency_ms"),
            ("batch=1", "latency_ratio"),
        ],
        "pass",
    )
    assert 0.2 < found["batch=1", "latency_ratio"].challenger < 5  # the model beside itself
    assert found["batch=1", "latency_ms"].champion is not None


@pytest.mark.slow
def test_a_model_that_ends_its_process_does_not_end_ours_and_is_no_pass(tmp_path):
    (tmp_path / "ends_here.py").write_text(ENDS)
    mlflow.pyfunc.save_model(tmp_path / "model", loader_module="ends_here", code_paths=[str(tmp_path / "ends_here.py")], pip_requirements=["mlflow"])
    found = {row.metric: row for row in served(tmp_path / "model", ServingParams(max_latency_ms=5), rows=None, champion=None, called="m v2")}
    assert {name: row.status for name, row in found.items()} == {"loads": "fail", "answers": "error", "latency_ms": "error"}
    assert "ended with 9" in found["loads"].detail
