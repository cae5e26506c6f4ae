"""A model with time features: trained, scored, served and watched by the hour and the weekday of its rows, beside one without."""

from __future__ import annotations

import json
import shutil
import subprocess
from datetime import datetime

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest

from keepfit.errors import DataError
from keepfit.flows.models.scoring import open_scorer
from keepfit.flows.models.training import train_once
from keepfit.integrations.mlflow.client.models import _signature
from keepfit.integrations.models import keepfit_model
from keepfit.monitor.champion import Champion
from keepfit.monitor.sound import schema_broken
from keepfit.params import Params
from keepfit.records import ModelMeta, Reference, Window, from_json
from keepfit.tables.frames import from_frame
from keepfit.tables.time_features import asked_for
from keepfit.update.found_slices import found_slices, slices_of_loss

REGRESSOR = "sklearn.ensemble.HistGradientBoostingRegressor"
TRAIN_PY = """
import os, pickle
import pandas as pd
from sklearn.tree import DecisionTreeRegressor
table = pd.read_csv(os.environ["KEEPFIT_TRAIN"])
pickle.dump(DecisionTreeRegressor(min_samples_leaf=5).fit(table[["x", "hour"]], table["y"]), open("model.pkl", "wb"))
"""
PREDICT_PY = """
import pickle, sys
import pandas as pd
rows = pd.read_csv(sys.argv[1])
assert set(rows) == {"x", "hour", "weekday"}, list(rows)
pd.DataFrame({"prediction": pickle.load(open("model.pkl", "rb")).predict(rows[["x", "hour"]])}).to_csv(sys.argv[2], index=False)
"""


def table(start="2026-01-05", days=28):
    """Every hour; the target is what the hour and the weekday make it, and a little noise."""
    rng, times = np.random.default_rng(0), pd.date_range(start, periods=24 * days, freq="h")
    y = np.where(times.day_of_week < 5, 10.0, 2.0) * np.exp(-((times.hour - 8) ** 2) / 20) + rng.normal(size=len(times)) / 10
    return pd.DataFrame({"x": rng.normal(size=len(times)), "t": times, "y": y, "row_id": [f"r{row}" for row in range(len(times))]})


def params(time_features=("hour", "weekday"), train=None, **data):
    return Params.model_validate({
        "model": {"name": "m", "task": "regression", "target": "y"},
        "data": {"live": "rows.csv", "time": "t", "features": {"x": "numeric"}, "time_features": time_features, **data},
        "train": {"estimator": REGRESSOR, "params": {"max_iter": 40}, **(train or {})},
        "evaluate": {"metric": "mae"},
    })  # fmt: skip


@pytest.fixture(scope="module")
def trained(tmp_path_factory):
    out = tmp_path_factory.mktemp("hourly") / "out"
    train_once(params(), table(), out)
    return out


@pytest.fixture(scope="module")
def plain(tmp_path_factory):
    out = tmp_path_factory.mktemp("plain") / "out"
    train_once(params([]), table(), out)
    return out


def error(scorer, frame):
    return float(np.abs(scorer.score(frame) - frame["y"]).mean())


def test_a_champion_without_them_and_a_challenger_with_them_are_each_scored_by_its_own(trained, plain):
    later = table("2026-02-02")
    assert error(open_scorer(trained), later) < 0.3 * error(open_scorer(plain), later)
    assert open_scorer(trained).meta.features == {"x": "numeric", "hour": "numeric", "weekday": "numeric"}
    assert open_scorer(plain).meta.features == {"x": "numeric"}


def test_a_meta_without_time_features_keeps_the_bytes_that_it_had(plain, trained):
    assert "time_features" not in json.loads((plain / "meta.json").read_text())
    assert json.loads((trained / "meta.json").read_text())["time_features"] == {"column": "t", "names": ["hour", "weekday"], "timezone": "UTC"}


def test_scores_are_those_of_the_rows_times_not_of_columns_that_happen_to_have_the_names(trained):
    later = table("2026-02-02")
    np.testing.assert_array_equal(open_scorer(trained).score(later.assign(hour=99, weekday="x")), open_scorer(trained).score(later))


def test_the_shipped_model_answers_as_keepfit_does_however_the_time_is_sent(trained):
    later, served = table("2026-02-02", days=2), keepfit_model.KeepfitModel(trained)
    scores = open_scorer(trained).score(later)
    for sent in (later["t"], later["t"].dt.strftime("%Y-%m-%dT%H:%M:%S"), later["t"].dt.tz_localize("UTC"), later["t"].astype("int64") // 10**6):
        np.testing.assert_array_equal(served.predict(later[["x"]].assign(t=sent)), scores)


def test_a_served_model_that_is_sent_no_time_says_so_in_one_sentence(trained):
    rows = pd.DataFrame({"x": [1.0]})
    with pytest.raises(ValueError, match="the rows have no column 't', from which the model derives hour, weekday: send ISO 8601"):
        keepfit_model.KeepfitModel(trained).predict(rows)
    with pytest.raises(DataError, match="no column 't'"):
        open_scorer(trained).score(rows)
    with pytest.raises(ValueError, match="the column 't' holds 'noon', which is no time: send ISO 8601"):
        keepfit_model.KeepfitModel(trained).predict(pd.concat([rows.assign(t="2026-02-02"), rows.assign(t="noon")]))
    with pytest.raises(ValueError, match="the column 't' holds '7', which is no time"):
        keepfit_model.KeepfitModel(trained).predict(rows.assign(t=7))


def test_a_served_row_whose_time_is_missing_is_answered_with_the_features_missing(trained):
    rows = pd.DataFrame({"x": [0.0, 0.0], "t": ["2026-02-02T08:00:00", None]})
    first, second = keepfit_model.KeepfitModel(trained).predict(rows)
    assert first > 8
    assert np.isfinite(second)


def test_mlflow_asks_a_caller_for_the_time_in_place_of_what_is_derived_from_it(tmp_path, trained):
    from mlflow import pyfunc

    inputs = asked_for(from_json(ModelMeta, (trained / "meta.json").read_bytes()))
    loader = {"loader_module": "keepfit_model", "code_paths": [keepfit_model.__file__], "data_path": str(trained), "pip_requirements": []}
    pyfunc.save_model(tmp_path / "served", signature=_signature(inputs), **loader)
    model, later = pyfunc.load_model(str(tmp_path / "served")), table("2026-02-02", days=2)
    assert model.metadata.get_input_schema().input_names() == ["x", "t"]
    for sent in (later["t"], later["t"].astype(str), later["t"].dt.tz_localize("UTC")):
        np.testing.assert_array_equal(model.predict(later[["x"]].assign(t=sent)), open_scorer(trained).score(later))
    with pytest.raises(ValueError, match="the rows have no column 't'"):
        model.predict(later[["x"]])


def test_categories_of_the_hour_serve_as_they_trained(tmp_path):
    told = params({"hour": "categorical", "day_part": "categorical"}, {"estimator": "sklearn.linear_model.LinearRegression", "params": {}})
    train_once(told, table(), tmp_path / "out")
    later = table("2026-02-02", days=2)
    served = keepfit_model.KeepfitModel(tmp_path / "out").predict(later[["x", "t"]].assign(t=later["t"].astype(str)))
    np.testing.assert_allclose(served, open_scorer(tmp_path / "out").score(later))
    assert served[8] > served[20] + 3


def test_the_own_commands_find_the_derived_columns(tmp_path):
    repo = tmp_path / "repo"
    repo.mkdir()
    (repo / "train.py").write_text(TRAIN_PY)
    (repo / "predict.py").write_text(PREDICT_PY)
    subprocess.run(["git", "init", "-q", str(repo)], check=True)
    told = params(train={"command": "python train.py", "reads": "rows.csv", "writes": "model.pkl", "predict": "python predict.py", "params": {}})
    train_once(told, table(), tmp_path / "out", repo=repo)
    assert error(open_scorer(tmp_path / "out", told.train, repo), table("2026-02-02")) < 2


# -- watched ------------------------------------------------------------------------------------------------------------


def champion(folder, told):
    meta = from_json(ModelMeta, (folder / "meta.json").read_bytes())
    return Champion(params=told, meta=meta, reference=from_json(Reference, (folder / "profile.json").read_bytes()), basis="later")


def test_the_reference_knows_them_and_only_what_fits_in_a_day_is_watched(trained):
    known = champion(trained, params())
    assert set(known.layout) == {"x", "hour", "weekday", "y", "prediction"}
    assert set(known.watched) == {"x", "hour", "y", "prediction"}
    assert set(champion(trained, params(window="500 rows")).watched) == {"x", "y", "prediction"}


def test_the_calendar_alone_is_no_drift(tmp_path):
    told = params(["hour", "weekday", "month", "day_of_year"])
    train_once(told, table(), tmp_path / "out")
    known, later = champion(tmp_path / "out", told), from_frame(table("2026-06-01", days=30))
    assert not schema_broken(known, later)
    window = Window(id="2026-06", source="live", start=datetime(2026, 6, 1), end=datetime(2026, 7, 1))
    drift = known.drift(known.profile(later, open_scorer(tmp_path / "out").score(table("2026-06-01", days=30)), window))
    assert {change.column for change in drift.changes} == {"x", "hour", "y", "prediction"}
    assert not [change.column for change in drift.changes if change.drifts and change.kind == "data"]


def test_a_change_of_the_hours_is_drift(trained):
    known, nights = champion(trained, params()), table("2026-02-02")
    nights = nights[nights["t"].dt.hour < 6]
    window = Window(id="2026-02", source="live", start=datetime(2026, 2, 1), end=datetime(2026, 3, 1))
    drift = known.drift(known.profile(from_frame(nights), open_scorer(trained).score(nights), window))
    assert "hour" in {change.column for change in drift.changes if change.drifts}


def test_the_search_for_the_cause_names_the_hours(trained):
    known, later = champion(trained, params()), table("2026-02-02")
    later["y"] += np.where(later["t"].dt.hour >= 20, 6.0, 0.0)
    rows = known.read(from_frame(later)).table
    found = slices_of_loss(known.params, known.layout, rows, open_scorer(trained).score(later))
    assert "hour" in found[0].slice


def test_a_cause_says_how_often_it_came_before_and_no_weekday_is_told_as_having_moved(trained):
    known, later = champion(trained, params()), table("2026-02-02")
    later = later[later["t"].dt.day_of_week < 4]
    later["y"] += np.where(later["t"].dt.day_of_week == 2, 6.0, 0.0)
    found = found_slices(known, from_frame(later), open_scorer(trained).score(later), from_frame(table()))
    worse = next(one for one in found if one.slice == "weekday in (1, 2]")
    assert worse.share_before == pytest.approx(1 / 7)
    assert {one.slice for one in found if one.question == "share"} == set()


def test_a_time_feature_that_is_named_to_be_watched_is(trained):
    told = params().model_copy(
        update={"monitor": params().monitor.model_copy(update={"columns": {**params().monitor.columns, "weekday": params().monitor.columns["*"]}})}
    )
    assert "weekday" in champion(trained, told).watched


def test_rows_in_another_clock_are_the_same_rows(trained):
    later = table("2026-02-02", days=1)
    there = later.assign(t=later["t"].dt.tz_localize("UTC").dt.tz_convert("Asia/Kolkata"))
    np.testing.assert_array_equal(keepfit_model.KeepfitModel(trained).predict(there), open_scorer(trained).score(later))


def test_a_pipeline_that_is_copied_elsewhere_keeps_its_clock(tmp_path, trained):
    shutil.copytree(trained, tmp_path / "away")
    moved = json.loads((tmp_path / "away" / "meta.json").read_text())
    moved["time_features"]["timezone"] = "America/New_York"
    (tmp_path / "away" / "meta.json").write_text(json.dumps(moved))
    one = pd.DataFrame({"x": [0.0], "t": ["2026-02-02T13:00:00Z"]})
    at_eight = pd.DataFrame({"x": [0.0], "t": ["2026-02-02T08:00:00"]})
    assert keepfit_model.KeepfitModel(tmp_path / "away").predict(one) == keepfit_model.KeepfitModel(trained).predict(at_eight)


def test_a_window_of_rows_with_the_features_is_scored_from_arrow_too(trained):
    known, later = champion(trained, params()), table("2026-02-02", days=2)
    read = known.read(from_frame(later)).table
    assert read["hour"].type == pa.int64()
    assert known.read(read).table.equals(read)
