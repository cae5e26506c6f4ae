from __future__ import annotations

import numpy as np
import pytest

from keepfit.errors import DataError
from keepfit.evaluate.compare import Judged, compare, slice_masks
from keepfit.evaluate.metrics import AbsoluteError, RocAuc


def judged(n=200, seed=0):
    rng = np.random.default_rng(seed)
    y = (rng.random(n) < 0.4).astype(float)
    return Judged(y=y, champion=y + rng.normal(size=n), challenger=y + 0.5 * rng.normal(size=n))


def test_a_better_challenger_has_a_positive_lower_bound():
    found = compare(RocAuc(), judged(), name="overall", confidence=0.95, min_rows=100)
    assert found.status == "measured"
    assert found.difference.low > 0
    assert found.value_low < found.challenger < found.value_high


def test_too_few_rows_are_undecided_and_carry_no_number():
    found = compare(RocAuc(), judged(50), name="carrier=OO", confidence=0.95, min_rows=100)
    assert (found.status, found.challenger, found.difference) == ("undecided", None, None)
    assert found.detail == "50 rows, the rule asks for 100"


def test_one_class_in_a_slice_is_undecided():
    rows = judged()
    found = compare(RocAuc(), rows.part(rows.y == 1), name="carrier=HA", confidence=0.95, min_rows=10)
    assert (found.status, found.detail) == ("undecided", "one class only")


def test_a_model_that_answers_nan_is_an_error_however_few_the_rows():
    rows = judged(20)
    rows.challenger[3] = np.nan
    found = compare(AbsoluteError(), rows, name="overall", confidence=0.95, min_rows=100)
    assert found.status == "error"
    assert found.detail == "the challenger gave 1 scores that are not finite numbers"


def test_without_a_champion_only_the_value_stands():
    rows = judged()
    first = Judged(y=rows.y, champion=None, challenger=rows.challenger)
    found = compare(RocAuc(), first, name="overall", confidence=0.95, min_rows=100)
    assert found.difference is None
    assert found.champion is None
    assert found.challenger > 0.8


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
