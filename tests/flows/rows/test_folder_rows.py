"""Folders of files are compared as one table; columns that cannot be compared are named with the reason, files that do not fit by name."""

import uuid

import numpy as np
import pyarrow as pa
import pytest
from pyarrow import parquet
from tests.parted_rows import PartedRows

from keepfit.errors import DataError
from keepfit.flows.compare import CompareAsked, compare_files, look_at_pairs, look_at_rows, look_at_slices
from keepfit.flows.rows.folder_rows import FolderRows, folder_rows
from keepfit.integrations import streams
from keepfit.integrations.tables import read_table
from keepfit.profiles import layout as layouts
from keepfit.profiles.stream import profile_reference
from keepfit.tables.batches import TableRows
from keepfit.tables.sample import drawn_rows

N = 400
EVERY_TYPE = {
    "x": pa.array(np.random.default_rng(0).normal(size=N)),
    "half": pa.array(np.random.default_rng(0).normal(size=N).astype(np.float16)),
    "decimal": pa.array(range(N)).cast(pa.decimal128(21, 2)),
    "view": pa.array(["a", "b"] * (N // 2), pa.string_view()),
    "large": pa.array(["a", "b"] * (N // 2), pa.large_string()),
    "words": pa.array(["a", "b"] * (N // 2)).dictionary_encode(),
    "numbers as categories": pa.array([1, 2] * (N // 2)).dictionary_encode(),
    "uuid": pa.ExtensionArray.from_storage(pa.uuid(), pa.array([uuid.UUID(int=i).bytes for i in range(N)], pa.binary(16))),
    "map": pa.array([[("a", 1)]] * N, pa.map_(pa.string(), pa.int64())),
    "list": pa.array([[1]] * N),
    "struct": pa.array([{"a": 1}] * N),
    "bytes": pa.array([b"\xff"] * N),
    "duration": pa.array([1] * N, pa.duration("s")),
    "time of day": pa.array([1] * N, pa.time32("s")),
    "nanoseconds": pa.array(range(N), pa.timestamp("ns")),
    "day": pa.array(range(N), pa.date32()),
    "__index_level_0__": pa.array(range(N)),
}


@pytest.fixture
def every(tmp_path):
    parquet.write_table(pa.table(EVERY_TYPE), tmp_path / "every.parquet")
    return tmp_path / "every.parquet"


def test_columns_of_every_type_are_compared_or_named(every):
    found = compare_files(every, every)
    compared = {one.column for one in found.changes}
    assert compared | set(found.skipped) == set(EVERY_TYPE)
    assert {"x", "half", "decimal", "view", "large", "words"} <= compared
    assert {"uuid", "map", "list", "struct", "bytes", "duration", "time of day", "nanoseconds", "day", "__index_level_0__"} <= set(found.skipped)
    assert (found.verdict, found.columns) == ("no drift", ())
    look_at_rows(look_at_slices(look_at_pairs(found, every, every), every, every), every, every, detectors=["mmd"])


@pytest.mark.parametrize("name", EVERY_TYPE)
def test_a_column_of_each_type_stands_beside_a_number(tmp_path, name):
    parquet.write_table(pa.table({name: EVERY_TYPE[name], "beside": EVERY_TYPE["x"]}), tmp_path / "a.parquet")
    found = compare_files(tmp_path / "a.parquet", tmp_path / "a.parquet")
    assert (found.verdict, found.columns) == ("no drift", ())
    assert name in {*(one.column for one in found.changes), *found.skipped}


def test_a_table_of_every_type_is_read_in_types_that_every_step_knows(every):
    table = read_table(every)
    assert table["view"].type == pa.string()
    assert table["uuid"].to_pylist()[:2] == [str(uuid.UUID(int=i)) for i in range(2)]
    assert table.sort_by([("x", "descending")]).num_rows == N
    assert len(table.to_pandas()) == N


def folder(path, *, mean=0.0, seed=0):
    rng = np.random.default_rng(seed)
    for month in ("01", "02"):
        (path / f"m={month}" / "kind=a%20b").mkdir(parents=True)
        parquet.write_table(pa.table({"x": rng.normal(mean, 1, 300), "c": rng.choice(["a", "b"], 300)}), path / f"m={month}" / "kind=a%20b" / "part.parquet")
    return path


def test_a_partitioned_folder_has_the_columns_of_its_folders_as_text(tmp_path):
    rows = folder_rows(folder(tmp_path / "ref"), streams.ParquetRows)
    whole = pa.concat_tables(batch.cast(rows.schema) for batch in rows.batches(rows.schema.names))
    assert (rows.rows_at_most, rows.schema.names) == (600, ["x", "c", "m", "kind"])
    assert (whole["m"].to_pylist(), set(whole["kind"].to_pylist())) == (["01"] * 300 + ["02"] * 300, {"a b"})
    assert sum(batch.num_rows for batch in rows.batches([])) == 600


def test_a_pass_runs_file_after_file_where_a_file_runs_it_itself_too(tmp_path):
    """Of two files one counts in parts of its own: the sampled rows are those of the folder, and so are the layout and the drawn rows."""
    here = folder_rows(folder(tmp_path / "ref"), streams.ParquetRows)
    (first, second), looks = here.files, (profiled, lambda rows: drawn_rows(rows, ["x", "m"], 50, rng=np.random.default_rng(0)))
    apart = PartedRows(parquet.read_table(first[0].path, partitioning=None), (100, 100, 299), 90)
    for files in ([(first[0], apart), second], [first, second]):
        rows = FolderRows(here.path, files)
        whole = TableRows(pa.concat_tables(batch.cast(here.schema) for batch in here.batches(here.schema.names)))
        assert [look(rows) for look in looks] == [look(whole) for look in looks]


def profiled(rows):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(layouts, "SAMPLE", 100)
        found = profile_reference(rows, {"x": "numeric", "c": "categorical", "m": "categorical"}, "w").columns
    return {name: column.counts for name, column in found.items()}, found["x"].edges


def test_a_folder_is_compared_with_a_folder_and_with_a_file(tmp_path):
    ref, same, moved = folder(tmp_path / "ref"), folder(tmp_path / "same", seed=1), folder(tmp_path / "moved", mean=1, seed=2)
    assert compare_files(ref, same).verdict == "no drift"
    found = compare_files(ref, moved)
    assert (found.verdict, {one.column: one.drifts for one in found.changes}) == ("drift", {"x": True, "c": False, "m": False, "kind": False})
    one = compare_files(ref, same / "m=01" / "kind=a%20b" / "part.parquet", CompareAsked(columns=["x", "c"]))
    assert (one.verdict, one.rows_reference, one.rows_current) == ("no drift", 600, 300)
    look_at_rows(look_at_slices(look_at_pairs(found, ref, moved), ref, moved), ref, moved, detectors=["mmd"])


@pytest.mark.parametrize("at_once", [1 << 25, 0])
def test_files_of_one_folder_may_write_their_numbers_in_several_ways(tmp_path, at_once, monkeypatch):
    monkeypatch.setattr(streams, "CSV_AT_ONCE", at_once)
    rng, mixed = np.random.default_rng(0), tmp_path / "mixed"
    mixed.mkdir()
    parquet.write_table(pa.table({"x": rng.normal(1_000, 200, 300)}), mixed / "a.parquet")
    (mixed / "b.csv").write_text("x\n" + "".join(f'"${value:,.2f}"\n' for value in rng.normal(1_000, 200, 300)))
    (mixed / "c.csv").write_text("x,y\n" + "".join(f"{value:.0f},1\n" for value in rng.normal(1_000, 200, 300)) + "1.5,1\n")
    (mixed / "_SUCCESS").write_text("")
    parquet.write_table(pa.table({"x": rng.normal(1_000, 200, 900)}), tmp_path / "plain.parquet")
    found = compare_files(tmp_path / "plain.parquet", mixed, CompareAsked(columns=["x"]))
    assert (found.verdict, found.changes[0].reference.kind, found.rows_current, found.changes[0].current.missing) == ("no drift", "numeric", 901, 0)


def test_a_file_that_does_not_fit_or_cannot_be_read_is_named(tmp_path):
    ref = folder(tmp_path / "ref")
    parquet.write_table(pa.table({"x": [[1.5]] * 10}), ref / "odd.parquet")
    with pytest.raises(DataError, match=r"odd\.parquet: the column 'x' holds list<element: double>, in the other files double"):
        compare_files(ref, ref)
    (ref / "odd.parquet").write_bytes(b"PAR1")
    with pytest.raises(DataError, match=r"odd\.parquet is not readable Parquet"):
        compare_files(ref, ref)
    (tmp_path / "empty").mkdir()
    with pytest.raises(DataError, match="the folder empty holds no table"):
        compare_files(tmp_path / "empty", ref)
