"""What `certify` measures of the registered files is in the certificate that it signs, and named as unchecked where nothing is registered."""

from __future__ import annotations

import shutil

import mlflow
import pytest
from mlflow.models import infer_signature
from tests.flows.promotion.test_certify import empty_registry, keys, shop  # noqa: F401 - fixtures
from tests.flows.promotion.test_gate_check import OVERALL, SLICE, UNCHECKED, files  # noqa: F401 - a fixture

from keepfit.flows.promotion.certify import certify
from keepfit.flows.promotion.gate_check import gate_check

LOADER = "class Served:\n    def predict(self, frame, params=None):\n        return [0.5] * len(frame)\n\n\ndef _load_pyfunc(path):\n    return Served()\n"


def ask(root, serving="{}"):
    path = root / "params.yaml"
    path.write_text(path.read_text() + f"evaluate: {{serving: {serving}}}\n")


def register_real(shop):  # noqa: F811
    """The candidate's out inside a model directory that MLflow can load."""
    import pandas as pd

    frame, code = pd.DataFrame({"x": [1.0, 2.0]}), shop.root.parent / "served_shop.py"
    code.write_text(LOADER)
    run = shop.client.create_run(shop.experiment)
    place = shop.root.parent / "upload"
    mlflow.pyfunc.save_model(
        place,
        loader_module="served_shop",
        code_paths=[str(code)],
        data_path=str(shop.root / "models" / "candidate"),
        pip_requirements=["mlflow"],
        signature=infer_signature(frame),
        input_example=frame,
    )
    shop.client.log_artifacts(run.info.run_id, str(place), "model")
    shutil.rmtree(place)
    if not shop.client.search_registered_models(f"name = '{shop.name}'"):
        shop.client.create_registered_model(shop.name)
    return str(shop.client.create_model_version(shop.name, f"{run.info.artifact_uri}/model", run.info.run_id).version)


@pytest.mark.slow
def test_a_version_is_loaded_and_asked_before_it_is_certified_where_params_ask(shop):  # noqa: F811
    ask(shop.root, "{max_latency_ms: 1000}")
    shop.write()
    shop.repro()
    version = register_real(shop)
    certify(shop.name, version)
    rows = shop.certificate(version).certificate.scorecard.rows_of("serving")
    assert {row.metric: row.status for row in rows} == {"loads": "pass", "answers": "pass", "latency_ms": "error"}
    assert "no rows to ask about" in next(row.detail for row in rows if row.metric == "latency_ms")  # build/compose is not in this checkout


@pytest.mark.slow
def test_a_version_that_cannot_be_loaded_is_certified_as_one_that_fails(shop):  # noqa: F811
    ask(shop.root)
    version = shop.candidate()  # files that only look like a model
    certify(shop.name, version)
    rows = shop.certificate(version).certificate.scorecard.rows_of("serving")
    assert {row.metric: row.status for row in rows} == {"loads": "fail", "answers": "error"}


def test_a_project_that_asks_for_nothing_is_certified_as_before(shop):  # noqa: F811
    version = shop.candidate()
    certify(shop.name, version)
    assert shop.certificate(version).certificate.scorecard.rows_of("serving") == ()


def test_what_only_certify_measures_is_named_as_unchecked_by_the_files(files, monkeypatch):  # noqa: F811
    from tests.flows.promotion import test_gate_check

    serving = "evaluate: {serving: {max_latency_ms: 5}}\n"
    monkeypatch.setattr(test_gate_check, "PARAMS", test_gate_check.PARAMS + serving)
    files.write("gate.yaml", test_gate_check.RULES + "      fast: {kind: at_most, metric: latency_ms, slice: batch=1, basis: serving, bound: 5}\n")
    files.commit(OVERALL, SLICE)
    checked = gate_check()
    assert checked.exit_code == 0
    assert checked.unchecked == tuple(sorted({*UNCHECKED, "fast", "serving: loads", "serving: answers", "serving: latency_ms"}))
