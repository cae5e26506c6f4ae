from __future__ import annotations

import hashlib

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from keepfit.tables.judged_rows import judged_digest, judged_windows, of_windows


def test_the_digest_is_that_of_the_sorted_lines_of_id_and_label():
    lines = "10\x1f0.0\n9\x1f1.0"
    assert judged_digest(["9", "10"], [1, 0]) == "sha256:" + hashlib.sha256(lines.encode()).hexdigest()


@pytest.mark.parametrize(
    "ids",
    [
        [7, 8, 9],
        np.array([7, 8, 9], np.int8),
        ["7", "8", "9"],
        [7.0, 8.0, 9.0],
        pd.Series([7, 8, 9], dtype="Int64").tolist(),
        pa.array(["7", "8", "9"], pa.large_string()),
        pa.array(["7", "8", "9"]).dictionary_encode(),
    ],
    ids=["int", "int8", "text", "float", "nullable", "large text", "dictionary"],
)
@pytest.mark.parametrize("kind", [np.float64, np.float32, np.int64, bool])
def test_what_ids_and_labels_are_stored_as_changes_nothing(ids, kind):
    assert judged_digest(ids, np.array([1, 0, 1], kind)) == judged_digest(["7", "8", "9"], [1.0, 0.0, 1.0])


@given(st.dictionaries(st.text(max_size=5), st.sampled_from([0.0, 1.0]), min_size=1, max_size=8), st.randoms())
def test_the_order_changes_nothing_and_a_label_a_row_or_an_id_more_does(rows, chance):
    ids, labels = list(rows), list(rows.values())
    before = judged_digest(ids, labels)
    places = list(range(len(ids)))
    chance.shuffle(places)
    assert judged_digest([ids[at] for at in places], [labels[at] for at in places]) == before
    assert judged_digest(ids, [1.0 - labels[0], *labels[1:]]) != before
    assert judged_digest(ids[1:], labels[1:]) != before
    assert judged_digest([f"{ids[0]}x", *ids[1:]], labels) != before or f"{ids[0]}x" in rows


def test_rows_are_found_by_their_windows():
    held = pa.table({"row_id": ["a", "b", "c"], "_window": ["2013-02", "2013-01", "2013-02"]})
    assert judged_windows(held) == ("2013-01", "2013-02")
    assert of_windows(held, ["2013-02"])["row_id"].to_pylist() == ["a", "c"]
    bare = held.drop_columns("_window")
    assert judged_windows(bare) == ()
    assert of_windows(bare, ["2013-02"]).num_rows == 0
