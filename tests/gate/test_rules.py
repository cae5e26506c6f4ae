from __future__ import annotations

from pathlib import Path

import pytest

from keepfit.errors import ParamsError
from keepfit.gate.rules import parse_rules, read_rules

ROOT = Path(__file__).resolve().parents[2]


def test_the_templates_rules_fit():
    rules = parse_rules((ROOT / "gate.yaml").read_text())
    assert rules.of("flights-late").self_attested


def test_an_unknown_key_is_refused_with_the_nearest():
    with pytest.raises(ParamsError, match=r"did you mean 'aliases'"):
        parse_rules("models: {m: {alias: [champion]}}")


def test_a_key_that_is_no_public_key_is_refused():
    with pytest.raises(ParamsError, match="the key 'ci' is not the base64 of 32 bytes"):
        parse_rules("models: {m: {trust: {ci: abc}}}")


def test_a_model_without_trust_trusts_nobody():
    rules = parse_rules("models: {m: {}}").of("m")
    assert not rules.self_attested
    assert not rules.keys


@pytest.mark.parametrize("text", [None, "", "{}", "schema: 2\nmodels: {}", "models: [1]", "a: *b"])
def test_what_is_no_rules_file_gives_the_builtin_protection(text):
    rules = read_rules(text)
    assert rules.problem
    assert rules.of("anything at all").aliases == ("champion",)
    assert rules.of("anything at all").stages == ("Production",)


def test_an_empty_map_protects_nothing():
    assert read_rules("models: {}").of("m") is None


def test_the_longest_pattern_wins_and_names_are_compared_in_canonical_form():
    rules = parse_rules("models: {'*': {aliases: [a]}, 'flights-*': {aliases: [b]}, flights-late: {aliases: [c]}}")
    assert [rules.of(name).aliases for name in ("x", "Flights-Early", "ＦＬＩＧＨＴＳ-late")] == [("a",), ("b",), ("c",)]


def test_the_digest_is_of_the_very_text():
    assert parse_rules("models: {}").digest != parse_rules("models: {} ").digest


@pytest.mark.parametrize("bound", [".nan", ".inf", "-.inf"])
def test_a_bound_is_a_finite_number(bound):
    with pytest.raises(ParamsError, match="finite number"):
        parse_rules(f"models: {{m: {{rules: {{a: {{kind: at_least, bound: {bound}}}}}}}}}")


def test_a_rule_of_a_kind_that_is_not_known_is_refused_and_then_nothing_passes():
    text = "models: {m: {rules: {floor: {kind: at_lest, bound: 0.6}}}}"
    with pytest.raises(ParamsError) as bad:
        parse_rules(text)
    assert str(bad.value).startswith("no rule kind 'at_lest' (gate.yaml: models.m.rules.floor.kind)\n  fix: did you mean 'at_least'?")
    assert read_rules(text).problem == "the rules cannot be read: no rule kind 'at_lest' (gate.yaml: models.m.rules.floor.kind)"


def test_an_alias_is_written_as_the_page_spells_it():
    with pytest.raises(ParamsError, match="must be written 'champion'"):
        parse_rules("models: {m: {aliases: [Champion]}}")
