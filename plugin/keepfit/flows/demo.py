"""`keepfit demo`: the whole loop on the flights of 2013, by public commands only, in a folder of its own.

The folder holds `flights/` (the project), `server/` (MLflow's database and artifacts), `keys/` and, for the rollback, `air-time/`.
What the table says is read from the commands' answers, and is left in git, DVC, the ledger and the registry.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Any

from keepfit.errors import ProjectError
from keepfit.flows.demo_server import DemoServer, answers, choose_port, start_server
from keepfit.flows.demo_shell import Shell, end, environment, start
from keepfit.flows.demo_tale import Tale
from keepfit.integrations.dvc_repo import interrupted_by_signals
from keepfit.report.story import StoryRow

MARK = ".keepfit-demo.json"
LOG = "demo-log.json"
YEAR = 2013
Say = Callable[[str], None]


@dataclass(frozen=True, kw_only=True)
class Demo:
    """How to run it: where, until when (the first day that is not looked at), which port, and if the server stays."""

    folder: Path
    until: date = date(YEAR + 1, 1, 1)
    port: int | None = None
    serve: bool = False


@dataclass(frozen=True, kw_only=True)
class Told:
    """What happened: the rows, how long it took, and where everything lies; `server_pid` if the server was left running."""

    rows: tuple[StoryRow, ...]
    seconds: float
    project: Path
    server: str
    server_pid: int | None
    keys: Path


@dataclass
class Stage:
    """What all parts of the demo share: the folder, the environment, the log and the voice."""

    folder: Path
    env: dict[str, str]
    say: Say
    log: list[dict[str, object]] = field(default_factory=list)

    def shell(self, name: str, *, label: str = "") -> Shell:
        """A shell in one of the demo's folders."""
        return Shell(folder=self.folder / name, env=self.env, say=self.say, log=self.log, label=label)


def run_demo(demo: Demo, *, say: Say) -> Told:
    """Run the year; `say` gets each command and each event as one line. Raises `DemoError` with a command's own last words."""
    begun = time.monotonic()
    folder = choose_folder(demo.folder.resolve(), say=say)
    port = choose_port(demo.port)
    uri = f"http://127.0.0.1:{port}"
    keys = Path(os.environ.get("KEEPFIT_KEYS") or folder / "keys")
    stage = Stage(folder=folder, env=environment(keys=keys, server=uri), say=say)
    with interrupted_by_signals():
        _init(stage, "flights", port=port)
        server = start_server(folder / "server", port=port, rules=folder / "flights" / "gate.yaml", env=stage.env, say=say)
        _mark(folder, uri)
        kept = False
        try:
            rows = _year(stage, server, until=demo.until)
            kept = demo.serve
        finally:
            _write_log(stage)
            if not kept:
                server.end()
    seconds = time.monotonic() - begun
    return Told(rows=rows, seconds=seconds, project=folder / "flights", server=uri, server_pid=server.process.pid if kept else None, keys=keys)


def _year(stage: Stage, server: DemoServer, *, until: date) -> tuple[StoryRow, ...]:
    shell = stage.shell("flights")
    with _in_background(shell, "backtest", "--policies", "never,calendar", "--until", until.isoformat(), "--json") as rivals:
        tale = Tale(shell=shell, model="flights-late", note=stage.say)
        shell.dvc("repro", "evaluate")
        server.wait()
        tale.first_model(f"{YEAR}-01")
        for month, ends in months(until):
            stage.say(f"— {month} —")
            tale.live(month, ends)
        rows = with_rivals(tale.rows, rivals())
    return tuple(rows)


def months(until: date) -> Iterator[tuple[str, date]]:
    """The months after January that have ended by `until`, each with the day after its last.

    >>> [name for name, _ in months(date(2013, 4, 15))]
    ['2013-02', '2013-03']
    """
    for number in range(2, 13):
        ends = date(YEAR + number // 12, number % 12 + 1, 1)
        if ends <= until:
            yield f"{YEAR}-{number:02d}", ends


# -- static and calendar ------------------------------------------------------------------------------------------------


@contextmanager
def _in_background(shell: Shell, *arguments: str) -> Iterator[Callable[[], Any]]:
    """Run one keepfit command on the second core; calling the value waits for its JSON."""
    shell.say(f"$ keepfit {' '.join(arguments)} &")
    begun = time.monotonic()
    process = start(["keepfit", *arguments], folder=shell.folder, env=shell.env, stdout=subprocess.PIPE, stderr=subprocess.PIPE)

    def wait() -> Any:
        out, err = process.communicate()
        shell.log.append({"command": f"keepfit {' '.join(arguments)} &", "folder": shell.folder.name, "seconds": round(time.monotonic() - begun, 2)})
        if process.returncode != 0:
            raise ProjectError(f"keepfit backtest ended with {process.returncode}: {err.decode(errors='replace').strip()[-500:]}", where=str(shell.folder))
        return json.loads(out)

    try:
        yield wait
    finally:
        end(process)


def with_rivals(rows: list[StoryRow], told: Any) -> list[StoryRow]:
    """Put each month's static and calendar metric beside the champion's."""
    found = {name: {each["window"]: each["value"] for each in policy["windows"]} for name, policy in told["policies"].items()}
    return [replace(row, static=found["never"].get(row.month), calendar=found["calendar"].get(row.month)) for row in rows]


# -- the folder ---------------------------------------------------------------------------------------------------------


def choose_folder(wanted: Path, *, say: Say) -> Path:
    """Return an empty folder: the wanted one, an earlier demo's after clearing it, or one beside it."""
    if wanted.exists() and not wanted.is_dir():
        raise ProjectError(f"{wanted.name} is a file", where=str(wanted), fix="keepfit demo --dir FOLDER")
    for folder in (wanted, *(wanted.with_name(f"{wanted.name}-{number}") for number in range(2, 1000))):
        if not folder.exists() or not any(folder.iterdir()):
            folder.mkdir(parents=True, exist_ok=True)
            return folder
        mark = folder / MARK
        if mark.is_file() and not answers(json.loads(mark.read_text())["server"]):
            say(f"starting afresh in {folder}: the earlier demo there is removed")
            shutil.rmtree(folder)
            folder.mkdir()
            return folder
        say(f"{folder} is {'an earlier demo whose server still runs' if mark.is_file() else 'not one of mine'}: leaving it alone")
    raise ProjectError("no free name for the demo's folder", where=str(wanted.parent), fix="keepfit demo --dir FOLDER")


def _mark(folder: Path, uri: str) -> None:
    (folder / MARK).write_text(json.dumps({"server": uri}) + "\n", encoding="utf-8")


def _init(stage: Stage, name: str, *options: str, port: int) -> None:
    _mark(stage.folder, stage.env["MLFLOW_TRACKING_URI"])
    stage.shell("").keepfit("init", name, *options)
    if port != 5000:
        params = stage.folder / name / "params.yaml"
        params.write_text(params.read_text().replace("http://127.0.0.1:5000", f"http://127.0.0.1:{port}"))
        stage.say(f"# {name}/params.yaml: mlflow.tracking_uri is http://127.0.0.1:{port}")
        stage.shell(name).commit(f"The demo's server listens on port {port}")


def _write_log(stage: Stage) -> None:
    path = stage.folder / "flights" / ".keepfit" / LOG
    if path.parent.is_dir():
        path.write_text(json.dumps({"commands": stage.log}, indent=1) + "\n", encoding="utf-8")


def where_to_look(told: Told) -> list[str]:
    """What to type or click next, a line each."""
    project, server = told.project, told.server
    look = [f"project:  {project}   (git log --oneline --graph, keepfit ticket --all, reports/)"]
    if told.server_pid is None:
        home = project.parent / "server"
        return [*look, f"server:   stopped; start it again: cd {home} && keepfit server --port {server.rsplit(':', 1)[1]} --rules {project / 'gate.yaml'}"]
    models = dict.fromkeys(row.model for row in told.rows)
    return [
        *look,
        *(f"click:    {server}/#/models/{model}" for model in models),
        f"type:     export KEEPFIT_KEYS={told.keys}",
        f"stop it:  kill {told.server_pid}",
    ]
