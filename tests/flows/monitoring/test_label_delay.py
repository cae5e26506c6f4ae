"""Labels that normally come late: what a window says of the champion is provisional until they are due, and silence is no label before."""

from __future__ import annotations

from datetime import datetime, timedelta

import pandas as pd
import pytest
from tests.flows.monitoring.test_late_labels import come, months, of, overall
from tests.flows.monitoring.test_monitor import rows_of, run, write_rows

from keepfit.flows.rows.window_store import WindowStore
from keepfit.flows.tickets.tickets import list_tickets
from keepfit.report.monitoring import window_data, windows_table

MARCH = datetime(2013, 3, 1)


@pytest.fixture
def project(watched):
    """Half of February's labels are there at its end; they are normally two weeks late."""
    with_data(watched, "label_delay: 14 days")
    write_rows(watched.root, *months(m2=0.5))
    return watched


def with_data(project, *lines):
    path = project.root / "params.yaml"
    path.write_text(path.read_text().replace("data:\n", "data:\n" + "".join(f"  {line}\n" for line in lines)))


def february(project, until):
    return of(run(project, until=until), "2013-02")


def test_a_window_says_how_many_labels_are_still_to_come_and_until_when_it_is_provisional(project):
    seen = february(project, MARCH)
    last = rows_of(2)["t"].max() + timedelta(days=14)
    late = int((rows_of(2)["t"].tail(200) > MARCH - timedelta(days=14)).sum())
    assert (seen.labelled, seen.to_come, seen.labels_due) == (200, late, last)
    assert f"provisional: {late} of 400 labels are still to come, the last is due by {last:%Y-%m-%d}" in windows_table([seen])
    assert window_data(seen)["labels_to_come"] == {"rows": late, "due": last.isoformat()}


def test_when_the_labels_are_due_the_window_is_provisional_no_longer(project):
    assert february(project, MARCH).to_come
    waited = february(project, datetime(2013, 3, 20))
    assert (waited.to_come, waited.provisional) == (0, "")
    come(project, m2=1)
    seen = february(project, datetime(2013, 3, 20))
    assert (seen.labelled, seen.to_come, overall(seen).n) == (400, 0, 400)


def test_a_ticket_that_stands_on_early_labels_says_so(project):
    turned = rows_of(2, flipped=True)
    write_rows(project.root, rows_of(1), turned.assign(y=turned["y"].where(turned.index < 300)))
    seen = february(project, MARCH)
    (ticket,) = list_tickets(project)
    assert ticket.reasons[-1] == seen.provisional != ""


def test_of_a_list_of_those_who_left_nobody_who_is_young_has_stayed(watched):
    with_data(watched, "labels: left.csv", "label_delay: 14 days", "no_label: 0")
    rows = rows_of(2)
    write_rows(watched.root, rows_of(1), rows.drop(columns="y"))
    left = rows[rows["y"] == 1]
    left[["id", "y"]].to_csv(watched.root / "left.csv", index=False)
    seen = february(watched, MARCH)
    due = rows["t"] <= MARCH - timedelta(days=14)
    assert (seen.labelled, seen.to_come) == (due.sum(), 400 - due.sum())
    later = february(watched, datetime(2013, 3, 20))
    assert (later.labelled, later.to_come, later.arrivals) == (400, 0, 1)
    write_rows(watched.root, rows_of(1), rows)
    store = WindowStore(watched, datetime(2013, 2, 1), datetime(2013, 3, 20))
    told = store.rows(of(run(watched, until=datetime(2013, 3, 20)), "2013-02").window).to_pandas().set_index("id")["y"]
    pd.testing.assert_series_equal(told.sort_index(), rows.set_index("id")["y"].astype(float).sort_index(), check_names=False)


def test_without_a_delay_nothing_is_awaited(watched):
    write_rows(watched.root, *months(m2=0.5))
    seen = february(watched, MARCH)
    assert (seen.labelled, seen.to_come, seen.labels_due) == (200, 0, None)
