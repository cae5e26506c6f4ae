"""Labels joined by key: which stand, and that looking a few up does not cost as much as all there are."""

from __future__ import annotations

from datetime import datetime

from keepfit.flows.project import Project
from keepfit.flows.rows.window_store import WindowStore
from keepfit.tables.frames import to_frame
from keepfit.tables.written_targets import as_written

WORDS = """
model: {name: m, task: classification, target: churned, positive: "yes"}
data: {live: rows.csv, labels: labels.csv, time: t, id: id, features: {x: numeric}}
"""


def test_labels_in_words_that_come_from_a_table_of_their_own_or_late_reach_the_owners_command_as_words(tmp_path):
    (tmp_path / "params.yaml").write_text(WORDS)
    (tmp_path / "rows.csv").write_text("id,t,x\n" + "".join(f"r{row},2026-01-{row + 1:02},{row}\n" for row in range(8)))
    (tmp_path / "labels.csv").write_text("id,churned\nr0,yes\nr1,no\nr2,never\n")
    project = Project(tmp_path)
    store = WindowStore(project, None, datetime(2026, 2, 1))
    january = store.windows[0]
    assert owners(store.rows(january)) == ["yes", "no", "never"]
    (tmp_path / "labels.csv").write_text("id,churned\nr0,yes\nr1,no\nr2,never\nr3,yes\nr4,no\n")
    later = WindowStore(project, None, datetime(2026, 2, 1))
    assert later.collect(january) == 2
    assert WindowStore(project, None, datetime(2026, 2, 1)).rows(january)["churned"].to_pylist() == [1.0, 0.0, 0.0, 1.0, 0.0, None, None, None]
    assert owners(WindowStore(project, None, datetime(2026, 2, 1)).rows(january)) == ["yes", "no", "never", "yes", "no"]
    assert later.disagreeing(january) == ()


def owners(rows):
    """The target of the labelled rows as the training command gets it."""
    frame = to_frame(rows)
    return as_written(frame[frame["churned"].notna()], "churned")["churned"].tolist()
