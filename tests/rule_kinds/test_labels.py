from __future__ import annotations

import pytest

from keepfit.rule_kinds.labels import gain_labels, labels_needed


@pytest.mark.parametrize(("distance", "needed"), [(0.02, 1000), (0.01, 4000), (0.0002, 10_000_000), (0.0001, None), (0.0, None), (1e-300, None)])
def test_four_times_the_labels_halve_an_interval_and_what_is_out_of_reach_is_no_number(distance, needed):
    assert labels_needed(half=0.02, distance=distance, n=1000) == needed


def test_a_gain_that_is_next_to_nothing_is_said_to_be_as_good_as_equal():
    assert gain_labels(value=1e-200, low=-0.02, n=1000, margin=0.0) == "no number of labels would decide it: the models are as good as equal here"
