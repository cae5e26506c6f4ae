from __future__ import annotations

import json
import subprocess
from dataclasses import replace
from datetime import datetime

import numpy as np
import pandas as pd
import pytest
from sklearn.metrics import balanced_accuracy_score
from tests.report.test_curation import RULE

from keepfit.errors import KeepfitError, ProjectError, TrainError
from keepfit.flows.models.scoring import open_scorer
from keepfit.flows.models.training import train_once
from keepfit.flows.project import Project
from keepfit.flows.stages.evaluate import EvaluatePaths, run_evaluate
from keepfit.gate.sound import contradiction
from keepfit.integrations.tables import write_parquet
from keepfit.records import Attempt, Baseline, Composition, CurationReport, Pin, Scorecard, from_json, to_json
from keepfit.tables.frames import from_frame

PARAMS = """
model: {name: shops, task: classification, target: y}
data: {live: rows.csv, time: time, features: {x: numeric, z: numeric}}
train: {estimator: sklearn.linear_model.LogisticRegression}
evaluate:
  slices: {shop: {}}
  metrics: [log_loss]
  rules:
    not_worse: {kind: not_worse_than, metric: roc_auc, bound: 0.0}
    harm: {kind: no_proof_of_harm, metric: roc_auc, slice: '*', bound: 0.05}
    floor: {kind: at_least, metric: roc_auc, bound: 0.6}
"""
PIN = Pin(model="shops", version="3", digest="sha256:ab", trained_until=None, evaluated_until=None)


def rows(n=2000, seed=0, harmed=False):
    rng = np.random.default_rng(seed)
    times = pd.Timestamp("2013-02-01") + pd.to_timedelta(np.arange(n) * 20, unit="min")
    frame = pd.DataFrame({"x": rng.normal(size=n), "z": rng.normal(size=n), "time": times, "shop": rng.choice(["A", "B"], n)})
    sign = np.where(harmed & (frame["shop"] == "B"), -1, 1)
    labels = (sign * frame["x"] + 0.5 * frame["z"] + rng.normal(size=n) > 0).astype(float)
    return frame.assign(y=labels, row_id=[f"r{i:05}" for i in range(n)])


def model(root, name, frame):
    composition = Composition(action="improve", basis="later", trained_from=None, trained_until=None, evaluated_from=None, evaluated_until=None, parts=())
    train_once(Project(root).params, frame, root / "models" / name, composition)


@pytest.fixture
def project(tmp_path):
    (tmp_path / "params.yaml").write_text(PARAMS)
    (tmp_path / "baseline.json").write_text(to_json(Baseline()))
    (tmp_path / "expectations" / "model").mkdir(parents=True)
    model(tmp_path, "candidate", rows())
    return tmp_path


def with_champion(root, frame):
    model(root, "champion", frame)
    (root / "baseline.json").write_text(to_json(Baseline(champion=PIN)))


def paths():
    from pathlib import Path

    reports = Path("reports")
    return {"candidate": Path("models/candidate"), "champion": Path("models/champion"), "reports": reports, "predictions": Path("build/predictions.parquet")}


def evaluate(root, frame, monkeypatch):
    monkeypatch.chdir(root)
    write_parquet(from_frame(frame), root / "evaluate.parquet")
    run_evaluate(root, EvaluatePaths(rows=root / "evaluate.parquet", **paths()))
    return from_json(Scorecard, (root / "reports" / "scorecard.json").read_bytes())


def found(card):
    return {(row.rule, row.slice): row.status for row in card.rows}


def test_a_first_model_is_judged_by_absolute_rules(project, monkeypatch):
    card = evaluate(project, rows(seed=1), monkeypatch)
    assert found(card) == {("at_least", "overall"): "pass"}
    assert "a first model, judged by absolute bounds only" in (project / "reports" / "SCORECARD.md").read_text()


def test_a_scorecard_says_how_many_rows_that_judge_were_curated(project, monkeypatch):
    assert evaluate(project, rows(seed=1), monkeypatch).curated == 0
    path = project / "models" / "candidate" / "composition.json"
    rules = CurationReport(end=datetime(2013, 3, 1), rules=(replace(RULE, judge=2), replace(RULE, name="b", judge=1)))
    path.write_text(to_json(replace(from_json(Composition, path.read_bytes()), curation=rules)))
    assert evaluate(project, rows(seed=1), monkeypatch).curated == 3
    assert "3 rows that judge, or are held out" in (project / "reports" / "SCORECARD.md").read_text()


SVC = """
import pickle, pandas, sklearn.svm
rows = pandas.read_csv("train.csv")
pickle.dump(sklearn.svm.LinearSVC().fit(rows[["x", "z"]], rows["y"]), open("model.pkl", "wb"))
"""


def labels_only(root, name):
    """A model of the user's own command that has no probabilities."""
    text = (root / "params.yaml").read_text()
    command = text.replace("estimator: sklearn.linear_model.LogisticRegression", "command: python svc.py, reads: train.csv, writes: model.pkl")
    (root / "params.yaml").write_text(command)
    (root / "svc.py").write_text(SVC)
    subprocess.run(["git", "init", "-q", str(root)], check=True)
    composition = Composition(action="improve", basis="later", trained_from=None, trained_until=None, evaluated_from=None, evaluated_until=None, parts=())
    train_once(Project(root).params, rows(), root / "models" / name, composition, root)


@pytest.mark.parametrize("which", ["candidate", "champion"])
def test_a_model_that_answers_labels_only_is_measured_by_labels_or_refused_in_one_sentence(project, monkeypatch, which):
    if which == "champion":
        with_champion(project, rows())
    labels_only(project, which)
    who = "the challenger" if which == "candidate" else "the champion"
    with pytest.raises(TrainError, match=f"{who} answers labels only, and roc_auc needs probabilities") as caught:
        evaluate(project, rows(seed=1), monkeypatch)
    assert caught.value.where == "params.yaml: evaluate.metric"
    assert "accuracy, balanced_accuracy, error_rate, f1" in caught.value.fix
    text = (project / "params.yaml").read_text().replace("roc_auc", "balanced_accuracy").replace("[log_loss]", "[f1, accuracy]")
    (project / "params.yaml").write_text(text.replace("evaluate:", "evaluate:\n  metric: balanced_accuracy"))
    card = evaluate(project, rows(seed=1), monkeypatch)
    value = next(row.challenger for row in card.rows if row.rule == "at_least")
    told = pd.read_parquet(project / "build" / "predictions.parquet")
    assert value == pytest.approx(balanced_accuracy_score(told["target"], told["challenger"] >= 0.5))
    assert value == pytest.approx(0.75, abs=0.04)


def test_one_metric_beside_the_others_that_needs_probabilities_is_named_by_its_key(project, monkeypatch):
    labels_only(project, "candidate")
    text = (project / "params.yaml").read_text().replace("roc_auc", "accuracy")
    (project / "params.yaml").write_text(text.replace("evaluate:", "evaluate:\n  metric: accuracy"))
    with pytest.raises(TrainError, match="log_loss needs probabilities") as caught:
        evaluate(project, rows(seed=1), monkeypatch)
    assert caught.value.where == "params.yaml: evaluate.metrics"


def test_a_better_candidate_passes_and_its_numbers_can_be_computed_again(project, monkeypatch):
    from sklearn.metrics import roc_auc_score

    with_champion(project, rows(seed=5).assign(z=0.0, x=lambda frame: frame["x"].where(frame.index % 2 == 0, -frame["x"])))
    card = evaluate(project, rows(seed=1), monkeypatch)
    assert set(found(card).values()) == {"pass"}
    told = pd.read_parquet(project / "build" / "predictions.parquet")
    assert told["row_id"].is_monotonic_increasing
    numbers = json.loads((project / "reports" / "metrics.json").read_text())
    assert numbers["roc_auc"] == pytest.approx(roc_auc_score(told["target"], told["challenger"]), abs=1e-6)
    assert numbers["champion_roc_auc"] == pytest.approx(roc_auc_score(told["target"], told["champion"]), abs=1e-6)
    assert numbers["rows"] == card.n == len(told)


def test_a_candidate_that_harms_one_slice_fails_there_and_evaluate_is_no_error(project, monkeypatch):
    with_champion(project, rows(seed=0))
    model(project, "candidate", rows(seed=2, harmed=True))
    card = evaluate(project, rows(seed=1), monkeypatch)
    statuses = found(card)
    assert statuses[("no_proof_of_harm", "shop=B")] == "fail"
    text = (project / "reports" / "SCORECARD.md").read_text()
    assert text.index("## What speaks against it") < text.index("| shop=B |") < text.index("## Passed")


def test_evaluating_twice_writes_the_same_bytes(project, monkeypatch):
    with_champion(project, rows(seed=3))
    evaluate(project, rows(seed=1), monkeypatch)
    first = {path: path.read_bytes() for path in (project / "reports").iterdir()}
    evaluate(project, rows(seed=1), monkeypatch)
    assert {path: path.read_bytes() for path in (project / "reports").iterdir()} == first


@pytest.mark.parametrize("change", [lambda f: f.head(0), lambda f: f.assign(y=np.nan), lambda f: f.head(30), lambda f: f.assign(y=1.0)])
def test_what_cannot_decide_is_undecided_not_passed(project, monkeypatch, change):
    card = evaluate(project, change(rows(seed=1)), monkeypatch)
    assert found(card) == {("at_least", "overall"): "undecided"}


def test_pin_and_folder_must_tell_the_same_story(project, monkeypatch):
    (project / "baseline.json").write_text(to_json(Baseline(champion=PIN)))
    with pytest.raises(ProjectError, match="holds none"):
        evaluate(project, rows(seed=1), monkeypatch)


def test_an_unknown_slice_column_is_named_with_its_neighbour(project, monkeypatch):
    (project / "params.yaml").write_text(PARAMS.replace("{shop: {}}", "{shopp: {}}"))
    with pytest.raises(KeepfitError, match="no column 'shopp'") as caught:
        evaluate(project, rows(seed=1), monkeypatch)
    assert "did you mean 'shop'" in str(caught.value)


def test_an_unknown_metric_is_named_with_its_neighbour(project, monkeypatch):
    (project / "params.yaml").write_text(PARAMS.replace("[log_loss]", "[log_los]"))
    with pytest.raises(KeepfitError, match="no metric 'log_los'"):
        evaluate(project, rows(seed=1), monkeypatch)


def test_rows_of_one_day_are_one_group_and_the_scorecard_says_how_many_days_there_were(project, monkeypatch):
    with_champion(project, rows(seed=0))
    card = evaluate(project, rows(seed=1), monkeypatch)
    assert card.cluster == "day"
    assert {row.clusters for row in card.rows if row.rule != "at_least"} == {28}
    text = (project / "reports" / "SCORECARD.md").read_text()
    overall = next(row for row in card.rows if row.slice == "overall" and row.rule == "not_worse_than")
    assert f"90 % intervals; rows of one day are taken as one group: 28 days, design effect {overall.design:.1f}." in text


def test_rows_of_a_single_moment_decide_nothing_and_are_no_error(project, monkeypatch):
    with_champion(project, rows(seed=0))
    card = evaluate(project, rows(seed=1).assign(time=pd.Timestamp("2013-02-01")), monkeypatch)
    assert {row.status for row in card.rows} == {"undecided"}
    assert {row.detail for row in card.rows} == {"all rows are of one cluster"}


def test_rows_of_a_group_are_clusters_where_there_are_fewer_of_them_than_days(project, monkeypatch):
    text = (project / "params.yaml").read_text().replace("time: time,", "time: time, group: shop_id,")
    (project / "params.yaml").write_text(text)
    with_champion(project, rows(seed=0))
    card = evaluate(project, rows(seed=1).assign(shop_id=lambda frame: frame.index % 9), monkeypatch)
    assert (card.cluster, {row.clusters for row in card.rows if row.slice == "overall"}) == ("group", {9})


# -- time features ------------------------------------------------------------------------------------------------------


def test_a_challenger_that_knows_the_hour_is_judged_beside_a_champion_that_does_not_by_parts_of_the_day(tmp_path, monkeypatch):
    """The labels follow the hour at night only; each model reads its own features, and the slice is read by neither."""
    frame = rows()
    frame["y"] = np.where((frame["time"].dt.hour < 6) & (frame["time"].dt.hour != 3), 1.0, (frame["x"] > 0).astype(float))
    text = PARAMS.replace("sklearn.linear_model.LogisticRegression", "sklearn.tree.DecisionTreeClassifier")
    text = text.replace("slices: {shop: {}}", "slices: {shop: {}, day_part: {min_rows: 50}}").replace("train: {", "train: {params: {max_depth: 5}, ")
    (tmp_path / "params.yaml").write_text(text)
    (tmp_path / "expectations" / "model").mkdir(parents=True)
    with_champion(tmp_path, frame)
    (tmp_path / "params.yaml").write_text(text.replace("features: {x: numeric, z: numeric}", "features: {x: numeric, z: numeric}, time_features: [hour]"))
    model(tmp_path, "candidate", frame)
    card = evaluate(tmp_path, frame, monkeypatch)
    parts = {row.slice: row.difference for row in card.rows if row.rule == "no_proof_of_harm" and row.slice.startswith("day_part=")}
    assert set(parts) == {"day_part=night", "day_part=morning", "day_part=afternoon", "day_part=evening"}
    assert max(parts, key=lambda name: parts[name] or 0) == "day_part=night"
    assert found(card)["not_worse_than", "overall"] == "pass"


def test_a_slice_that_is_neither_a_column_nor_a_time_feature_is_refused(project, monkeypatch):
    text = (project / "params.yaml").read_text()
    (project / "params.yaml").write_text(text.replace("slices: {shop: {}}", "slices: {day_parts: {}}"))
    with pytest.raises(KeepfitError, match="no column 'day_parts'") as caught:
        evaluate(project, rows(), monkeypatch)
    assert caught.value.where == "params.yaml: evaluate.slices.day_parts"
    assert caught.value.fix.startswith("did you mean 'day_part'?")
    assert "_window" not in caught.value.fix


# -- which rows judged, and what others say ------------------------------------------------------------------------------


def with_holdout(root, frame, window="2013-02"):
    """The stage compose's other table, beside the one that judges."""
    write_parquet(from_frame(frame.assign(_window=window)), root / "holdout.parquet")


def test_the_gain_is_confirmed_on_the_holdout_of_the_windows_that_judge_and_no_rule_reads_it(project, monkeypatch):
    from sklearn.metrics import roc_auc_score

    with_champion(project, rows(seed=5).assign(x=0.0))
    without = evaluate(project, rows(seed=1).assign(_window="2013-02"), monkeypatch)
    assert without.confirmation.gain is None
    assert "no labelled row of the windows that judge is held out" in without.confirmation.text
    mine, other = rows(500, seed=7), rows(300, seed=8).assign(row_id=[f"o{at}" for at in range(300)], _window="2013-01")
    with_holdout(project, pd.concat([mine.assign(_window="2013-02"), other]), window=["2013-02"] * 500 + ["2013-01"] * 300)
    card = evaluate(project, rows(seed=1).assign(_window="2013-02"), monkeypatch)
    assert card.rows == without.rows
    assert (card.confirmation.rows, card.confirmation.metric) == (500, "roc_auc")
    assert "2013-02" in card.confirmation.text
    scores = {name: open_scorer(project / "models" / name).answer(mine).scores for name in ("champion", "candidate")}
    gain = roc_auc_score(mine["y"], scores["candidate"]) - roc_auc_score(mine["y"], scores["champion"])
    assert card.confirmation.gain == pytest.approx(gain)
    assert card.confirmation.low < gain < card.confirmation.high
    assert "no rule saw" in (project / "reports" / "SCORECARD.md").read_text()


def test_a_first_model_has_nothing_that_confirms_it_and_says_so(project, monkeypatch):
    with_holdout(project, rows(seed=1))
    card = evaluate(project, rows(seed=1).assign(_window="2013-02"), monkeypatch)
    assert card.confirmation.gain is None
    assert "no rows are left that no rule saw" in card.confirmation.text


def test_a_scorecard_names_the_rows_that_judged_and_the_model_that_they_judged(project, monkeypatch):
    first = evaluate(project, rows(seed=1), monkeypatch)
    shuffled = evaluate(project, rows(seed=1).sample(frac=1, random_state=3).reset_index(drop=True), monkeypatch)
    assert first.judged_digest.startswith("sha256:")
    assert (shuffled.judged_digest, shuffled.judged_model) == (first.judged_digest, first.judged_model)
    assert evaluate(project, rows(seed=2), monkeypatch).judged_digest != first.judged_digest
    model(project, "candidate", rows(seed=9))
    other = evaluate(project, rows(seed=1), monkeypatch)
    assert (other.judged_digest, other.judged_model != first.judged_model) == (first.judged_digest, True)


PRICED = "\nimpact: {unit: EUR, costs: {false_positive: 5, false_negative: 40}, prices: {review: 100}, horizon_windows: 2}\n"


def test_a_candidate_is_priced_where_params_say_what_answers_cost(project, monkeypatch):
    with_champion(project, rows(seed=3, harmed=True))
    assert '"impact"' not in to_json(evaluate(project, rows(seed=4), monkeypatch))
    (project / "params.yaml").write_text(PARAMS + PRICED)
    card = evaluate(project, rows(seed=4), monkeypatch)
    assert (card.impact.unit, card.impact.price, card.impact.horizon, card.impact.n) == ("EUR", 100.0, 2, 2000)
    assert card.impact.verdict == "worth it"
    assert "## What it is worth\n\nWorth it: +" in (project / "reports" / "SCORECARD.md").read_text()


def test_serving_is_measured_where_params_ask_for_it(project, monkeypatch):
    with_champion(project, rows(seed=5))
    assert evaluate(project, rows(seed=1), monkeypatch).rows_of("serving") == ()
    text = (project / "params.yaml").read_text()
    (project / "params.yaml").write_text(text.replace("evaluate:", "evaluate:\n  serving: {}"))
    assert [(row.metric, row.status) for row in evaluate(project, rows(seed=1), monkeypatch).rows_of("serving")] == [("deterministic", "pass")]
    (project / "params.yaml").write_text(text.replace("evaluate:", "evaluate:\n  serving: {deterministic: false, max_size_mb: 0.001}"))
    card = evaluate(project, rows(seed=1), monkeypatch)
    (size,) = card.rows_of("serving")
    files = [path for path in (project / "models" / "candidate").rglob("*") if path.is_file()]
    assert (size.status, size.challenger, size.champion is not None) == ("fail", sum(len(path.read_bytes()) for path in files) / 1e6, True)
    assert "size_mb (at_most: fail)" in (project / "reports" / "SCORECARD.md").read_text()


def counting(root, *attempts):
    """The pin, with what the server counts."""
    baseline = from_json(Baseline, (root / "baseline.json").read_bytes())
    (root / "baseline.json").write_text(to_json(replace(baseline, attempts=attempts)))


def test_a_third_model_on_the_same_rows_is_judged_at_what_a_third_attempt_has_to_spend(project, monkeypatch):
    with_champion(project, rows(seed=5).assign(x=0.0))
    first = evaluate(project, rows(seed=1), monkeypatch)
    assert (first.attempt, first.confidence) == (1, 0.95)
    others = [Attempt(rows=first.judged_digest, model=f"sha256:{at}") for at in range(2)]
    counting(project, *others, Attempt(rows="sha256:others", model="sha256:0"))
    third = evaluate(project, rows(seed=1), monkeypatch)
    assert (third.attempt, third.confidence, third.judged_digest) == (3, 0.95, first.judged_digest)
    before, after = ({(row.rule, row.slice): row for row in card.rows} for card in (first, third))
    for (rule, slice_), row in after.items():
        was = before[rule, slice_]
        if rule in ("not_worse_than", "at_least"):
            assert row.confidence == pytest.approx(1 - 0.05 / 9)
            assert row.low < was.low < was.high < row.high
        else:
            assert row == was
    assert contradiction(third) is None


def test_a_model_that_is_counted_already_is_judged_at_its_own_place_again(project, monkeypatch):
    with_champion(project, rows(seed=5).assign(x=0.0))
    first = evaluate(project, rows(seed=1), monkeypatch)
    mine, other = (Attempt(rows=first.judged_digest, model=model) for model in (first.judged_model, "sha256:0"))
    counting(project, mine, other)
    again = evaluate(project, rows(seed=1), monkeypatch)
    assert again == first
    counting(project, other, mine)
    assert evaluate(project, rows(seed=1), monkeypatch).attempt == 2


def test_where_labels_exist_only_for_some_rows_the_page_says_so_and_the_gain_is_refused_weighed_or_bounded(project, monkeypatch):
    with_champion(project, rows(seed=3, harmed=True))
    frame = rows(seed=4).assign(chance=0.5)
    declared = PARAMS.replace("evaluate:\n", "evaluate:\n  selected_labels: {by: approved shops, probability: chance}\n")
    (project / "params.yaml").write_text(declared + PRICED)
    weighed = evaluate(project, frame, monkeypatch).impact
    (project / "params.yaml").write_text(declared.replace(", probability: chance", "") + PRICED)
    refused = evaluate(project, frame, monkeypatch).impact
    assert weighed.gain > 0
    assert "weighed by one over" in weighed.notes[0]
    assert (refused.gain, refused.verdict) == (None, "cannot tell")
    page = (project / "reports" / "SCORECARD.md").read_text()
    assert "## Selected labels\n\nLabels exist only for approved shops" in page
