from __future__ import annotations

import json
from datetime import datetime, timedelta

import numpy as np
import pyarrow as pa
import pytest
from click.testing import CliRunner

from keepfit.cli.tickets import resolve
from keepfit.cli.windows import window
from keepfit.errors import DataError, KeepfitError, ParamsError, UnknownNameError
from keepfit.flows.project import Project
from keepfit.flows.retraining.regression import resolve_with_regression
from keepfit.flows.rows.past import decide_past, past_entries
from keepfit.flows.tickets.tickets import find_ticket
from keepfit.integrations.ledger.ledger import Ledger
from keepfit.integrations.tables import write_parquet
from keepfit.records import FoundSlice, RootCause, Ticket

PARAMS = """
model: {name: shops, task: classification, target: y}
data: {live: rows.csv, time: t, id: id, features: {x: numeric, shop: categorical}, holdout_share: 0.3}
ledger: {uri: 'sqlite:///ledger.db'}
"""
ROWS = 900
WORSE = FoundSlice(
    question="loss", slice="shop=b", columns=("shop",), rows=450, share=0.5, effect=0.2, low=0.1, high=0.3, p_value=0.001, explained=0.2, n=ROWS, tests=3
)


@pytest.fixture
def project(tmp_path, monkeypatch):
    """February was bad in shop b, says a ticket; one of its rows was set aside."""
    (tmp_path / "params.yaml").write_text(PARAMS)
    (tmp_path / "baseline.json").write_text('{"champion": null}')
    (tmp_path / "expectations").mkdir()
    rng = np.random.default_rng(0)
    times = [datetime(2013, 2, 1) + timedelta(minutes=40 * row) for row in range(ROWS)]
    table = pa.table({
        "id": [f"r{row:04}" for row in range(ROWS)], "t": times, "x": rng.normal(size=ROWS), "shop": ["ab"[row % 2] for row in range(ROWS)],
        "y": rng.integers(0, 2, ROWS).astype(float),
    })  # fmt: skip
    (tmp_path / "data" / "windows").mkdir(parents=True)
    write_parquet(table, tmp_path / "data/windows/2013-02.parquet")
    ledger = Ledger(f"sqlite:///{tmp_path}/ledger.db")
    with ledger.transaction() as book:
        book.save_ticket(ticket())
    ledger.close()
    monkeypatch.chdir(tmp_path)
    return Project(tmp_path)


def ticket(root=None):
    return Ticket(
        id="2013-02-harm", model="shops", champion="sha256:ab", action="improve", ground="harm", cause="y", window="2013-02", opened=datetime(2013, 3, 1),
        target=None, reasons=("worse",), evidence=(), affected="shop=b", next=(), root=root or RootCause(kind="concept", slices=(WORSE,)),
    )  # fmt: skip


def write_down(project, name="till", slice_=None, reason="the new  till"):
    return resolve_with_regression(project, "2013-02-harm", name=name, slice_=slice_, reason=reason, by="ann")


def test_a_resolved_ticket_leaves_the_rows_that_it_was_about_and_that_no_model_trains_on(project):
    from keepfit.compose.holdout import in_holdout

    done = write_down(project)
    [entry] = past_entries(project).incidents
    assert (entry.name, entry.window, entry.slice, entry.ticket, entry.reason) == ("incident=till", "2013-02", "shop=b", "2013-02-harm", "the new till")
    held = in_holdout([f"r{row:04}" for row in range(ROWS)], share=0.3, salt="keepfit")
    assert entry.rows == sum(bool(held[row]) for row in range(1, ROWS, 2))
    assert find_ticket(project, "2013-02-harm").status == "resolved"
    assert done.remarks == (f"{entry.rows} of 450 rows of shop=b in 2013-02 are held out and judge; the others may train",)


def test_the_slice_is_what_a_person_names_else_what_the_ticket_found_else_the_whole_window(project):
    write_down(project, slice_="x>0 & shop=a")
    assert past_entries(project).incidents[0].slice == "x>0 & shop=a"
    ledger = Ledger(project.ledger_uri)
    with ledger.transaction() as book:
        book.save_ticket(ticket(RootCause(kind="none")))
    ledger.close()
    write_down(project, name="all")
    assert {one.name: one.slice for one in past_entries(project).incidents}["incident=all"] == "overall"


@pytest.mark.parametrize(
    ("asked", "error", "said"),
    [
        ({"reason": " "}, ParamsError, "written down with a reason"),
        ({"name": "a b"}, ParamsError, "no name of an incident"),
        ({"slice_": "shp=b"}, UnknownNameError, "shp"),
        ({"slice_": "shop=z"}, DataError, "none of the 0 rows of shop=z in 2013-02 is held out"),
        ({"slice_": "shop is other"}, ParamsError, "names no rows by itself"),
    ],
)
def test_where_anything_is_wrong_nothing_is_written_and_the_ticket_stays_open(project, asked, error, said):
    with pytest.raises(error, match=said):
        write_down(project, **asked)
    assert past_entries(project).incidents == ()
    assert find_ticket(project, "2013-02-harm").status == "open"


def test_a_name_is_given_once_and_a_window_that_is_not_here_is_named(project):
    write_down(project)
    with pytest.raises(ParamsError, match="there is an incident 'till' already"):
        write_down(project)
    (project.root / "data/windows/2013-02.parquet").rename(project.root / "data/windows/2013-03.parquet")
    with pytest.raises(KeepfitError, match="2013-02"):
        write_down(project, name="other")


def test_few_labels_and_no_holdout_are_said(project):
    (project.root / "params.yaml").write_text(PARAMS + "evaluate: {min_rows: 500}\n")
    assert "fewer than evaluate.min_rows (500): the incident is undecided until more come" in write_down(Project(project.root)).remarks[1]
    (project.root / "params.yaml").write_text(PARAMS.replace("0.3", "0.0"))
    with pytest.raises(DataError) as raised:
        write_down(Project(project.root), name="other")
    assert raised.value.fix == "data.holdout_share holds no row out"


def test_windows_and_incidents_are_retired_and_judge_again_with_a_reason(project):
    write_down(project)
    decide_past(project, "2013-01", "retired", "the old till", by="ann")
    decide_past(project, "incident=till", "retired", "repaired", by="bob")
    assert dict(past_entries(project).retired) == {"window=2013-01": "the old till", "incident=till": "repaired"}
    decide_past(project, "incident=till", "active", "it came back", by="ann")
    [entry] = past_entries(project).incidents
    assert (entry.status, entry.reason, entry.slice, entry.by) == ("active", "it came back", "shop=b", "ann")
    for name, error in (("incident=tull", UnknownNameError), ("January", DataError)):
        with pytest.raises(error):
            decide_past(project, name, "retired", "why")
    with pytest.raises(ParamsError, match="needs a reason"):
        decide_past(project, "2013-01", "active", " ")


def test_the_commands_print_what_to_type_next_and_list_what_was_decided(project):
    done = CliRunner().invoke(resolve, ["2013-02-harm", "--regression", "till", "--reason", "the new till"])
    assert done.exit_code == 0, done.output
    assert "incident=till stands in expectations/past.yaml\nnext: git add expectations/past.yaml && git commit" in done.stderr
    assert CliRunner().invoke(window, ["retire", "2013-01", "--reason", "the old till"]).exit_code == 0
    listed = json.loads(CliRunner().invoke(window, ["list", "--json"]).stdout)["past"]
    assert [(one["name"], one["status"]) for one in listed] == [("incident=till", "active"), ("window=2013-01", "retired")]
    assert "window=2013-01  retired: the old till" in CliRunner().invoke(window, ["list"]).stdout
    assert CliRunner().invoke(resolve, ["2013-02-harm", "--slice", "shop=b"]).exit_code == 2
