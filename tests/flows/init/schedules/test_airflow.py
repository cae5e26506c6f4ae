"""Airflow's DAG: read by Python beside a stub of Airflow, and its task run by bash; in `make test-long` by Airflow itself, in an environment of its own."""

from __future__ import annotations

import json
import os
import runpy
import subprocess
import sys
import types
import venv
from pathlib import Path

import pytest
from tests.flows.init.schedules.scheduled import LOOKS, schedule, seen, shell, stub

AIRFLOW = "apache-airflow==3.3.2"
LIST = """
import json
from airflow.dag_processing.dagbag import DagBag
bag = DagBag({folder!r})
print("FOUND", json.dumps([dict(bag.import_errors), {{name: [task.task_id for task in dag.tasks] for name, dag in bag.dags.items()}}]))
"""


class StubDag:
    """What a DAG is given."""

    def __init__(self, **given):
        self.given, self.tasks = given, []
        type(self).made = self

    def __enter__(self):
        return self

    def __exit__(self, *_):
        return None


class StubBash:
    """What a task is given."""

    def __init__(self, **given):
        StubDag.made.tasks.append(given)


@pytest.fixture(params=[3, 2], ids=["airflow 3", "airflow 2"])
def dag(request, project, monkeypatch):
    schedule(project, "airflow")
    places = {
        3: {"airflow.sdk": "DAG", "airflow.providers.standard.operators.bash": "BashOperator"},
        2: {"airflow": "DAG", "airflow.operators.bash": "BashOperator"},
    }
    for name in {part for place in places[request.param] for part in parents(place)}:
        monkeypatch.setitem(sys.modules, name, types.ModuleType(name))
    for name, attribute in places[request.param].items():
        setattr(sys.modules[name], attribute, StubDag if attribute == "DAG" else StubBash)
    runpy.run_path(str(project / "dags" / "keepfit_late_date_v2.py"))
    return StubDag.made


def parents(name):
    parts = name.split(".")
    return [".".join(parts[: at + 1]) for at in range(len(parts))]


def test_it_looks_every_hour_and_one_run_at_a_time(dag, project):
    assert dag.given["dag_id"] == "keepfit_late_date_v2"
    assert dag.given["schedule"].endswith(" * * * *")
    assert (dag.given["catchup"], dag.given["max_active_runs"], dag.given["start_date"].utcoffset().total_seconds()) == (False, 1, 0)
    (task,) = dag.tasks
    assert (task["cwd"], task["env"], task["append_env"], task["retries"]) == (
        str(project),
        {"KEEPFIT": str(Path(sys.executable).with_name("keepfit"))},
        True,
        0,
    )


@pytest.mark.parametrize(("ends", "failed", "called"), LOOKS)
def test_its_task_is_what_bash_makes_of_it(dag, project, tmp_path, ends, failed, called):
    (task,) = dag.tasks
    assert "{{" not in task["bash_command"]
    assert not task["bash_command"].endswith((".sh", ".bash")), "Airflow would read that as a file's name"
    done = shell(["bash", "-c", task["bash_command"]], cwd=project, PATH="/usr/bin:/bin", KEEPFIT=str(stub(tmp_path)), SEEN=str(tmp_path / "seen"), **ends)
    assert (done.returncode, [each.partition(" in ")[0] for each in seen(tmp_path)]) == (failed, called)


@pytest.mark.long
@pytest.mark.timeout(900)
def test_airflow_itself_reads_it_without_an_error(project, tmp_path):
    """KEEPFIT_AIRFLOW names the python of an environment that has Airflow; without it one is made, which takes minutes."""
    python = os.environ.get("KEEPFIT_AIRFLOW")
    if python is None:
        venv.create(tmp_path / "airflow", with_pip=True)
        python = str(tmp_path / "airflow" / "bin" / "python")
        subprocess.run([python, "-m", "pip", "install", "--quiet", AIRFLOW], check=True)
    schedule(project, "airflow")
    environ = {"PATH": "/usr/bin:/bin", "HOME": str(tmp_path), "AIRFLOW_HOME": str(tmp_path / "home"), "AIRFLOW__CORE__LOAD_EXAMPLES": "False"}
    done = shell([python, "-c", LIST.format(folder=str(project / "dags"))], cwd=tmp_path, **environ)
    assert "FOUND" in done.stdout, done.stderr[-2000:]
    assert json.loads(done.stdout.rpartition("FOUND ")[2].splitlines()[0]) == [{}, {"keepfit_late_date_v2": ["look"]}]
