"""The whole pipeline over a target of four classes, one of which is rare, and a fifth that nobody listed yet."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest

from keepfit.flows.data.diff import question_of
from keepfit.flows.models.training import train_once
from keepfit.flows.project import Project
from keepfit.flows.stages.compose import run_compose
from keepfit.flows.stages.evaluate import EvaluatePaths, run_evaluate
from keepfit.flows.stages.ingest import run_ingest
from keepfit.flows.stages.refit import RefitPaths, run_refit
from keepfit.flows.stages.train import run_train
from keepfit.flows.stages.validate import run_validate
from keepfit.integrations.tables import read_table, write_parquet
from keepfit.records import Baseline, Composition, Pin, RefitReport, Scorecard, from_json, to_json
from keepfit.tables.conform import conform
from keepfit.tables.frames import to_frame
from keepfit.tables.judged_scores import scores_known

ROWS = 600
TOPICS = ("outage", "billing", "contract", "legal")
PARAMS = """\
model: {name: m, task: classification, target: topic, classes: [outage, billing, contract, legal]}
data: {live: rows.csv, time: t, id: id, features: {x: numeric, z: numeric, shop: categorical}}
compose:
  use: mine
  recipes:
    mine:
      rows: {class=billing: {at_most: 0.3}, class=legal: {at_least: 40, weight: 3}}
train: {estimator: sklearn.linear_model.LogisticRegression, params: {max_iter: 300}}
evaluate:
  metric: f1_macro
  metrics: [error_rate, log_loss]
  slices: {shop: {}, class: {min_rows: 30}}
  min_rows: 50
  rules:
    not_worse: {kind: not_worse_than, metric: f1_macro, bound: 0.2}
    harm: {kind: no_proof_of_harm, metric: f1_macro, slice: 'class=*', bound: 0.05}
    contract: {kind: at_least, metric: f1_macro, slice: 'class=contract', bound: 0.5}
"""
CURATION = """\
rules:
  misread:
    action: relabel
    value: contract
    where: "topic == 'press' and z > 1"
    author: ann
    reason: press asks for the contract
    expires: null
  drill:
    action: exclude
    where: "topic == 'outage' and z > 2"
    author: ann
    reason: a drill
    expires: null
"""
REFIT = RefitPaths(
    ingest=Path("build/ingest"),
    validate=Path("build/validate"),
    candidate=Path("models/candidate"),
    predictions=Path("build/evaluate/predictions.parquet"),
    reports=Path("reports"),
    out=Path("models/refit"),
)


def month_of(month):
    """Three classes told apart by `x`, the third ones written as press now and then, and two rows of a rare class in each month."""
    rng = np.random.default_rng(month)
    code = rng.integers(0, 3, ROWS)
    x, z = code + 0.5 * rng.normal(size=ROWS), rng.normal(size=ROWS)
    words = np.array([*TOPICS[:3]], dtype=object)[code]
    words[rng.random(ROWS) < 0.04] = "press"
    words[:2], words[-20:] = "legal", None
    at = [datetime(2013, month, 1) + timedelta(minutes=60 * row) for row in range(ROWS)]
    ids = [f"{month}-{row:03d}" for row in range(ROWS)]
    shop = np.where(z > 0, "A", "B").tolist()
    return pa.table({"id": ids, "t": pa.array(at, pa.timestamp("us")), "x": x, "z": z, "shop": shop, "topic": pa.array(words.tolist(), pa.string())})


def prepare(root, params=PARAMS):
    for folder in ("data/windows", "expectations/data", "expectations/model", "models/champion", "reports"):
        (root / folder).mkdir(parents=True)
    (root / "params.yaml").write_text(params)
    (root / "expectations/windows.yaml").write_text("{}\n")
    (root / "curation.yaml").write_text(CURATION)
    (root / "decision.json").write_text(json.dumps({"action": "improve", "target": "2013-03-01T00:00:00"}))
    for month in (1, 2, 3):
        write_parquet(month_of(month), root / f"data/windows/2013-{month:02d}.parquet")


@pytest.fixture(scope="module")
def judged(tmp_path_factory):
    root = tmp_path_factory.mktemp("classes")
    prepare(root)
    params = Project(root).params
    train_once(params, to_frame(conform(month_of(1), params)), root / "models/champion")
    pin = Pin(model="m", version="1", digest="sha256:one", trained_until=datetime(2013, 2, 1), evaluated_until=datetime(2013, 2, 1))
    (root / "baseline.json").write_text(to_json(Baseline(champion=pin)))
    run_ingest(root, windows="data/windows", out="build/ingest")
    run_validate(root, ingest="build/ingest", out="build/validate", reports="reports")
    run_compose(root, ingest="build/ingest", validate="build/validate", out="build/compose", reports="reports")
    run_train(root, table=root / "build/compose/train.parquet", composition=root / "reports/composition.json", out=root / "models/candidate")
    places = {"candidate": root / "models/candidate", "champion": root / "models/champion", "reports": root / "reports"}
    run_evaluate(root, EvaluatePaths(rows=root / "build/compose/evaluate.parquet", predictions=root / REFIT.predictions, **places))
    run_refit(root, REFIT)
    return root


def composition(root):
    return from_json(Composition, (root / "reports/composition.json").read_bytes())


def card(root):
    return from_json(Scorecard, (root / "reports/scorecard.json").read_bytes())


def test_rows_of_a_class_that_is_not_listed_train_nothing_and_say_why(judged):
    left = {part.reason: part.labelled for part in composition(judged).parts if part.part == "out"}
    assert left["the class 'press' is not in model.classes"] > 0
    assert set(read_table(judged / "build/compose/train.parquet")["topic"].to_pylist()) == {0.0, 1.0, 2.0, 3.0}
    assert "the class 'press' is not in model.classes" in (judged / "reports/COMPOSITION.md").read_text()


def test_they_judge_all_the_same_and_whatever_is_answered_to_them_is_wrong(judged):
    rows = read_table(judged / "build/compose/evaluate.parquet")["topic"].to_pylist()
    unlisted = rows.count(4.0)
    assert unlisted > 10
    assert f"{unlisted} rows are of a class that `model.classes` does not list" in (judged / "reports/SCORECARD.md").read_text()
    assert json.loads((judged / "reports/metrics.json").read_text())["error_rate"] >= unlisted / len(rows)


def test_a_recipe_names_classes_by_their_texts(judged):
    strata = {one.name: one for one in composition(judged).strata}
    assert strata["class=legal"].status == "short"
    assert strata["class=billing"].share <= 0.3
    assert set(composition(judged).target_share) == set(TOPICS)
    train = read_table(judged / "build/compose/train.parquet")
    weight = dict(zip(train["topic"].to_pylist(), train["_weight"].to_pylist(), strict=True))
    assert weight[3.0] == pytest.approx(3 * weight[0.0])


def test_people_name_classes_in_rules_on_single_rows(judged):
    found = {rule.name: rule for rule in composition(judged).curation.rules}
    assert found["misread"].train > 0
    assert found["drill"].train > 0
    manifest = read_table(judged / "build/compose/manifest.parquet").to_pylist()
    relabelled = {row["row_id"] for row in manifest if row["label_origin"] == "curated" and row["part"] == "train"}
    train = read_table(judged / "build/compose/train.parquet")
    assert {y for y, row in zip(train["topic"].to_pylist(), train["id"].to_pylist(), strict=True) if row in relabelled} == {2.0}


def test_each_class_is_a_slice_of_the_scorecard_that_rules_can_name(judged):
    rows = {(row.slice, row.rule): row for row in card(judged).judged_rows}
    assert {name for name, rule in rows if rule == "no_proof_of_harm"} == {f"class={name}" for name in TOPICS}
    assert rows["class=contract", "at_least"].status == "pass"
    assert rows["class=legal", "no_proof_of_harm"].status == "undecided"
    assert rows["class=legal", "no_proof_of_harm"].n <= 2
    y = np.array(read_table(judged / "build/compose/evaluate.parquet")["topic"].to_pylist(), dtype=float)
    assert rows["class=outage", "no_proof_of_harm"].n == (y == 0).sum()


def test_the_page_says_how_each_class_is_told_and_what_is_confused(judged):
    page = (judged / "reports/SCORECARD.md").read_text()
    assert "## By class" in page
    assert "| class | rows | f1_macro | gain | error_rate | gain | log_loss | gain |" in page
    assert "## Most often confused" in page


def test_the_kept_predictions_hold_a_column_a_class(judged):
    table = read_table(judged / REFIT.predictions)
    assert table.column_names == ["row_id", "target", *(f"{model}.{name}" for model in ("champion", "challenger") for name in TOPICS)]
    assert np.allclose(sum(table[f"challenger.{name}"].to_numpy() for name in TOPICS), 1)


def test_a_refit_keeps_what_its_sibling_answered_and_is_found_sound(judged):
    report = from_json(RefitReport, (judged / "reports/refit.json").read_bytes())
    assert report.shipped.refit
    assert {row.metric for row in report.rows} == {"f1_macro", "rank_agreement"}
    assert {row.status for row in report.rows} <= {"pass", "undecided"}
    kept, table = read_table(judged / "models/refit/judged.parquet"), read_table(judged / REFIT.predictions)
    known = scores_known(kept, table["row_id"].to_pylist(), TOPICS)
    assert known.shape == (table.num_rows, 4)
    assert np.allclose(known[:, 0], table["challenger.outage"].to_numpy(), atol=1e-6)


def test_a_data_diff_asks_for_no_column_of_the_name_class(judged):
    assert question_of(Project(judged).params, "train").slices == ("shop",)


def test_windows_that_are_read_again_know_a_class_that_was_listed_since(judged, tmp_path):
    prepare(tmp_path, PARAMS.replace("legal]}", "legal, press]}"))
    for file in (judged / "build/ingest/windows").iterdir():
        (tmp_path / "data/windows" / file.name).write_bytes(file.read_bytes())
    run_ingest(tmp_path, windows="data/windows", out="build/ingest")
    before = read_table(judged / "build/ingest/windows/2013-01.parquet")
    assert read_table(tmp_path / "build/ingest/windows/2013-01.parquet")["topic"].to_pylist() == before["topic"].to_pylist()
    (tmp_path / "params.yaml").write_text(PARAMS.replace("[outage, billing", "[press, billing, outage"))
    run_ingest(tmp_path, windows="data/windows", out="build/ingest")
    again = read_table(tmp_path / "build/ingest/windows/2013-01.parquet")["topic"].to_pylist()
    code = {0.0: 2.0, 1.0: 1.0, 2.0: 3.0, 3.0: 4.0, 4.0: 0.0, None: None}
    assert again == [code[value] for value in before["topic"].to_pylist()]
