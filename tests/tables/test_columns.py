from __future__ import annotations

import pyarrow as pa
import pytest
from tests.update.watched import PARAMS

from keepfit.errors import UnknownNameError
from keepfit.tables.columns import ROW_ID, id_column, require_columns


def test_rows_are_told_apart_by_the_named_column_or_by_the_one_that_keepfit_makes():
    unnamed = PARAMS.model_copy(update={"data": PARAMS.data.model_copy(update={"id": None})})
    assert (id_column(PARAMS), id_column(unnamed)) == ("id", ROW_ID)


def test_the_first_missing_column_is_named_with_the_nearest_one():
    table = pa.table({"carrier": ["UA"], "dest": ["BOS"]})
    require_columns(table, ["dest", "carrier"], where="params.yaml: data")
    with pytest.raises(UnknownNameError, match=r"no column 'carier' \(params.yaml: data\)") as told:
        require_columns(table, ["dest", "carier", "origin"], where="params.yaml: data")
    assert "'carrier'" in told.value.fix
