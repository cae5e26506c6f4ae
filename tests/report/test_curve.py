"""The curve: axes with words and numbers, better is up, and nothing from anywhere."""

from __future__ import annotations

import re

from keepfit.report.curve import Level, Place, curve

LEVELS = [Level(a_year=float(many), best=0.6 + 0.02 * many, spaced=0.6 + 0.01 * many, random_low=0.6, random_high=0.6 + 0.015 * many) for many in range(4)]
PLACES = [Place(name="reviews:2", a_year=2.0, score=0.63), Place(name="a<b", a_year=0.0, score=0.6)]


def heights(svg):
    return {name: float(up) for up, name in re.findall(r'cy="([\d.]+)" r="4.5"/><text[^>]*>([^<]*)<', svg)}


def test_the_axes_say_what_they_measure_and_in_what():
    svg = curve(PLACES, LEVELS, metric="roc_auc", greater_is_better=True)
    assert "retrainings (reviews) a year" in svg
    assert "mean roc_auc (more is better)" in svg
    assert ">0.62<" in svg


def test_better_is_up_whichever_way_the_metric_counts():
    auc, mae = (heights(curve(PLACES, LEVELS, metric="m", greater_is_better=way)) for way in (True, False))
    assert auc["reviews:2"] < auc["a&lt;b"]
    assert mae["reviews:2"] > mae["a&lt;b"]


def test_one_point_alone_can_be_drawn():
    svg = curve([Place(name="never", a_year=0.0, score=0.6)], [], metric="m", greater_is_better=True)
    assert "nan" not in svg
    assert "never" in svg
