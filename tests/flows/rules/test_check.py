from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner
from tests.flows.gitted import make_gitted
from tests.gate.test_decidable import CARD, ROW

from keepfit.cli import app
from keepfit.errors import ProjectError
from keepfit.flows.rules.check import rules_check
from keepfit.plugins import load, names
from keepfit.records import to_json

SHARES = {"roc_auc", "accuracy", "error_rate", "brier", "balanced_accuracy", "f1", "f1_macro", "f1_weighted", "roc_auc_ovr"}
RULES = """\
models:
  'm*':
    trust: self
    rules:
      slices: {kind: not_worse_than, metric: '*', slice: '*', bound: 0.01}
"""


def run(*arguments):
    return CliRunner().invoke(app, ["rules", "check", *arguments])


@pytest.fixture
def here(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "gate.yaml").write_text(RULES)
    return tmp_path


@pytest.fixture
def project(here):
    (here / "params.yaml").write_text("")
    (here / "baseline.json").write_text("")
    (here / "reports").mkdir()
    return here


def judged(project, **about):
    (project / "reports" / "scorecard.json").write_text(to_json(replace(CARD, **about)))


def test_a_file_is_explained_without_a_project(here):
    done = run("gate.yaml")
    assert done.exit_code == 0, done.output
    assert "models 'm*'  (gate.yaml:2)" in done.output
    assert "  trusts    anybody: certificates may be unsigned, and are called self-attested  (gate.yaml:3)" in done.output
    assert (
        "slices: on every slice, every metric is shown to be not worse than the champion's by more than 0.01; undecided refuses  (gate.yaml:5)" in done.output
    )
    assert "last window" not in done.output
    assert run().output == done.output


def test_what_the_last_window_cannot_decide_ends_with_4_and_the_number_of_rows(project):
    judged(project)
    done = run()
    assert done.exit_code == 4
    assert "  undecidable  slices: carrier=EV roc_auc: with 312 rows the interval is ±0.021, the bound is 0.01: about 1,380 rows would decide it" in done.output
    assert json.loads(run("--json").output)["rows"][0]["needed"] == 1380


def test_a_window_that_is_large_enough_ends_with_0(project):
    judged(project, rows=(replace(ROW, low=0.005, high=0.015),))
    assert run().exit_code == 0


def test_it_says_how_often_a_worse_an_equal_and_a_better_candidate_passes_on_such_a_window(project):
    judged(project, rows=tuple(replace(ROW, slice=name, low=-0.01, high=0.01, difference=0.0, clusters=30) for name in ("overall", "carrier=EV")))
    assert run("--json").output.count('"rates": null') == 1, "params.yaml cannot be read"
    preset = "{name: prove, bound: 0.02}"
    about = "model: {name: m, task: classification, target: y}\ndata: {live: rows.csv, time: t}\n"
    (project / "params.yaml").write_text(f"{about}evaluate: {{preset: {preset}, slices: {{carrier: {{}}}}}}\n")
    (project / "gate.yaml").write_text(f"models: {{m: {{trust: self, preset: {preset}}}}}\n")
    worse, equal, better = json.loads(run("--json").output)["rates"]["rates"]
    assert (worse["gain"], equal["gain"], better["gain"]) == (-0.02, 0.0, 0.02)
    assert worse["passes"] <= 0.06 < 0.8 < equal["passes"] <= better["passes"]
    assert "  that is as good as the champion" in run().output
    assert "the preset prove: a candidate must be shown not worse" in run().output


def test_a_model_that_no_pattern_protects_or_a_first_one_is_said(project):
    judged(project, model="other")
    assert "no pattern protects this model" in run().output
    judged(project, champion=None)
    assert "a first model, nothing was compared" in run().output


def test_oddities_are_warnings_with_their_line(here):
    (here / "gate.yaml").write_text(RULES + "  '*a': {trust: {}, aliases: [champion]}\n")
    done = run("gate.yaml", "--json")
    warnings = json.loads(done.output)["warnings"]
    assert done.exit_code == 0
    assert [warning["place"] for warning in warnings] == ["gate.yaml:6", "gate.yaml:6"]
    assert all(warning["fix"] for warning in warnings)
    assert f"warning  (gate.yaml:6): {warnings[0]['text']}" in run().output


def test_many_findings_are_counted_not_poured_out(project):
    judged(project, rows=tuple(replace(ROW, slice=f"carrier={number}") for number in range(30)))
    (project / "gate.yaml").write_text(RULES + "".join(f"  '*{letter}': {{trust: self}}\n" for letter in "abcdefghijklmno"))
    said = run().output
    assert "… and 20 more rows: --json" in said
    assert (said.count("warning "), said.count("undecidable ")) == (10, 10)


@pytest.mark.parametrize(("text", "problem"), [("models: {m: {alias: []}}", "no key 'alias'"), ("a: [", "not YAML"), ("", "the key 'models' is missing")])
def test_what_is_no_rules_file_ends_with_1(here, text, problem):
    (here / "bad.yaml").write_text(text)
    with pytest.raises(ProjectError, match=problem) as caught:
        rules_check("bad.yaml")
    assert caught.value.exit_code == 1
    assert "aliases" in caught.value.fix or "alias" not in text


def test_no_file_at_all_is_one_sentence(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(ProjectError, match="no rules file here"):
        rules_check()


def test_the_rules_of_a_branch_are_explained_as_well(tmp_path):
    found = rules_check(make_gitted(tmp_path / "repo").place, here=tmp_path)
    assert [pattern.place for pattern in found.patterns] == ["release/v1:keepfit/gate.yaml:1"]


def test_the_template_is_fine():
    assert rules_check(str(Path(__file__).resolve().parents[3] / "gate.yaml")).warnings == ()


def test_the_ranges_are_those_of_the_metrics():
    for name in names("metrics"):
        metric = load("metrics", name)()
        assert metric.range == ((0, 1) if name in SHARES else (0, float("inf")))
        assert metric.name == name


def test_the_command_is_light(here):
    code = """
import sys
from keepfit.cli import main
sys.argv[1:] = ["rules", "check", "gate.yaml"]
try:
    main()
except SystemExit as done:
    assert not done.code
assert not {"mlflow", "numpy", "pandas", "scipy", "sklearn"} & set(sys.modules)
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
