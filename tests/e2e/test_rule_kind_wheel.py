"""A rule kind from a separate wheel goes the whole way: docs/extend.md's own example is named, judged by, signed, and decided on; or refused by name."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from mlflow import MlflowClient
from mlflow.exceptions import MlflowException
from tests.e2e.test_wheel import run
from tests.flows.promotion.test_certify import empty_registry, keys, shop  # noqa: F401  fixtures
from tests.flows.stages.test_evaluate import PARAMS, evaluate, model, rows, with_champion

from keepfit.flows.promotion.certify import certify
from keepfit.flows.rules.check import rules_check
from keepfit.gate.rules import parse_rules
from keepfit.integrations import signing
from keepfit.records import Baseline, to_json
from keepfit.rule_kinds.known import kind_of

REPOSITORY = Path(__file__).resolve().parents[2]
pytestmark = pytest.mark.slow

PROJECT = """
[build-system]
requires = ["hatchling"]
build-backend = "hatchling.build"
[project]
name = "far-kind"
version = "1.0"
[tool.hatch.build.targets.wheel]
include = ["far_kind.py"]
"""
OWN = "\n      own: {kind: within_percent, metric: roc_auc, slice: overall, bound: 0.02}"
GATE = "schema: 1\nmodels:\n  'flights-*':\n    trust: {ci: '%s'}\n    rules:\n      floor: {kind: at_least, metric: roc_auc, bound: 0.6}\n"
MOVE = """
import sys
from mlflow import MlflowClient
uri, name, version = sys.argv[1:]
MlflowClient(tracking_uri=uri, registry_uri="keepfit:" + uri).set_registered_model_alias(name, "champion", version)
"""


def example(language: str) -> str:
    """The block of this language in docs/extend.md's section on rule kinds."""
    section = (REPOSITORY / "docs" / "extend.md").read_text(encoding="utf-8").partition("# A rule kind\n")[2]
    found = re.search(rf"```{language}\n(.*?)```", section, re.DOTALL)
    assert found is not None
    return found.group(1)


@pytest.fixture(scope="module")
def target(tmp_path_factory):
    """A folder with nothing but the wheel."""
    source, dist, folder = (tmp_path_factory.mktemp(name) for name in ("far", "dist", "target"))
    (source / "far_kind.py").write_text(example("python"))
    (source / "pyproject.toml").write_text(PROJECT + example("toml"))
    run(sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", dist, source, cwd=dist)
    run(sys.executable, "-m", "pip", "install", "--no-deps", "--no-index", "--quiet", "--target", folder, *dist.glob("*.whl"), cwd=dist)
    return folder


@pytest.fixture
def installed(target, monkeypatch):
    """As if it were installed beside keepfit, in this process; what another process imports is that process's business."""
    monkeypatch.syspath_prepend(str(target))
    kind_of.cache_clear()
    yield target
    kind_of.cache_clear()
    parse_rules.cache_clear()


def judged_rows(root, monkeypatch, *, candidate):
    """The scorecard rows that `evaluate` writes for a candidate trained on these rows, against a champion, by rules of which one is of the new kind."""
    with monkeypatch.context() as here:
        (root / "expectations" / "model").mkdir(parents=True)
        params = PARAMS.partition("  rules:\n")[0] + "  rules:\n      floor: {kind: at_least, metric: roc_auc, bound: 0.6}" + OWN
        (root / "params.yaml").write_text(params)
        (root / "baseline.json").write_text(to_json(Baseline()))
        model(root, "candidate", candidate)
        with_champion(root, rows(seed=2))
        return evaluate(root, rows(seed=1), here).rows


def promoted(shop, version):  # noqa: F811  the fixture
    """Ask the gate in this process, which has the wheel; its sentence if it refuses."""
    try:
        MlflowClient(tracking_uri=shop.uri, registry_uri=f"keepfit:{shop.uri}").set_registered_model_alias(shop.name, "champion", version)
    except MlflowException as refused:
        return str(refused)
    return "promoted"


def elsewhere(shop, *command):  # noqa: F811  the fixture
    """What a process of its own says last, which lacks the wheel."""
    done = subprocess.run([sys.executable, *command], cwd=shop.root, capture_output=True, text=True, check=False)
    assert done.returncode == 1, done.stdout
    return done.stderr


@pytest.fixture
def gated(shop, keys, tmp_path, monkeypatch):  # noqa: F811  the fixtures
    """The shop behind a gate that asks for the new kind, with a first champion."""
    pair = signing.new_key("default", folder=keys)
    monkeypatch.setenv("KEEPFIT_GATE", str(tmp_path / "gate.yaml"))
    (tmp_path / "gate.yaml").write_text(GATE % pair.public + OWN.replace("metric: roc_auc", "metric: '*'").lstrip("\n") + "\n")
    return shop


def certified(shop, version):  # noqa: F811  the fixture
    certify(shop.name, version)
    return version


def test_a_kind_of_another_wheel_is_named_judged_by_signed_and_decided_on(installed, gated, tmp_path, monkeypatch):
    first = certified(gated, gated.candidate())
    assert promoted(gated, first) == "promoted"

    better = judged_rows(tmp_path / "better", monkeypatch, candidate=rows())
    [own] = [row for row in better if row.rule == "within_percent"]
    assert (own.status, own.bound, own.detail.split()[:2]) == ("pass", 0.02, ["lower", "bound"])
    second = certified(gated, gated.candidate(content="two", champion=gated.pin(first), rows=better))
    signed = gated.certificate(second)
    assert len(signed.statement.signatures) == 1
    assert own in signed.certificate.scorecard.rows
    assert promoted(gated, second) == "promoted"

    worse = judged_rows(tmp_path / "worse", monkeypatch, candidate=rows(seed=3).assign(y=1.0 - rows(seed=3)["y"]))
    assert [row.status for row in worse if row.rule == "within_percent"] == ["fail"]
    third = certified(gated, gated.candidate(content="three", champion=gated.pin(second), rows=worse))
    said = promoted(gated, third)
    assert re.search(r"own: overall roc_auc within_percent: difference to the champion -0\.\d+ \[-0\.\d+, -0\.\d+\], bound 0\.02", said), said
    assert gated.champion() == second


def test_a_process_without_the_wheel_refuses_and_names_the_kind(installed, gated, tmp_path, monkeypatch):
    first = certified(gated, gated.candidate())
    assert promoted(gated, first) == "promoted"
    better = judged_rows(tmp_path / "better", monkeypatch, candidate=rows())
    second = certified(gated, gated.candidate(content="two", champion=gated.pin(first), rows=better))

    move = ("-c", MOVE, gated.uri, gated.name, second)
    assert (
        "[KF-G001] the server has no rules: the rules cannot be read: no rule kind 'within_percent' (gate.yaml: models.flights-*.rules.own.kind)"
        in elsewhere(gated, *move)
    )
    rules = tmp_path / "gate.yaml"
    rules.write_text(rules.read_text().partition("      own:")[0])
    assert "[KF-G028] the scorecard holds what this server cannot judge: no rule kind 'within_percent' → install the package" in elsewhere(gated, *move)
    assert gated.champion() == first
    said = elsewhere(gated, "-m", "keepfit", "certify", gated.name, second)
    assert "the scorecard cannot be judged here: no rule kind 'within_percent' (reports/scorecard.json at " in said


def test_rules_check_reads_it_in_words_and_says_what_is_odd(installed, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    Path("gate.yaml").write_text(GATE.replace("trust: {ci: '%s'}", "trust: self") + OWN.replace("0.02", "1.5").lstrip("\n") + "\n")
    found = rules_check("gate.yaml")
    said = [one.text for one in found.patterns[0].sentences if one.about == "demands"]
    assert "own: on all rows together, the metric roc_auc is shown to lose no more than 1.5 of the champion's value; undecided refuses" in said
    assert [one.text for one in found.warnings] == ["the rule 'own' refuses nothing: no share is above 1.5"]


def test_it_keeps_what_every_kind_promises(target):
    """The contract's tests discover it where it is installed."""
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "tests/contracts/test_rule_kinds.py", "-k", "within_percent"]
    done = subprocess.run(command, cwd=REPOSITORY, env={**os.environ, "PYTHONPATH": str(target)}, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout[-3000:]
    assert re.search(r"\b1\d passed", done.stdout), done.stdout[-300:]
