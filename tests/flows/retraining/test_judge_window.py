"""The newest labelled window judges a candidate, however old the ticket is that asked for it."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pyarrow as pa
import pytest

from keepfit.flows.project import Project
from keepfit.flows.retraining.judge_window import judge_window, target_of
from keepfit.integrations.ledger.ledger import Ledger
from keepfit.integrations.tables import write_parquet
from keepfit.records import Decision, JudgedWindow, Ticket
from keepfit.tables.windows import parse_window_id

PARAMS = """\
model: {name: m, task: classification, target: y}
data: {live: rows.csv, time: t, id: id, features: {x: numeric}}
monitor: {min_rows: 50}
"""
ROWS = 100


@pytest.fixture
def project(tmp_path):
    (tmp_path / "params.yaml").write_text(PARAMS)
    (tmp_path / "expectations").mkdir()
    (tmp_path / "expectations" / "windows.yaml").write_text("{}\n")
    for month in (2, 3, 4, 5):
        close(tmp_path, month)
    return Project(tmp_path)


def close(root, month, *, labelled=ROWS):
    at = [datetime(2026, month, 1) + timedelta(hours=row) for row in range(ROWS)]
    y = [float(row % 2) if row < labelled else None for row in range(ROWS)]
    rows = pa.table({"id": [f"{month}-{row:03d}" for row in range(ROWS)], "t": at, "x": [1.0] * ROWS, "y": pa.array(y, pa.float64())})
    write_parquet(rows, root / ".keepfit" / "windows" / f"2026-{month:02d}.parquet")


def ticket(window="2026-02"):
    start = f"{window}-01T00:00:00"
    return Ticket(
        id=f"{window}-harm", model="m", champion="1", action="improve", ground="harm", cause="harm:overall", window=window,
        opened=datetime(2026, 6, 1), target=start, reasons=(), evidence=(), affected="", next=(),
    )  # fmt: skip


def block(project, window):
    decided = Decision(window=window, action="inspect", ground="quality", cause="quality:x", target=None, reasons=())
    with Ledger(project.ledger_uri).transaction() as book:
        book.record_window(
            JudgedWindow(
                model="m", champion="sha256:a", version="1", window=parse_window_id(window), status="blocked", rows=ROWS, labelled=0, quarantined=(),
                metric="roc_auc", value=None, low=None, high=None, evidence=(), decision=decided, ticket=None, verdict=None, arrivals=0, notes=(),
            )
        )  # fmt: skip


def test_after_a_backlog_the_newest_window_judges_the_oldest_tickets_candidate(project):
    judge = judge_window(project, ticket())
    assert (judge.id, target_of(judge, ticket())) == ("2026-05", "2026-05-01T00:00:00")


def test_windows_with_few_labels_judge_nothing(project):
    close(project.root, 5, labelled=10)
    assert judge_window(project, ticket()).id == "2026-04"
    close(project.root, 3, labelled=0)
    close(project.root, 4, labelled=0)
    own = judge_window(project, ticket())
    assert (own.id, target_of(own, ticket())) == ("2026-02", "2026-02-01T00:00:00")


def test_windows_that_wait_or_are_excluded_judge_nothing(project):
    block(project, "2026-05")
    assert judge_window(project, ticket()).id == "2026-04"
    (project.root / "expectations" / "windows.yaml").write_text("2026-04: {verdict: exclude, reason: broken, by: me}\n")
    assert judge_window(Project(project.root), ticket()).id == "2026-03"


def test_a_newer_ticket_is_never_judged_by_an_older_window(project):
    assert judge_window(project, ticket("2026-05")).id == "2026-05"


def test_a_count_window_starts_with_its_first_row(project):
    close(project.root, 6)
    folder = project.root / ".keepfit" / "windows"
    for number, month in enumerate((2, 3, 6), start=1):
        (folder / f"2026-{month:02d}.parquet").rename(folder / f"rows-{number:06d}.parquet")
    judge = judge_window(project, ticket("rows-000001"))
    assert (judge.id, judge.start) == ("rows-000003", datetime(2026, 6, 1))


def close_rows(root, number, month):
    """A window of rows that lies in a month."""
    close(root, month)
    written = root / ".keepfit" / "windows" / f"2026-{month:02d}.parquet"
    written.rename(written.with_name(f"rows-{number:06d}.parquet"))


def test_of_windows_of_rows_the_one_of_the_highest_number_judges_however_its_id_sorts(project):
    for month in (2, 3, 4, 5):
        (project.root / ".keepfit" / "windows" / f"2026-{month:02d}.parquet").unlink()
    for number, month in ((999_998, 2), (999_999, 3), (1_000_000, 4)):
        close_rows(project.root, number, month)
    asked = replace(ticket(), window="rows-999998", target="2026-02-01T00:00:00")
    judge = judge_window(project, asked)
    assert (judge.id, target_of(judge, asked)) == ("rows-1000000", "2026-04-01T00:00:00")


def test_after_the_size_of_windows_was_changed_the_newest_by_time_judges(project):
    close(project.root, 6)
    june = project.root / ".keepfit" / "windows" / "2026-06.parquet"
    june.rename(june.with_name("2026-W23.parquet"))  # 1 June: sorts behind every month's id, and any later month's is before it
    close(project.root, 7)
    assert judge_window(project, ticket()).id == "2026-07"
    close_rows(project.root, 1, 8)
    assert judge_window(project, ticket()).id == "rows-000001"
