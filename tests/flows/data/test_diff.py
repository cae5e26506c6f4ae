"""Two revisions of a project's data: what came, went and changed, by the windows that differ."""

from __future__ import annotations

import pyarrow as pa
import pytest
from tests.flows.data.tracked import ROWS, rows_of, with_column

from keepfit.errors import UnknownNameError
from keepfit.flows.data.diff import diff_revisions
from keepfit.integrations.tables import write_parquet
from keepfit.report.data_diff import data_diff_report


def test_a_month_came_and_labels_flipped(tracked):
    found = diff_revisions(tracked.project, "v1", "main")
    assert (found.added, found.removed, found.changed, found.same_files) == (ROWS, 0, 6, 1)
    assert [(one.name, one.state, one.added, one.changed) for one in found.files] == [("2026-01", "changed", 0, 6), ("2026-03", "added", ROWS, 0)]
    labels = found.labels
    assert labels is not None
    assert (labels.arrived, labels.flipped, labels.lost, labels.known_before, labels.known) == (1, 5, 0, 2 * ROWS - 1, 3 * ROWS)
    assert [(one.before, one.now, one.rows) for one in labels.flips] == [(0.0, 1.0, 3), (1.0, 0.0, 2)]
    assert (found.rows_before, found.rows_now) == (2 * ROWS, 3 * ROWS)
    assert [(one.slice, one.before, one.now) for one in found.slices] == [("line=a", ROWS, 3 * ROWS // 2), ("line=b", ROWS, 3 * ROWS // 2)]
    assert found.span is not None
    assert found.span.first.month == 1
    assert found.span.last.month == 3


def test_the_text_is_short_and_the_same_every_time(tracked):
    text = data_diff_report(diff_revisions(tracked.project, "v1", "main"))
    assert text == data_diff_report(diff_revisions(tracked.project, "v1", "main"))
    assert len(text.splitlines()) < 60


def test_the_other_way_round_rows_went(tracked):
    found = diff_revisions(tracked.project, "main", "v1")
    assert (found.added, found.removed, found.changed) == (0, ROWS, 6)


def test_the_work_tree_is_the_same_as_its_commit(tracked):
    found = diff_revisions(tracked.project, "HEAD", None)
    assert not found.differs
    assert (found.now, found.same_files, found.files) == ("the work tree", 3, ())


def test_a_window_that_was_edited_in_the_work_tree(mine):
    february = mine.window("2026-02")
    mine.put("2026-02", february.slice(1).rename_columns(["part", "at", "temperature", "line", "failed"]))
    found = diff_revisions(mine.project, "HEAD", None)
    assert (found.added, found.removed, found.changed) == (0, 1, ROWS - 1)
    assert [(one.name, one.rows, one.emptied) for one in found.columns] == [("heat", ROWS - 1, ROWS - 1)]  # the other windows have it still
    assert [(one.name, one.known) for one in found.columns_added] == [("temperature", ROWS - 1)]
    assert mine.git("status", "--porcelain") == ""


def test_a_column_that_is_renamed_in_every_window(mine):
    for month in (1, 2, 3):
        mine.put(f"2026-0{month}", mine.window(f"2026-0{month}").rename_columns(["part", "at", "temperature", "line", "failed"]))
    found = diff_revisions(mine.project, "HEAD", None)
    assert [(one.name, one.was) for one in found.columns] == [("temperature", "heat")]
    assert (found.changed, found.columns_added, found.columns_removed) == (0, (), ())


def test_files_that_differ_in_bytes_only_are_no_difference(mine):
    from pyarrow import parquet

    path = mine.root / "data" / "windows" / "2026-02.parquet"
    table = mine.window("2026-02")
    path.unlink()
    parquet.write_table(table, path, compression="snappy")
    found = diff_revisions(mine.project, "HEAD", None)
    assert not found.differs
    assert "1 file differs in bytes or column names only" in data_diff_report(found)


def test_rows_that_lie_in_another_window_have_moved(mine):
    february, march = mine.window("2026-02"), mine.window("2026-03")
    mine.put("2026-02", february.slice(0, ROWS - 3))
    mine.put("2026-03", pa.concat_tables([february.slice(ROWS - 3), march]))
    found = diff_revisions(mine.project, "HEAD", None)
    assert (found.added, found.removed, found.changed, found.moved) == (0, 0, 0, 3)
    assert found.differs


def test_what_was_composed_is_compared_too(mine):
    table = rows_of(1).append_column("_weight", pa.array([1.0] * ROWS))
    folder = mine.root / "build" / "compose"
    for name in ("train", "evaluate", "holdout", "manifest"):
        write_parquet(table, folder / f"{name}.parquet")
    (mine.root / "dvc.yaml").write_text("stages: {compose: {cmd: 'true', outs: [build/compose]}}\n")
    mine.dvc("commit", "-f", "compose")
    mine.git("add", "-A")
    mine.git("commit", "-qm", "Composed")
    (folder / "train.parquet").unlink()
    write_parquet(with_column(table, "_weight", [2.0, *[1.0] * (ROWS - 1)]).slice(0, ROWS - 2), folder / "train.parquet")
    found = diff_revisions(mine.project, "HEAD", None, dataset="train")
    assert (found.removed, found.changed) == (2, 1)
    assert [one.name for one in found.columns] == ["_weight"]
    assert not diff_revisions(mine.project, "HEAD", None, dataset="evaluate").differs


def test_a_key_that_one_side_lacks(mine):
    for month in (1, 2, 3):
        mine.put(f"2026-0{month}", mine.window(f"2026-0{month}").rename_columns(["parts", "at", "heat", "line", "failed"]))
    with pytest.raises(UnknownNameError, match="no column 'part'"):
        diff_revisions(mine.project, "HEAD", None)
