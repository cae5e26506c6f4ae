"""How far a queue is answered, by why rows were selected and by slice."""

from __future__ import annotations

from datetime import UTC, datetime

from keepfit.compose.queue.progress import AnsweredRows, progress_of
from keepfit.records import Queue, QueueRow
from keepfit.report.label_status import status_data, status_report, status_table

NOW = datetime(2026, 11, 30, 12, tzinfo=UTC)
ROWS = (
    QueueRow(row="a", selected="random", slices=("c=a",)),
    QueueRow(row="b", selected="active", slices=("c=a",), slice="x > 3"),
    QueueRow(row="c", selected="active", slices=("c=b",)),
    QueueRow(row="d", selected="active", slices=("c=b",)),
)
QUEUE = Queue(name="may", made_at=NOW, strategy="margin", seed=0, format="csv", model="m", rows=ROWS)


def progress(labelled=(), tied=()):
    return progress_of(QUEUE, labelled=labelled, tied=tied)


def test_what_is_answered_is_counted_in_all_by_selection_and_by_slice_with_most_missing_first():
    found = progress({"a", "b", "somebody else's"})
    assert found.total == AnsweredRows(rows=4, answered=2)
    assert found.selected == {"active": AnsweredRows(rows=3, answered=1), "random": AnsweredRows(rows=1, answered=1)}
    assert list(found.slices.items()) == [
        ("c=b", AnsweredRows(rows=2, answered=0)),
        ("c=a", AnsweredRows(rows=2, answered=2)),
        ("x > 3", AnsweredRows(rows=1, answered=1)),
    ]


def test_a_queue_is_open_until_its_last_row_is_answered():
    assert progress({"a", "b", "c"}).is_open
    assert not progress({"a", "b", "c", "d"}).is_open


def test_rows_on_which_people_disagree_are_missing_and_named():
    found = progress({"a"}, tied={"c", "z"})
    assert (found.ties, found.total.missing) == (("c",), 3)
    assert "people disagree on 1 rows, which the next export asks about again: c" in status_report(found)


def test_a_list_says_where_most_is_missing():
    assert "c=b, x &gt; 3" not in status_table([progress({"a", "b"})])
    assert "| may | 2026-11-30 12:00 | margin | – | 4 | 2 | 2 | – | c=b |" in status_table([progress({"a", "b"})])


def test_programs_get_the_same_counts():
    found = status_data(progress({"a"}))
    assert (found["open"], found["rows"], found["answered"], found["waiting"]) == (True, 4, 1, 3)
    assert found["by_slice"]["c=b"] == {"rows": 2, "answered": 0, "waiting": 2}
