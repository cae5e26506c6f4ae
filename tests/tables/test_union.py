"""Windows whose storage changed are still one table, if nothing is lost by it."""

from __future__ import annotations

import pyarrow as pa
import pytest
from tests.storage import NAMED, storages

from keepfit.errors import DataError
from keepfit.tables.arrow import tally
from keepfit.tables.union import stacked
from keepfit.tables.values import form_of, in_form


@pytest.mark.parametrize("name", ["boolean", "small integer", "0 and 1", "number", "integer above 2**53"])
def test_tables_of_every_storage_are_one(name):
    stored = storages(NAMED[name])
    first = pa.chunked_array([next(iter(stored.values()))])
    form = form_of(first, "categorical")
    whole = stacked([pa.table({"v": values}) for values in stored.values()], where="here")["v"]
    want = {text: count * len(stored) for text, count in tally(in_form(first, form, kind="categorical").values).items()}
    assert tally(in_form(whole, form, kind="categorical").values) == want


def test_what_fits_by_itself_is_left_to_arrow():
    found = stacked([pa.table({"a": [1], "b": ["x"]}), pa.table({"a": [1.5]})], where="here")
    assert (str(found.schema.field("a").type), found["a"].to_pylist(), found["b"].to_pylist()) == ("double", [1.0, 1.5], ["x", None])


def test_values_that_would_be_lost_are_named():
    with pytest.raises(DataError, match=r"the column 'v' is boolean in one table, and 1 of 2 values of another are none: '7\.0'") as caught:
        stacked([pa.table({"v": [True]}), pa.table({"v": [1.0, 7.0]})], where="data/windows")
    assert caught.value.where == "data/windows"
