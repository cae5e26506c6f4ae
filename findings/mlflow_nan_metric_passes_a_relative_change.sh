#!/usr/bin/env bash
# One expects `mlflow.validate_evaluation_results` to refuse a candidate whose metric could not be computed, whichever threshold is asked for.
# MLflow 3.17.2 with scikit-learn 1.9.1: on a table in which all labels are of one class `mlflow.models.evaluate` gives roc_auc = nan. A value
# threshold refuses that; `min_absolute_change` raises decimal.InvalidOperation, which is no validation failure; `min_relative_change` lets it
# pass: a model with its labels turned round (accuracy .2) is "validated" against a baseline of .87.
# Hurt: whoever gates a promotion on MLflow's own validator and evaluates on a slice or a window that happens to hold one class.
# Exits 1 when the three thresholds agree.
set -eu
home=$(mktemp -d); trap 'rm -rf "$home"' EXIT
"${PYTHON:-python3}" -m venv "$home/venv"
"$home/venv/bin/pip" install -q mlflow==3.17.2 scikit-learn==1.9.1 pandas==3.1.1
cd "$home"
MLFLOW_DISABLE_TELEMETRY=true DO_NOT_TRACK=true "$home/venv/bin/python" -W ignore - <<'PY'
import logging, sys

import mlflow
import numpy as np
import pandas as pd
import sklearn
from mlflow.models import MetricThreshold, infer_signature
from sklearn.linear_model import LogisticRegression

logging.disable(logging.WARNING)
print("mlflow", mlflow.__version__, "scikit-learn", sklearn.__version__)
mlflow.set_tracking_uri("sqlite:///mlflow.db")
rng = np.random.default_rng(0)
X = pd.DataFrame(rng.normal(size=(400, 2)), columns=["a", "b"])
y = (X.a + rng.normal(size=400) > 0).astype(int)


def evaluated(model, rows):
    with mlflow.start_run():
        logged = mlflow.sklearn.log_model(model, name="model", signature=infer_signature(X, model.predict(X)))
        quiet = {"log_model_explainability": False, "log_explainer": False}
        return mlflow.models.evaluate(logged.model_uri, X.assign(y=y)[rows], targets="y", model_type="classifier", evaluator_config=quiet)


baseline = evaluated(LogisticRegression().fit(X, y), slice(None))
candidate = evaluated(LogisticRegression().fit(X, 1 - y), (y == 0).to_numpy())
for name, one in {"baseline, all rows": baseline, "candidate, labels turned round, rows of class 0": candidate}.items():
    print(f"{name}: accuracy {one.metrics['accuracy_score']:.2f}, roc_auc {one.metrics['roc_auc']:.2f}")
found = {}
for asked in ({"threshold": 0.7}, {"min_absolute_change": 0.01}, {"min_relative_change": 0.01}):
    thresholds = {"roc_auc": MetricThreshold(greater_is_better=True, **asked)}
    try:
        mlflow.validate_evaluation_results(validation_thresholds=thresholds, candidate_result=candidate, baseline_result=baseline)
        said = "PASSES"
    except Exception as bad:
        said = type(bad).__name__
    found[next(iter(asked))] = said
    print(asked, "->", said)
expected = {"threshold": "ModelValidationFailedException", "min_absolute_change": "InvalidOperation", "min_relative_change": "PASSES"}
sys.exit(0 if found == expected else 1)
PY
