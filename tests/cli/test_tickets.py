"""`keepfit ticket`, `ack`, `resolve`: what the person on call types."""

import json
import subprocess
import sys
from datetime import datetime

import pytest
from click.testing import CliRunner

from keepfit.cli.tickets import ack, resolve, ticket
from keepfit.errors import ProjectError, TicketError
from keepfit.flows.project import Project
from keepfit.flows.tickets.tickets import find_ticket, ledger_of, note_branch
from keepfit.records import Evidence, Ticket

HEAVY = ("mlflow", "pandas", "scipy", "sklearn", "great_expectations", "dvc", "numpy", "pyarrow")


@pytest.fixture
def project(tmp_path, monkeypatch):
    (tmp_path / "params.yaml").write_text("model: {name: flights, task: regression, target: y}\ndata: {live: rows.csv, time: t}\n")
    (tmp_path / "baseline.json").write_text('{"champion": null}')
    monkeypatch.chdir(tmp_path)
    made = Project(tmp_path)
    with ledger_of(made) as ledger, ledger.transaction() as book:
        book.save_ticket(opened())
    return made


def opened():
    return Ticket(
        id="2013-03-opportunity",
        model="flights",
        champion="1",
        action="improve",
        ground="opportunity",
        cause="opportunity",
        window="2013-03",
        opened=datetime(2013, 4, 1),
        target="2013-03-01T00:00:00",
        reasons=("a scout gains 0.02",),
        evidence=(Evidence(kind="scout", subject="overall", detector="roc_auc", statistic=0.7, effect=0.02, low=0.015, high=0.025, n=9000, n_reference=9000),),
        affected="all rows",
        next=("keepfit improve 2013-03-opportunity",),
        severity="info",
    )


def run(command, *args):
    return CliRunner().invoke(command, args, catch_exceptions=False)


def test_the_open_tickets_are_one_line_each(project):
    done = run(ticket)
    assert done.stdout.splitlines()[-1].split() == ["2013-03-opportunity", "improve", "info", "opportunity", "2013-03", "open"]
    assert done.stderr == "next: keepfit ticket 2013-03-opportunity\n"


def test_one_ticket_says_why_who_and_what_next(project):
    text = run(ticket, "2013-03-opportunity").stdout
    for part in ("a scout gains 0.02", "affected: all rows", "0.02 better  0.015 to 0.025 better", "keepfit improve 2013-03-opportunity"):
        assert part in text


def test_json_holds_the_same(project):
    listed = json.loads(run(ticket, "--json").stdout)["tickets"]
    assert [found["id"] for found in listed] == ["2013-03-opportunity"]
    assert json.loads(run(ticket, "2013-03-opportunity", "--json").stdout) == listed[0]


def test_an_unknown_ticket_is_answered_with_the_nearest(project):
    with pytest.raises(TicketError, match="did you mean '2013-03-opportunity'"):
        run(ticket, "2013-04-opportunity")


def test_acknowledged_says_until_when(project):
    run(ack, "2013-03-opportunity", "--until", "2013-06-01", "--reason", "holiday season")
    found = find_ticket(project, "2013-03-opportunity")
    assert (found.status, found.until, found.note) == ("acknowledged", datetime(2013, 6, 1), "holiday season")
    assert "acknowledged until 2013-06-01" in run(ticket).stdout


def test_resolved_leaves_the_list_but_not_the_memory(project):
    run(resolve, "2013-03-opportunity", "--reason", "refused in review")
    run(resolve, "2013-03-opportunity")
    assert run(ticket).stdout == ""
    assert "resolved" in run(ticket, "--all").stdout
    assert find_ticket(project, "2013-03-opportunity").note == "refused in review"
    with pytest.raises(TicketError, match="is resolved"):
        run(ack, "2013-03-opportunity", "--until", "2013-06-01")


def test_the_branch_that_answers_is_shown(project):
    note_branch(project, "2013-03-opportunity", "retrain/2013-03-opportunity")
    assert "open, branch retrain/2013-03-opportunity" in run(ticket).stdout


def test_a_date_that_is_none_is_a_usage_error(project):
    assert run(ack, "2013-03-opportunity", "--until", "soon").exit_code == 2


def test_no_project_is_one_sentence(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(ProjectError, match="no keepfit project"):
        run(ticket)


def test_ticket_loads_no_heavy_tool(project):
    code = f"""
import sys
from keepfit.cli import app
app.main(["ticket"], standalone_mode=False)
app.main(["ack", "2013-03-opportunity", "--until", "2013-06-01"], standalone_mode=False)
sys.exit(" ".join(name for name in {HEAVY!r} if name in sys.modules) or None)
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=project.root, check=False)
    assert done.returncode == 0, done.stderr
