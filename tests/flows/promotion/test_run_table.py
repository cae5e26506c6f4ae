"""The rows of a real `mlflow.models.evaluate` run: taken where the run holds them, refused in a sentence where it holds summary metrics alone."""

from __future__ import annotations

from contextlib import chdir

import pandas as pd
import pytest
from tests.flows.evaluating.test_evaluate import ask

from keepfit.errors import DataError, KeepfitError
from keepfit.evaluate.labelled_table import EvaluationQuestion
from keepfit.flows.evaluating.evaluate import EvaluationAsked, evaluate
from keepfit.flows.promotion.certify_evaluation import certify_evaluation
from keepfit.flows.promotion.run_table import run_table
from keepfit.integrations.mlflow.client import Mlflow


def off(predictions, targets, metrics):
    from mlflow.metrics import MetricValue

    scores = [float(said != true) for said, true in zip(predictions, targets, strict=True)]
    return MetricValue(scores=scores, aggregate_results={"mean": sum(scores) / len(scores)})


def share_off(predictions, targets, metrics):
    return sum(said != true for said, true in zip(predictions, targets, strict=True)) / len(predictions)


@pytest.fixture(scope="module")
def runs(by_hand, tmp_path_factory):
    """Two runs on the same rows: with a metric that has a score a row, and without one."""
    import mlflow
    from mlflow.metrics import make_metric

    rows = pd.read_csv(by_hand.march).assign(said="no")
    made = {}
    with chdir(tmp_path_factory.mktemp("evaluated")):
        mlflow.set_tracking_uri(by_hand.uri)
        mlflow.set_experiment("flights")
        for name, scored in (("rows", off), ("summary", share_off)):
            extra = [make_metric(eval_fn=scored, greater_is_better=False, name="off")]
            with mlflow.start_run() as run:
                mlflow.models.evaluate(data=rows, targets="late", predictions="said", extra_metrics=extra)
            made[name] = run.info.run_id
        mlflow.set_tracking_uri(None)
    return made


def from_run(by_hand, run, **more):
    asked = EvaluationAsked(data=None, from_run=run, question=EvaluationQuestion(target="late", id="id", time="day"), rules=str(by_hand.rules), **more)
    return evaluate("late", "2", asked, say=lambda line: None)


def test_both_versions_are_asked_anew_on_the_runs_rows_and_what_it_says_of_answers_counts_for_nothing(asked_here, runs, tmp_path):
    found = from_run(asked_here, runs["rows"], out=tmp_path / "run")
    assert found.card.rows == ask(asked_here, "2", time="day", out=tmp_path / "table").card.rows
    assert list(found.evaluation.data) == [f"runs:/{runs['rows']}/eval_results_table.json"]


def test_it_is_certified_while_the_run_holds_these_rows(asked_here, runs, tmp_path):
    found = from_run(asked_here, f"runs:/{runs['rows']}", out=tmp_path / "run")
    assert certify_evaluation("late", "2", found.out).signed.certificate.data == found.evaluation.data
    registry = Mlflow(asked_here.uri)
    kept = run_table(registry, runs["rows"]).text
    registry.log_text(runs["rows"], "eval_results_table.json", kept.replace('"yes"', '"no"', 1))
    with pytest.raises(KeepfitError, match="has changed since it was evaluated"):
        certify_evaluation("late", "2", found.out)
    registry.log_text(runs["rows"], "eval_results_table.json", kept)


def test_summary_metrics_are_no_rows(asked_here, runs):
    with pytest.raises(DataError, match="no table of rows: neither the rows nor what either model answered") as refused:
        from_run(asked_here, runs["summary"])
    assert "a score a row" in refused.value.fix


def test_a_run_that_is_not_there_is_named(asked_here):
    with pytest.raises(KeepfitError, match="0123"):
        from_run(asked_here, "0123456789abcdef0123456789abcdef")


def test_of_several_tables_one_is_named(asked_here, runs):
    registry = Mlflow(asked_here.uri)
    registry.log_text(runs["summary"], "a_eval_results_table.json", "{}")
    registry.log_text(runs["summary"], "b_eval_results_table.json", '{"columns": ["late"], "data": []}')
    with pytest.raises(DataError, match="2 tables of rows: a_eval_results_table"):
        from_run(asked_here, runs["summary"])
    with pytest.raises(DataError, match="no table of mlflow"):
        from_run(asked_here, f"{runs['summary']}/a_eval_results_table.json")
    with pytest.raises(KeepfitError, match="no column 'id'"):
        from_run(asked_here, f"{runs['summary']}/b_eval_results_table.json")
