"""`keepfit fleet monitor`: every project is looked at, whatever becomes of one of them, and tickets of one upstream cause are one."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
from datetime import datetime

import pytest
from tests.flows.fleet.test_projects import fleet
from tests.flows.monitoring.test_monitor import PARAMS, pin, rows_of, with_suite

from keepfit.flows.monitoring.monitor import monitor
from keepfit.flows.project import Project
from keepfit.flows.tickets.tickets import ledger_of, list_tickets
from keepfit.records import to_json

UNTIL = "2013-03-01"
NAMES = ("fine", "left", "right")


def member(home, name, clicks, rows, *, suite=True):
    """A project of the fleet on one ledger, with February closed; its champion is shared."""
    root = home / name
    (root / "models").mkdir(parents=True)
    (root / "models" / "champion").symlink_to(clicks)
    (root / "expectations" / "data").mkdir(parents=True)
    (root / "expectations" / "windows.yaml").write_text("{}\n")
    text = PARAMS.replace("name: clicks", f"name: {name}").replace("live: rows.csv", f"live: {rows}").replace("update: {", "update: {scout: false, ")
    (root / "params.yaml").write_text(text + f"ledger: {{uri: 'sqlite:///{home}/ledger.db'}}\n")
    pin(root, model=name)
    if suite:
        with_suite(Project(root))
    return root


def monitored(home, *more, check=None):
    env = {key: value for key, value in os.environ.items() if key != "MLFLOW_TRACKING_URI"}
    done = subprocess.run(
        [sys.executable, "-m", "keepfit", "fleet", "monitor", "--until", UNTIL, *more], cwd=home, env=env, capture_output=True, text=True, check=False
    )
    assert check is None or done.returncode == check, done.stdout + done.stderr
    return done


@pytest.fixture
def three(tmp_path, clicks):
    """`fine` reads rows of its own; `left` and `right` read rows in which c is mostly missing."""
    good, bad = rows_of(2), rows_of(2)
    bad.loc[bad.index % 3 > 0, "c"] = None
    good.to_csv(tmp_path / "good.csv", index=False, date_format="%Y-%m-%dT%H:%M:%S")
    bad.to_csv(tmp_path / "bad.csv", index=False, date_format="%Y-%m-%dT%H:%M:%S")
    for name, rows in (("fine", "good"), ("left", "bad"), ("right", "bad")):
        member(tmp_path, name, clicks, f"../{rows}.csv")
    fleet(tmp_path, "projects: ['fine', 'left', 'right']\n")
    return tmp_path


def test_two_models_of_one_broken_source_are_one_cause_and_each_ledger_is_as_monitor_writes_it(three, tmp_path_factory):
    copy = tmp_path_factory.mktemp("copy")
    shutil.copytree(three, copy, symlinks=True, dirs_exist_ok=True)
    found = json.loads(monitored(three, "--json", check=3).stdout)
    assert [(model["model"], model["exit_code"], model["windows"]) for model in found["models"]] == [("fine", 0, 1), ("left", 3, 1), ("right", 3, 1)]
    assert [(cause["what"], [one["model"] for one in cause["tickets"]]) for cause in found["causes"]] == [("expectation c_is_known failed", ["left", "right"])]
    for name in ("left", "right"):
        assert [ticket.cause for ticket in list_tickets(Project(three / name))] == ["quality:c_is_known"]
    for name in NAMES:
        params = copy / name / "params.yaml"
        params.write_text(params.read_text().replace(str(three), str(copy)))
        monitor(Project(copy / name), until=datetime.fromisoformat(UNTIL), say=lambda _: None, tell=lambda _: None)
    assert kept(three) == kept(copy)
    again = json.loads(monitored(three, "--json", check=3).stdout)
    assert (again["causes"], [model["windows"] for model in again["models"]]) == ([], [0, 0, 0])


def kept(home):
    """All that the ledger holds of the three."""
    views = []
    for name in NAMES:
        with ledger_of(Project(home / name)) as ledger:
            view = ledger.view(name)
        views.append([to_json(each) for each in (*view.windows(), *view.tickets, view.state)])
    return views


BREAKS = {
    "crashes": "os.kill(os.getpid(), 11)",
    "exits": "os._exit(0)",
    "raises": "raise RuntimeError('no such model')",
    "hangs": "time.sleep(60)",
}


def test_a_project_that_crashes_hangs_or_exits_stops_no_other(three, clicks, tmp_path):
    for name, code in BREAKS.items():
        root = member(tmp_path, name, clicks, "../good.csv", suite=False)
        (root / f"own_{name}.py").write_text(f"import os, time\nclass Own:\n    name = 'own'\n    def __new__(cls, *_, **__): {code}\n")
        params = root / "params.yaml"
        params.write_text(params.read_text().replace("monitor: {", f"monitor: {{evidence: own_{name}, "))
    fleet(tmp_path, "projects: [fine, gone, " + ", ".join(BREAKS) + "]\n")
    site = tmp_path / "site" / "own-1.0.dist-info"
    site.mkdir(parents=True)
    (site / "METADATA").write_text("Name: own\nVersion: 1.0\n")
    (site / "entry_points.txt").write_text("[keepfit.evidence]\n" + "".join(f"own_{name} = own_{name}:Own\n" for name in BREAKS))
    for name in BREAKS:
        shutil.move(tmp_path / name / f"own_{name}.py", tmp_path / "site")
    os.environ["PYTHONPATH"] = str(tmp_path / "site")
    try:
        done = monitored(tmp_path, "--json", "--deadline", "8", check=1)
    finally:
        del os.environ["PYTHONPATH"]
    why = {model["model"]: model["why"] for model in json.loads(done.stdout)["models"]}
    assert why["fine"] == ""
    assert why["gone"].startswith("the folder is gone")
    assert why["crashes"] == "its process was ended by SIGSEGV"
    assert why["exits"] == "its process ended before it told what it found"
    assert "no such model" in why["raises"]
    assert why["hangs"] == "it was not done after 8 seconds, and was ended"
    assert [look["exit_code"] for look in json.loads(done.stdout)["models"] if look["model"] == "fine"] == [0]


def test_a_run_that_is_killed_is_gone_on_with(tmp_path, clicks, monkeypatch):
    monkeypatch.delenv("MLFLOW_TRACKING_URI", raising=False)
    rows_of(2).to_csv(tmp_path / "rows.csv", index=False, date_format="%Y-%m-%dT%H:%M:%S")
    for name in ("first", "second"):
        member(tmp_path, name, clicks, "../rows.csv", suite=False)
    fleet(tmp_path, "projects: [first, second]\n")
    command = [sys.executable, "-m", "keepfit", "fleet", "monitor", "--until", UNTIL, "--jobs", "1"]
    killed = subprocess.Popen(command, cwd=tmp_path, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    assert any("second: window" in line for line in killed.stderr)
    killed.send_signal(signal.SIGKILL)
    killed.wait()
    assert "1 window judged, 2 fine" in monitored(tmp_path, check=0).stdout
    for name in ("first", "second"):
        with ledger_of(Project(tmp_path / name)) as ledger:
            view = ledger.view(name)
        assert [seen.window.id for seen in view.windows()] == ["2013-02"]
        assert not view.owes("show-window")
