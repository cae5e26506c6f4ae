"""A composition that people's rules on single rows were part of, as it was first stored, still loads and means the same."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

from keepfit.records import Composition, from_json, to_json
from keepfit.report.composition import composition_report
from keepfit.report.curation import curation_findings

STORED = Path(__file__).resolve().parent / "v4" / "curated.json"
"""Of three windows, of which the newest judges (`tests/compose/test_apart.py:composed`): the four actions, an expiry, an id of no row, a contradiction."""


def test_the_rules_of_a_stored_composition_are_those_that_were_applied():
    made = from_json(Composition, STORED.read_bytes())
    rules = {rule.name: rule for rule in made.curation.rules}
    assert made.curation.end == datetime(2013, 1, 22)
    assert {name: (rule.action, rule.value, rule.matched, rule.train, rule.judge) for name, rule in rules.items()} == {
        "doubt": ("weight", 0.5, 60, 47, 0),
        "fine": ("include", None, 1, 0, 0),
        "old": ("exclude", None, 180, 0, 0),
        "out": ("exclude", None, 2, 2, 0),
        "wrong": ("relabel", 1.0, 1, 0, 1),
    }
    assert (rules["old"].expires, rules["old"].expired, rules["wrong"].judging) == (date(2013, 1, 20), True, True)
    assert (rules["wrong"].strangers, rules["wrong"].strange) == (1, ("zz",))
    assert [(one.rules, one.rows, one.then, one.examples) for one in made.curation.conflicts] == [(("fine", "out"), 1, "left out", ("w0r000",))]
    assert len(curation_findings(made.curation)) == 4
    assert "| wrong | relabel 1, judging too |" in composition_report(made, None)
    assert from_json(Composition, to_json(made)) == made
