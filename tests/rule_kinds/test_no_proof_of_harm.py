from __future__ import annotations

import pytest
from tests.certificates import row

from keepfit.rule_kinds.kind import Measured, judged_looser
from keepfit.rule_kinds.no_proof_of_harm import NoProofOfHarm

KIND = NoProofOfHarm()


def of(low, high, p_value):
    return Measured(value=(low + high) / 2, low=low, high=high, n=900, challenger=0.7, champion=0.7, p_value=p_value)


@pytest.mark.parametrize(
    ("low", "high", "p_value", "expected"),
    [(-0.05, -0.01, 0.05, "fail"), (-0.05, 0.01, 0.051, "undecided"), (0.0, 0.04, 0.9, "pass"), (-0.05, 0.01, 0.04, "fail"), (-0.05, -0.01, None, "undecided")],
)
def test_harm_is_what_is_significant_and_its_absence_what_the_interval_excludes(low, high, p_value, expected):
    assert KIND.decide(of(low, high, p_value), 0.05).status == expected


def test_what_only_the_correction_for_many_slices_leaves_undecided_names_no_number_of_labels():
    said = KIND.decide(of(-0.05, -0.01, 0.08), 0.05)
    assert said.status == "undecided"
    assert said.detail == "worse by its own interval, but not after correcting for all slices: p 0.08 after Holm > 0.05; more labels would decide it"


def test_its_bound_is_an_error_rate_so_the_larger_one_is_stricter():
    assert judged_looser(KIND, 0.01, than=0.05)
    assert KIND.bounded(row("no_proof_of_harm", 0.05)) == "error rate bound 0.05"
    assert KIND.bounded(row("no_proof_of_harm", 0.05, "fail")) == "significantly worse at bound 0.05"
    assert KIND.bounded(row("no_proof_of_harm", 0.05, "fail", high=0.001)) == "significantly worse at bound 0.05 (the interval is drawn at a higher confidence)"
