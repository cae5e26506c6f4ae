from __future__ import annotations

import pytest

from keepfit.rule_kinds.at_most import AtMost
from keepfit.rule_kinds.kind import Measured, judged_looser

KIND = AtMost()


@pytest.mark.parametrize(
    ("bound", "status", "detail"),
    [
        (0.72, "pass", "0.6800 to 0.7200 is at most 0.72"),
        (0.67, "fail", "0.6800 to 0.7200 is not at most 0.67"),
        (0.71, "undecided", "0.6800 to 0.7200 lies on both sides of 0.71; about 4,000 labels would decide it, there are 1,000"),
        (0.7, "undecided", "0.6800 to 0.7200 lies on both sides of 0.7; no number of labels would decide it"),
    ],
)
def test_the_whole_interval_must_lie_on_one_side_of_the_ceiling(bound, status, detail):
    said = KIND.decide(Measured(value=0.7, low=0.68, high=0.72, n=1000, challenger=0.7), bound)
    assert (said.status, said.detail) == (status, detail)


def test_a_higher_ceiling_is_looser():
    assert judged_looser(KIND, 0.6, than=0.5)
    assert not judged_looser(KIND, 0.5, than=0.6)
