"""Two versions on one labelled table: what is found is what scikit-learn finds, and what cannot be judged is one sentence."""

from __future__ import annotations

import json

import numpy as np
import pandas as pd
import pytest
from sklearn.metrics import log_loss, roc_auc_score
from tests.flows.evaluating.by_hand import features, flights, models_of_flights, register

from keepfit.errors import DataError, KeepfitError, ParamsError, ProjectError, UnknownNameError
from keepfit.evaluate.labelled_table import EvaluationQuestion
from keepfit.flows.evaluating.evaluate import EvaluationAsked, evaluate
from keepfit.records import Evaluation, Scorecard, from_json


def ask(asked_here, version, *, data=None, model="late", against=None, rules=None, out=None, trained_on=(), **question):
    asked = EvaluationQuestion(**{"target": "late", "id": "id", **question})
    place, by = data or asked_here.march, str(rules or asked_here.rules)
    wanted = EvaluationAsked(data=place, question=asked, trained_on=trained_on, against=against, rules=by, out=out)
    return evaluate(model, version, wanted, say=lambda line: None)


def rows_of(found):
    return {(row.slice, row.metric): row for row in found.card.rows}


def table_of(asked_here, tmp_path, **changed):
    path = tmp_path / "changed.csv"
    pd.read_csv(asked_here.march).assign(**changed).to_csv(path, index=False)
    return path


def test_the_numbers_are_scikit_learns_on_the_models_own_answers(asked_here):
    found = ask(asked_here, "2", time="day")
    little, much, _ = models_of_flights()
    table = flights(3000, seed=2, month=3)
    late = table["late"] == "yes"
    before, now = (model.predict_proba(features(table))[:, 1] for model in (little, much))
    row = rows_of(found)["overall", "roc_auc"]
    assert (row.champion, row.challenger) == pytest.approx((roc_auc_score(late, before), roc_auc_score(late, now)), abs=1e-9)
    of_b6 = table["carrier"] == "B6"
    assert rows_of(found)["carrier=B6", "roc_auc"].challenger == pytest.approx(roc_auc_score(late[of_b6], now[of_b6]), abs=1e-9)
    assert f"{log_loss(late, now):.4f}" in found.page
    assert (found.card.champion.version, found.card.n, found.exit_code) == ("1", 3000, 0)
    assert (found.card.evaluated_from.isoformat(), found.card.evaluated_until.isoformat()) == ("2026-03-01T00:00:00", "2026-03-28T00:00:00")


def test_a_model_that_lost_on_one_carrier_fails_there_and_the_carrier_is_named(asked_here):
    found = ask(asked_here, "3")
    failed = {row.slice for row in found.card.rows if row.status == "fail"}
    assert failed == {"overall", "carrier=UA"}
    assert (found.exit_code, found.page.splitlines()[2].count("carrier=UA")) == (3, 1)


def test_what_is_written_is_read_again_and_says_of_which_bytes_and_rows_it_is(asked_here, tmp_path):
    found = ask(asked_here, "2", out=tmp_path / "out", slices=("carrier",))
    evaluation = from_json(Evaluation, (tmp_path / "out" / "evaluation.json").read_text())
    assert evaluation == found.evaluation
    assert from_json(Scorecard, (tmp_path / "out" / "scorecard.json").read_text()) == found.card
    assert (evaluation.asked, list(evaluation.data)) == ({"id": "id", "slices": "carrier"}, ["march.csv"])
    assert evaluation.model_digest == found.card.judged_model
    assert "it is not known whether rows trained one of the models" in (tmp_path / "out" / "SCORECARD.md").read_text()


def test_nobody_knows_what_trained_a_model_that_nobody_described(asked_here):
    assert ask(asked_here, "2", time="day").card.unseen == "unknown"


def test_the_same_rows_in_a_folder_of_parquet_are_judged_alike(asked_here, tmp_path):
    whole = pd.read_csv(asked_here.march)
    for number, part in enumerate((whole.iloc[:1000], whole.iloc[1000:])):
        (tmp_path / "rows").mkdir(exist_ok=True)
        part.to_parquet(tmp_path / "rows" / f"{number}.parquet")
    assert ask(asked_here, "2", data=tmp_path / "rows", out=tmp_path / "1").card.rows == ask(asked_here, "2", out=tmp_path / "2").card.rows


def test_rows_without_a_label_are_left_out_and_counted(asked_here, tmp_path):
    late = pd.read_csv(asked_here.march)["late"].where(np.arange(3000) >= 100)
    found = ask(asked_here, "2", data=table_of(asked_here, tmp_path, late=late))
    assert (found.card.n, found.evaluation.notes) == (2900, ("100 rows without a label are left out",))


def test_without_a_champion_absolute_rules_alone_judge_and_it_is_said(asked_here):
    from mlflow import MlflowClient

    client = MlflowClient(asked_here.uri, asked_here.uri)
    register(client, client.get_experiment_by_name("flights").experiment_id, "first", models_of_flights()[1])
    found = ask(asked_here, "1", model="first")
    assert [(row.rule, row.status) for row in found.card.rows] == [("at_least", "pass")]
    assert (found.card.champion, "a first model, judged by absolute bounds only" in found.page) == (None, True)


RANDOM = np.random.default_rng(3)
REFUSED = {
    "no such target": ({"target": "lat"}, {}, UnknownNameError, "no column 'lat'"),
    "no such slice": ({"slices": ("carier",)}, {}, UnknownNameError, "no column 'carier'"),
    "the target as a slice": ({"slices": ("late",)}, {}, DataError, "is the target"),
    "an id twice": ({}, {"id": lambda table: table["id"] % 2999}, DataError, "1 ids are there more than once: 0"),
    "a row without an id": ({}, {"id": lambda table: table["id"].where(table["id"] > 2)}, DataError, "3 rows have no id"),
    "no label": ({}, {"late": None}, DataError, "none of the 3,000 rows has a label"),
    "one class": ({}, {"late": "yes"}, DataError, "one value only"),
    "another target": ({}, {"late": lambda table: table["distance"] / 7}, DataError, "tells between classes"),
    "labels never learned": ({}, {"late": lambda table: np.where(table["id"] % 9 == 0, "cancelled", table["late"])}, DataError, "'cancelled' (334 rows)"),
    "words nobody knows": ({"positive": "b"}, {"late": lambda table: np.where(table["late"] == "yes", "b", "a")}, KeepfitError, "which of them counts as 1"),
    "which counts as 1": ({}, {"late": lambda table: np.where(table["late"] == "yes", "b", "a")}, DataError, "counts as 1 is not known"),
    "a positive that is not there": ({"positive": "Yes"}, {}, UnknownNameError, "no value of 'late' 'Yes'"),
    "a metric that is not there": ({"metric": "roc"}, {}, UnknownNameError, "no metric 'roc'"),
    "a metric of numbers": ({"metric": "mae"}, {}, ParamsError, "mae does not measure classification"),
    "no time": ({"time": "carrier"}, {}, DataError, "carrier"),
    "the same answer to all": ({}, {"delay": 0.0, "carrier": "AA", "distance": 1}, DataError, "answers the same to all 3,000 rows"),
    "itself": ({"against": "2"}, {}, KeepfitError, "compared with itself"),
    "no such alias": ({"against": "prod"}, {}, UnknownNameError, "no alias 'prod'"),
    "no such version": ({"against": "77"}, {}, KeepfitError, "77"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_cannot_be_judged_is_one_sentence_in_the_words_of_the_command_line(asked_here, tmp_path, case):
    question, changed, error, said = REFUSED[case]
    with pytest.raises(error) as refused:
        ask(asked_here, "2", data=table_of(asked_here, tmp_path, **changed), **question)
    assert said in str(refused.value)
    assert "params.yaml" not in str(refused.value)
    assert not list(tmp_path.glob("keepfit-evaluation/*"))


def test_a_column_that_the_model_needs_and_the_table_lacks_is_named(asked_here, tmp_path):
    path = tmp_path / "less.csv"
    pd.read_csv(asked_here.march).drop(columns="delay").rename(columns={"distance": "distanse"}).to_csv(path, index=False)
    with pytest.raises(DataError, match="late v2: the table has no column 'delay' that the model needs"):
        ask(asked_here, "2", data=path)


def test_a_table_without_rows_is_refused(asked_here, tmp_path):
    path = tmp_path / "none.csv"
    pd.read_csv(asked_here.march).head(0).to_csv(path, index=False)
    with pytest.raises(DataError, match="no rows"):
        ask(asked_here, "2", data=path)


def test_an_answer_that_is_no_number_is_an_error_and_never_a_pass(asked_here):
    from mlflow import MlflowClient

    client = MlflowClient(asked_here.uri, asked_here.uri)
    version = register(client, client.get_experiment_by_name("flights").experiment_id, "late", Broken())
    found = ask(asked_here, str(version))
    overall = rows_of(found)["overall", "roc_auc"]
    assert (overall.status, overall.detail) == ("error", "the challenger gave 1 scores that are not finite numbers")
    assert (found.exit_code, [row for row in found.card.rows if row.status == "pass"]) == (3, [])


def test_a_slice_of_one_class_is_undecided_and_not_a_pass(asked_here, tmp_path):
    table = pd.read_csv(asked_here.march)
    late = table["late"].where(table["carrier"] != "AA", "no")
    row = rows_of(ask(asked_here, "2", data=table_of(asked_here, tmp_path, late=late)))["carrier=AA", "roc_auc"]
    assert (row.status, row.difference) == ("undecided", None)


@pytest.mark.parametrize(
    ("rules", "said"),
    [
        ("models: {other: {trust: self}}", "no pattern of these rules matches late"),
        ("models: {late: {trust: self}}", "demand nothing of a scorecard"),
        ("models: {late: {trust: self, rules: {one: {kind: no_proof_of_harm, slice: 'carier=*', bound: 0.05}}}}", "no column 'carier'"),
        ("models: {late: {trust: self, rules: {one: {kind: no_proof_of_harm, slice: '*', bound: 0.05}}}}", "is about slices '\\*'"),
        ("models: {late: {trust: self, rules: {one: {kind: at_least, metric: 'f1_*', bound: 0.05}}}}", "is about metrics 'f1_\\*'"),
    ],
)
def test_rules_that_nothing_could_answer_are_refused_before_anything_is_written(asked_here, tmp_path, rules, said):
    (tmp_path / "rules.yaml").write_text(f"schema: 1\n{rules}\n")
    with pytest.raises(KeepfitError, match=said):
        ask(asked_here, "2", rules=tmp_path / "rules.yaml")


def test_without_rules_and_without_a_server_there_is_nothing_to_judge_by(asked_here):
    asked = EvaluationAsked(data=asked_here.march, question=EvaluationQuestion(target="late"))
    with pytest.raises(ProjectError, match="by which rules"):
        evaluate("late", "2", asked, say=lambda line: None)


def test_what_was_found_is_json_without_nan(asked_here):
    json.loads(json.dumps(ask(asked_here, "2").card.rows[0].n), parse_constant=lambda name: pytest.fail(name))


class Broken:
    """A classifier that answers nothing for one row."""

    classes_ = np.array(["no", "yes"])

    def fit(self, rows, labels):
        return self

    def predict(self, rows):
        return np.full(len(rows), "no")

    def predict_proba(self, rows):
        answers = np.linspace(0.1, 0.9, len(rows))
        answers[7] = np.nan
        return np.column_stack([1 - answers, answers])


def test_a_table_that_holds_training_rows_is_refused_with_how_many_and_which(asked_here, tmp_path):
    january, march = flights(3000, seed=1, month=1).assign(id=lambda table: table["id"] + 10_000), pd.read_csv(asked_here.march)
    january.to_csv(tmp_path / "january.csv", index=False)
    found = ask(asked_here, "2", trained_on=(tmp_path / "january.csv",))
    assert (found.card.unseen, "no row trained one of the two models" in found.page) == ("known", True)
    assert found.evaluation.asked["trained_on"].startswith("january.csv sha256:")
    pd.concat([march, january.head(7).assign(day="2026-03-01")]).to_csv(tmp_path / "leaking.csv", index=False)
    with pytest.raises(DataError, match=r"7 of the 3,007 rows trained one of the models: ids 10000, 10001, 10002, 10003, 10004 …"):
        ask(asked_here, "2", data=tmp_path / "leaking.csv", trained_on=(tmp_path / "january.csv",))
