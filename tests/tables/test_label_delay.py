"""Which labels are due: a young row is not yet labelled, and only a due row's silence says something."""

from __future__ import annotations

from datetime import datetime

import pyarrow as pa
import pytest

from keepfit.errors import DataError, ParamsError
from keepfit.params import load_params
from keepfit.tables.label_delay import as_due, awaited, due_labels

NOW = datetime(2026, 1, 22)


def params(data, model="task: classification"):
    return load_params(f"model: {{name: m, {model}, target: y}}\ndata: {{live: r.csv, time: t, id: id{data}}}\n")


def rows(*labels):
    """A row a day from the 10th of January on."""
    days = pa.array([datetime(2026, 1, 10 + place) for place in range(len(labels))], pa.timestamp("us"))
    return pa.table({"id": [f"r{place}" for place in range(len(labels))], "t": days, "y": pa.array(labels, pa.float64())})


PLAIN = params(", label_delay: 10 days")
SILENT = params(", label_delay: 10 days, no_label: 0")


def test_labels_of_young_rows_are_still_to_come_until_the_youngest_is_due():
    found = awaited(rows(None, None, None, None, 1.0), PLAIN, NOW)
    assert (found.rows, found.due) == (1, datetime(2026, 1, 23))
    assert awaited(rows(None, None), PLAIN, NOW).rows == 0
    assert awaited(rows(None).drop_columns("y"), PLAIN, datetime(2026, 1, 11)).rows == 1
    assert awaited(rows(None), params(""), NOW).rows == 0


def test_a_source_that_says_nothing_by_silence_is_taken_as_it_is():
    table = rows(1.0, None, 0.0)
    assert as_due(table, PLAIN, NOW) is table
    assert due_labels(table, table, PLAIN, NOW) == (table, table)


def test_silence_is_a_label_when_it_is_due_and_no_label_of_a_young_row_counts():
    assert as_due(rows(1.0, None, None, 0.0, 1.0, None), SILENT, NOW)["y"].to_pylist() == [1.0, 0.0, 0.0, None, None, None]
    assert as_due(rows(None, None).drop_columns("y"), SILENT, NOW)["y"].to_pylist() == [0.0, 0.0]


def test_silence_may_be_a_word_or_a_number():
    worded = params(", label_delay: 10 days, no_label: stayed", "task: classification, positive: left")
    assert as_due(rows(None), worded, NOW)["y"].to_pylist() == [0.0]
    number = params(", label_delay: 36 hours, no_label: 2.5", "task: regression")
    assert as_due(rows(None), number, NOW)["y"].to_pylist() == [2.5]
    with pytest.raises(DataError, match="the label 'much' is not a finite number"):
        as_due(rows(None), params(", label_delay: 1 day, no_label: much", "task: regression"), NOW)


def test_what_is_known_wins_over_silence_among_the_rows_that_are_due():
    due, known = due_labels(rows(None, None, None, None), pa.table({"id": ["r1", "r3"], "y": [1.0, 1.0]}), SILENT, NOW)
    assert due["id"].to_pylist() == ["r0", "r1", "r2"]
    first = {}
    for row in known.to_pylist():
        first.setdefault(row["id"], row["y"])
    assert (first["r0"], first["r1"], first["r2"]) == (0.0, 1.0, 0.0)


@pytest.mark.parametrize("delay", ["soon", "14", "0 days", "14 months", "-1 day"])
def test_a_delay_is_a_number_of_hours_days_or_weeks(delay):
    with pytest.raises(ParamsError, match="a number of hours, days or weeks: 14 days"):
        params(f", label_delay: '{delay}'")


def test_silence_without_a_delay_is_refused():
    with pytest.raises(ParamsError, match="no_label needs label_delay"):
        params(", no_label: 0")
