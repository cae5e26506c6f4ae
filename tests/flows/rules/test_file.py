from __future__ import annotations

import pytest
from tests.flows.gitted import make_gitted

from keepfit.errors import ParamsError, ProjectError
from keepfit.flows.rules.file import rules_file
from keepfit.records import Reason

RULES = """\
# who may serve
schema: 1
models:
  'flights-*':
    trust: self
    rules:
      floor: {kind: at_least, metric: roc_auc, bound: 0.6}
      trust:
        kind: not_worse_than
        bound: 0.01
        metric: '*'
"""


@pytest.fixture
def file(tmp_path):
    (tmp_path / "gate.yaml").write_text(RULES)
    return rules_file("gate.yaml", here=tmp_path)


def place(file, rule, *, model="flights-late", **about):
    return file.stems_from(Reason(**{"code": "KF-G000", "rule": rule, "text": "", **about}), model=model)


def test_a_demand_leads_to_its_line(file):
    assert place(file, "floor", slice="overall") == "gate.yaml:7"
    assert place(file, "floor", code="KF-G020", slice="overall") == "gate.yaml:7"
    assert place(file, "trust", slice="overall") == "gate.yaml:8"
    assert place(file, "trust", code="KF-G025") == "gate.yaml:8"
    assert place(file, "trust", code="KF-G011") == "gate.yaml:5"


def test_what_the_file_does_not_say_has_no_line(file):
    for rule in ("digest", "subject", "champion", "max_data_age_days", "expectation rows", "nonsense"):
        assert place(file, rule) is None
    assert place(file, "first model", slice="overall") is None
    assert place(file, "floor", slice="overall", model="parts") is None


def test_severities_are_where_an_expectation_is_demanded(tmp_path):
    (tmp_path / "gate.yaml").write_text("models:\n  m:\n    block_severities: [critical]\n")
    assert place(rules_file("gate.yaml", here=tmp_path), "expectation rows", model="m") == "gate.yaml:3"


def test_the_rules_named_win_then_the_projects_then_the_environments(tmp_path, monkeypatch):
    gitted = make_gitted(tmp_path / "repo")
    monkeypatch.setenv("KEEPFIT_GATE", gitted.place)
    empty = tmp_path / "empty"
    empty.mkdir()
    assert rules_file(None, here=empty).place == gitted.place
    assert rules_file(None, here=empty).at("models", "flights-*") == "release/v1:keepfit/gate.yaml:1"
    (tmp_path / "params.yaml").write_text("")
    (tmp_path / "baseline.json").write_text("")
    (tmp_path / "gate.yaml").write_text("models: {}")
    assert rules_file(None, here=empty).place == str(tmp_path / "gate.yaml")
    assert rules_file(gitted.place, here=empty).pattern_of("flights-late") == "flights-*"


def test_without_any_rules_the_builtin_protection_holds(tmp_path):
    file = rules_file(None, here=tmp_path)
    assert file.rules.problem == "no project here, and KEEPFIT_GATE names no rules file"
    assert (file.place, file.pattern_of("m")) == ("built-in", None)


def test_rules_that_were_named_must_be_readable(tmp_path):
    (tmp_path / "gate.yaml").write_text("models: {m: {alias: []}}")
    with pytest.raises(ParamsError, match="did you mean"):
        rules_file("gate.yaml", here=tmp_path)
    with pytest.raises(ProjectError, match="cannot be read"):
        rules_file("none.yaml", here=tmp_path)
