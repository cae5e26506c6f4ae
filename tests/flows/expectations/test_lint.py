"""`keepfit expect lint` on a project."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner
from tests.flows.expectations import small

from keepfit.cli.expect import expect


@pytest.fixture
def run(tmp_path, monkeypatch):
    made = small.make(tmp_path, months=1)
    monkeypatch.chdir(tmp_path)

    def lint(**changes: object):
        suite = made.suites / "data" / "rows.json"
        suite.write_text(json.dumps({"name": "rows", "expectations": [small.SUITE["expectations"][0] | changes]}))
        done = CliRunner().invoke(expect, ["lint", "--today", "2026-01-01"], catch_exceptions=False)
        return done.exit_code, done.stdout

    return lint


def test_a_sound_project_prints_nothing(run):
    assert run() == (0, "")


def test_an_error_ends_with_1_and_a_warning_with_0(run):
    code, said = run(type="expect_column_values_to_not_be_nul")
    assert code == 1
    assert "error  expectations/data/rows.json: gap_there: no expectation type" in said
    assert "did you mean" in said
    code, said = run(kwargs={"column": "gaps", "mostly": 0.5})
    assert code == 0
    assert said.startswith("warning  expectations/data/rows.json: gap_there: no window has the column 'gaps'\n  fix: did you mean 'gap'?")


def test_behaviour_tests_are_looked_at_too(run, tmp_path):
    folder = tmp_path / "expectations" / "behaviour"
    folder.mkdir()
    (folder / "b.yaml").write_text("tests: {a: {type: invariant}}\n")
    code, said = run()
    assert code == 1
    assert "expectations/behaviour" in said
