"""What was no number goes with its row, through a filter, a sort and a file."""

import pyarrow as pa
import pyarrow.compute as pc

from keepfit.integrations.tables import read_table, write_parquet
from keepfit.tables.unreadable import unreadable_in, with_unreadable

TABLE = with_unreadable(pa.table({"id": ["a", "b", "c"], "x": [1.0, None, None]}), {"x": {"b": "TOTAL", "c": "é"}}, key="id")


def test_notes_follow_their_rows(tmp_path):
    assert unreadable_in(TABLE.filter(pc.not_equal(TABLE["id"], "b")).sort_by([("x", "descending")])) == {"x": {"c": "é"}}
    assert unreadable_in(TABLE.slice(0, 1)) == {}
    write_parquet(TABLE.slice(1, 1), tmp_path / "one.parquet")
    assert unreadable_in(read_table(tmp_path / "one.parquet")) == {"x": {"b": "TOTAL"}}


def test_a_table_without_any_has_the_bytes_it_always_had(tmp_path):
    write_parquet(TABLE.slice(0, 1), tmp_path / "noted.parquet")
    write_parquet(TABLE.slice(0, 1).replace_schema_metadata(None), tmp_path / "plain.parquet")
    assert (tmp_path / "noted.parquet").read_bytes() == (tmp_path / "plain.parquet").read_bytes()
