from __future__ import annotations

from keepfit.tables.batches import batch_rows


def test_wide_tables_come_in_shorter_batches():
    assert [batch_rows(columns) for columns in (0, 1, 64, 128, 10**6)] == [65_536, 65_536, 65_536, 32_768, 1_024]
