from __future__ import annotations

import pytest
from tests.certificates import row

from keepfit.rule_kinds.kind import Measured, judged_looser
from keepfit.rule_kinds.not_worse_than import NotWorseThan

KIND = NotWorseThan()


def of(low, high, n=900):
    return Measured(value=(low + high) / 2, low=low, high=high, n=n, challenger=0.7 + (low + high) / 2, champion=0.7)


@pytest.mark.parametrize(
    ("low", "high", "expected"), [(-0.01, 0.03, "pass"), (-0.0101, 0.03, "undecided"), (-0.05, -0.01, "undecided"), (-0.05, -0.011, "fail")]
)
def test_the_whole_interval_must_lie_above_the_margin_or_below_it(low, high, expected):
    assert KIND.decide(of(low, high), 0.01).status == expected


def test_undecided_names_the_labels_that_would_decide_it():
    assert (
        KIND.decide(of(-0.03, 0.01), 0.01).detail == "lower bound -0.0300 < -0.0100; no number of labels would decide it: the models are as good as equal here"
    )
    assert KIND.decide(of(-0.02, 0.02), 0.01).detail == "lower bound -0.0200 < -0.0100; about 3,600 labels would decide it, there are 900"


def test_the_margin_is_what_is_allowed_and_the_lower_bound_is_what_is_shown_beside_it():
    assert KIND.margin(0.01, champion=None) == 0.01
    assert KIND.shown(row("not_worse_than", low=-0.004)) == -0.004
    assert judged_looser(KIND, 0.02, than=0.01)
    assert not judged_looser(KIND, 0.01, than=0.01)
