"""Rows without a time are set aside where they are few, counted and named; many of them, and times that are wrong, stay to be refused."""

from __future__ import annotations

from datetime import datetime

import pyarrow as pa
import pytest

from keepfit.errors import DataError
from keepfit.tables.times import normalise_time
from keepfit.tables.untimed import Untimed, timed_rows

DAY = datetime(2013, 2, 1)
FORMS = {
    "ISO 8601": ["2013-02-01"] * 200,
    "with a zone": ["2013-02-01T06:00:00+01:00"] * 200,
    "digits": ["20130201"] * 200,
    "epochs": ["1359698400"] * 200,
}


@pytest.mark.parametrize("word", ["TOTAL", " Summe ", "", "n/a", "–", None])
@pytest.mark.parametrize("form", FORMS)
def test_a_row_with_a_word_for_its_time_is_set_aside_whatever_the_others_look_like(form, word):
    table, found = timed_rows(pa.table({"t": [*FORMS[form], word], "x": range(201)}), "t")
    assert (found.rows, table["x"].to_pylist()) == (1, list(range(200)))
    assert found.words == ((word,) if word and word.strip() not in ("", "n/a") else ())
    assert normalise_time(table, "t").num_rows == 200


@pytest.mark.parametrize(
    "column",
    [
        pa.array([DAY] * 200 + [None], pa.timestamp("us")),
        pa.array([DAY.date()] * 200 + [None]),
        pa.array([20130201] * 200 + [None]),
        pa.array([20130201.0] * 200 + [float("nan")]),
        pa.array(["2013-02-01"] * 200 + ["TOTAL"]).dictionary_encode(),
        pa.array(["2013-02-01"] * 200 + ["TOTAL"], pa.large_string()),
    ],
    ids=lambda column: str(column.type),
)
def test_the_storage_of_the_column_plays_no_part(column):
    table, found = timed_rows(pa.table({"t": column}), "t")
    assert (found.rows, normalise_time(table, "t")["t"].to_pylist()[0]) == (1, DAY)


@pytest.mark.parametrize(("rows", "without", "aside"), [(19, 1, 0), (20, 1, 1), (100, 2, 0), (198, 2, 2), (197, 3, 0), (1000, 10, 10), (1000, 11, 0)])
def test_few_is_one_of_twenty_then_one_in_a_hundred(rows, without, aside):
    table, found = timed_rows(pa.table({"t": ["2013-02-01"] * rows + [None] * without}), "t")
    assert (found.rows, table.num_rows) == (aside, rows + without - aside)


@pytest.mark.parametrize("odd", ["2013-02-30", "1/2/2013", "24:61"])
def test_a_time_that_somebody_mistyped_is_not_set_aside(odd):
    table, found = timed_rows(pa.table({"t": ["2013-02-01"] * 200 + [odd]}), "t")
    assert found == Untimed()
    with pytest.raises(DataError, match="not ISO 8601"):
        normalise_time(table, "t")


def test_a_table_without_the_column_or_without_rows_stays():
    empty = pa.table({"t": pa.array([], pa.string())})
    assert timed_rows(empty, "t") == (empty, Untimed())
    assert timed_rows(empty, "when") == (empty, Untimed())


def test_the_words_are_few_and_short():
    _, found = timed_rows(pa.table({"t": ["2013-02-01"] * 1000 + [f"total {i} {'x' * 99}" for i in range(9)]}), "t")
    assert (found.rows, len(found.words), max(map(len, found.words))) == (9, 3, 40)
