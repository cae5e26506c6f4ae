"""What every detector promises, built-in or from another package: discovered, not listed."""

import math

import numpy as np
import pyarrow as pa
import pytest

from keepfit import plugins
from keepfit.errors import DataError
from keepfit.profiles.profile import learn_layout, profile_table
from keepfit.records import Evidence, from_json, to_json

RNG = np.random.default_rng(0)
NUMBERS = pa.table({"x": RNG.normal(size=500)})
LABELS = pa.table({"x": RNG.choice(["a", "b", "c"], size=500)})
TEXTS = pa.table({"x": [" ".join(words) for words in RNG.choice(["the", "bill", "is", "wrong", "late"], size=(500, 6))]})
TABLES = {"numeric": NUMBERS, "categorical": LABELS, "text": TEXTS}


def shifted(table):
    if table is TEXTS:
        return pa.table({"x": [f"{text} the bill" if row % 2 else text for row, text in enumerate(table["x"].to_pylist())]})
    if pa.types.is_floating(table["x"].type):
        return pa.table({"x": table["x"].to_numpy() + 1.0})
    return pa.table({"x": ["a"] * 300 + ["b"] * 180 + ["c"] * 20})


def profiles(reference, current, kind):
    layout = learn_layout(reference, {"x": kind})
    return [profile_table(table, layout, "w").columns["x"] for table in (reference, current)]


def same_type(table, values):
    return pa.table({"x": pa.array(values, table["x"].type)})


def cases():
    for name in plugins.names("detectors"):
        detector = plugins.load("detectors", name)()
        for kind, table in TABLES.items():
            try:
                detector.compare(*profiles(table, table, kind), "x")
            except DataError:
                continue
            yield pytest.param(detector, table, kind, id=f"{name}-{kind}")


def finite(evidence):
    numbers = (evidence.statistic, evidence.effect, evidence.p_value, evidence.e_value, evidence.low, evidence.high)
    return all(value is None or math.isfinite(value) for value in numbers)


pytestmark = pytest.mark.parametrize(("detector", "table", "kind"), list(cases()))


def test_it_goes_by_its_name(detector, table, kind):
    assert type(detector) is plugins.load("detectors", detector.name)
    assert detector.compare(*profiles(table, table, kind), "x").detector == detector.name


def test_the_same_input_gives_the_same_evidence(detector, table, kind):
    pair = profiles(table, shifted(table), kind)
    assert detector.compare(*pair, "x") == detector.compare(*pair, "x")


def test_no_change_is_no_effect_and_no_alarm(detector, table, kind):
    found = detector.compare(*profiles(table, table, kind), "x")
    assert found.effect == 0
    assert found.p_value is None or found.p_value > 0.5


def test_the_effect_is_the_same_in_both_directions(detector, table, kind):
    before, after = profiles(table, shifted(table), kind)
    assert detector.compare(before, after, "x").effect == pytest.approx(detector.compare(after, before, "x").effect)


def test_a_larger_window_of_the_same_change_is_stronger_evidence_not_a_larger_effect(detector, table, kind):
    once = shifted(table)
    small = detector.compare(*profiles(table, once, kind), "x")
    large = detector.compare(*profiles(pa.concat_tables([table] * 5), pa.concat_tables([once] * 5), kind), "x")
    assert large.effect == pytest.approx(small.effect, abs=0.05)
    assert small.p_value is None or large.p_value <= small.p_value


@pytest.mark.parametrize("which", ["empty", "all missing", "one row", "one value", "new values"])
def test_odd_windows_give_records_without_nan(detector, table, kind, which):
    numeric = kind == "numeric"
    values = {
        "empty": [],
        "all missing": [None] * 40,
        "one row": [1.0 if numeric else "a"],
        "one value": [1.0 if numeric else "a"] * 40,
        "new values": [1e9, math.inf, -math.inf, math.nan] * 10 if numeric else ["new", "", "\x00", None] * 10,
    }[which]
    odd = same_type(table, values)
    for reference, current in ((table, odd), (odd, table), (odd, odd)):
        found = detector.compare(*profiles(reference, current, kind), "x")
        assert finite(found)
        assert found.p_value is None or 0 <= found.p_value <= 1
        assert from_json(Evidence, to_json(found)) == found


def test_what_cannot_be_measured_is_none_and_says_why(detector, table, kind):
    found = detector.compare(*profiles(table, same_type(table, []), kind), "x")
    assert (found.statistic, found.effect, found.p_value) == (None, None, None)
    assert found.detail
