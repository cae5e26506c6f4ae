"""Many models on one ledger: each run waits for another of its own model, and for nobody else's."""

from __future__ import annotations

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import datetime

import pytest
from tests.flows.monitoring.test_monitor import PARAMS, pin, rows_of, trained, write_rows  # noqa: F401 - `trained` is a fixture

from keepfit.flows.monitoring.monitor import monitor
from keepfit.flows.project import Project
from keepfit.flows.tickets.tickets import ledger_of
from keepfit.integrations.ledger.ledger import Ledger

MODELS, PATIENCE = 8, 120
MAY = datetime(2013, 5, 1)
WAITS = "another keepfit monitor runs here; waiting for it to end"


def project_of(root, model, uri, trained):  # noqa: F811
    """A project of a model that keeps its memory in the ledger at `uri`."""
    root.mkdir()
    (root / "params.yaml").write_text(PARAMS.replace("name: clicks", f"name: {model}") + f'ledger: {{uri: "{uri}"}}\n')
    (root / "models").mkdir()
    (root / "models" / "champion").symlink_to(trained)
    (root / "expectations" / "data").mkdir(parents=True)
    (root / "expectations" / "windows.yaml").write_text("{}\n")
    pin(root, model=model)
    write_rows(root, rows_of(1), rows_of(2), rows_of(3), rows_of(4, flipped=True))
    return Project(root)


def run(project, on_window, said):
    """Monitor; `on_window` is called while the run holds its lock and is about to judge its first window."""

    def say(line):
        said.append(line)
        if line.startswith("window 2013-02 ("):
            on_window()

    return monitor(Project(project.root), until=MAY, say=say)


@pytest.fixture
def place(tmp_path, monkeypatch):
    monkeypatch.delenv("MLFLOW_TRACKING_URI", raising=False)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def all_at_once(place, uri, trained):  # noqa: F811
    """Run a monitor of each model; every one goes on only when all are about to judge a window."""
    projects = [project_of(place / f"project-{number}", f"clicks-{number}", uri, trained) for number in range(MODELS)]
    all_judge, said = threading.Barrier(MODELS), [[] for _ in projects]
    with ThreadPoolExecutor(MODELS) as pool:
        runs = [pool.submit(run, project, lambda: all_judge.wait(PATIENCE), lines) for project, lines in zip(projects, said, strict=True)]
        return projects, [one.result() for one in runs], said


def check(projects, told, said):
    assert not [line for lines in said for line in lines if line == WAITS]
    for number, (project, one) in enumerate(zip(projects, told, strict=True)):
        assert [seen.window.id for seen in one.windows] == ["2013-02", "2013-03", "2013-04"]
        assert [ticket.model for ticket in one.tickets] == [f"clicks-{number}"]
        assert {seen.model for seen in one.windows} == {f"clicks-{number}"}
        with ledger_of(project) as ledger:
            view = ledger.view(f"clicks-{number}")
        assert len(view.windows()) == 3
        assert {owed.model for owed in view.owed} == {f"clicks-{number}"}
        assert len(view.owes("log-run")) == 3


@pytest.mark.slow
def test_eight_monitors_of_eight_models_do_not_wait_for_one_another(place, trained):  # noqa: F811
    check(*all_at_once(place, f"sqlite:///{place}/shared/ledger.db", trained))


@pytest.mark.slow
@pytest.mark.postgres
def test_on_postgresql_eight_monitors_of_eight_models_do_not_wait_for_one_another(place, trained, postgres):  # noqa: F811
    check(*all_at_once(place, postgres.uri, trained))


def test_of_two_monitors_of_one_model_the_second_waits_and_finds_the_work_done(place, trained):  # noqa: F811
    project = project_of(place / "project", "clicks", f"sqlite:///{place}/ledger.db", trained)
    judging, waits, said = threading.Event(), threading.Event(), []

    def hold():
        judging.set()
        assert waits.wait(PATIENCE), "the second one waits for this one"

    def second():
        assert judging.wait(PATIENCE)
        return monitor(Project(project.root), until=MAY, say=lambda line: (said.append(line), waits.set() if line == WAITS else None))

    with ThreadPoolExecutor(2) as pool:
        runs = [pool.submit(run, project, hold, []), pool.submit(second)]
        first, after = (one.result() for one in runs)
    assert said[0] == WAITS
    assert (first.fresh, after.fresh) == (3, 0)
    assert first.windows == after.windows


def test_nothing_is_computed_while_the_ledger_is_written(place, trained, monkeypatch):  # noqa: F811
    """On SQLite there is one writer in all: what a run does inside its transactions, every other model waits for."""
    inside, open_one = [], Ledger.transaction

    @contextmanager
    def timed(ledger):
        with open_one(ledger) as book:
            begun = time.thread_time()
            yield book
            inside.append(time.thread_time() - begun)

    monkeypatch.setattr(Ledger, "transaction", timed)
    project, begun = project_of(place / "project", "clicks", f"sqlite:///{place}/ledger.db", trained), time.thread_time()
    told = run(project, lambda: None, [])
    whole = time.thread_time() - begun
    assert (told.fresh, len(told.tickets)) == (3, 1)
    assert max(inside) < 0.03 * whole, (max(inside), whole)
