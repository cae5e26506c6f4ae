"""`monitor.reference: last_year`: windows held to the same period one year before, where it is known."""

from datetime import datetime

import numpy as np
import pandas as pd
import pytest

from keepfit.flows.backtesting.cache import BacktestCache
from keepfit.flows.backtesting.grid import Matrix
from keepfit.flows.backtesting.history import past_of
from keepfit.flows.backtesting.looks import Looks
from keepfit.flows.models.training import train_once
from keepfit.flows.monitoring.monitor import monitor
from keepfit.flows.project import Project
from keepfit.flows.rows.windows import decide_window
from keepfit.records import Baseline, EvidenceMemory, Pin, to_json
from keepfit.update.backtest import Trained
from keepfit.update.fold import weigh

PARAMS = """
model: {name: sales, task: classification, target: y}
data: {live: rows.csv, time: t, id: id, window: month, features: {warmth: numeric, price: numeric, c: categorical}}
compose: {recent_windows: 1}
train: {estimator: sklearn.linear_model.LogisticRegression}
evaluate: {metric: roc_auc, min_rows: 50}
monitor: {min_rows: 60}
update: {scout: false, harm_margin: 0.5}
mlflow: {tracking_uri: "http://127.0.0.1:9"}
"""
SEASON = "monitor: {reference: last_year, "
TRAINED_UNTIL = datetime(2013, 1, 1)


def rows_of(year, month, *, n=900, shift=0.0):
    """A month of sales: warmth follows the year, y follows the price."""
    rng = np.random.default_rng((year, month))
    warmth = rng.normal(0.8 * np.sin(2 * np.pi * month / 12), 1, n)
    price, c = rng.normal(shift, 1, n), rng.choice(["a", "b"], n)
    times = pd.Timestamp(year, month, 1) + pd.to_timedelta(np.sort(rng.uniform(0, 28 * 86400, n)).round(), unit="s")
    y = (rng.random(n) < 1 / (1 + np.exp(-rng.normal(0, 1, n)))).astype(int)
    return pd.DataFrame({"id": [f"{year}-{month}-{i}" for i in range(n)], "t": times, "warmth": warmth.round(4), "price": price.round(4), "c": c, "y": y})


@pytest.fixture(scope="module")
def trained(tmp_path_factory):
    """December's model."""
    root = tmp_path_factory.mktemp("trained")
    (root / "params.yaml").write_text(PARAMS)
    train_once(Project(root).params, rows_of(2012, 12), root / "champion")
    return root / "champion"


@pytest.fixture
def project(tmp_path, trained, monkeypatch):
    """Sales from February 2012 to May 2013; in May the price has moved."""
    monkeypatch.delenv("MLFLOW_TRACKING_URI", raising=False)
    monkeypatch.chdir(tmp_path)
    (tmp_path / "models").mkdir()
    (tmp_path / "models" / "champion").symlink_to(trained)
    (tmp_path / "expectations").mkdir()
    (tmp_path / "expectations" / "windows.yaml").write_text("{}\n")
    champion = Pin(model="sales", version="1", digest="sha256:" + "a" * 64, trained_until=TRAINED_UNTIL, evaluated_until=None)
    (tmp_path / "baseline.json").write_text(to_json(Baseline(champion=champion)))
    months = [*(rows_of(2012, month) for month in range(2, 13)), *(rows_of(2013, month, shift=0.5 * (month == 5)) for month in range(1, 6))]
    pd.concat(months).to_csv(tmp_path / "rows.csv", index=False, date_format="%Y-%m-%dT%H:%M:%S")
    return tmp_path


def told(root, params, until=datetime(2013, 6, 1)):
    (root / "params.yaml").write_text(params)
    return monitor(Project(root), until=until, say=lambda _: None)


def loud(found):
    """By window the columns that were called drift."""
    return {seen.window.id: {one.subject for one in seen.evidence if one.since and one.kind == "data"} for seen in found.windows}


def test_a_season_is_drift_against_december_and_none_against_last_year_but_a_moved_price_is(project, tmp_path_factory):
    against_training = loud(told(project, PARAMS))
    assert [against_training[f"2013-0{month}"] for month in (2, 3, 4)] == [{"warmth"}] * 3
    (project / ".keepfit").rename(tmp_path_factory.mktemp("aside") / "keepfit")
    assert loud(told(project, PARAMS.replace("monitor: {", SEASON))) == {
        "2013-01": set(),
        "2013-02": set(),
        "2013-03": set(),
        "2013-04": set(),
        "2013-05": {"price"},
    }


def test_where_last_year_is_not_known_the_window_says_so_and_nothing_is_drift(project):
    found = told(project, PARAMS.replace("monitor: {", SEASON), until=datetime(2013, 2, 1))
    (january,) = found.windows
    missing = "only 0 rows are known of the same period last year, 2012-01-01 to 2012-02-01 (monitor.reference: last_year)"
    assert january.notes == (f"drift is not judged: {missing}; shown beside the training rows",)
    columns = [one for one in january.evidence if one.detector == "e-detector" and one.kind != "performance"]
    assert {one.subject for one in columns} == {"warmth", "price", "c", "y", "prediction"}
    assert {(one.e_value, one.detail) for one in columns} == {(None, f"calibrating: {missing}")}
    assert january.value is not None
    assert found.exit_code == 4


def test_a_window_that_a_person_excluded_is_no_reference(project):
    (project / "params.yaml").write_text(PARAMS.replace("monitor: {", SEASON))
    decide_window(Project(project), "2012-03", "exclude", "the till was broken", by="a test")
    found = told(project, PARAMS.replace("monitor: {", SEASON), until=datetime(2013, 4, 1))
    assert ["drift is not judged" in str(seen.notes) for seen in found.windows] == [True, False, True]


def test_backtest_holds_windows_to_the_same_reference(project):
    (project / "params.yaml").write_text(PARAMS.replace("monitor: {", SEASON))
    opened, cache = Project(project), BacktestCache(project / "cache")
    looks = Looks(Matrix(opened, past_of(opened, None, cache), cache, lambda _: None))
    memory, found = EvidenceMemory(), {}
    for at in range(11, 16):
        memory, loud, seen = weigh(memory, looks.look(Trained("params", 10), at, drift=True))
        found[seen.window.id] = {one.subject for one in loud}
    assert found == {"2013-01": set(), "2013-02": set(), "2013-03": set(), "2013-04": set(), "2013-05": {"price"}}
