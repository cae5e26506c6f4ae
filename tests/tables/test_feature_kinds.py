"""Which columns can be features, and why others cannot."""

from __future__ import annotations

import pandas as pd
import pyarrow as pa
import pytest

from keepfit.errors import DataError
from keepfit.tables.feature_kinds import features_of, id_like, numbers_read, slices_of, text_said

N = 60
FRAME = pd.DataFrame(
    {
        "price": [number / 7 for number in range(N)],
        "city": ["Rome", "Oslo", "Bern"] * 20,
        "member": [True, False] * 30,
        "order_id": range(N),
        "session_id": list(range(30)) * 2,
        "note": [f"text {number}" for number in range(40)] + ["same"] * 20,
        "const": 1,
        "paid_at": pd.date_range("2026-01-01", periods=N),
        "prediction": [0.5, 0.7] * 30,
    }
)


def test_numbers_are_numeric_texts_and_flags_categorical_and_the_rest_is_left_out_with_its_reason():
    features, left_out = features_of(FRAME, {"order_id"})
    assert features == {"price": "numeric", "city": "categorical", "member": "categorical"}
    assert {name: why.partition(";")[0] for name, why in left_out.items()} == {
        "session_id": "named like an id",
        "note": "different in most rows: an id or free text",
        "const": "always the same",
        "paid_at": "a time",
        "prediction": "keepfit watches the model's predictions under this name",
    }


def test_without_any_feature_there_is_nothing_to_learn():
    with pytest.raises(DataError, match="no column is left to learn from"):
        features_of(FRAME[["const"]], set())


def test_an_id_is_named_like_one_and_different_in_every_row():
    assert id_like(FRAME, set()) == "order_id"
    assert id_like(FRAME, {"order_id"}) is None


def test_slices_are_categories_of_few_values():
    assert slices_of(FRAME, {"price": "numeric", "note": "categorical", "city": "categorical", "member": "categorical"}) == ("city", "member")


def test_dressed_numbers_are_read_but_for_ids_and_what_is_taken():
    table = pa.table({"amount": ["$1.50", "$2"], "user_id": ["17", "18"], "when": ["20260101", "20260102"]})
    assert numbers_read(table, {"when", None}).to_pydict() == {"amount": [1.5, 2.0], "user_id": ["17", "18"], "when": ["20260101", "20260102"]}


def test_free_text_is_a_text_to_read_by_its_words_and_says_why():
    frame = FRAME.assign(body=[f"my parcel {chr(97 + row % 26)} never arrived at number {row}" for row in range(N)])
    features, left_out = features_of(frame, {"order_id"})
    assert features["body"] == "text"
    assert "body" not in left_out
    assert text_said(frame["body"]) == "holds free text of about 8 words, nearly all different: read by its words (categorical, if these are names of things)"
