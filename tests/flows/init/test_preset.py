from __future__ import annotations

from types import SimpleNamespace

import pytest

from keepfit.evaluate.rules import rules_of
from keepfit.flows.init.preset import findable_loss, renewing_gate, renewing_params
from keepfit.flows.init.template import template_files
from keepfit.gate.rules import parse_rules
from keepfit.params import load_params


def facts(task="classification", *, rows=2_000, window="month", trivial=0.3, share=1.0, many=False):
    return SimpleNamespace(task=task, many=many, rows_a_window=rows, window=window, first=SimpleNamespace(trivial=trivial, labelled_share=share))


OTHER = "    preset: {name: prove, bound: 0.1}   # another\n"
RULES = "    rules:\n      one: {kind: no_proof_of_harm, slice: '*', bound: 0.05}\n      two: {kind: at_least, bound: 0.6}\n"


@pytest.mark.parametrize("stands", ["", OTHER, RULES, OTHER + RULES, "    approvers: ['*']\n" + OTHER])
def test_whatever_rules_the_template_has_they_become_one_line_in_both_files(stands):
    files = template_files()
    head = "models:\n  'flights-*':\n    trust: self\n"
    params = load_params(renewing_params(files["params.yaml"].decode(), 0.02, said="so"))
    gate = parse_rules(renewing_gate(head + stands if stands else files["gate.yaml"].decode(), 0.02)).of("flights-late")
    assert params.evaluate.preset == gate.preset
    assert (gate.preset.name, gate.preset.max_loss, gate.preset.undecided, gate.approvers) == ("renew", 0.02, "approve", ("*",))
    assert [name for name in rules_of(params.evaluate) if name in gate.demanded] == ["overall_renewed", "no_slice_harmed"]
    assert gate.rules == {}


def test_smaller_windows_plan_for_larger_losses_within_what_makes_sense():
    many, few = findable_loss(facts(rows=2_000_000)), findable_loss(facts(rows=50))
    assert 0.005 <= many < findable_loss(facts()) <= few == 0.05
    assert findable_loss(facts(share=0.1)) > findable_loss(facts())


@pytest.mark.parametrize("trivial", [0.02, 150.0, 0.0])
def test_of_a_regression_it_is_in_the_targets_unit(trivial):
    found = findable_loss(facts("regression", trivial=trivial))
    assert 0.005 * (trivial or 1) * 0.9 <= found <= 0.05 * (trivial or 1)


def test_of_many_classes_it_is_in_the_share_of_wrong_answers():
    found = findable_loss(facts(many=True, trivial=0.7, rows=20_000))
    assert 0.005 <= found < findable_loss(facts(many=True, trivial=0.7, rows=500)) <= 0.05
