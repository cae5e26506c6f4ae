"""Codes mean the same as the profile's counts."""

import numpy as np
import pyarrow as pa

from keepfit.profiles.profile import learn_layout, profile_table
from keepfit.slices.codes import code_columns

TABLE = pa.table(
    {
        "x": pa.array([1.0, 2.5, None, float("nan"), float("inf"), 9.0]),
        "n": pa.array([1, 2, 3, 4, None, 2**53]),
        "c": pa.array(["a", "b", None, "ü", "b", "a "]).dictionary_encode(),
        "b": pa.array([True, False, None, True, True, False]),
    }
)
KINDS = {"x": "numeric", "n": "numeric", "c": "categorical", "b": "categorical"}


def test_each_code_is_the_bin_that_the_profile_counts():
    layout = learn_layout(TABLE, KINDS, bins=3, max_categories=2)
    counted = profile_table(TABLE, layout, "w").columns
    for column in code_columns(TABLE, layout):
        found, side = np.bincount(column.codes, minlength=len(column.literals)).tolist(), counted[column.name]
        if side.kind == "categorical":
            assert found == [*side.counts, side.other, side.missing]
        else:
            assert sum(found[:-1]) == side.n + side.nonfinite
            assert found[-1] == side.missing


def test_a_literal_names_its_column_and_what_its_values_are():
    layout = learn_layout(TABLE, KINDS, bins=3, max_categories=2)
    literals = {column.name: column.literals for column in code_columns(TABLE, layout)}
    assert literals["x"] == ("x<1", "x=1", "x in (1, 2.5]", "x in (2.5, 9]", "x>9", "x is missing")
    assert literals["c"] == ("c=b", "c=a", "c is other", "c is missing")


def test_edges_that_print_alike_are_still_told_apart():
    layout = learn_layout(pa.table({"x": [1.0, 1.0000001, 1.0000002]}), {"x": "numeric"})
    (column,) = code_columns(pa.table({"x": [1.0]}), layout)
    assert len(set(column.literals)) == len(column.literals)


def test_a_column_that_is_gone_or_retyped_is_no_slice():
    layout = learn_layout(TABLE, KINDS)
    assert [column.name for column in code_columns(pa.table({"x": ["text"], "c": ["a"]}), layout)] == ["c"]
    assert [column.name for column in code_columns(TABLE, layout, columns=["b", "nowhere"])] == ["b"]
