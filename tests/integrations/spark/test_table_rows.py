"""A Spark table's rows in its workers: the types of a file, any name, every row once, and a table that changes is refused."""

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal

import pyarrow as pa
import pytest
from tests.integrations.spark.looks import FailingLook, FirstBatch, ValuesByRow

from keepfit.errors import DataError
from keepfit.integrations.spark.table_rows import SparkTableRows

pytestmark = pytest.mark.spark
VIEW = """
    SELECT id AS n, CAST(id AS DECIMAL(20, 2)) AS `a.b`, IF(id % 7 = 0, NULL, concat('é', id % 3)) AS `sp "ace`, id AS x, id * 2 AS X, NULL AS nothing,
        TIMESTAMP '2020-01-01 00:00:00+02:00' + make_interval(0, 0, 0, 0, CAST(id AS INT)) AS zoned,
        TIMESTAMP_NTZ '2020-01-01 00:00:00' + make_interval(0, 0, 0, 0, CAST(id AS INT)) AS `select`, date_add(DATE '2020-01-01', CAST(id / 24 AS INT)) AS d,
        INTERVAL 3 DAYS AS lasting, TIME '10:00:00' AS clock, parse_json('1') AS v, array(1, 2) AS l, CAST('a' AS BINARY) AS raw
    FROM range(0, 1000, 1, 4) WHERE id < 250 OR id >= 501
"""
KEPT = [*range(250), *range(501, 1000)]


@pytest.fixture(scope="module")
def rows(spark):
    return SparkTableRows(spark, spark.sql(VIEW), "the view")


def test_the_types_are_those_of_a_file_and_what_spark_cannot_give_is_named(rows):
    assert rows.schema.field("a.b").type == pa.decimal128(20, 2)
    assert [rows.schema.field(name).type for name in ("zoned", "select", "d")] == [pa.timestamp("us", "UTC"), pa.timestamp("us"), pa.date32()]
    assert rows.remarks == ("left out: 'lasting' (interval day), 'clock' (time(6)), 'v' (variant), which Spark does not give to Python as Arrow",)
    assert set(rows.schema.names) == {"n", "a.b", 'sp "ace', "x", "X", "nothing", "zoned", "select", "d", "l", "raw"}
    with pytest.raises(DataError, match=r"^the column 'n' is there twice \(the view\)"):
        replace(rows, frame=rows.frame.toDF(*["n"] * len(rows.frame.columns)))


def test_every_row_is_there_once_under_its_number_empty_partitions_or_not(spark, rows):
    names = ["select", "X", 'sp "ace', "x", "a.b", "zoned", "d", "nothing", "l"]
    found = rows.run(ValuesByRow(names))
    assert [(first, many) for first, many, _ in found] == [(0, 250), (250, 249), (499, 250)]  # the second of four has no row
    assert rows.rows_at_most == len(KEPT)
    values = [value for _, _, part in found for value in part]
    assert [value["x"] for value in values] == KEPT
    assert values[-1] == {
        "select": datetime(2020, 2, 11, 15),
        "X": 1998,
        'sp "ace': "é0",
        "x": 999,
        "a.b": Decimal("999.00"),
        "zoned": datetime(2020, 2, 11, 13, tzinfo=UTC),
        "d": date(2020, 2, 11),
        "nothing": None,
        "l": [1, 2],
    }
    assert pa.concat_tables(rows.batches(["a.b", "nothing"])).to_pylist() == [{"a.b": Decimal(i), "nothing": None} for i in KEPT]
    none = replace(rows, frame=rows.frame.where("1 = 0"))
    assert (none.rows_at_most, none.run(ValuesByRow(["n"])), list(none.batches(["n"]))) == (0, [(0, 0, [])], [])


@pytest.mark.parametrize("column", ["zoned", "select", "d"])
def test_a_period_is_found_whatever_zone_the_session_is_in_and_the_zone_stays(spark, rows, column):
    start, end = datetime(2020, 1, 3), datetime(2020, 1, 5, 0, 0, 0, 1)
    before = spark.conf.get("spark.sql.session.timeZone")
    spark.conf.set("spark.sql.session.timeZone", "America/New_York")
    try:
        limited = rows.limited(column, start, end)
        found = [value["n"] for _, _, part in limited.run(ValuesByRow(["n"])) for value in part]
        assert spark.conf.get("spark.sql.session.timeZone") == "America/New_York"
    finally:
        spark.conf.set("spark.sql.session.timeZone", before)
    first, last = {"zoned": (50, 98), "select": (48, 96), "d": (48, 119)}[column]
    assert found == list(range(first, last + 1))
    assert limited.rows_at_most == len(found)


def test_a_table_that_changes_between_count_and_pass_is_refused_and_one_cut_in_another_way_is_read_anew(spark, rows):
    changed = replace(rows)
    assert changed.rows_at_most == len(KEPT)
    object.__setattr__(changed, "frame", rows.frame.where("n <> 3"))
    with pytest.raises(DataError, match=r"^the view changed while it was read"):
        changed.run(ValuesByRow(["n"]))
    cut = replace(rows)
    assert cut.rows_at_most == len(KEPT)
    object.__setattr__(cut, "frame", rows.frame.coalesce(2))
    assert [(first, many) for first, many, _ in cut.run(ValuesByRow(["n"]))] == [(0, 250), (250, 499)]


@pytest.mark.parametrize(
    ("how", "sentence"),
    [
        ("ours", r"^no such thing \(column n\)\n  fix: write it again$"),
        ("python", r"ZeroDivisionError: division by zero \(partition 2\)$"),
        ("killed", r"died \(the view, p"),
    ],
)
def test_a_failure_in_a_worker_is_one_sentence(rows, how, sentence):
    with pytest.raises(DataError, match=sentence):
        rows.run(FailingLook(how))


def test_a_pass_that_is_done_reads_no_further_and_the_worker_serves_the_next(spark):
    many = SparkTableRows(spark, spark.range(0, 300_000, 1, 1).toDF("n"))
    assert many.run(FirstBatch(["n"])) == 1
    assert sum(batch.num_rows for batch in many.batches(["n"])) == 300_000


class UnknownTable:
    """A frame as Spark Connect makes it: that there is no such table is known when its schema is asked for."""

    @property
    def schema(self):
        from pyspark.errors import AnalysisException

        raise AnalysisException("[TABLE_OR_VIEW_NOT_FOUND] The table or view `nope` cannot be found. Verify it.\nSearch path: ... SQLSTATE: 42P01;")


def test_a_table_that_connect_does_not_find_is_one_sentence():
    with pytest.raises(DataError, match=r"^Spark: \[TABLE_OR_VIEW_NOT_FOUND\] The table or view `nope` cannot be found\. Verify it\. \(nope\)$"):
        SparkTableRows(None, UnknownTable(), "nope")


def test_what_spark_says_of_a_value_is_one_sentence_without_java(spark):
    rows = SparkTableRows(spark, spark.sql("SELECT CAST(id AS TINYINT) AS n FROM range(0, 300, 1, 2)"), "small")
    for ask in (lambda: rows.run(ValuesByRow(["n"])), lambda: list(rows.batches(["n"]))):
        with pytest.raises(DataError, match=r'^Spark: \[CAST_OVERFLOW\] The value 1[0-9]+L of the type "BIGINT" cannot be cast to "TINYINT"[^\n]*$'):
            ask()
