"""Twin histograms: every number that is drawn is also in the bins."""

import xml.etree.ElementTree as ET

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from keepfit.profiles.profile import learn_layout, profile_table
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


COUNTS = st.lists(st.integers(0, 30), min_size=2, max_size=200)


@given(COUNTS.map(lambda counts: [count / 10 for count in counts]))
def test_the_names_of_bins_are_short_and_tell_them_apart(values):
    labels = [each.label for each in twin_bins(*profiles(pa.array(values), pa.array([*values, -1.0, 99.0]), "numeric"))]
    assert len(set(labels)) == len(labels)
    assert [label for label in labels if "e-" in label or len(label) > 20] == []


def test_a_column_that_begins_at_zero_has_a_bin_that_does():
    layout = learn_layout(pa.table({"x": [0.0] * 60 + [float(n) for n in range(1, 41)]}), {"x": "numeric"})
    both = [profile_table(pa.table({"x": [-1.0, 0.0, 0.5, 50.0]}), layout, "w").columns["x"]] * 2
    assert [each.label for each in twin_bins(*both)] == ["below 0", "0", "0 to 7", "above 40"]
