"""Rows that are changed on the way: the pass sees the changed ones, where they stand in the whole table, and texts that stay may be counted apart."""

from functools import partial

import pyarrow as pa

from keepfit.profiles.layout import learn_layout
from keepfit.profiles.stream import ProfilePass
from keepfit.tables.batches import TableRows
from keepfit.tables.mapped_pass import MappedPass
from keepfit.tables.passes import TallyPass, run_pass
from keepfit.tables.sample import PickedPass

TABLE = pa.table({"c": ["a", "b", "b"], "d": ["x", "x", "y"], "n": [1.0, 2.0, 3.0]})
LOOK = ProfilePass(learn_layout(TABLE, {"c": "categorical", "d": "categorical", "n": "numeric"}), "w")
UPPER = partial(pa.Table.set_column, i=1, field_="d", column=pa.array(["x", "x", "x"]))


def test_texts_of_columns_that_come_as_they_are_stored_may_be_counted_apart():
    look = MappedPass(LOOK, UPPER, changes=frozenset({"d"}))
    assert isinstance(look, TallyPass)
    assert list(look.by_value) == ["c"]
    whole = run_pass(TableRows(TABLE), look)
    change = partial(pa.Table.set_column, i=0, field_="d", column=pa.array(["x", "x", "x"]))
    rest = MappedPass(look.without(("c",)).look, change)
    assert look.with_tallies(run_pass(TableRows(TABLE), rest), {"c": {"a": 1, "b": 2}}) == whole
    assert whole.columns["d"].counts == (3, 0)


def test_without_a_word_on_what_changes_nothing_is_counted_apart():
    assert list(MappedPass(LOOK, UPPER).by_value) == []
    assert list(MappedPass(PickedPass(TABLE.schema, (1,)), UPPER, changes=frozenset()).by_value) == []


def test_rows_stand_where_their_table_stands_in_the_whole():
    look = MappedPass(PickedPass(pa.schema({"m": pa.float64()}), (0, 11)), partial(pa.Table.rename_columns, names=["m"]), ("n",), shift=10)
    assert run_pass(TableRows(TABLE), look).table["m"].to_pylist() == [2.0]
