from __future__ import annotations

import sys

import pytest

from keepfit.errors import KeepfitError, UnknownNameError
from keepfit.gate.rules import parse_rules, read_rules
from keepfit.rule_kinds.at_least import AtLeast
from keepfit.rule_kinds.known import absolute_names, kind_of, known_kind


def test_a_kind_is_found_by_its_name():
    assert isinstance(kind_of("at_least"), AtLeast)
    assert known_kind("at_lest") is None


def test_one_that_nobody_brings_is_refused_with_the_nearest_known_one_and_where_it_was_asked_for():
    with pytest.raises(UnknownNameError) as bad:
        kind_of("at_lest", where="gate.yaml: models.m.rules.floor.kind")
    assert str(bad.value) == (
        "no rule kind 'at_lest' (gate.yaml: models.m.rules.floor.kind)\n"
        "  fix: did you mean 'at_least'? known: at_least, at_most, no_proof_of_harm, not_forgotten, not_shown_worse, not_worse_than, "
        "point_at_least, point_at_most, point_gain, point_relative_gain"
    )


def test_those_that_can_judge_a_first_model_are_listed_in_the_table_s_order():
    assert absolute_names() == ("at_least", "at_most", "point_at_least", "point_at_most")


GOOD = """
from keepfit.rule_kinds.at_least import AtLeast
class Broken(AtLeast):
    name = "broken"
"""
PARTS = """
from keepfit.rule_kinds.kind import Decided, RuleKind
class Broken(RuleKind):
    name, relative, looser = "broken", True, "larger"
    def demand(self, bound): return "is good"
"""


@pytest.mark.parametrize(
    ("code", "said"),
    [
        (GOOD, None),
        (GOOD.replace('"broken"', '"other"'), "the rule kind 'broken' calls itself 'other'"),
        ("raise RuntimeError('boom')", "the rule kind 'broken' cannot be loaded: RuntimeError: boom"),
        ("def Broken(): return 3", "the rule kind 'broken' does not say relative, looser, passes_when, bound_is"),
        (PARTS, "the rule kind 'broken' cannot be loaded: TypeError: Can't instantiate abstract class Broken"),
        (PARTS + "    def decide(self, measured, bound): return Decided('pass', 'so')", "the rule kind 'broken' does not say passes_when, bound_is"),
        ("", "the rule kind 'broken' cannot be loaded from a_kind:Broken: module 'a_kind' has no attribute 'Broken'"),
    ],
)
def test_a_kind_of_another_package_that_is_none_is_one_sentence_and_the_gate_s_rules_are_no_rules_then(tmp_path, monkeypatch, code, said):
    (tmp_path / "a_kind.py").write_text(code)
    about = tmp_path / "a_kind-1.0.dist-info"
    about.mkdir()
    (about / "METADATA").write_text("Metadata-Version: 2.1\nName: a-kind\nVersion: 1.0\n")
    (about / "entry_points.txt").write_text("[keepfit.rules]\nbroken = a_kind:Broken\n")
    monkeypatch.syspath_prepend(str(tmp_path))
    kind_of.cache_clear()
    parse_rules.cache_clear()
    monkeypatch.delitem(sys.modules, "a_kind", raising=False)
    rules = read_rules("models: {m: {rules: {r: {kind: broken, bound: 0.5}}}}")
    if said is None:
        assert kind_of("broken").name == "broken"
        assert rules.problem is None
    else:
        with pytest.raises(KeepfitError) as bad:
            kind_of("broken")
        assert bad.value.what.startswith(said)
        assert rules.problem == f"the rules cannot be read: {bad.value.what} (gate.yaml: models.m.rules.r.kind)"
        assert known_kind("broken") is None
    kind_of.cache_clear()
    parse_rules.cache_clear()
