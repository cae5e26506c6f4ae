from __future__ import annotations

from keepfit.plugins import BUILTIN
from keepfit.rule_kinds.beside_metrics import CERTIFIED, OF_BASIS, basis_of


def test_no_name_is_a_metric_of_labels_too_or_of_two_bases():
    names = [name for metrics in OF_BASIS.values() for name in metrics]
    assert len(names) == len(set(names))
    assert not set(names) & set(BUILTIN["metrics"])
    assert {basis_of(name) for name in CERTIFIED} == {"serving"}
