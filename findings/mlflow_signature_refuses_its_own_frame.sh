#!/usr/bin/env bash
# One expects the signature that `mlflow.models.infer_signature(frame)` reads off a frame to accept that same frame.
# MLflow 3.17.2 with pandas 3.1.1: it infers `string` (or long, boolean) for a pandas category, and `long` / `boolean (optional)` for nullable
# Int64 / boolean with a missing value; `pyfunc.load_model(...).predict(frame)` then refuses the very frame: "Can not safely convert category to
# <U0", "cannot convert NA to integer". An aware datetime is `datetime`, and refused too.
# Hurt: whoever logs a LightGBM, HistGradientBoosting or XGBoost model with category columns (their native way) and its signature: it trains,
# it is registered, and it fails at the first served or batch prediction. Exits 1 when MLflow accepts them all.
set -eu
home=$(mktemp -d); trap 'rm -rf "$home"' EXIT
"${PYTHON:-python3}" -m venv "$home/venv"
"$home/venv/bin/pip" install -q mlflow==3.17.2 pandas==3.1.1
cd "$home"
MLFLOW_DISABLE_TELEMETRY=true DO_NOT_TRACK=true "$home/venv/bin/python" -W ignore - <<'PY'
import logging, sys, tempfile

import mlflow
import pandas as pd
from mlflow.models import infer_signature

logging.disable(logging.WARNING)
print("mlflow", mlflow.__version__, "pandas", pd.__version__)
columns = {
    "category of words": pd.Series(["a", "b"], dtype="category"),
    "category of numbers": pd.Series([1, 2], dtype="category"),
    "Int64 with a missing value": pd.Series([1, None], dtype="Int64"),
    "boolean with a missing value": pd.Series([True, None], dtype="boolean"),
    "time with a zone": pd.Series(pd.to_datetime(["2026-01-01", "2026-01-02"], utc=True)),
    "plain integers": pd.Series([1, 2]),
}


class Model(mlflow.pyfunc.PythonModel):
    def predict(self, context, model_input, params=None):
        return [0.5] * len(model_input)


refused = set()
for name, column in columns.items():
    frame, path = pd.DataFrame({"x": column}), tempfile.mkdtemp() + "/model"
    signature = infer_signature(frame)
    mlflow.pyfunc.save_model(path, python_model=Model(), signature=signature, pip_requirements=[])
    try:
        mlflow.pyfunc.load_model(path).predict(frame)
        said = "accepted"
    except mlflow.MlflowException as bad:
        refused.add(name)
        said = "REFUSED: " + str(bad).rpartition("Error: ")[2][:90]
    print(f"{name}: inferred {signature.inputs}, its own frame {said}")
sys.exit(0 if refused == set(columns) - {"plain integers"} else 1)
PY
