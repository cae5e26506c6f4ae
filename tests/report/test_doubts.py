"""Doubts in words."""

from __future__ import annotations

from keepfit.expect.bounds import Bounds
from keepfit.report.doubts import aside, entity_said, repeats_said


def test_rows_outside_of_the_bounds_are_counted_and_the_farthest_shown():
    bounds = Bounds(low=0.0, high=10.0, seen=(1.0, 9.0), n=200, aside=1, extremes=(1e9,))
    assert aside(bounds) == "1 row lies outside of [0, 10] (0.50%, the farthest: 1e+09), the others in [1, 9]"


def test_what_comes_again_is_said_with_what_to_do():
    assert repeats_said("at", 6) == "6 rows share their at with another row of this series: the same moment counts more than once"
    assert entity_said(("customer", 3.0, 0.96)) == (
        "customer comes again (3.0 rows each): 96% of held-out rows have a twin that trains; data.group: customer keeps them on one side"
    )
