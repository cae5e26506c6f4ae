from __future__ import annotations

import pytest

from keepfit.rule_kinds.kind import Measured, judged_looser
from keepfit.rule_kinds.point_at_most import PointAtMost

KIND = PointAtMost()


@pytest.mark.parametrize(
    ("bound", "status", "detail"), [(0.7, "pass", "0.7 <= 0.7, by the point value"), (0.69999, "fail", "0.7 > 0.69999, by the point value")]
)
def test_a_ceiling_is_inclusive_and_no_interval_counts(bound, status, detail):
    said = KIND.decide(Measured(value=0.7, low=-1.0, high=1.0, n=100, challenger=0.7, champion=None), bound)
    assert (said.status, said.detail) == (status, detail)


def test_a_higher_ceiling_is_looser():
    assert judged_looser(KIND, 0.6, than=0.5)
    assert not judged_looser(KIND, 0.5, than=0.6)
