"""Two tables: one verdict, whatever they hold."""

from datetime import datetime

import numpy as np
import pyarrow as pa
import pytest

from keepfit.errors import DataError, UnknownNameError
from keepfit.monitor.compare import Drift, Thresholds, as_called, compare_tables, with_joint
from keepfit.monitor.joint import compare_whole_rows
from keepfit.records import from_json, to_json
from keepfit.tables.batches import TableRows

RNG = np.random.default_rng(0)
REFERENCE = pa.table({"x": RNG.normal(size=600), "c": RNG.choice(["a", "b"], 600), "t": [datetime(2013, 1, 1)] * 600})


def compare(reference, current, **options):
    return compare_tables(reference, current, names=("ref", "cur"), **options)


def test_a_table_does_not_drift_from_itself():
    found = compare(REFERENCE, REFERENCE)
    assert (found.verdict, [change.effect for change in found.changes]) == ("no drift", [0, 0])


def test_changes_come_by_effect():
    moved = REFERENCE.set_column(0, "x", pa.array(REFERENCE["x"].to_numpy() + 5)).set_column(1, "c", pa.array(["a"] * 600))
    found = compare(REFERENCE, moved)
    assert [(change.column, change.drifts) for change in found.changes] == [("x", True), ("c", True)]
    assert found.verdict == "drift"


def test_times_are_named_as_not_compared():
    assert compare(REFERENCE, REFERENCE).skipped == {"t": "time column"}


def test_an_added_column_is_named_but_no_drift():
    found = compare(REFERENCE, REFERENCE.append_column("new", pa.array([1] * 600)))
    assert (found.verdict, [one.detector for one in found.columns]) == ("no drift", ["added"])


def test_a_removed_column_is_drift_even_with_few_rows():
    assert compare(REFERENCE, REFERENCE.drop_columns(["x"]).slice(0, 5)).verdict == "drift"


@pytest.mark.parametrize("rows", [0, 1, 99])
def test_few_rows_are_no_verdict(rows):
    assert compare(REFERENCE, REFERENCE.slice(0, rows)).verdict == "too few rows"
    assert compare(REFERENCE.slice(0, rows), REFERENCE).verdict == "too few rows"


def test_a_column_that_lost_its_values_drifts():
    emptied = REFERENCE.set_column(0, "x", pa.nulls(600))
    for reference, current in ((REFERENCE, emptied), (emptied, REFERENCE)):
        change = compare(reference, current).changes[0]
        assert (change.column, change.effect, change.drifts) == ("x", 1.0, True)


def test_columns_limit_the_comparison_and_unknown_ones_are_refused():
    assert [change.column for change in compare(REFERENCE, REFERENCE, columns=["c", "c"]).changes] == ["c"]
    with pytest.raises(UnknownNameError, match="no column 'xs'"):
        compare(REFERENCE, REFERENCE, columns=["xs"])


def test_nothing_to_compare_is_one_sentence():
    with pytest.raises(DataError, match="no column can be compared"):
        compare(REFERENCE, REFERENCE, columns=["t"])
    with pytest.raises(DataError, match="no column can be compared"):
        compare(REFERENCE, REFERENCE, columns=[])


def test_an_id_column_is_no_ground_for_a_verdict_and_says_how_blind_the_comparison_is():
    found = compare(*(pa.table({"id": [f"{side}{i}" for i in range(600)]}) for side in "ab"))
    assert found.verdict == "nothing compared"
    assert found.changes[0].note == "92% of the reference is outside its 50 most frequent values"


def test_thresholds_decide():
    moved = REFERENCE.set_column(0, "x", pa.array(REFERENCE["x"].to_numpy() + 1))
    assert compare(REFERENCE, moved, thresholds=Thresholds(min_effect=0.9)).verdict == "no drift"


def test_the_record_survives_json():
    found = compare(REFERENCE, REFERENCE.slice(0, 3))
    assert from_json(Drift, to_json(found)) == found


def rows(reference, current, *names, **options):
    return compare_whole_rows(TableRows(reference), TableRows(current), detectors=names, rng=np.random.default_rng(0), **options)


def test_a_change_that_no_column_shows_is_found_in_the_rows():
    rng = np.random.default_rng(1)
    a, b = rng.normal(size=(2, 3000, 2))
    apart, together = pa.table({"x": a[:, 0], "y": a[:, 1]}), pa.table({"x": b[:, 0], "y": 0.9 * b[:, 0] + np.sqrt(1 - 0.81) * b[:, 1]})
    found = compare(apart, together)
    assert found.verdict == "no drift"
    assert with_joint(found, rows(apart, together, "mmd", "c2st")).verdict == "drift"
    assert with_joint(found, rows(apart, apart, "mmd", "c2st")).verdict == "no drift"


def test_rows_of_unknown_detectors_and_of_no_columns_are_refused():
    with pytest.raises(UnknownNameError, match="no row detector 'mmmd' \\(--rows\\)"):
        rows(REFERENCE, REFERENCE, "mmmd")
    with pytest.raises(DataError, match="no column can be compared row by row"):
        rows(REFERENCE, REFERENCE, "mmd", columns=["t"])
    assert rows(REFERENCE, REFERENCE.slice(0, 0), "mmd") == ()


def test_another_rule_has_the_last_word_on_what_drifts():
    moved = compare(REFERENCE, REFERENCE.set_column(0, "x", pa.array(REFERENCE["x"].to_numpy() + 5)))
    quiet, other = as_called(moved, (), rule="e-detector"), as_called(moved, {"c"}, rule="e-detector")
    assert (quiet.verdict, [change.drifts for change in quiet.changes], quiet.rule) == ("no drift", [False, False], "e-detector")
    assert (other.verdict, [change.column for change in other.changes if change.drifts]) == ("drift", ["c"])
    gone = compare(REFERENCE, REFERENCE.drop_columns(["x"]))
    assert as_called(gone, (), rule="e-detector").verdict == "drift"


def test_free_text_is_compared_by_its_words_and_calm_texts_are_no_drift():
    from tests.grammar import Change as Changed
    from tests.grammar import texts

    stream = texts(0, windows=10, rows=150, change=Changed(since=8)).select(["text", "channel"])
    before, calm, changed = stream.slice(0, 600), stream.slice(600, 600), stream.slice(1200)
    drift = compare_tables(before, changed, names=("before", "now"))
    text = next(one for one in drift.changes if one.column == "text")
    assert (drift.verdict, text.drifts, text.psi) == ("drift", True, None)
    assert "words unknown to the reference:" in text.note
    assert compare_tables(before, calm, names=("before", "now")).verdict == "no drift"
