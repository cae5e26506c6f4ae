"""What MLflow's charts show of a champion over time, asked of a real server as its pages ask."""

from __future__ import annotations

from datetime import datetime

import pytest
from mlflow import MlflowClient
from tests.flows.monitoring.test_monitor import rows_of, run, write_rows

APRIL = datetime(2013, 4, 1)


@pytest.fixture
def project(served):
    return served


def history(project, metric):
    """Step, time and value of a metric in the champion's series, as MLflow's charts ask for them."""
    client = MlflowClient(tracking_uri=project.tracking_uri)
    experiment = client.get_experiment_by_name(project.params.mlflow.experiment)
    found = client.search_runs([experiment.experiment_id], "tags.`kf.kind` = 'series'")
    assert len(found) == 1
    points = client.get_metric_history(found[0].info.run_id, metric)
    return sorted((point.step, point.timestamp, point.value) for point in points)


def at(*date):
    return int((datetime(*date) - datetime(1970, 1, 1)).total_seconds() * 1000)


def test_mlflows_charts_show_performance_statistics_and_evidence_over_time(project):
    first = run(project, until=datetime(2013, 3, 1))
    assert history(project, "roc_auc") == [(1, at(2013, 3, 1), pytest.approx(first.windows[0].value))]
    told = run(project, until=APRIL)
    whole = [(step, end, pytest.approx(seen.value)) for step, end, seen in zip((1, 2), (at(2013, 3, 1), at(2013, 4, 1)), told.windows, strict=True)]
    assert history(project, "roc_auc") == whole
    evidence = {f"{one.kind}/{one.subject}/{one.detector}": one for one in told.windows[1].evidence}
    assert history(project, "data/x/ks")[1][2] == pytest.approx(evidence["data/x/ks"].effect)
    assert history(project, "data/x/e-detector.e_value")[1][2] == pytest.approx(evidence["data/x/e-detector"].e_value)
    run(project, until=APRIL)
    assert history(project, "roc_auc") == whole, "a run that finds nothing new draws no point twice"


def test_after_late_labels_the_series_holds_one_value_a_window(project):
    write_rows(project.root, rows_of(1), rows_of(2).assign(y=lambda rows: rows["y"].where(rows.index < 100)), rows_of(3))
    run(project, until=APRIL)
    partly = history(project, "roc_auc")
    write_rows(project.root, rows_of(1), rows_of(2), rows_of(3))
    told = run(project, until=APRIL)
    drawn = history(project, "roc_auc")
    assert [(step, value) for step, _, value in drawn] == [(step, pytest.approx(seen.value)) for step, seen in enumerate(told.windows, start=1)]
    assert drawn[0] != partly[0]
    assert drawn[1] == partly[1]


def test_a_series_that_was_cut_short_is_written_by_the_next_run(project, monkeypatch):
    import keepfit.flows.monitoring.runs as runs

    def cut(*_, **__):
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(runs, "_log_series", cut)
        with pytest.raises(KeyboardInterrupt):
            run(project, until=APRIL)
    run(project, until=APRIL)
    assert [step for step, _, _ in history(project, "roc_auc")] == [1, 2]
