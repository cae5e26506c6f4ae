"""The form of a frame's column is that of the table it came from."""

from __future__ import annotations

import pandas as pd
import pyarrow as pa
import pytest
from tests.storage import NAMED, storages

from keepfit.tables.frames import forms_of_frame, from_frame, to_frame
from keepfit.tables.values import forms_of


@pytest.mark.parametrize("name", NAMED)
def test_a_table_and_its_frame_have_the_same_forms(name):
    for storage, stored in storages(NAMED[name]).items():
        table = pa.table({"v": stored})
        assert forms_of_frame(to_frame(table), {"v": "categorical"}) == forms_of(table, {"v": "categorical"}), storage


def test_a_column_of_mixed_types_has_none():
    assert forms_of_frame(pd.DataFrame({"v": [True, "x", 1]}), {"v": "categorical"}) == {}


def test_a_frame_has_plain_types_and_comes_back():
    table = pa.table({"flag": [True, None], "kind": pa.array(["a", "b"]).dictionary_encode(), "n": [1, None]})
    frame = to_frame(table)
    assert frame["flag"].tolist() == [True, None]
    assert frame["kind"].tolist() == ["a", "b"]
    assert from_frame(frame)["n"].to_pylist() == [1.0, None]
