"""The text of a skew: bounded, the same each time, and what stands first is what is worst."""

from __future__ import annotations

import pytest

from keepfit.monitor.skew import FeatureSkew, Skew
from keepfit.report.blocks import plain_text
from keepfit.report.skew import skew_line, skew_report


def feature(name, differ=0, **more):
    return FeatureSkew(name=name, rows=10_000, differ=differ, **{"missing_online": 0, "missing_offline": 0, **more})


def skew(*features, **more):
    told = {"names": ("a.csv", "b.csv"), "key": ("user",), "time": "at", "rows_online": 10_001, "rows_offline": 500, "matched": 10_000, "repeated": 2}
    told |= {"features": features, "only_online": ("logged",), "only_offline": (), "tolerance": 1e-6, "max_share": 0.01}
    return Skew(**{**told, **more})


def test_the_worst_feature_is_named_and_how_old_its_values_were():
    found = skew(feature("temp", 1_230, typical=1.25, online="3.5", offline="4.75", stale=1_200, stale_seconds=7_200.0), feature("wind", 3))
    assert skew_line(found) == "skew in 1 of 2 features: temp is unlike in 12.3 % of 10,000 rows"
    text = plain_text(skew_report(found))
    assert "1,200 (2 h older)" in text
    assert "1 online row has no offline row." in text
    assert "2 offline rows share key and time with another: the first was taken." in text
    assert "less than 0.1 %" in text
    assert text.endswith("only online: logged\n")


def test_no_skew_says_what_is_the_most():
    assert (
        skew_line(skew(feature("wind", 3), feature("temp"))) == "no skew in 2 features over 10,000 rows; at most less than 0.1 % of the rows are unlike (wind)"
    )
    assert skew_line(skew(feature("temp"))) == "no skew in 1 feature over 10,000 rows"


@pytest.mark.parametrize("count", [0, 1, 20, 500])
def test_the_text_is_less_than_40_lines_however_many_features_differ(count):
    names = [f"feature | {number} <b>" * 20 for number in range(count)]
    report = skew_report(skew(*(feature(name, 500) for name in names), only_online=tuple(names), only_offline=tuple(names)))
    assert report.count("\n") < 40
    assert max(map(len, report.split("\n"))) < 1_000
    assert report == skew_report(skew(*(feature(name, 500) for name in names), only_online=tuple(names), only_offline=tuple(names)))
