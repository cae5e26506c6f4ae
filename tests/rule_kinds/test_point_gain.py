from __future__ import annotations

import pytest

from keepfit.rule_kinds.kind import Measured, judged_looser
from keepfit.rule_kinds.point_gain import PointGain

KIND = PointGain()


@pytest.mark.parametrize(
    ("bound", "status", "detail"), [(-0.02, "pass", "gain -0.02 >= -0.02, by the point value"), (0.0, "fail", "gain -0.02 < 0, by the point value")]
)
def test_a_bound_is_inclusive_and_no_interval_counts(bound, status, detail):
    said = KIND.decide(Measured(value=-0.02, low=-1.0, high=1.0, n=100, challenger=0.68, champion=0.7), bound)
    assert (said.status, said.detail) == (status, detail)


def test_a_smaller_gain_is_looser():
    assert judged_looser(KIND, -0.1, than=0.0)
    assert not judged_looser(KIND, 0.0, than=-0.1)
