"""What is asked of a table's rows sees the same batches through DuckDB as in this process, or the same counts."""

from __future__ import annotations

import decimal
import uuid
from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa
import pytest
from pyarrow import parquet

from keepfit.errors import DataError
from keepfit.flows.rows.duckdb_files import duckdb_rows
from keepfit.flows.rows.engines import local_rows
from keepfit.flows.rows.folder_rows import folder_rows
from keepfit.integrations.duckdb import engine_rows
from keepfit.integrations.duckdb.file_stretches import FileStretch
from keepfit.integrations.streams import ParquetRows
from keepfit.profiles.profile import kind_of
from keepfit.profiles.stream import profile_reference, profile_rows
from keepfit.tables import batches
from keepfit.tables.passes import run_pass

N = 1_000
TEXTS = ["a", "a ", "A", "", None, "nan", "null", "e\u0301", "\u00e9", "line\nbreak", "nul\0byte", "nul\0", "nul", "'", '"', "\U0001f600"]


@dataclass(frozen=True)
class Batches:
    """All batches, as they come."""

    columns: tuple[str, ...]

    def start(self, first_row):
        return [first_row]

    def add(self, state, batch):
        return [*state, batch]

    def join(self, before, after):
        raise NotImplementedError


class NeverRead(ParquetRows):
    """Rows that must not be read in this process."""

    def batches(self, columns):
        raise AssertionError(f"read in this process: {columns}")


def in_process(path, read=ParquetRows):
    return folder_rows(path, read) if path.is_dir() else read(path)


def through_duckdb(path, read=NeverRead):
    return duckdb_rows(path, in_process(path, read), where="REF")


def values(batch):
    return [(name, [repr(value) for value in plain_values(batch[name]).to_pylist()]) for name in batch.column_names]


def plain_values(column):
    """Times as integers: Python's have an end."""
    if pa.types.is_temporal(column.type):
        return column.cast(pa.int32() if pa.types.is_date32(column.type) or pa.types.is_time32(column.type) else pa.int64())
    return column


def assert_the_same(path, columns=None, *, here=False):
    """That every batch holds the same values; `here`: some are read in this process."""
    rows, plain = through_duckdb(path, ParquetRows if here else NeverRead), in_process(path)
    look = Batches(tuple(columns or plain.schema.names))
    found, wanted = run_pass(rows, look)[1:], list(plain.batches(look.columns))
    assert rows.schema == plain.schema
    assert [values(batch) for batch in found] == [values(batch) for batch in wanted]
    assert [batch.num_rows for batch in found] == [batch.num_rows for batch in wanted]
    texts = [name for name in look.columns if pa.types.is_string(plain.schema.field(name).type)]
    for one, other in zip(found, wanted, strict=True):
        assert {field.name: field.type for field in one.schema if field.name not in texts} == {
            field.name: field.type for field in other.schema if field.name not in texts
        }


EXACT = {
    **{str(type_): pa.array([1, None, 7, 100], type_) for type_ in (pa.int8(), pa.uint8(), pa.int16(), pa.uint16(), pa.int32(), pa.uint32())},
    "int64": pa.array([2**63 - 1, -(2**63), None, 2**53 + 1]),
    "uint64": pa.array([2**64 - 1, 2**63, None, 2**53 + 1], pa.uint64()),
    "float16": pa.array(np.array([0.1, np.nan, np.inf, -0.0], np.float16)),
    "float32": pa.array([0.1, float("nan"), None, 1e-45], pa.float32()),
    "float64": pa.array([float("nan"), None, -0.0, 5e-324]),
    "decimal": pa.array([decimal.Decimal("0.07"), None, decimal.Decimal("-123456789012345678.90"), decimal.Decimal(0)], pa.decimal128(20, 2)),
    "text": pa.array(["a ", None, "nul\0byte", ""]),
    "large": pa.array(["a ", None, "e\u0301", ""], pa.large_string()),
    "view": pa.array(["a ", None, "\u00e9", ""], pa.string_view()),
    "boolean": pa.array([True, None, False, True]),
    "ms": pa.array([-1, None, 0, 253402300799999], pa.timestamp("ms")),
    "zoned": pa.array([-1, None, 0, 1], pa.timestamp("us", "Europe/Berlin")),
    "ns": pa.array([-1, None, 0, 1_500], pa.timestamp("ns")),
    "zoned ns": pa.array([-1, None, 0, 1_500], pa.timestamp("ns", "Asia/Tokyo")),
    "end of time": pa.array([2**63 - 1, None, -(2**63) + 1, 0], pa.timestamp("us")),
    "day": pa.array([-1, None, 0, 2**31 - 1], pa.int32()).cast(pa.date32()),
    "nothing": pa.nulls(4),
    "bytes": pa.array([b"\xff", None, b"", b"\0"]),
}
HERE = {
    "uuid": pa.ExtensionArray.from_storage(pa.uuid(), pa.array([uuid.UUID(int=i).bytes for i in range(4)], pa.binary(16))),
    "time of day": pa.array([1, None, 2, 3], pa.time32("ms")),
    "duration": pa.array([1, None, 2, 3], pa.duration("s")),
    "decimal of 50 digits": pa.array([decimal.Decimal("0.07")] * 4, pa.decimal256(50, 2)),
    "ms that no us holds": pa.array([2**62, None, 0, 1], pa.int64()).cast(pa.timestamp("ms")),
}


def test_values_of_every_type_come_as_arrow_reads_them(tmp_path):
    parquet.write_table(pa.table(EXACT), tmp_path / "exact.parquet")
    assert_the_same(tmp_path / "exact.parquet")
    assert through_duckdb(tmp_path / "exact.parquet").remarks == ()


def test_columns_whose_type_duckdb_does_not_give_are_read_in_this_process_beside_the_others(tmp_path):
    parquet.write_table(pa.table({"x": pa.array([0.5] * 4)} | HERE), tmp_path / "here.parquet")
    assert_the_same(tmp_path / "here.parquet", here=True)
    named = "'uuid', 'time of day', 'duration', 'decimal of 50 digits'"
    assert through_duckdb(tmp_path / "here.parquet").remarks == (f"DuckDB has no exact reading of 4 of the columns, which are read in this process: {named}",)


def test_times_in_the_old_form_are_the_microseconds_that_arrow_makes_of_them(tmp_path):
    times = pa.array([1, -1, None, 1_500, -1_500, 2**62], pa.timestamp("ns"))
    parquet.write_table(pa.table({"t": times}), tmp_path / "old.parquet", use_deprecated_int96_timestamps=True)
    assert_the_same(tmp_path / "old.parquet")


NAMES = ["a.b", "with space", 'quo"te', "select", "x", "X", "X_1", "x_1", "filename", "file_row_number", "rowid", "c0", "*", "\u00e4", "\u00c4", "m=1", "'"]


def test_names_are_those_of_the_file_also_where_they_differ_only_in_case(tmp_path):
    parquet.write_table(pa.table({name: [place, place + 100] for place, name in enumerate(NAMES)}), tmp_path / "names.parquet")
    assert_the_same(tmp_path / "names.parquet")
    assert_the_same(tmp_path / "names.parquet", ["X", "x_1", "x"])


def table(rows, seed=0):
    rng = np.random.default_rng(seed)
    numbers = {"x": pa.array(rng.normal(size=rows), mask=rng.random(rows) < 0.1), "n": rng.integers(0, 9, rows)}
    return pa.table(numbers | {"c": rng.choice(["a", "b", "c "], rows), "id": [f"r{place}" for place in range(rows)]})


@pytest.fixture
def short_batches(monkeypatch):
    """A thousand rows at most, in place of 65,536."""
    monkeypatch.setattr(batches, "BATCH_ROWS", 1_000)


@pytest.mark.usefixtures("short_batches")
def test_batches_end_where_they_end_in_this_process(tmp_path):
    parquet.write_table(table(9_000), tmp_path / "long.parquet", row_group_size=2_500)
    for columns in (["x", "n"], ["x", "c"], ["c"]):
        assert_the_same(tmp_path / "long.parquet", columns)


def hive(path):
    """Files of two types of x, one later column and one that differs in case; partitions, one of them NULL; an empty file."""
    files = {
        "m=01/a.parquet": {"x": pa.array([1, 2, None], pa.int32()), "c": ["a", "b", None]},
        "m=01/b.parquet": {"x": pa.array([2**40]), "c": ["a "]},
        "m=02/c.parquet": {"x": pa.array([0.5, float("nan")]), "c": ["a", "A"], "later": [True, False]},
        "m=__HIVE_DEFAULT_PARTITION__/d.parquet": {"C": ["z"], "x": pa.array([7], pa.int32())},
        "m=a%20b/e.parquet": {"x": pa.array([], pa.int32()), "c": pa.array([], pa.string())},
    }
    for name, columns in files.items():
        (path / name).parent.mkdir(parents=True, exist_ok=True)
        parquet.write_table(pa.table(columns), path / name)
    return path


def test_a_folder_is_one_table_whatever_its_files_hold(tmp_path):
    assert_the_same(hive(tmp_path / "hive"))
    assert_the_same(tmp_path / "hive", ["m"], here=True)
    assert_the_same(tmp_path / "hive", ["m", "later", "C", "x"])


def test_many_files_that_are_stored_alike_are_read_in_the_order_of_their_names(tmp_path):
    for place in range(12):
        parquet.write_table(table(N, seed=place), tmp_path / f"{place:02d}[1]*.parquet", row_group_size=300)
    assert_the_same(tmp_path)
    assert len(through_duckdb(tmp_path)._stretches) == 1


@pytest.fixture(autouse=True)
def small_tables_are_large(monkeypatch):
    """Texts of few rows are counted by DuckDB too."""
    monkeypatch.setattr(engine_rows, "LEAST", 0)


def profiled(rows):
    kinds = {one.name: kind for one in rows.schema if (kind := kind_of(one.type)) is not None}
    reference = profile_reference(rows, kinds, "w")
    return reference, profile_rows(rows, reference.columns, "w")


def test_texts_are_counted_by_duckdb_without_their_rows_and_exactly(tmp_path, monkeypatch):
    rng = np.random.default_rng(0)
    taken = [TEXTS[place] for place in rng.integers(0, len(TEXTS), N)]
    parquet.write_table(pa.table({"c": taken, "coded": pa.array(taken).dictionary_encode(), "x": rng.normal(size=N)}), tmp_path / "texts.parquet")
    asked = []
    read = FileStretch.batches
    monkeypatch.setattr(FileStretch, "batches", lambda self, connection, *columns: asked.append(tuple(columns[0])) or read(self, connection, *columns))
    assert profiled(through_duckdb(tmp_path / "texts.parquet")) == profiled(in_process(tmp_path / "texts.parquet"))
    assert asked == [("x",), ("x",)]


def test_texts_of_few_rows_come_as_rows(tmp_path, monkeypatch):
    monkeypatch.setattr(engine_rows, "LEAST", 500)
    monkeypatch.setattr(FileStretch, "tallied", None)
    parquet.write_table(table(N), tmp_path / "few.parquet")
    assert profiled(through_duckdb(tmp_path / "few.parquet")) == profiled(in_process(tmp_path / "few.parquet"))


def test_partitions_and_columns_of_some_files_are_counted_as_in_this_process(tmp_path):
    assert profiled(through_duckdb(hive(tmp_path))) == profiled(in_process(tmp_path))


def test_texts_of_very_many_values_come_as_rows(tmp_path, monkeypatch):
    for limit in ("VARIED", "MANY"):
        with monkeypatch.context() as patched:
            patched.setattr(engine_rows, limit, 100)
            parquet.write_table(table(N), tmp_path / "ids.parquet")
            assert profiled(through_duckdb(tmp_path / "ids.parquet")) == profiled(in_process(tmp_path / "ids.parquet"))


@pytest.mark.usefixtures("short_batches")
def test_a_pass_of_a_long_table_gives_the_same_layout_counts_and_sums(tmp_path):
    parquet.write_table(table(9_000).drop_columns(["id"]), tmp_path / "long.parquet", row_group_size=2_500)
    assert profiled(through_duckdb(tmp_path / "long.parquet")) == profiled(in_process(tmp_path / "long.parquet"))


@dataclass(frozen=True)
class Meddling(Batches):
    """Does something to the files at the first batch."""

    work: object = field(default=None, compare=False)

    def add(self, state, batch):
        if len(state) == 1:
            self.work()
        return super().add(state, batch)


def test_a_file_that_is_replaced_meanwhile_is_an_error_that_names_it(tmp_path):
    for place in range(3):
        parquet.write_table(table(N), tmp_path / f"{place}.parquet")
    rows = through_duckdb(tmp_path)
    with pytest.raises(DataError, match=r"^2\.parquet changed while it was read") as raised:
        run_pass(rows, Meddling(("x",), lambda: parquet.write_table(table(N, seed=1), tmp_path / "2.parquet")))
    assert raised.value.fix == "run it again when nothing writes there"
    with pytest.raises(DataError, match=r"^2\.parquet changed"):
        run_pass(rows, Batches(("x",)))


def test_a_file_that_goes_meanwhile_is_an_error_too(tmp_path):
    parquet.write_table(table(N), tmp_path / "a.parquet")
    rows = through_duckdb(tmp_path)
    (tmp_path / "a.parquet").unlink()
    with pytest.raises(DataError, match=r"^a\.parquet changed while it was read"):
        run_pass(rows, Batches(("x",)))


def test_what_duckdb_does_not_read_is_read_in_this_process_from_the_start(tmp_path):
    parquet.write_table(pa.table({"x": range(4), "t": HERE["ms that no us holds"]}), tmp_path / "far.parquet")
    found = run_pass(through_duckdb(tmp_path / "far.parquet", ParquetRows), Batches(("x", "t")))
    assert [values(one) for one in found[1:]] == [values(one) for one in in_process(tmp_path / "far.parquet").batches(["x", "t"])]


def test_what_is_wrong_with_a_file_is_what_this_process_says_of_it(tmp_path):
    parquet.write_table(table(N), tmp_path / "broken.parquet", compression="none", use_dictionary=False)
    content = bytearray((tmp_path / "broken.parquet").read_bytes())
    content[100:2_000] = b"\xff" * 1_900
    (tmp_path / "broken.parquet").write_bytes(content)
    with pytest.raises(DataError) as here:
        list(in_process(tmp_path / "broken.parquet").batches(["x", "c"]))
    with pytest.raises(DataError) as there:
        run_pass(through_duckdb(tmp_path / "broken.parquet", ParquetRows), Batches(("x", "c")))
    assert (there.value.what, there.value.where) == (here.value.what, here.value.where)


def test_an_error_of_the_pass_itself_is_not_taken_for_trouble_with_the_files(tmp_path):
    parquet.write_table(table(N), tmp_path / "a.parquet")

    def refuse():
        raise DataError("no numbers")

    with pytest.raises(DataError, match="no numbers"):
        run_pass(through_duckdb(tmp_path), Meddling(("x",), refuse))


def test_of_a_file_whose_row_groups_are_chosen_only_these_are_read(tmp_path):
    parquet.write_table(table(N), tmp_path / "a.parquet", row_group_size=300)
    rows = through_duckdb(tmp_path, lambda path: ParquetRows(path, groups=(1, 3)))
    found = run_pass(rows, Batches(("id",)))[1:]
    assert [value for batch in found for value in batch["id"].to_pylist()] == [f"r{place}" for place in (*range(300, 600), *range(900, N))]


def test_files_of_other_kinds_stand_beside_parquet(tmp_path):
    parquet.write_table(pa.table({"x": [1, 2], "c": ["a", "b"]}), tmp_path / "a.parquet")
    (tmp_path / "b.csv").write_text("x,c\n3,a\n")
    assert profiled(through_duckdb(tmp_path, local_rows)) == profiled(in_process(tmp_path, local_rows))
