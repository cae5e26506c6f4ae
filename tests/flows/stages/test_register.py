from __future__ import annotations

import copy
import json
import re
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from tests.flows.projects import MODEL, Small

from keepfit.errors import ProjectError
from keepfit.flows.models.scoring import open_scorer
from keepfit.flows.models.training import train_once
from keepfit.flows.stages.register import KEYED, Candidate, read_candidate, register, registration_key, shipped_folder
from keepfit.integrations.mlflow.client import Mlflow
from keepfit.integrations.yaml_files import put
from keepfit.params import Params
from keepfit.records import Composition, Scorecard

LOCK = {name: {"deps": [{"path": "in", "md5": "ab", "size": 3}], "params": {"params.yaml": {"seed": 0}}, "outs": [{"path": "o", "md5": "x"}]} for name in KEYED}


@pytest.mark.parametrize(
    ("change", "other"),
    [
        (lambda lock: lock["train"]["deps"][0].update(md5="cd"), True),
        (lambda lock: lock["compose"]["params"]["params.yaml"].update(seed=1), True),
        (lambda lock: lock["evaluate"]["deps"].append({"path": "more", "md5": "ef"}), True),
        (lambda lock: lock["train"]["deps"][0].update(size=4), False),
        (lambda lock: lock["train"]["outs"][0].update(md5="y"), False),
        (lambda lock: lock.update(register={"cmd": "r"}), False),
    ],
)
def test_the_key_is_of_deps_and_params_and_of_nothing_else(change, other):
    lock = copy.deepcopy(LOCK)
    change(lock)
    assert (registration_key(lock) != registration_key(LOCK)) is other


def test_where_there_is_a_refit_its_deps_and_params_count_too():
    """So a version of before keeps its key, and one whose refit was switched off is another."""
    with_refit = {**LOCK, "refit": {"deps": [], "params": {"params.yaml": {"update.refit": True}}, "outs": [{"path": "models/refit", "md5": "x"}]}}
    without = copy.deepcopy(with_refit)
    without["refit"]["params"]["params.yaml"]["update.refit"] = False
    assert len({registration_key(lock) for lock in (LOCK, with_refit, without)}) == 3


@pytest.mark.parametrize("named", ["models/candidate", "models/refit"])
def test_what_is_registered_is_what_the_pipeline_ships_whichever_the_script_names(tmp_path, named):
    """A pipeline of before has no stage refit, a script of before names the candidate."""
    lock = tmp_path / "dvc.lock"
    before = "stages: {train: {cmd: t, outs: [{path: models/candidate, md5: ab.dir}]}"
    lock.write_text(before + "}")
    assert shipped_folder(tmp_path, Path(named), lock=lock) == tmp_path / "models" / "candidate"
    lock.write_text(before + ", refit: {cmd: r, outs: [{path: models/refit, md5: cd.dir}, {path: reports/refit.json, md5: ef}]}}")
    assert shipped_folder(tmp_path, Path(named), lock=lock) == tmp_path / "models" / "refit"


def test_a_lock_without_the_stages_has_no_key():
    with pytest.raises(ProjectError, match="holds no stage 'compose'"):
        registration_key({})


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_a_scorecard_that_the_lock_does_not_name_is_not_registered(promoted, tmp_path):
    reports = tmp_path / "reports"
    reports.mkdir()
    (reports / "scorecard.json").write_text("{}")
    with pytest.raises(ProjectError, match=r"dvc\.lock does not name this scorecard"):
        read_candidate(promoted.root / "models" / "candidate", lock=promoted.root / "dvc.lock", reports=reports)


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_a_second_repro_runs_no_pure_stage_and_makes_no_version(promoted, tmp_path):
    small = promoted.copy(tmp_path)
    for _ in range(2):
        assert ran(small.dvc("repro")) == ["register"]
    assert [version.number for version in small.runs.versions(MODEL)] == ["1"]
    assert small.git("status", "--porcelain") == ""


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_a_fresh_clone_registers_the_same_candidate_once_on_another_server(promoted, tmp_path):
    here = promoted.copy(tmp_path)
    here.dvc("push")
    here.git("push", "-q", "origin", "main")
    subprocess.run(["git", "clone", "-q", "registry/far.git", "clone"], cwd=tmp_path, check=True)
    (tmp_path / "other").mkdir()
    clone = replace(here, root=tmp_path / "clone", registry=tmp_path / "other")
    clone.dvc("pull")
    for _ in range(2):
        assert ran(clone.dvc("repro")) == ["register"]
    assert clone.git("status", "--porcelain") == ""
    (version,) = clone.runs.versions(MODEL)
    assert version.tags["kf.key"] == json.loads((here.root / "reports" / "registered.json").read_text())["key"]
    assert version.tags["kf.key"] == here.runs.versions(MODEL)[0].tags["kf.key"]


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_switching_refits_off_registers_another_version_and_back_again_finds_the_first(promoted, tmp_path):
    small = promoted.copy(tmp_path)
    params = small.root / "params.yaml"
    for wanted, versions in ((False, ["1", "2"]), (True, ["1", "2"])):
        params.write_text(put(params.read_text(), "update.refit", wanted))
        assert ran(small.dvc("repro")) == ["refit", "register"]
        assert sorted(version.number for version in small.runs.versions(MODEL)) == versions
    runs = [small.runs.client.get_run(version.run_id) for version in small.runs.versions(MODEL)]
    assert {run.data.tags["kf.shipped"] for run in runs} == {"as judged"}
    assert small.git("status", "--porcelain") == ""


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_without_a_server_repro_fails_with_a_sentence_and_a_rerun_completes(promoted, tmp_path):
    small: Small = promoted.copy(tmp_path)
    (small.registry / "mlflow.db").unlink()
    away = replace(small, registry=tmp_path / "gone")
    (tmp_path / "gone").write_text("not a folder")
    said = away.dvc("repro", check=False)
    assert "keepfit: the MLflow server at" in said
    assert "failed to reproduce 'register'" in said
    small.dvc("repro")
    assert [version.number for version in small.runs.versions(MODEL)] == ["1"]
    assert small.git("status", "--porcelain") == ""


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_a_param_that_dvc_takes_for_unchanged_is_refused_and_trained_by_what_the_sentence_says(promoted, tmp_path):
    small = promoted.copy(tmp_path)
    params = small.root / "params.yaml"
    params.write_text(re.sub(r"^( +)max_iter: 10\b.*$", r"\g<0>\n\1l2_regularization: 0", params.read_text(), flags=re.M))
    assert "train" in ran(small.dvc("repro"))
    params.write_text(put(params.read_text(), "train.params.l2_regularization", 0.0))
    said = small.dvc("repro", check=False)
    assert ran(said) == ["register"], "DVC holds 0 and 0.0 equal"
    assert "train.params.l2_regularization is 0.0, and the candidate was trained with 0" in said
    assert "fix: dvc repro --force --single-item train, then dvc repro" in said
    small.dvc("repro", "--force", "--single-item", "train")
    assert "registered" in small.dvc("repro")


def ran(output: str) -> list[str]:
    return [line.split("'")[1] for line in output.splitlines() if line.startswith("Running stage")]


SERVE = """
import json, sys
import mlflow, pandas
mlflow.set_tracking_uri(sys.argv[1])
served = mlflow.pyfunc.load_model("models:/m/1")
print(json.dumps({name: served.predict(frame).tolist() for name, frame in pandas.read_pickle(sys.argv[2]).items()}))
"""


@pytest.mark.slow
def test_what_is_registered_predicts_the_table_that_it_was_trained_on(tmp_path):
    """Its features are whole numbers, booleans and pandas' categories: MLflow refused them for strings."""
    rng = np.random.default_rng(0)
    frame = pd.DataFrame({"shop": rng.integers(1, 4, 300), "open": rng.random(300) < 0.5, "size": rng.normal(size=300)})
    frame["kind"] = pd.Series(rng.choice(["a", "b"], 300), dtype="category")
    frame = frame.assign(y=(frame["size"] + frame["shop"] > 2).astype(float), time=pd.date_range("2026-01-01", periods=300, freq="h"))
    kinds = {"shop": "categorical", "open": "categorical", "kind": "categorical", "size": "numeric"}
    params = Params.model_validate(
        {"model": {"name": "m", "task": "classification", "target": "y"}, "data": {"live": "rows.csv", "time": "time", "features": kinds}}
    )
    meta = train_once(params, frame, tmp_path / "out")
    card = Scorecard(
        model="m", task="classification", metric="roc_auc", basis="later", champion=None, evaluated_from=None, evaluated_until=None, n=0, rows=()
    )  # fmt: skip
    made = Composition(action="improve", basis="later", trained_from=None, trained_until=None, evaluated_from=None, evaluated_until=None, parts=())
    runs = Mlflow(f"sqlite:///{tmp_path}/mlflow.db")
    register(runs, Candidate(key="sha256:k", folder=tmp_path / "out", meta=meta, scorecard=card, composition=made, reports={}), experiment="kf")
    tables = {"as trained": frame, "stored otherwise": frame.astype({"kind": "str", "shop": "Int64", "open": "boolean"})}
    pd.to_pickle(tables, tmp_path / "tables")
    served = json.loads(subprocess.run([sys.executable, "-c", SERVE, runs.uri, tmp_path / "tables"], capture_output=True, text=True, check=True).stdout)
    scores = open_scorer(tmp_path / "out").score(frame)
    assert served == {name: pytest.approx(scores) for name in tables}
