"""Labels that match no row: said with their number, kept, and one ticket for all of them."""

from __future__ import annotations

import json
from datetime import datetime, timedelta

import numpy as np
import pandas as pd
import pytest
from click.testing import CliRunner
from tests.flows.monitoring.test_late_labels import MAY, months, of, own_table
from tests.flows.monitoring.test_monitor import rows_of, run, write_rows

from keepfit.cli import app
from keepfit.errors import TicketError
from keepfit.flows.rows.labels import kept_labels
from keepfit.flows.tickets.replay import replay
from keepfit.flows.tickets.tickets import acknowledge, list_tickets, resolve

ID = "2013-04-labels"


@pytest.fixture
def project(watched):
    """Months without labels from February on."""
    write_rows(watched.root, *months())
    return watched


def without_id(project, *, scheme):
    """The project as one without an id column: ids are made from the content."""
    params = project.root / "params.yaml"
    named = f"  id_scheme: {scheme}\n" if scheme else ""
    params.write_text(params.read_text().replace("  id: id\n", named))


def export(project, *frames, **columns):
    """Write the source without ids, with more columns."""
    write_rows(project.root, *(rows.drop(columns="id").assign(**columns) for rows in frames))


def unmatched(told):
    return told.unmatched.count


@pytest.mark.parametrize("scheme", [None, "columns"])
def test_ids_of_all_columns_change_with_an_export_that_gains_one_and_the_labels_that_match_no_row_are_told(project, scheme):
    without_id(project, scheme=scheme)
    export(project, *months())
    assert (run(project, until=MAY).exit_code, unmatched(run(project, until=MAY))) == (0, 0)
    export(project, *months(m2=1, m3=0.5), shop="Berlin")
    said = []
    told = run(project, until=MAY, said=said)
    assert (of(told, "2013-02").labelled, unmatched(told), told.exit_code) == (0, 600, 3)
    assert any("600 labels match no closed row" in line and "2013-02, 2013-03 under other ids" in line for line in said)
    assert [(ticket.id, ticket.action, ticket.ground, ticket.affected) for ticket in told.tickets] == [(ID, "inspect", "quality", "600 labels")]
    export(project, *months(m2=1, m3=0.5))
    told = run(project, until=MAY)
    assert (of(told, "2013-02").labelled, of(told, "2013-03").labelled, unmatched(told), told.exit_code) == (400, 200, 0, 0)
    assert [(ticket.status, ticket.note) for ticket in list_tickets(project, every=True)] == [("resolved", "every label has found its row")]


def test_ids_of_features_stay_when_an_export_gains_columns_or_stores_them_otherwise(project):
    without_id(project, scheme="features")
    export(project, *months())
    run(project, until=MAY)
    rows = [one.drop(columns="id").assign(shop="Berlin", c=one["c"].astype("category")) for one in months(m2=1)]
    pd.concat(rows).to_parquet(project.root / "rows.parquet")
    params = project.root / "params.yaml"
    params.write_text(params.read_text().replace("rows.csv", "rows.parquet"))
    told = run(project, until=MAY)
    assert (of(told, "2013-02").labelled, of(told, "2013-02").late_rows, unmatched(told), told.exit_code) == (400, 0, 0, 0)


def test_labels_of_ids_that_no_row_has_are_told_kept_and_join_when_their_rows_come(project):
    write_rows(project.root, *(rows.drop(columns="y") for rows in months()[:3]))
    own_table(project, rows_of(2), rows_of(4))
    said = []
    told = run(project, until=datetime(2013, 4, 1), said=said)
    assert (unmatched(told), told.exit_code, kept_labels(project).num_rows) == (400, 3, 400)
    assert any("400 labels match no closed row (ids 4-0, 4-1, 4-10, 4-100, 4-101, …); they are kept" in line for line in said)
    own_table(project, rows_of(2))  # the next delivery has other labels
    write_rows(project.root, *(rows.drop(columns="y") for rows in months()))
    told = run(project, until=MAY)
    assert (of(told, "2013-04").labelled, unmatched(told), kept_labels(project)) == (400, 0, None)
    assert all(ticket.status == "resolved" for ticket in list_tickets(project, every=True) if ticket.id.endswith("labels"))


def test_a_ticket_of_labels_is_told_once_silent_when_resolved_and_told_again_when_there_are_more(project):
    own_table(project, rows_of(2), rows_of(9, n=3))
    assert [ticket.id for ticket in run(project, until=MAY).tickets] == [ID]
    again = run(project, until=MAY)
    assert ([ticket.id for ticket in again.tickets], [ticket.id for ticket in again.waiting], again.exit_code) == ([], [ID], 3)
    resolve(project, ID, reason="labels of another shop")
    assert (run(project, until=MAY).exit_code, unmatched(run(project, until=MAY))) == (0, 3)
    own_table(project, rows_of(2), rows_of(9, n=7))
    told = run(project, until=MAY)
    assert ([ticket.id for ticket in told.tickets], told.exit_code) == ([f"{ID}-2"], 3)
    acknowledge(project, f"{ID}-2", until=MAY + timedelta(days=9))
    assert run(project, until=MAY).exit_code == 0
    with pytest.raises(TicketError, match="labels that match no row"):
        replay(project, ID)


def test_rows_that_came_late_and_rows_that_the_source_dropped_are_no_labels_without_a_row(project):
    run(project, until=MAY)
    late = rows_of(2, n=17, seed=5)
    write_rows(project.root, *months(m2=1), late.assign(id="late-" + late["id"]))
    assert unmatched(run(project, until=MAY)) == 0
    write_rows(project.root, *months(m2=1)[2:])
    assert unmatched(run(project, until=MAY)) == 0


def test_json_says_how_many_labels_match_no_row(project, monkeypatch):
    monkeypatch.chdir(project.root)
    own_table(project, rows_of(9, n=7))
    done = CliRunner().invoke(app, ["monitor", "--until", "2013-05-01", "--json"])
    assert done.exit_code == 3
    assert json.loads(done.stdout)["unmatched_labels"] == {"labels": 7, "examples": ["9-0", "9-1", "9-2", "9-3", "9-4"]}


def test_whole_numbers_as_keys_match_however_the_two_tables_store_them(project):
    params = project.root / "params.yaml"
    params.write_text(params.read_text().replace("  id: id\n", "  id: id\n  id_scheme: features\n"))
    numbered = [rows.assign(id=np.arange(len(rows)) + 123_456_789_012 + 1000 * month) for month, rows in enumerate(months())]
    write_rows(project.root, *(rows.drop(columns="y") for rows in numbered))
    own_table(project, numbered[1].assign(y=rows_of(2)["y"], id=lambda rows: rows["id"].astype(float)), name="labels.csv")
    (project.root / "labels.csv").write_text((project.root / "labels.csv").read_text() + ",\n")
    told = run(project, until=MAY)
    assert (of(told, "2013-02").labelled, unmatched(told)) == (400, 0)
