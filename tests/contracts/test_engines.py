"""Every engine counts every awkward value, type, name and shape alike, to the last digit, and as a recount by hand does."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import reduce
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest
from pyarrow import parquet
from tests.contracts.awkward_tables import EVERYTHING, SHAPES, THEMES, UNREAD_BY_SPARK, Awkward, kinds_of, table_of, write_table, write_theme
from tests.contracts.recounted import layout_of_categories, layout_of_numbers, recount, recount_pairs, recount_slices

from keepfit.errors import DataError
from keepfit.flows.rows.engines import open_rows
from keepfit.profiles.layout import layout_of, learn_layout
from keepfit.profiles.pairs import count_pairs_of, pair_keys
from keepfit.profiles.profile import Layout
from keepfit.profiles.stream import profile_reference, profile_rows
from keepfit.records import CategoricalProfile, ColumnProfile, NumericProfile, Pairs, Profile, TextProfile
from keepfit.slices.codes import literals_of
from keepfit.slices.counting import SlicePass
from keepfit.tables.batches import Rows
from keepfit.tables.passes import run_pass
from keepfit.tables.sample import drawn_rows

ALL, FEW, HALF = 1_000, 5, 18


@dataclass(frozen=True, kw_only=True)
class Answers:
    """What is asked of a table: counts on its own layout, its rows; and, if all is, on another layout, pairs, the rows of each literal, a few rows."""

    own: Mapping[str, ColumnProfile]
    rows: Mapping[str, list[object]]
    other: Mapping[str, ColumnProfile] | None = None
    pairs: Pairs | None = None
    slices: Mapping[str, list[int]] | None = None
    drawn: Mapping[str, list[object]] | None = None

    @property
    def brief(self) -> Answers:
        """What every table is asked: jobs of Spark cost more than what they count here."""
        return Answers(own=self.own, rows=self.rows)


def asked_of(rows: Rows, columns: Mapping[str, Awkward], *, brief: bool = False) -> Answers:
    """Ask all of the columns that the engine has; the other layout is that of the table's first half."""
    kinds = {name: kind for name, kind in kinds_of(columns).items() if name in rows.schema.names}
    own, other = profile_reference(rows, kinds, "all"), learn_layout(table_of(columns).slice(0, HALF), kinds)
    found = Answers(own=_but_for_moments(own), rows=_sample(rows, rows.schema.names, ALL))
    if brief:
        return found
    return replace(
        found,
        other=_but_for_moments(profile_rows(rows, other, "all")),
        pairs=count_pairs_of(rows, layout_of(own), "all"),
        slices=_slices(rows, other),
        drawn=_sample(rows, rows.schema.names, FEW),
    )


def _but_for_moments(profile: Profile) -> dict[str, ColumnProfile]:
    """A profile's columns without the sums of floats, whose last digits depend on the order in which they are added up."""
    return {name: replace(column, total=0.0, total_squared=0.0) if isinstance(column, NumericProfile) else column for name, column in profile.columns.items()}


def _slices(rows: Rows, layout: Layout) -> dict[str, list[int]]:
    """How many rows each literal of each column has."""
    codes = {name: len(literals_of(name, column)) for name, column in layout.items() if not isinstance(column, TextProfile)}
    singles = [((place, code),) for place, many in enumerate(codes.values()) for code in range(many)]
    counts = iter(run_pass(rows, SlicePass(layout, tuple(codes), singles)))
    return {name: [next(counts) for _ in range(many)] for name, many in codes.items()}


def _sample(rows: Rows, columns: list[str], most: int) -> dict[str, list[object]]:
    found = drawn_rows(rows, columns, most, rng=np.random.default_rng(0))
    return {name: [_readable(value) for value in found[name].to_pylist()] for name in columns}


def _readable(value: object) -> object:
    """A value that is equal to itself; -0.0 and 0.0 are two; a time is one in UTC."""
    if isinstance(value, datetime) and value.tzinfo is not None:
        return value.astimezone(UTC).replace(tzinfo=None)
    return str(value) if isinstance(value, float) else value


Theme = tuple[Mapping[str, Awkward], Path, Answers]


def made(name: str, tmp_path_factory: pytest.TempPathFactory) -> Theme:
    """The columns of a theme or shape, the folder that they are written to, and what this process answers."""
    folder = tmp_path_factory.mktemp("awkward") / name
    columns = write_theme(name, folder)
    return columns, folder, asked_of(open_rows(folder, engine="local", where="REF").rows, columns)


@pytest.fixture(scope="module", params=[*THEMES, *SHAPES])
def theme(request, tmp_path_factory) -> Theme:
    """Each theme and shape."""
    return made(request.param, tmp_path_factory)


@pytest.fixture(scope="module", params=[EVERYTHING, *SHAPES])
def table(request, tmp_path_factory) -> Theme:
    """All themes as one table, and each shape: the same columns in fewer jobs."""
    return made(request.param, tmp_path_factory)


# -- this process against a recount by hand -----------------------------------------------------------------------------


def fields(column: ColumnProfile) -> dict[str, object]:
    """What is counted of a column."""
    names = ("counts", "n", "missing", "nonfinite", "low", "high") if isinstance(column, NumericProfile) else ("counts", "n", "missing", "other", "new")
    return {name: getattr(column, name) for name in names}


def counted(columns: Mapping[str, Awkward]) -> dict[str, Awkward]:
    """The columns of numbers and of categories; texts are counted by their words, which no hand does."""
    return {name: column for name, column in columns.items() if column.kind in ("numeric", "categorical")}


def test_this_process_counts_as_a_recount_by_hand(theme):
    columns, _, answers = theme
    for profile in (answers.own, answers.other):
        assert {name: fields(profile[name]) for name in counted(columns)} == {name: recount(column, profile[name]) for name, column in counted(columns).items()}


def test_this_process_learns_the_layout_that_a_hand_writes_down(theme):
    columns, _, answers = theme
    for name, column in counted(columns).items():
        learned = answers.own[name]
        if isinstance(learned, CategoricalProfile):
            assert (learned.categories, learned.rare) == layout_of_categories(column.counts_as), name
        else:
            assert layout_of_numbers(column.counts_as) in (None, learned.edges), name


def test_this_process_pairs_columns_as_a_recount_by_hand(theme):
    columns, _, answers = theme
    edges = {name: column.edges for name, column in answers.own.items() if isinstance(column, NumericProfile) and column.edges}
    assert answers.pairs.pairs == (dict(zip(pair_keys(list(edges)), recount_pairs(columns, edges), strict=True)) if len(edges) > 1 else {})


def test_this_process_counts_slices_as_a_recount_by_hand(theme):
    columns, _, answers = theme
    assert answers.slices == {name: recount_slices(column, answers.other[name]) for name, column in counted(columns).items()}


def test_this_process_hands_out_the_very_rows(theme):
    columns, _, answers = theme
    many = max(len(column.values) for column in columns.values())
    if many <= ALL:
        assert answers.rows == {name: [_readable(value) for value in column.values.to_pylist()] for name, column in columns.items()}
    assert {len(values) for values in answers.drawn.values()} == {min(FEW, many)}


ENGINES = ["duckdb", pytest.param("spark", marks=pytest.mark.spark)]


# -- engines against this process ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("engine", ENGINES)
def test_an_engine_answers_files_as_this_process_does(table, engine, request):
    columns, folder, answers = table
    brief = engine == "spark" and folder.name != EVERYTHING
    if engine == "spark":
        request.getfixturevalue("spark")
    opened = open_rows(folder, engine=engine, where="REF")
    assert opened.rows.schema == open_rows(folder, engine="local", where="REF").rows.schema
    assert asked_of(opened.rows, columns, brief=brief) == (answers.brief if brief else answers)


@pytest.mark.parametrize("engine", ENGINES)
def test_files_that_do_not_fit_are_refused_in_the_words_of_this_process(tmp_path, engine):
    parquet.write_table(pa.table({"x": [1, 2]}), tmp_path / "a.parquet")
    parquet.write_table(pa.table({"x": [[1]]}), tmp_path / "b.parquet")
    said = []
    for one in ("local", engine):
        with pytest.raises(DataError, match=r"b\.parquet: the column 'x' holds list<element: int64>, in the other files int64") as bad:
            open_rows(tmp_path, engine=one, where="REF")
        said.append(str(bad.value))
    assert said[0] == said[1]


@pytest.mark.parametrize("engine", ["local", *ENGINES])
def test_a_file_that_is_replaced_while_it_is_read_is_refused_by_every_engine(tmp_path, engine, request):
    if engine == "spark":
        request.getfixturevalue("spark")
    for name, first in (("a", 0), ("b", 5)):
        parquet.write_table(pa.table({"x": range(first, 100)}), tmp_path / f"{name}.parquet")
    rows = open_rows(tmp_path / "a.parquet", engine=engine, where="REF").rows
    layout = layout_of(profile_reference(rows, {"x": "numeric"}, "before"))
    (tmp_path / "b.parquet").replace(tmp_path / "a.parquet")
    with pytest.raises(DataError, match=r"a\.parquet (changed|was replaced) while it was read"):
        profile_rows(rows, layout, "after")


# -- rows that Spark reads itself ---------------------------------------------------------------------------------------

HELD_BACK = ("INTERVAL '1' DAY AS while", "parse_json('[1]') AS json", "TIME'06:00:01' AS clock")
"""Columns of a view that Spark has no way to give to Python."""


@pytest.fixture
def view(spark, tmp_path):
    """What makes a view `awkward` of the files of a theme or shape that Spark can read, one after the other, and says what this process answers of them."""

    def make(name: str, *, more: Sequence[str] = ()) -> tuple[Mapping[str, Awkward], Answers]:
        columns = write_theme(name, tmp_path / name)
        if name == EVERYTHING:
            columns = {one: column for one, column in columns.items() if one not in UNREAD_BY_SPARK}
            for number, part in enumerate((table_of(columns).slice(0, HALF), table_of(columns).slice(HALF))):
                write_table(part, tmp_path / "readable" / f"{number}.parquet", row_group_size=7)
        folder = tmp_path / ("readable" if name == EVERYTHING else name)
        frames = [spark.read.parquet(str(path)) for path in sorted(folder.glob("*.parquet"))]
        reduce(lambda before, after: before.unionAll(after), frames).selectExpr("*", *more).createOrReplaceTempView("awkward")
        return columns, asked_of(open_rows(folder, engine="local", where="REF").rows, columns)

    spark.conf.set("spark.sql.caseSensitive", "true")  # for `x` beside `X`, as whoever has both has to
    yield make
    spark.conf.unset("spark.sql.caseSensitive")
    spark.catalog.dropTempView("awkward")


@pytest.mark.spark
@pytest.mark.parametrize("name", ["many row groups", "no rows"])
def test_rows_of_odd_shapes_that_spark_reads_itself_answer_as_this_process_does(view, name):
    columns, answers = view(name)
    brief = name == "no rows"
    opened = open_rows("awkward", engine="spark", where="REF")
    assert (asked_of(opened.rows, columns, brief=brief), opened.remarks) == (answers.brief if brief else answers, ())


@pytest.mark.spark
def test_columns_that_spark_does_not_hand_over_are_left_out_by_name_and_refuse_nothing(view):
    columns, answers = view("one row", more=HELD_BACK)
    opened = open_rows("awkward", engine="spark", where="REF")
    assert opened.remarks == ("left out: 'while' (interval day), 'json' (variant), 'clock' (time(6)), which Spark does not give to Python as Arrow",)
    assert asked_of(opened.rows, columns, brief=True) == answers.brief


@pytest.mark.spark
def test_rows_that_spark_reads_itself_and_files_that_it_writes_answer_as_this_process_does(view, spark, tmp_path):
    columns, answers = view(EVERYTHING)
    opened = open_rows("awkward", engine="spark", where="REF")
    assert (asked_of(opened.rows, columns, brief=True), opened.remarks) == (answers.brief, ())
    spark.table("awkward").write.parquet(str(tmp_path / "written"))
    first = parquet.ParquetFile(next((tmp_path / "written").glob("*.parquet")))
    assert "INT96" in {first.schema.column(place).physical_type for place in range(len(first.schema))}
    for engine in ("local", "duckdb"):  # Spark's workers read files as the local engine does
        assert asked_of(open_rows(tmp_path / "written", engine=engine, where="REF").rows, columns) == answers, engine
