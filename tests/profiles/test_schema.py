"""Schema changes are named, and only real ones."""

import pyarrow as pa

from keepfit.profiles.profile import learn_layout
from keepfit.profiles.schema import schema_changes, schema_evidence

BEFORE = pa.schema([("a", pa.int64()), ("b", pa.string()), ("c", pa.float64())])


def test_removed_and_retyped_have_an_effect_and_added_has_none():
    after = pa.schema([("a", pa.string()), ("c", pa.float64()), ("d", pa.bool_())])
    assert [(one.detector, one.subject, one.effect, one.detail) for one in schema_changes(BEFORE, after)] == [
        ("removed", "b", 1.0, "text column is gone"),
        ("retyped", "a", 1.0, "was number, is text"),
        ("added", "d", 0.0, "new boolean column"),
    ]


def test_another_width_order_or_encoding_is_no_change():
    after = pa.schema([("c", pa.decimal128(9, 2)), ("b", pa.dictionary(pa.int8(), pa.string())), ("a", pa.float32())])
    assert schema_changes(BEFORE, after) == ()


def test_an_empty_column_is_no_change_of_kind():
    assert schema_changes(BEFORE, pa.schema([("a", pa.null()), ("b", pa.null()), ("c", pa.null())])) == ()


def test_a_window_names_what_keeps_it_from_being_compared():
    layout = learn_layout(pa.table({"x": [1.0], "y": [2.0], "c": ["a"]}), {"x": "numeric", "y": "numeric", "c": "categorical"})
    found = schema_evidence(layout, pa.table({"x": ["oops"], "c": ["a"]}))
    assert [(one.subject, one.detail) for one in found] == [("x", "was number, is text"), ("y", "the column is gone")]
