from itertools import accumulate, chain, pairwise

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyarrow import parquet

from keepfit.tables.recut import RowsDiffer, parquet_sizes, recut

SIZES = st.lists(st.integers(0, 9), max_size=8)


@given(came=SIZES, wanted=st.lists(st.integers(1, 9), max_size=8))
def test_rows_stay_in_their_order_whatever_the_cuts_or_their_number_is_an_error(came, wanted):
    ends = [0, *accumulate(came)]
    batches = [pa.table({"x": range(first, last)}) for first, last in pairwise(ends)]
    if sum(came) != sum(wanted):
        with pytest.raises(RowsDiffer):
            list(recut(batches, wanted))
        return
    found = [batch["x"].to_pylist() for batch in recut(batches, wanted)]
    assert ([len(rows) for rows in found], list(chain(*found))) == (wanted, list(range(sum(wanted))))


@pytest.mark.parametrize("groups", [[250, 250, 250], [100, 7, 1, 300], [64, 64], []])
@pytest.mark.parametrize("texts", [[], ["c"]])
def test_batches_are_those_in_which_arrow_reads_a_file(tmp_path, groups, texts):
    table = pa.table({"x": pa.array(range(sum(groups)), pa.int64()), "c": pa.array(map(str, range(sum(groups))), pa.string())})
    with parquet.ParquetWriter(tmp_path / "a.parquet", table.schema) as out:
        for first, rows in zip(accumulate([0, *groups]), groups, strict=False):
            out.write_table(table.slice(first, rows))
    file = parquet.ParquetFile(tmp_path / "a.parquet", read_dictionary=texts)
    sizes = [batch.num_rows for batch in file.iter_batches(64, columns=["x", "c"])]
    assert list(parquet_sizes(groups, 64, by_group=bool(texts))) == [size for size in sizes if size]
