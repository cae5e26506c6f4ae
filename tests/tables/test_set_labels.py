from __future__ import annotations

import numpy as np
import pyarrow as pa

from keepfit.tables.frames import to_frame
from keepfit.tables.set_labels import with_labels, with_target
from keepfit.tables.targets import as_number
from keepfit.tables.written_targets import as_written


def test_a_table_holds_the_new_label_and_its_owner_gets_the_word_of_that_class():
    table = as_number(pa.table({"y": ["yes", "no", None, "no"]}), "y", positive="yes", keep=True)
    changed = with_labels(table, "y", np.array([0.0, 0.0, 1.0, 9.0]), np.array([True, False, True, False]))
    assert changed["y"].to_pylist() == [0.0, 0.0, 1.0, 0.0]
    assert as_written(to_frame(changed.slice(0, 2)), "y")["y"].tolist() == ["no", "no"]


def test_a_table_in_which_nothing_changed_is_the_same():
    table = pa.table({"y": [1.0]})
    assert with_labels(table, "y", np.array([0.0]), np.array([False])) is table


def test_a_label_that_is_taken_away_is_missing():
    assert with_labels(pa.table({"y": [1.0, 0.0]}), "y", np.array([np.nan, 1.0]), np.array([True, False]))["y"].null_count == 1


def test_a_target_that_no_row_had_holds_the_labels_that_are_set():
    table = with_target(pa.table({"x": [1, 2]}), "y")
    assert with_labels(table, "y", np.array([1.0, np.nan]), np.array([True, False]))["y"].to_pylist() == [1.0, None]
    empty = pa.table({"y": pa.nulls(2)})
    assert with_labels(empty, "y", np.array([1.0, np.nan]), np.array([True, False]))["y"].to_pylist() == [1.0, None]
