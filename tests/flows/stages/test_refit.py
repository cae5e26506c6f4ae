"""The stage refit through its files: what it ships, what it keeps, and what it says when it cannot."""

from __future__ import annotations

import json
import shutil
import subprocess
from datetime import datetime, timedelta
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest

from keepfit.compose.holdout import in_holdout
from keepfit.errors import TrainError
from keepfit.flows.models.scoring import open_scorer
from keepfit.flows.models.training import train_once
from keepfit.flows.project import Project
from keepfit.flows.stages.compose import run_compose
from keepfit.flows.stages.evaluate import EvaluatePaths, run_evaluate
from keepfit.flows.stages.ingest import run_ingest
from keepfit.flows.stages.refit import RefitPaths, run_refit
from keepfit.flows.stages.train import run_train
from keepfit.flows.stages.validate import run_validate
from keepfit.integrations.programs.dvc import directory_md5
from keepfit.integrations.tables import read_table, write_parquet
from keepfit.records import Baseline, Composition, ModelMeta, Pin, Reference, RefitReport, from_json, to_json
from keepfit.tables.frames import to_frame
from keepfit.tables.judged_scores import scores_known

ROWS = 400
PARAMS = """\
model: {name: m, task: classification, target: y}
data: {live: rows.csv, time: t, id: id, features: {x: numeric, z: numeric}}
compose: {recent_windows: RECENT}
train: {estimator: sklearn.linear_model.LogisticRegression, params: {max_iter: 200}}
evaluate:
  metric: roc_auc
  min_rows: 30
  rules:
    not_worse: {kind: not_worse_than, metric: roc_auc, bound: 0.05}
    floor: {kind: at_least, metric: roc_auc, bound: 0.6}
"""
PATHS = RefitPaths(
    ingest=Path("build/ingest"),
    validate=Path("build/validate"),
    candidate=Path("models/candidate"),
    predictions=Path("build/evaluate/predictions.parquet"),
    reports=Path("reports"),
    out=Path("models/refit"),
)
JUDGED = datetime(2013, 3, 1)


def month_of(month):
    rng = np.random.default_rng(month)
    x, z = rng.normal(size=ROWS), rng.normal(size=ROWS)
    y = (x + 0.2 * month * z + rng.normal(size=ROWS) > 0).astype(float)
    at = [datetime(2013, month, 1) + timedelta(minutes=100 * row) for row in range(ROWS)]
    return pa.table({"id": [f"{month}-{row:03d}" for row in range(ROWS)], "t": pa.array(at, pa.timestamp("us")), "x": x, "z": z, "y": y})


def judge(root, recent="null", learned=datetime(2013, 2, 1)):
    """The stages up to evaluate: January's champion, a candidate trained before March and judged on it; `learned`: until when the champion is known to."""
    for folder in ("data/windows", "expectations/data", "expectations/model", "models/champion", "reports"):
        (root / folder).mkdir(parents=True)
    (root / "params.yaml").write_text(PARAMS.replace("RECENT", recent))
    (root / "expectations/windows.yaml").write_text("{}\n")
    (root / "decision.json").write_text(json.dumps({"action": "improve", "target": JUDGED.isoformat()}))
    for month in (1, 2, 3):
        write_parquet(month_of(month), root / f"data/windows/2013-{month:02d}.parquet")
    champion = to_frame(month_of(1))
    train_once(Project(root).params, champion, root / "models/champion")
    pin = Pin(model="m", version="1", digest="sha256:one", trained_until=learned, evaluated_until=learned)
    (root / "baseline.json").write_text(to_json(Baseline(champion=pin)))
    run_ingest(root, windows="data/windows", out="build/ingest")
    run_validate(root, ingest="build/ingest", out="build/validate", reports="reports")
    run_compose(root, ingest="build/ingest", validate="build/validate", out="build/compose", reports="reports")
    run_train(root, table=root / "build/compose/train.parquet", composition=root / "reports/composition.json", out=root / "models/candidate")
    places = {"candidate": root / "models/candidate", "champion": root / "models/champion", "reports": root / "reports"}
    run_evaluate(root, EvaluatePaths(rows=root / "build/compose/evaluate.parquet", predictions=root / PATHS.predictions, **places))


@pytest.fixture(scope="module")
def judged_once(tmp_path_factory):
    root = tmp_path_factory.mktemp("judged")
    judge(root)
    return root


@pytest.fixture
def judged(judged_once, tmp_path):
    shutil.copytree(judged_once, tmp_path / "project")
    return tmp_path / "project"


def refit(root) -> RefitReport:
    run_refit(root, PATHS)
    return from_json(RefitReport, (root / "reports/refit.json").read_bytes())


def composition(root, name="refit"):
    return from_json(Composition, (root / "models" / name / "composition.json").read_bytes())


def meta(root, name="refit"):
    return from_json(ModelMeta, (root / "models" / name / "meta.json").read_bytes())


def change(root, **changes):
    """Write another value into the row of the scorecard that a rule made."""
    card = json.loads((root / "reports/scorecard.json").read_text())
    card["rows"][0].update(changes)
    (root / "reports/scorecard.json").write_text(json.dumps(card))


def test_a_refit_is_the_recipe_trained_to_the_end_of_the_window_that_judged_it(judged):
    report = refit(judged)
    made, sibling = composition(judged), composition(judged, "candidate")
    assert (sibling.trained_until, made.sibling_until, made.trained_until) == (JUDGED, JUDGED, datetime(2013, 4, 1))
    assert meta(judged).trained_until == datetime(2013, 4, 1)
    assert (made.evaluated_from, made.evaluated_until) == (sibling.evaluated_from, sibling.evaluated_until)
    assert {part.window for part in made.parts if part.part == "train"} == {"2013-01", "2013-02", "2013-03"}
    assert meta(judged).rows == meta(judged, "candidate").rows + read_table(judged / "build/compose/evaluate.parquet").num_rows
    assert report.shipped.refit
    assert {row.status for row in report.rows} <= {"pass", "undecided"}
    assert {row.basis for row in report.rows} == {"smoke"}


def test_beside_an_adopted_champion_of_unknown_age_a_candidate_is_judged_from_its_target_on_and_refitted(tmp_path):
    judge(tmp_path, learned=None)
    report = refit(tmp_path)
    made, sibling = composition(tmp_path), composition(tmp_path, "candidate")
    assert (sibling.basis, sibling.trained_until, sibling.evaluated_from) == ("later", JUDGED, JUDGED)
    assert (made.sibling_until, made.trained_until, made.evaluated_until) == (JUDGED, datetime(2013, 4, 1), datetime(2013, 4, 1))
    assert report.shipped.refit
    assert {row.basis for row in report.rows} == {"smoke"}


def test_no_row_of_the_permanent_holdout_trains_a_refit_and_those_of_the_window_look_it_over(judged):
    report = refit(judged)
    held = sum(bool(one) for one in in_holdout([f"3-{row:03d}" for row in range(ROWS)], share=0.2, salt="keepfit"))
    parts = {(part.window, part.part): part.rows for part in composition(judged).parts}
    assert parts["2013-03", "holdout"] == held
    assert parts["2013-03", "train"] == ROWS - held
    assert {row.n for row in report.rows} == {held}


def test_a_recipe_of_one_window_is_refitted_on_the_window_that_judged_it(tmp_path):
    """As a backtest trains it to that window; the rows of the sibling are not in it any more."""
    judge(tmp_path, recent="1")
    refit(tmp_path)
    assert {part.window for part in composition(tmp_path).parts if part.part == "train"} == {"2013-03"}
    assert {part.window for part in composition(tmp_path, "candidate").parts if part.part == "train"} == {"2013-02"}


def test_the_same_input_gives_the_same_bytes(judged):
    refit(judged)
    first, said = directory_md5(judged / "models/refit"), (judged / "reports/refit.json").read_bytes()
    refit(judged)
    assert (directory_md5(judged / "models/refit"), (judged / "reports/refit.json").read_bytes()) == (first, said)


def test_what_is_kept_of_the_rows_that_judged_are_the_siblings_scores(judged):
    """What is learned of labels there is not what the refit says of rows it knows."""
    refit(judged)
    rows = to_frame(read_table(judged / "build/compose/evaluate.parquet"))
    sibling, own = (open_scorer(judged / "models" / name).score(rows) for name in ("candidate", "refit"))
    kept = scores_known(read_table(judged / "models/refit/judged.parquet"), rows["id"])
    np.testing.assert_allclose(kept, sibling, rtol=1e-6)
    assert not np.allclose(kept, own)


def test_a_refits_predictions_are_watched_by_its_answers_to_the_holdout_also_of_the_window_that_judged(judged):
    refit(judged)
    march = to_frame(month_of(3))
    held = march[in_holdout(march["id"], share=0.2, salt="keepfit") & (march["t"].dt.strftime("%Y-%m-%d") == "2013-03-05")]
    days = {day.window: day for day in from_json(Reference, (judged / "models/refit/profile.json").read_bytes()).profiles}
    seen = days["2013-03-05"].columns["prediction"]
    assert seen.n == len(held) > 0
    assert seen.total == pytest.approx(open_scorer(judged / "models/refit").score(held).sum())


@pytest.mark.parametrize("status", ["pass", "undecided"])
def test_an_undecided_candidate_is_refitted(judged, status):
    change(judged, status=status)
    assert refit(judged).shipped.refit


@pytest.mark.parametrize("status", ["fail", "error"])
def test_a_failed_candidate_is_shipped_as_it_was_judged(judged, status):
    change(judged, status=status)
    report = refit(judged)
    assert (report.shipped.refit, report.rows) == (False, ())
    assert "failed is not refitted" in report.shipped.text
    assert directory_md5(judged / "models/refit") == directory_md5(judged / "models/candidate")


def test_params_and_the_decision_can_each_ask_for_the_judged_bytes(judged):
    (judged / "decision.json").write_text(json.dumps({"action": "improve", "target": JUDGED.isoformat(), "refit": False}))
    assert "decision.json: refit is false" in refit(judged).shipped.text
    (judged / "decision.json").write_text(json.dumps({"action": "improve", "target": JUDGED.isoformat(), "refit": True}))
    params = judged / "params.yaml"
    params.write_text(params.read_text() + "update: {refit: false}\n")
    assert "update.refit is false" in refit(judged).shipped.text
    assert directory_md5(judged / "models/refit") == directory_md5(judged / "models/candidate")


def test_a_first_model_is_shipped_as_it_was_judged(judged):
    card = json.loads((judged / "reports/scorecard.json").read_text())
    (judged / "reports/scorecard.json").write_text(json.dumps({**card, "basis": "same-period"}))
    assert "a first model" in refit(judged).shipped.text


# -- an own training command --------------------------------------------------------------------------------------------

TRAIN = """
import os, pickle, sys
import pandas as pd
from sklearn.linear_model import LogisticRegression
table = pd.read_csv(os.environ["KEEPFIT_TRAIN"])
assert not [name for name in table if name.startswith("_")], list(table)
BODY
pickle.dump(LogisticRegression().fit(table[["x", "z"]], table["y"]), open("model.pkl", "wb"))
"""


def adopt(root, body):
    """The project's training is now a command of its own; what was judged is what that command left before March."""
    (root / "train.py").write_text(TRAIN.replace("BODY", ""))
    for arguments in (["init", "-q"], ["add", "train.py", "params.yaml"]):
        subprocess.run(["git", *arguments], cwd=root, check=True)
    params = root / "params.yaml"
    changed = params.read_text().replace("train: {estimator: sklearn.linear_model.LogisticRegression, params: {max_iter: 200}}", "train: {}")
    params.write_text(changed.replace("train: {}", "train: {command: python train.py, reads: data/train.csv, writes: model.pkl}"))
    run_train(root, table=root / "build/compose/train.parquet", composition=root / "reports/composition.json", out=root / "models/candidate")
    (root / "train.py").write_text(TRAIN.replace("BODY", body))


@pytest.mark.parametrize(("body", "notes"), [("", 0), ('table = table[table["t"] < "2013-03-01"]', 1)])
def test_an_own_command_is_refitted_by_the_same_contract_and_noted_if_it_ignores_the_new_rows(judged, body, notes):
    adopt(judged, body)
    report = refit(judged)
    assert report.shipped.refit
    assert len(report.shipped.notes) == notes
    assert not notes or "does the command read the table that $KEEPFIT_TRAIN names?" in report.shipped.notes[0]
    assert meta(judged).rows > meta(judged, "candidate").rows


def test_a_refit_that_dies_is_one_sentence_and_nothing_that_was_judged_is_lost(judged):
    adopt(judged, 'sys.exit("out of memory" if table["t"].max() > "2013-03" else 0)')
    before = directory_md5(judged / "models/candidate"), (judged / "reports/scorecard.json").read_bytes()
    with pytest.raises(TrainError) as raised:
        refit(judged)
    assert raised.value.what.startswith("the refit failed: ")
    assert "out of memory" in raised.value.what
    assert "update.refit: false" in raised.value.fix
    assert (directory_md5(judged / "models/candidate"), (judged / "reports/scorecard.json").read_bytes()) == before
    params = judged / "params.yaml"
    params.write_text(params.read_text() + "update: {refit: false}\n")
    assert not refit(judged).shipped.refit


def test_a_refit_that_learned_nothing_is_broken_and_one_the_wrong_way_round_is_not_even_trained(judged):
    adopt(judged, 'if table["t"].max() > "2013-03": table["x"] = 0.0')
    failing = {row.metric: row.detail for row in refit(judged).rows if row.status == "fail"}
    assert "worse by" in failing["roc_auc"]
    train = judged / "train.py"
    train.write_text(TRAIN.replace("BODY", 'if table["t"].max() > "2013-03": table["y"] = 1 - table["y"]'))
    with pytest.raises(TrainError, match="the refit failed: the model's scores run against its own training labels"):
        refit(judged)
