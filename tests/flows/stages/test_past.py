"""A stream whose concepts come back, composed, trained and evaluated as the stages do it: who forgets is refused by the name of the window."""

from __future__ import annotations

import json
import shutil
from datetime import datetime, timedelta
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest

from keepfit.errors import ParamsError
from keepfit.flows.stages.compose import run_compose
from keepfit.flows.stages.evaluate import EvaluatePaths, run_evaluate
from keepfit.flows.stages.ingest import run_ingest
from keepfit.flows.stages.train import run_train
from keepfit.flows.stages.validate import run_validate
from keepfit.integrations.tables import write_parquet
from keepfit.records import Baseline, Pin, Scorecard, from_json, to_json
from keepfit.report.version_page import passed, verdict_line

PARAMS = """
model: {name: shops, task: classification, target: y}
data: {live: rows.csv, time: t, id: id, features: {x: numeric, season: numeric}, holdout_share: 0.3}
compose: {recent_windows: null, replay_share: 0.0}
train: {estimator: sklearn.tree.DecisionTreeClassifier, params: {max_depth: 4, min_samples_leaf: 20}}
evaluate:
  rules:
    not_worse: {kind: not_worse_than, metric: roc_auc, bound: 0.05}
    remembers: {kind: not_forgotten, metric: roc_auc, slice: 'window=*', bound: 0.02}
"""
ROWS = 1200
SEASONS = {1: 0.0, 2: 1.0, 3: 1.0, 4: 1.0}
"""January's concept is not that of the months after it, and which one holds can be read off a feature: it comes back next January."""
PIN = Pin(model="shops", version="3", digest="sha256:ab", trained_until=datetime(2013, 3, 1), evaluated_until=datetime(2013, 3, 1))
PATHS = EvaluatePaths(
    rows=Path("build/compose/evaluate.parquet"),
    candidate=Path("models/candidate"),
    champion=Path("models/champion"),
    predictions=Path("build/evaluate/predictions.parquet"),
    reports=Path("reports"),
)


def month(number):
    rng = np.random.default_rng(number)
    x, season = rng.normal(size=ROWS), SEASONS[number]
    y = (x * (1 - 2 * season) + 0.7 * rng.normal(size=ROWS) > 0).astype(float)
    times = [datetime(2013, number, 1) + timedelta(minutes=30 * row) for row in range(ROWS)]
    return pa.table({"id": [f"{number}-{row:04}" for row in range(ROWS)], "t": times, "x": x, "season": np.full(ROWS, season), "y": y})


def evaluate(root, target, **params):
    """Compose up to the target, train and evaluate; return the scorecard."""
    text = (root / "params.yaml").read_text()
    for old, new in params.items():
        text = text.replace(f"{old}: null", f"{old}: {new}")
    (root / "params.yaml").write_text(text)
    (root / "decision.json").write_text(json.dumps({"action": "improve", "target": target}))
    run_compose(root, ingest=Path("build/ingest"), validate=Path("build/validate"), out=Path("build/compose"), reports=Path("reports"))
    run_train(root, table=Path("build/compose/train.parquet"), composition=Path("reports/composition.json"), out=Path("models/candidate"))
    run_evaluate(root, PATHS)
    return from_json(Scorecard, (root / "reports" / "scorecard.json").read_bytes())


@pytest.fixture(scope="module")
def stream(tmp_path_factory):
    """A champion that learned January and February, and two months that came after."""
    root = tmp_path_factory.mktemp("stream")
    (root / "params.yaml").write_text(PARAMS.replace("time: t", "time: t, as_of: '2013-03-01'"))
    for folder in ("data/windows", "expectations/data", "models/champion", "reports"):
        (root / folder).mkdir(parents=True)
    (root / "models/champion/NONE").touch()
    (root / "baseline.json").write_text(to_json(Baseline()))
    for number in SEASONS:
        write_parquet(month(number), root / f"data/windows/2013-{number:02}.parquet")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(root)
        run_ingest(root, windows=Path("data/windows"), out=Path("build/ingest"))
        run_validate(root, ingest=Path("build/ingest"), out=Path("build/validate"), reports=Path("reports"))
        first = evaluate(root, None)
    assert first.rows_of("past") == (), "a first model has nothing to forget"
    shutil.rmtree(root / "models/champion")
    shutil.copytree(root / "models/candidate", root / "models/champion")
    (root / "baseline.json").write_text(to_json(Baseline(champion=PIN)))
    return root


@pytest.fixture
def root(stream, tmp_path, monkeypatch):
    shutil.copytree(stream, tmp_path / "project")
    monkeypatch.chdir(tmp_path / "project")
    return tmp_path / "project"


def past(card):
    return {row.slice: row.status for row in card.rows_of("past")}


def remember(root, text):
    (root / "expectations" / "past.yaml").write_text(text)


def test_a_recipe_that_forgets_is_refused_by_the_name_of_the_window(root):
    card = evaluate(root, "2013-04-01", recent_windows=1)
    assert past(card) == {"window=2013-01": "fail", "window=2013-02": "pass", "window=2013-03": "pass"}
    assert all(row.status == "pass" for row in card.judged_rows), "on later rows it is as good as the champion"
    assert verdict_line(card) == "failed on window=2013-01 roc_auc (not_forgotten: fail)"
    page = (root / "reports" / "SCORECARD.md").read_text()
    assert "## What it remembers" in page
    assert "Backward transfer from the champion's roc" in page
    assert "the mean gain over 2 windows that it had learned" in page


def test_a_recipe_that_replays_is_not_refused(root):
    card = evaluate(root, "2013-04-01")
    assert passed(card)
    assert set(past(card).values()) == {"pass"}


def test_its_numbers_are_scikit_learn_s_on_the_holdout_that_compose_left(root):
    import pandas as pd
    from sklearn.metrics import roc_auc_score

    from keepfit.flows.models.scoring import open_scorer

    card = evaluate(root, "2013-04-01", recent_windows=1)
    held = pd.read_parquet(root / "build/compose/holdout.parquet")
    january = held[held["_window"] == "2013-01"]
    [row] = [one for one in card.rows_of("past") if one.slice == "window=2013-01"]
    for folder, value in (("candidate", row.challenger), ("champion", row.champion)):
        assert value == pytest.approx(roc_auc_score(january["y"], open_scorer(root / "models" / folder).score(january)))
    assert row.n == len(january)


def test_a_window_that_people_retired_is_shown_and_refuses_nothing(root):
    remember(root, "window=2013-01: {status: retired, reason: the old till is gone, by: ann}\n")
    card = evaluate(root, "2013-04-01", recent_windows=1)
    assert past(card) == {"window=2013-02": "pass", "window=2013-03": "pass"}
    assert passed(card)
    page = (root / "reports" / "SCORECARD.md").read_text()
    assert "Retired by people, shown and not judged" in page
    assert "the old till is gone" in page


def test_an_incident_judges_every_later_candidate_by_its_name(root):
    remember(root, "incident=till: {ticket: T-7, window: 2013-01, slice: 'x in (-1, 1]', rows: 200, reason: wrong season, by: ann}\n")
    params = (root / "params.yaml").read_text().replace("window=*", "incident=*")
    (root / "params.yaml").write_text(params)
    assert past(evaluate(root, "2013-04-01", recent_windows=1)) == {"incident=till": "fail"}
    assert past(evaluate(root, "2013-04-01", recent_windows="2")) == {"incident=till": "fail"}
    remember(root, "incident=till: {window: 2013-01, slice: 'x in (-1, 1]', rows: 900, reason: wrong season}\n")
    assert past(evaluate(root, "2013-04-01")) == {"incident=till": "error"}


def test_an_entry_that_is_none_is_refused_with_its_place(root):
    remember(root, "window=2013-01: {status: gone, reason: why}\n")
    with pytest.raises(ParamsError, match="neither active nor retired") as raised:
        evaluate(root, "2013-04-01")
    assert raised.value.where == "past.yaml: window=2013-01"


def test_without_a_holdout_it_is_an_error_and_never_a_pass(root):
    (root / "params.yaml").write_text((root / "params.yaml").read_text().replace("holdout_share: 0.3", "holdout_share: 0.0"))
    card = evaluate(root, "2013-04-01")
    assert past(card) == {"window=(none)": "error"}
    assert not passed(card)


def test_a_project_without_the_rule_is_asked_for_nothing_past(root):
    (root / "params.yaml").write_text("".join(line for line in PARAMS.splitlines(keepends=True) if "remembers" not in line))
    card = evaluate(root, "2013-04-01", recent_windows=1)
    assert card.rows_of("past") == ()
    assert "remembers" not in (root / "reports" / "SCORECARD.md").read_text()
