from __future__ import annotations

import shutil
import subprocess
import sys
from contextlib import chdir
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from click.testing import CliRunner
from tests.certificates import FIRST, row, scorecard
from tests.waiting import version_saying

from keepfit.cli import app
from keepfit.errors import KeepfitError, ProjectError, RefusedError
from keepfit.flows.models.attempts import counted_by_server
from keepfit.flows.project import Project
from keepfit.flows.promotion.certify import certify
from keepfit.flows.promotion.promote import promote
from keepfit.flows.promotion.rollback import rollback
from keepfit.flows.retraining.sync import sync
from keepfit.gate.certificate import parse_certificate
from keepfit.integrations import signing
from keepfit.integrations.mlflow.client import Mlflow
from keepfit.integrations.programs.dvc import directory_md5
from keepfit.records import Baseline, ExpectationOutcome, Pin, RefitReport, Shipped, Validation, WindowValidation, to_json

PARAMS = """
model: {name: NAME, task: classification, target: late}
data: {live: rows.csv, time: time}
mlflow: {tracking_uri: URI}
certify: {valid_days: 30}
"""
DVC = """
stages:
  validate:
    cmd: mkdir -p reports && cp src/validation.json reports/validation.json
    deps: [src/validation.json]
    params: [data.live]
    outs: [reports/validation.json: {cache: false}]
  train:
    cmd: mkdir -p models && cp -r src/candidate models/candidate
    deps: [src/candidate]
    params: [model]
    outs: [models/candidate]
  evaluate:
    cmd: cp src/scorecard.json reports/scorecard.json
    deps: [models/candidate, src/scorecard.json, reports/validation.json]
    outs: [reports/scorecard.json: {cache: false}]
"""


REFIT = """  refit:
    cmd: cp -r src/refit models/refit && cp src/refit.json reports/refit.json
    deps: [src/refit, src/refit.json, models/candidate, reports/scorecard.json]
    outs: [models/refit, reports/refit.json: {cache: false}]
"""


def outcome(expectation, status="pass", level="batch", **more):
    return ExpectationOutcome(
        suite="rows",
        expectation=expectation,
        type="expect_x",
        column="late",
        severity="critical",
        level=level,
        status=status,
        observed="3",
        unexpected=1,
        **more,
    )


@dataclass
class Workshop:
    """A small project whose `dvc repro` is real, and the server its versions go to."""

    root: Path
    uri: str
    name: str

    def __post_init__(self):
        from mlflow import MlflowClient

        self.client = MlflowClient(tracking_uri=self.uri, registry_uri=self.uri)
        self.experiment = self.client.create_experiment(f"workshop {self.root}")

    def run(self, *command):
        subprocess.run(command, cwd=self.root, check=True, capture_output=True)

    def write(self, *, content="one", champion=None, rows=None, validation=None, bound=0.6, counted=None):
        src = self.root / "src"
        (src / "candidate").mkdir(parents=True, exist_ok=True)
        (src / "candidate" / "estimator.joblib").write_text(content)
        (src / "candidate" / "meta.json").write_text("{}")
        card = scorecard(self.name, champion=champion, rows=rows or (None if champion else (replace(FIRST[0], bound=bound),)))
        (src / "scorecard.json").write_text(to_json(replace(card, **(counted or {}))))
        (src / "validation.json").write_text(to_json(validation or Validation(windows=(), suites={})))

    def repro(self):
        self.run(str(Path(sys.executable).parent / "dvc"), "repro", "-q")
        self.run("git", "add", "-A")
        self.run("git", "commit", "-q", "--allow-empty", "-m", "a candidate")

    def refit(self, *, content="one more", smoke="pass", **about):
        """A candidate whose refit is what is shipped, in a pipeline that has the stage."""
        self.write(**about)
        (self.root / "dvc.yaml").write_text(DVC + REFIT)
        src = self.root / "src"
        (src / "refit").mkdir(exist_ok=True)
        (src / "refit" / "estimator.joblib").write_text(content)
        shipped = Shipped(refit=True, text="judged: that; shipped: its refit", judged_until=None, trained_until=None)
        beside = replace(row("no_proof_of_harm", 0.01, smoke), basis="smoke")
        (src / "refit.json").write_text(to_json(RefitReport(shipped=shipped, rows=(beside,))))
        self.repro()
        return self.register("refit")

    def register(self, out="candidate"):
        run = self.client.create_run(self.experiment)
        place = self.root / "upload"
        shutil.rmtree(place, ignore_errors=True)
        shutil.copytree(self.root / "models" / out, place / "data" / out)
        (place / "MLmodel").write_text("flavors: {}\n")
        self.client.log_artifacts(run.info.run_id, str(place), "model")
        shutil.rmtree(place)
        if not self.client.search_registered_models(f"name = '{self.name}'"):
            self.client.create_registered_model(self.name)
        return str(self.client.create_model_version(self.name, f"{run.info.artifact_uri}/model", run.info.run_id).version)

    def candidate(self, **about):
        self.write(**about)
        self.repro()
        return self.register()

    def pin(self, version):
        certificate = self.certificate(version)
        return Pin(model=self.name, version=version, digest=certificate.certificate.model_digest, trained_until=None, evaluated_until=None)

    def certificate(self, version):
        run = self.client.get_model_version(self.name, version).run_id
        (found,) = self.client.list_artifacts(run, "keepfit")
        return parse_certificate(Path(self.client.download_artifacts(run, found.path)).read_text())

    def champion(self):
        found = self.client.get_registered_model(self.name).aliases.get("champion")
        return found and str(found)


def project_at(root, uri, name):
    root.mkdir()
    (root / "params.yaml").write_text(PARAMS.replace("URI", uri).replace("NAME", name))
    (root / "baseline.json").write_text(to_json(Baseline()))
    (root / "dvc.yaml").write_text(DVC)
    (root / "expectations").mkdir()
    (root / "expectations" / "rows.json").write_text("{}")
    shop = Workshop(root, uri, name)
    shop.run("git", "init", "-q", "-b", "main")
    shop.run(str(Path(sys.executable).parent / "dvc"), "init", "-q")
    return shop


@pytest.fixture
def keys(tmp_path, monkeypatch):
    monkeypatch.setenv("KEEPFIT_KEYS", str(tmp_path / "keys"))
    return tmp_path / "keys"


@pytest.fixture(scope="module")
def empty_registry(tmp_path_factory):
    """MLflow's migrations once."""
    from mlflow import MlflowClient

    path = tmp_path_factory.mktemp("registry") / "mlflow.db"
    with chdir(path.parent):  # MLflow makes its artifact folder where it is asked from
        MlflowClient(tracking_uri=f"sqlite:///{path}", registry_uri=f"sqlite:///{path}").search_registered_models()
    return path


@pytest.fixture
def shop(tmp_path, monkeypatch, keys, empty_registry):
    monkeypatch.setenv("MLFLOW_TRACKING_URI", "")
    monkeypatch.chdir(tmp_path)
    shutil.copy(empty_registry, tmp_path / "mlflow.db")
    made = project_at(tmp_path / "project", f"sqlite:///{tmp_path / 'mlflow.db'}", "flights-shop")
    monkeypatch.chdir(made.root)
    return made


@pytest.fixture
def remote_shop(tmp_path, monkeypatch, keys, gated_server):
    monkeypatch.delenv("MLFLOW_TRACKING_URI", raising=False)
    made = project_at(tmp_path / "project", gated_server.uri, f"flights-{tmp_path.name}"[:60].lower())
    monkeypatch.chdir(made.root)
    shutil.copy(gated_server.rules, made.root / "gate.yaml")
    return made


def test_a_folder_has_the_md5_that_dvc_gives_it(tmp_path, shop):
    for name in ("b", "a/deep", "a.txt"):
        path = shop.root / "folder" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(name)
    shop.run(str(Path(sys.executable).parent / "dvc"), "add", "-q", "folder")
    assert f"md5: {directory_md5(shop.root / 'folder')}\n" in (shop.root / "folder.dvc").read_text()


def test_declared_tests_and_the_rows_beside_them_are_among_the_suites_and_what_lies_elsewhere_is_not(shop):
    from keepfit.flows.promotion.locked import read_locked
    from keepfit.integrations.programs.git import GitRepo

    (shop.root / "expectations" / "behaviour").mkdir()
    for name in ("behaviour/tests.yaml", "behaviour/calm.csv", "behaviour/notes.md", "other.csv"):
        (shop.root / "expectations" / name).write_text("tests: {}\n")
    shop.write()
    shop.repro()
    suites = read_locked(GitRepo(shop.root), "HEAD").suites
    assert set(suites) == {"expectations/rows.json", "expectations/behaviour/tests.yaml", "expectations/behaviour/calm.csv"}


def test_a_certificate_names_commit_data_suites_and_signer(shop, keys):
    pair = signing.new_key("default", folder=keys)
    version = shop.candidate()
    certify("flights-shop", version)
    signed = shop.certificate(version)
    made = signed.certificate
    assert (made.model, made.version, made.merged, made.signer) == ("flights-shop", version, True, "default")
    assert [each.keyid for each in signed.statement.signatures] == [pair.public]
    assert made.data["models/candidate"] == made.train_md5
    assert list(made.suites) == ["expectations/rows.json"]
    assert (made.expires - made.issued).days == 30


def test_of_a_refit_the_shipped_files_are_checked_and_the_certificate_says_what_was_judged(shop):
    version = shop.refit()
    certify("flights-shop", version)
    made = shop.certificate(version).certificate
    assert made.train_md5 == made.data["models/refit"] != made.data["models/candidate"]
    assert made.scorecard.shipped.text == "judged: that; shipped: its refit"
    assert [row.basis for row in made.scorecard.smoke_rows] == ["smoke"]
    assert made.scorecard.judged_rows


def test_the_judged_model_itself_is_not_certified_where_its_refit_is_shipped(shop):
    shop.refit()
    judged = shop.register("candidate")
    with pytest.raises(KeepfitError, match="holds no models/refit"):
        certify("flights-shop", judged)
    shutil.rmtree(shop.root / "models" / "refit")
    shutil.copytree(shop.root / "models" / "candidate", shop.root / "models" / "refit")
    with pytest.raises(KeepfitError, match="is not the model of this commit: its models/refit has md5"):
        certify("flights-shop", shop.register("refit"))


def test_an_edited_report_of_the_refit_is_not_certified(shop):
    version = shop.refit(smoke="fail")
    path = shop.root / "reports" / "refit.json"
    path.write_text(path.read_text().replace('"status": "fail"', '"status": "pass"'))
    shop.run("git", "commit", "-qam", "better now")
    with pytest.raises(ProjectError, match=r"reports/refit\.json is not what the stages wrote"):
        certify("flights-shop", version)


def test_without_a_key_the_certificate_is_self_attested_and_says_so(shop):
    version = shop.candidate()
    assert "self-attested" in certify("flights-shop", version).summary
    assert shop.certificate(version).statement.signatures == ()


def test_an_unmerged_branch_is_certified_as_such(shop):
    shop.candidate()
    shop.run("git", "checkout", "-q", "-b", "retrain/x")
    version = shop.candidate(content="two")
    certify("flights-shop", version, ref="retrain/x")
    assert shop.certificate(version).certificate.merged is False


def test_a_version_with_another_model_is_not_certified(shop):
    version = shop.candidate()
    shop.candidate(content="two")
    with pytest.raises(KeepfitError, match="is not the model of this commit"):
        certify("flights-shop", version)
    certify("flights-shop", version, ref="HEAD~1")


def test_an_edited_scorecard_is_not_certified(shop):
    version = shop.candidate()
    path = shop.root / "reports" / "scorecard.json"
    path.write_text(path.read_text().replace('"status": "pass"', '"status": "undecided"'))
    shop.run("git", "commit", "-qam", "better now")
    with pytest.raises(ProjectError, match=r"reports/scorecard\.json is not what the stages wrote"):
        certify("flights-shop", version)


def test_params_that_did_not_run_are_not_certified(shop):
    version = shop.candidate()
    path = shop.root / "params.yaml"
    path.write_text(path.read_text().replace("target: late", "target: early"))
    shop.run("git", "commit", "-qam", "another target")
    with pytest.raises(ProjectError, match="ran with another model"):
        certify("flights-shop", version)


def test_what_a_person_decided_about_a_window_is_in_the_certificate(shop):
    def window(name):
        return WindowValidation(window=name, rows=9, quarantined=0, blocked=True, outcomes=(outcome(name, "fail"),))

    decisions = shop.root / "expectations" / "windows.yaml"
    decisions.parent.mkdir(exist_ok=True)
    decisions.write_text("out: {verdict: exclude, reason: known}\nfine: {verdict: accept, reason: known}\n")
    version = shop.candidate(validation=Validation(windows=(window("kept"), window("out"), window("fine")), suites={}))
    certify("flights-shop", version)
    found = {one.expectation: one for one in shop.certificate(version).certificate.expectations}
    assert set(found) == {"kept", "fine"}
    assert (found["kept"].severity, found["fine"].severity) == ("critical", "warning")
    assert "accepted by a person: known" in found["fine"].detail


@pytest.mark.slow
def test_certify_explain_promote_refuse_and_roll_back_over_rest(remote_shop):
    shop, name = remote_shop, remote_shop.name
    first = shop.candidate()
    explained = CliRunner().invoke(app, ["gate", "explain", name, first])
    assert (explained.exit_code, "KF-G002" in explained.output) == (3, True)
    certify(name, first)
    explained = CliRunner().invoke(app, ["gate", "explain", name, first])
    assert explained.exit_code == 0, explained.output
    assert "self-attested" in explained.output
    assert f"(gate.yaml:{(shop.root / 'gate.yaml').read_text().split('    trust:')[0].count(chr(10)) + 1})" in explained.output
    assert promote(name, first).previous is None

    second = shop.candidate(content="two", champion=shop.pin(first))
    certify(name, second)
    assert promote(name, second).previous == first

    third = shop.candidate(content="three", champion=shop.pin(second), rows=(row(status="undecided"),))
    certify(name, third)
    with pytest.raises(RefusedError, match=r"self-attested.*overall_not_worse.*undecided with 900 rows") as caught:
        promote(name, third)
    assert (caught.value.exit_code, shop.champion()) == (3, second)

    rollback(name, reason="worse on Sundays")
    assert shop.champion() == first
    page = version_saying(shop.client, name, first, "keepfit gate: rolled back")
    assert page.tags["kf.verdict.text"].endswith(": worse on Sundays")


@pytest.mark.slow
def test_attempts_on_the_same_rows_are_counted_over_rest_and_a_later_one_passes_as_such(remote_shop):
    shop, name = remote_shop, remote_shop.name

    def judged(model, attempt):
        return {"judged_digest": "sha256:" + "a" * 64, "judged_model": f"sha256:{model:064d}", "attempt": attempt, "confidence": 0.95}

    def proven(confidence):
        return (row(confidence=confidence), row("no_proof_of_harm", 0.05, slice_="carrier=EV", confidence=0.95))

    first = shop.candidate(counted=judged(1, 1))
    assert certify(name, first).note == ""
    assert [one.model[-1] for one in counted_by_server(Mlflow(shop.uri), name)] == ["1"]
    assert sync(Project(shop.root)).changed
    assert [one.model[-1] for one in Project(shop.root).baseline.attempts] == ["1"]
    assert not sync(Project(shop.root)).changed
    promote(name, first)
    second = shop.candidate(content="two", champion=shop.pin(first), rows=proven(0.95), counted=judged(2, 1))
    certify(name, second)
    certify(name, second)
    with pytest.raises(RefusedError, match="judged as attempt 1 of these rows, the journal counts 2"):
        promote(name, second)
    third = shop.candidate(content="two", champion=shop.pin(first), rows=proven(0.9875), counted=judged(2, 2))
    certify(name, third)
    assert promote(name, third).previous == first
    told = CliRunner().invoke(app, ["history", name])
    assert told.output.count("was judged on the rows sha256:aaaaaaaaaaaa") == 2


@pytest.mark.slow
def test_bytes_changed_over_rest_after_the_certificate_are_refused(remote_shop, gated_server):
    name = remote_shop.name
    version = remote_shop.candidate(content="honest")
    certify(name, version)
    run = remote_shop.client.get_model_version(name, version).run_id
    poison = remote_shop.root / "estimator.joblib"
    poison.write_text("poison")
    remote_shop.client.log_artifact(run, str(poison), "model/data/candidate")
    with pytest.raises(RefusedError, match="KF-G012"):
        promote(name, version)
