from __future__ import annotations

import hashlib
import json
import subprocess
import sys
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

import pytest
from click.testing import CliRunner
from ruamel.yaml import YAML
from tests.certificates import row as as_evaluated

from keepfit.cli import app
from keepfit.errors import ProjectError
from keepfit.flows.promotion.gate_check import gate_check, is_from_files
from keepfit.records import Baseline, ExpectationOutcome, Pin, Reason, Scorecard, Validation, WindowValidation, to_json

MODEL = "flights-files"
PARAMS = f"model: {{name: {MODEL}, task: classification, target: late}}\ndata: {{live: rows.csv, time: time}}\n"
RULES = """\
models:
  'flights-*':
    trust: self
    require_merged: true
    max_data_age_days: 36500
    rules:
      overall: {kind: not_worse_than, metric: '*', bound: 0.01}
      slices: {kind: no_proof_of_harm, metric: '*', slice: '*', bound: 0.05}
"""
PIN = Pin(model=MODEL, version="4", digest="sha256:4", trained_until=None, evaluated_until=None)
UNCHECKED = ("digest", "expires", "subject", "trust")


def row(rule, *, bound, status="pass", slice_="overall", detail=""):
    return as_evaluated(rule, bound, status, slice_, detail=detail, n=312)


OVERALL, SLICE = row("not_worse_than", bound=0.01), row("no_proof_of_harm", bound=0.05, slice_="carrier=EV")


@dataclass
class Files:
    """A repository with the files of a candidate and a dvc.lock that fits them."""

    root: Path

    def git(self, *arguments):
        subprocess.run(["git", *arguments], cwd=self.root, check=True, capture_output=True)

    def commit(self, *rows, champion: Pin | None = PIN, pinned: Pin | None = PIN, outcomes=(), basis="later"):
        card = Scorecard(
            model=MODEL,
            task="classification",
            metric="roc_auc",
            basis=basis,
            champion=champion,
            evaluated_from=None,
            evaluated_until=datetime(2026, 2, 1),
            n=312,
            rows=rows,
        )
        window = WindowValidation(window="2026-01", rows=9, quarantined=0, blocked=False, outcomes=outcomes)
        reports = {"scorecard": to_json(card), "validation": to_json(Validation(windows=(window,), suites={}))}
        for name, text in reports.items():
            self.write(f"reports/{name}.json", text)
        self.write("params.yaml", PARAMS)
        self.write("baseline.json", to_json(Baseline(champion=pinned)))
        stages = {_MADE_BY[name]: _stage(f"reports/{name}.json", _md5(text)) for name, text in reports.items()}
        stages["train"] = _stage("models/candidate", "0" * 32)
        with (self.root / "dvc.lock").open("w") as file:
            YAML().dump({"schema": "2.0", "stages": stages}, file)
        self.git("add", "-A")
        self.git("commit", "-q", "--allow-empty", "-m", "a candidate")

    def write(self, name, text):
        path = self.root / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text)


_MADE_BY = {"scorecard": "evaluate", "validation": "validate"}


def _stage(path, md5):
    return {"cmd": "x", "outs": [{"path": path, "md5": md5}]}


def _md5(text):
    return hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()


@pytest.fixture
def files(tmp_path, monkeypatch):
    made = Files(tmp_path / "project")
    made.root.mkdir()
    made.git("init", "-q", "-b", "main")
    made.write("gate.yaml", RULES)
    monkeypatch.chdir(made.root)
    return made


def run(*arguments):
    return CliRunner().invoke(app, ["gate", "check", *arguments])


def place_of(checked, rule):
    return {demand.rule: place for demand, place in checked.demands}[rule]


def test_a_candidate_that_meets_every_demand_of_the_files_would_pass(files):
    files.commit(OVERALL, SLICE)
    checked = gate_check()
    assert (checked.exit_code, checked.verdict.kind) == (0, "promoted")
    assert checked.unchecked == UNCHECKED
    assert not {demand.rule for demand, _ in checked.demands} & set(UNCHECKED)


def test_a_failing_row_is_refused_with_value_bound_line_and_cure(files):
    files.commit(row("not_worse_than", bound=0.01, status="fail"), SLICE)
    done = run()
    assert done.exit_code == 3
    finding = "overall roc_auc not_worse_than: difference to the champion -0.03 [-0.04, -0.02], bound 0.01"
    assert f"refuses KF-G021  overall: {finding}  value -0.04  bound 0.01  (gate.yaml:7)" in done.output
    assert "→ a better candidate" in done.output
    assert "not checked without the server: digest, expires, subject, trust" in done.output


def test_only_undecided_rows_end_with_4_and_say_how_many_labels(files):
    files.commit(row("not_worse_than", bound=0.01, status="undecided", detail="about 1,376 labels would decide it, there are 312"), SLICE)
    done = run("--json")
    assert done.exit_code == 4
    (found,) = [demand for demand in json.loads(done.output)["demands"] if demand["blocking"]]
    assert (found["code"], found["place"], found["fix"]) == ("KF-G022", "gate.yaml:7", "about 1,376 labels would decide it, there are 312")


def test_what_a_person_may_let_pass_is_undecided_and_names_who_may_once_there_is_a_version(files):
    files.write(
        "gate.yaml", RULES.replace("bound: 0.01}", "bound: 0.01, undecided: approve}").replace("    trust: self\n", "    trust: self\n    approvers: [rita]\n")
    )
    files.commit(row("not_worse_than", bound=0.01, status="undecided", detail="about 1,376 labels would decide it, there are 312"), SLICE)
    done = run("--json")
    assert done.exit_code == 4
    (found,) = [demand for demand in json.loads(done.output)["demands"] if demand["blocking"]]
    assert (found["code"], found["place"]) == ("KF-G029", "gate.yaml:8")
    assert found["fix"] == "once it is registered and certified rita may approve it; about 1,376 labels would decide it, there are 312"


def test_a_rule_that_a_preset_stands_for_stems_from_the_presets_line(files):
    files.write("gate.yaml", RULES.split("    rules:")[0] + "    preset: {name: prove, bound: 0.01}\n")
    files.commit(row("not_worse_than", bound=0.01, status="fail"), SLICE)
    (found,) = [demand for demand in json.loads(run("--json").output)["demands"] if demand["blocking"]]
    assert (found["code"], found["rule"], found["place"]) == ("KF-G021", "overall_proven", "gate.yaml:6")


def test_a_champion_other_than_the_pinned_one_is_refused(files):
    files.commit(OVERALL, SLICE, champion=replace(PIN, version="3"))
    assert {reason.code for reason in gate_check().verdict.reasons if reason.blocking} == {"KF-G018"}


def test_a_failed_expectation_is_refused(files):
    failed = ExpectationOutcome(
        suite="rows", expectation="x", type="t", column=None, severity="critical", level="batch", status="fail", observed="3", unexpected=1
    )
    files.commit(OVERALL, SLICE, outcomes=(failed,))
    assert {reason.code for reason in gate_check().verdict.reasons if reason.blocking} == {"KF-G030"}


def test_a_first_model_is_judged_by_absolute_bounds(files):
    files.commit(row("at_least", bound=0.6), champion=None, pinned=None, basis="same-period")
    assert gate_check().exit_code == 0
    files.commit(champion=None, pinned=None, basis="same-period")
    assert "KF-G026" in run().output


def test_a_branch_that_is_not_merged_is_refused_where_that_is_demanded(files):
    files.commit(OVERALL, SLICE)
    files.git("checkout", "-q", "-b", "retrain/x")
    files.commit(OVERALL, replace(SLICE, n=313))
    checked = gate_check()
    assert {reason.code for reason in checked.verdict.reasons if reason.blocking} == {"KF-G017"}
    assert place_of(checked, "require_merged") == "gate.yaml:4"
    assert gate_check(ref="main").exit_code == 0


def test_the_rules_may_be_those_of_a_branch(files):
    files.commit(row("not_worse_than", bound=0.01, status="fail"), SLICE)
    files.git("branch", "rules")
    files.write("gate.yaml", "models: {}")
    assert gate_check().exit_code == 0
    assert gate_check(rules=f"git+file://{files.root}@rules:gate.yaml").exit_code == 3


def test_what_is_not_committed_does_not_count(files):
    files.commit(row("not_worse_than", bound=0.01, status="fail"), SLICE)
    files.write("reports/scorecard.json", (files.root / "reports" / "scorecard.json").read_text().replace('"fail"', '"pass"'))
    assert gate_check().exit_code == 3
    files.git("commit", "-qam", "better now")
    with pytest.raises(ProjectError, match="is not what the stages wrote"):
        gate_check()


def test_a_demand_of_a_kind_not_known_here_is_the_servers():
    assert not is_from_files(Reason(code="KF-G050", rule="approvals", text="nobody has approved"))
    assert is_from_files(Reason(code="KF-G026", rule="first model", text="no absolute bound"))


def test_nothing_of_mlflow_is_loaded(files):
    files.commit(OVERALL, SLICE)
    code = "import sys\nfrom keepfit.flows.promotion.gate_check import gate_check\nassert gate_check().exit_code == 0\nassert 'mlflow' not in sys.modules"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


@pytest.mark.slow
def test_a_real_projects_first_model_is_judged_as_its_reports_say(promoted, tmp_path, monkeypatch):
    small = promoted.copy(tmp_path)
    monkeypatch.chdir(small.root)
    done = run()
    assert done.exit_code == 0, done.output
    assert "KF-G025  overall_renewed" in done.output
    assert f"rules {small.root}/gate.yaml" in done.output
    rules = (small.root / "gate.yaml").read_text()
    (small.root / "strict.yaml").write_text(rules.replace("    preset:", "    rules: {high: {kind: at_least, metric: '*', bound: 0.999}}\n    preset:"))
    strict = run("--rules", "strict.yaml")
    assert strict.exit_code == 3
    assert "KF-G024  high" in strict.output
    assert "(strict.yaml:" in strict.output
