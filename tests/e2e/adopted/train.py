"""Train the demand model: how many bikes are rented at a station in an hour.

usage: python train.py
"""

import json
from pathlib import Path

import joblib
import mlflow
import pandas as pd
import yaml
from sklearn.compose import make_column_transformer
from sklearn.ensemble import RandomForestRegressor
from sklearn.metrics import mean_absolute_error
from sklearn.model_selection import train_test_split
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder

DATA = Path("data/rentals.csv")
MODEL = "models/model.joblib"
CATEGORICAL = ["station", "weather"]
NUMERIC = ["temp", "humidity", "hour_of_day", "weekday"]


def main():
    params = yaml.safe_load(Path("config.yaml").read_text())["train"]

    df = pd.read_csv(DATA, parse_dates=["hour"])
    y = df["rentals"]
    X = df[CATEGORICAL + NUMERIC]
    X_train, X_test, y_train, y_test = train_test_split(X, y, test_size=0.2, random_state=params["seed"])

    model = make_pipeline(
        make_column_transformer((OneHotEncoder(handle_unknown="ignore"), CATEGORICAL), remainder="passthrough"),
        RandomForestRegressor(n_estimators=params["n_estimators"], min_samples_leaf=params["min_samples_leaf"], random_state=params["seed"]),
    )

    mlflow.set_experiment("rentals")
    with mlflow.start_run():
        mlflow.log_params(params)
        model.fit(X_train, y_train)
        mae = mean_absolute_error(y_test, model.predict(X_test))
        mlflow.log_metric("mae", mae)

    Path("models").mkdir(exist_ok=True)
    joblib.dump(model, MODEL)
    Path("metrics.json").write_text(json.dumps({"mae": mae}))
    print(f"MAE {mae:.2f} on {len(X_test)} held-out hours")


if __name__ == "__main__":
    main()
