from __future__ import annotations

from types import SimpleNamespace

import pytest

from keepfit.evaluate.rules import rules_of
from keepfit.flows.init.preset import findable_loss, renewing_gate, renewing_params
from keepfit.flows.init.template import template_files
from keepfit.gate.rules import parse_rules
from keepfit.params import load_params


def facts(task="classification", *, rows=2_000, window="month", trivial=0.3, share=1.0):
    return SimpleNamespace(task=task, rows_a_window=rows, window=window, first=SimpleNamespace(trivial=trivial, labelled_share=share))


def test_the_templates_rules_that_compare_become_one_line_in_both_files():
    files = template_files()
    params = load_params(renewing_params(files["params.yaml"].decode(), 0.02, rows=2_000))
    gate = parse_rules(renewing_gate(files["gate.yaml"].decode(), 0.02)).of("flights-late")
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
