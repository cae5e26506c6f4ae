from __future__ import annotations

import pyarrow as pa
import pytest

from keepfit.errors import DataError, UnknownNameError
from keepfit.tables.targets import as_number


def mapped(values, positive=None):
    return as_number(pa.table({"y": values}), "y", positive=positive)["y"].to_pylist()


def test_words_become_one_and_zero_and_a_missing_label_stays_missing():
    assert mapped(["stayed", "left", None], "left") == [0.0, 1.0, None]


def test_booleans_and_numbers_need_no_word():
    assert mapped([True, False, None]) == [1.0, 0.0, None]
    assert mapped([3, 4]) == [3.0, 4.0]


def test_nan_is_no_label():
    assert mapped([1.0, float("nan")]) == [1.0, None]


def test_numbered_classes_are_named_as_people_write_them():
    assert mapped([1.0, 2.0], "2") == [0.0, 1.0]


def test_mapping_twice_is_mapping_once():
    once = as_number(pa.table({"y": ["yes", "no"]}), "y", positive="yes")
    assert as_number(once, "y", positive="yes")["y"].to_pylist() == [1.0, 0.0]


def test_text_without_a_word_for_one_is_refused_with_the_words():
    with pytest.raises(DataError, match="'left', 'stayed'"):
        mapped(["stayed", "left"])


def test_a_misspelt_word_for_one_is_refused_with_the_nearest():
    with pytest.raises(UnknownNameError, match="no value of 'y' 'lfet'") as refused:
        mapped(["stayed", "left"], "lfet")
    assert "did you mean 'left'?" in (refused.value.fix or "")
    assert mapped(["stayed", "stayed"], "left") == [0.0, 0.0]
