from __future__ import annotations

from keepfit.params import EvaluateParams
from keepfit.rule_kinds.stands_for import stands_for


def test_a_preset_and_thresholds_stand_side_by_side_each_about_its_metric():
    thresholds = {"brier": {"value_threshold": {"upper_bound": 0.2}}}
    found = stands_for(EvaluateParams(style="tfx", thresholds=thresholds, preset={"name": "renew", "max_loss": 0.02}))
    assert {name: rule.metric for name, rule in found.items()} == {
        "overall_renewed": None, "no_slice_harmed": None, "brier_upper_bound": "brier", "brier_upper_bound_on_slices": "brier"
    }  # fmt: skip
    assert stands_for(EvaluateParams()) == {}
