"""Bad input in a column of texts: sensible counts or one sentence, whatever comes."""

import numpy as np
import pyarrow as pa
import pytest

from keepfit.monitor.compare import compare_tables

ROWS = 300
WORDS = ("alpha", "beta", "gamma", "delta", "epsilon", "zeta")


def spoken(seed=0, rows=ROWS):
    chosen = np.random.default_rng(seed).choice(WORDS, (rows, 8)).tolist()
    return [f"{' '.join(words)} {chr(97 + row % 26)}{chr(97 + row // 26)}" for row, words in enumerate(chosen)]


def compared(values, type_=None):
    tables = [pa.table({"body": pa.array(each, kind), "x": [float(row) for row in range(ROWS)]}) for each, kind in ((spoken(), pa.string()), (values, type_))]
    return compare_tables(*tables, names=("before", "now"))


def body(drift):
    return next(one for one in drift.changes if one.column == "body")


@pytest.mark.parametrize("type_", [pa.string(), pa.null()])
def test_a_column_of_nulls_is_missing_in_every_row(type_):
    found = body(compared([None] * ROWS, type_))
    assert (found.drifts, found.evidence[-1].detail) == (True, "missing: 0.0% before, 100.0% now")
    assert found.note == "no texts on one side"


def test_empty_texts_are_texts_without_a_word():
    found = body(compared([""] * ROWS))
    assert (found.drifts, found.current.missing, found.note) == (True, 0, "words a text: 9.0 before, 0.0 now")


@pytest.mark.parametrize("values", [list(range(ROWS)), [row / 7 for row in range(ROWS)]])
def test_numbers_in_place_of_texts_are_another_column(values):
    drift = compared(values)
    assert [(one.subject, one.detector, one.detail) for one in drift.columns] == [("body", "retyped", "was text, is number")]


def test_cells_of_five_megabytes_are_read_in_part_and_that_is_said():
    values = spoken(1)
    values[3], values[200] = "alpha beta " * 460_000, "x" * 5_000_000
    found = body(compared(values))
    assert (found.drifts, found.current.cut) == (False, 2)
    assert "2 texts were read to their first 100,000 characters" in found.note


def test_a_language_without_spaces_is_other_words_and_no_error():
    found = body(compared([f"請求書が間違っているので直してください{WORDS[row % 6]}" for row in range(ROWS)]))
    assert found.drifts
    assert found.note.startswith("words unknown to the reference: ")
    assert found.current.words > 15 * ROWS
