from __future__ import annotations

import pytest

from keepfit.rule_kinds.kind import Measured, judged_looser
from keepfit.rule_kinds.point_relative_gain import PointRelativeGain

KIND = PointRelativeGain()


@pytest.mark.parametrize(
    ("bound", "status", "detail"),
    [(-0.1, "pass", "relative gain -0.1 >= -0.1, by the point value"), (0.0, "fail", "relative gain -0.1 < 0, by the point value")],
)
def test_a_share_of_the_champions_value_is_held_against_the_bound(bound, status, detail):
    said = KIND.decide(Measured(value=-0.05, low=-1.0, high=1.0, n=100, challenger=0.45, champion=0.5), bound)
    assert (said.status, said.detail) == (status, detail)


def test_a_smaller_gain_is_looser():
    assert judged_looser(KIND, -0.1, than=0.0)
    assert not judged_looser(KIND, 0.0, than=-0.1)
