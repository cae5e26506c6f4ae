"""What labelling stores: a queue's record and the sheet that people get, their labels, and what they disagree on."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from keepfit.records import Label, Queue, QueueRow, Tie, to_json
from keepfit.records.labels import Ties
from keepfit.report.label_sheet import ShownRows, label_sheet
from keepfit.tables.label_file import written

ASKED, ANSWERED = datetime(2026, 11, 30, 12, tzinfo=UTC), datetime(2026, 12, 1, 8, 30, tzinfo=UTC)
ROWS = (
    QueueRow(row="0071", window="2026-11", selected="random", probability=0.05, slices=("line=a",)),
    QueueRow(row="=b2", window="2026-11", selected="ticket", probability=0.5, slice="line=b", slices=("line=b",)),
    QueueRow(row="c3", window="2026-10", selected="active", probability=1.0, score=0.9, label="no", slices=("line=b",)),
)
QUEUE = Queue(
    name="november",
    made_at=ASKED,
    strategy="random",
    seed=7,
    format="csv",
    model="parts",
    version="3",
    classes=("no", "yes"),
    ticket="2026-11-harm",
    slice="line=b",
    rows=ROWS,
    windows=("2026-10", "2026-11"),
    population=60,
    random_share=0.2,
)
LABELS = (
    Label(row="0071", label="yes", origin="annotator", annotator="ann; bo", known_at=ANSWERED, queue="november", selected="random", probability=0.05),
    Label(row="=b2", label="no", origin="annotator", annotator="ann", known_at=ANSWERED, queue="november", selected="ticket", probability=0.5),
    Label(row="z9", label="yes", origin="gold", known_at=ANSWERED),
)


def write_labelling(out: Path) -> None:
    """Write one of each."""
    values = [("a", "=1+1"), ("b", "é"), ("b", "")]
    shown = ShownRows(ids=[row.row for row in ROWS], columns=("line", "note"), values=values, classes=QUEUE.classes, queue=QUEUE.name)
    (out / "queue.json").write_text(to_json(QUEUE), encoding="utf-8")
    (out / "sheet.csv").write_text(label_sheet(shown), encoding="utf-8", newline="")
    (out / "labels.csv").write_text(written(LABELS), encoding="utf-8", newline="")
    (out / "ties.json").write_text(to_json(Ties(ties=(Tie(row="c3", answers={"ann": "no", "bo": "yes"}, queue="november"),))), encoding="utf-8")
