"""The form of a frame's column is that of the table it came from."""

from __future__ import annotations

import pandas as pd
import pyarrow as pa
import pytest
from tests.storage import NAMED, storages

from keepfit.integrations.tables import to_frame
from keepfit.tables.frames import forms_of_frame
from keepfit.tables.values import forms_of


@pytest.mark.parametrize("name", NAMED)
def test_a_table_and_its_frame_have_the_same_forms(name):
    for storage, stored in storages(NAMED[name]).items():
        table = pa.table({"v": stored})
        assert forms_of_frame(to_frame(table), {"v": "categorical"}) == forms_of(table, {"v": "categorical"}), storage


def test_a_column_of_mixed_types_has_none():
    assert forms_of_frame(pd.DataFrame({"v": [True, "x", 1]}), {"v": "categorical"}) == {}
