"""`keepfit.Project`: a project from Python gives the records, and the JSON, of the command line."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from datetime import UTC, date, datetime

import pytest
from tests.flows.conftest import clicks, watched  # noqa: F401 - fixtures
from tests.flows.monitoring.test_monitor import rows_of, write_rows

import keepfit
from keepfit.api.opened import POLICIES
from keepfit.cli import backtest
from keepfit.errors import DataError, KeepfitError, ProjectError, TicketError, UnknownNameError
from keepfit.flows.tickets.tickets import resolve


@pytest.fixture
def project(watched):  # noqa: F811 - the fixture
    """January's champion; February is as it was, in March the world turned."""
    write_rows(watched.root, rows_of(1), rows_of(2), rows_of(3, flipped=True))
    return watched


def printed(root, *arguments):
    done = subprocess.run([sys.executable, "-m", "keepfit", *arguments], cwd=root, capture_output=True, text=True, check=False)
    return done.returncode, json.loads(done.stdout)


def test_what_it_returns_is_what_the_command_line_prints(project, tmp_path_factory, monkeypatch, capfd):
    twin = tmp_path_factory.mktemp("twin") / "project"
    shutil.copytree(project.root, twin, symlinks=True)
    code, expected = printed(twin, "monitor", "--until", "2013-04-01", "--json")
    monkeypatch.chdir("/")
    mine = keepfit.Project(project.root)
    done = mine.monitor(until="2013-04-01")
    assert (keepfit.to_dict(done), done.exit_code) == (expected, code)
    assert [one.window.id for one in done.new_windows] == ["2013-02", "2013-03"]
    assert capfd.readouterr() == ("", "")
    assert repr(done).splitlines()[:2] == ["windows: 2 judged, 2 new; tickets: 1 new, 0 that wait", done.hints[0]]
    assert done._repr_markdown_().startswith("| window | rows | champion |")
    assert keepfit.to_dict(mine.windows()) == expected["windows"]
    assert keepfit.to_dict(mine.tickets()) == printed(twin, "ticket", "--json")[1]["tickets"] != []
    (ticket,) = mine.tickets()
    assert keepfit.to_dict(mine.ticket(ticket.id)) == printed(twin, "ticket", ticket.id, "--json")[1]
    again = mine.monitor(until="2013-04-01")
    assert (again.news, again._repr_markdown_().splitlines()[0]) == (frozenset(), "no window is new; 2 were shown before: keepfit monitor --all")
    resolve(project, ticket.id)
    assert (mine.tickets(), [one.id for one in mine.tickets(every=True)]) == ((), [ticket.id])


def test_progress_goes_to_who_asked_for_it(project):
    lines: list[str] = []
    keepfit.Project(project.root).monitor(until=date(2013, 3, 1), say=lines.append)
    assert any("MLflow" in line or "server" in line for line in lines), lines  # the server of this project is away


def test_a_time_may_come_with_a_zone(project):
    done = keepfit.Project(project.root).monitor(until=datetime(2013, 3, 1, tzinfo=UTC))
    assert [one.window.id for one in done.windows] == ["2013-02"]


def test_a_backtest_is_the_command_lines(project):
    policies = ["never", "calendar"]
    found = keepfit.Project(project.root).backtest(policies, until="2013-04-01")
    code, expected = printed(project.root, "backtest", "--policies", ",".join(policies), "--until", "2013-04-01", "--json")
    assert (keepfit.to_dict(found), code, found.winner) == (expected, 0, expected["winner"])
    assert repr(found).splitlines()[0].startswith("2 policies over 2 windows; the winner is ")
    assert (len(repr(found).splitlines()), found._repr_markdown_().startswith("| policy | mean roc_auc |")) == (3, True)
    assert found.outcomes.keys() == expected["policies"].keys() == set(policies)


def test_the_policies_that_are_scored_by_default_are_the_command_lines():
    assert POLICIES == sys.modules[backtest.__name__].POLICIES


def test_an_edit_of_params_counts_at_the_next_call(project):
    mine = keepfit.Project(project.root)
    assert (mine.model, repr(mine)) == ("clicks", f"keepfit.Project({str(project.root)!r})")
    path = project.root / "params.yaml"
    path.write_text(path.read_text().replace("name: clicks", "name: other"))
    assert mine.model == "other"


@pytest.mark.parametrize(
    ("ask", "kind", "said"),
    [
        (lambda mine: mine.ticket("2013-02-harn"), TicketError, "no ticket '2013-02-harn' for the model 'clicks'"),
        (lambda mine: mine.monitor(until="soon"), DataError, "'soon' is no time (until)"),
        (lambda mine: mine.backtest(["nevr"]), UnknownNameError, "no policy 'nevr'"),
        (lambda mine: mine.backtest("nevr"), UnknownNameError, "no policy 'nevr'"),
        (lambda mine: keepfit.to_dict(7), KeepfitError, "a int is no record of keepfit"),
    ],
)
def test_what_cannot_be_done_is_one_sentence(project, ask, kind, said):
    with pytest.raises(kind) as refused:
        ask(keepfit.Project(project.root))
    assert str(refused.value).startswith(said)


def test_a_folder_without_a_project_is_refused_at_once(tmp_path):
    with pytest.raises(ProjectError, match="no keepfit project here"):
        keepfit.Project(tmp_path)


def test_a_project_without_a_champion_has_no_windows_and_cannot_be_monitored(project):
    (project.root / "baseline.json").write_text('{"champion": null, "previous": null, "schema": 1}\n')
    mine = keepfit.Project(project.root)
    assert mine.windows() == ()
    with pytest.raises(ProjectError, match="there is no champion to watch yet"):
        mine.monitor()


def test_a_params_file_that_does_not_fit_is_one_sentence(project):
    (project.root / "params.yaml").write_text("model: {nam: x}\n")
    with pytest.raises(KeepfitError):
        keepfit.Project(project.root).tickets()
