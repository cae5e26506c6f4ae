from __future__ import annotations

import pytest

from keepfit.errors import DataError
from keepfit.slices.masks import slice_masks


def test_slices_are_named_by_text_and_missing_values_have_their_own():
    masks = slice_masks({"stops": [1.0, 2.0, None, float("nan"), 1.0], "kind": ["b", "a", "a", "a", "b"]})
    assert list(masks) == ["kind=a", "kind=b", "stops=(missing)", "stops=1", "stops=2"]
    assert masks["stops=(missing)"].tolist() == [False, False, True, True, False]


def test_a_column_with_a_value_a_row_is_no_slicing_column():
    with pytest.raises(DataError, match="too many for slices"):
        slice_masks({"id": list(range(500))})


def test_a_missing_value_is_one_slice_whatever_says_missing():
    import pandas as pd

    column = [2**53 + 1, pd.NA, None, float("nan"), True]
    masks = slice_masks({"v": column})
    assert {name: mask.tolist() for name, mask in masks.items()} == {
        "v=(missing)": [False, True, True, True, False],
        "v=9007199254740993": [True, False, False, False, False],
        "v=True": [False, False, False, False, True],
    }
