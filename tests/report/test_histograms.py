"""Twin histograms: every number that is drawn is also in the bins."""

import xml.etree.ElementTree as ET

import pyarrow as pa
import pytest

from keepfit.monitor.profile import learn_layout, profile_table
from keepfit.report.histograms import twin_bins, twin_histogram


def profiles(reference, current, kind):
    layout = learn_layout(pa.table({"x": reference}), {"x": kind})
    return [profile_table(pa.table({"x": pa.array(values, reference.type)}), layout, "w").columns["x"] for values in (reference, current)]


def test_shares_are_of_all_rows_and_add_up():
    bins = twin_bins(*profiles(pa.array([1.0, 2.0, 3.0, None]), pa.array([2.0, 9.0, None, None]), "numeric"))
    assert sum(each.reference for each in bins) == pytest.approx(1)
    assert sum(each.current for each in bins) == pytest.approx(1)
    assert [(each.label, each.reference, each.current) for each in bins if each.label.startswith(("above", "(missing"))] == [
        ("above 3", 0, 0.25),
        ("(missing)", 0.25, 0.5),
    ]


def test_both_sides_are_drawn_apart_without_colour():
    svg = twin_histogram(*profiles(pa.array(["a", "b"]), pa.array(["b", "c"]), "categorical"), title="x")
    classes = [rect.get("class") for rect in ET.fromstring(svg)]
    assert classes.count("ref") == 2
    assert classes.count("cur") == 2


def test_a_title_cannot_leave_its_attribute():
    svg = twin_histogram(*profiles(pa.array(["a"]), pa.array(["a"]), "categorical"), title='"><script>')
    assert "<script" not in svg
    ET.fromstring(svg)


@pytest.mark.parametrize("values", [[], [None, None]])
def test_a_side_without_values_is_drawn_empty(values):
    both = profiles(pa.array([1.0, 2.0]), pa.array(values, pa.float64()), "numeric")
    ET.fromstring(twin_histogram(*both, title="x"))
    ET.fromstring(twin_histogram(both[1], both[1], title="x"))
