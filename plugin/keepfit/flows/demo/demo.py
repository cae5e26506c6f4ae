"""`keepfit demo`: the whole loop on the flights of 2013, by public commands only, in a folder of its own.

The folder holds `flights/` (the project), `server/` (MLflow's database and artifacts) and `keys/`; with an engine also `lake/`, where it reads the flights.
What the table says is read from the commands' answers, and is left in git, DVC, the ledger and the registry.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

from keepfit.errors import ParamsError, ProjectError
from keepfit.flows.demo.lake import FOLDER, write_lake
from keepfit.flows.demo.server import PORT, DemoServer, choose_port, start_server
from keepfit.flows.demo.shell import Shell, end, environment
from keepfit.flows.demo.tale import MESSAGES, Tale
from keepfit.flows.rows.engines import EngineName
from keepfit.integrations.mlflow.rest import Rest
from keepfit.integrations.programs.group import interrupted_by_signals
from keepfit.integrations.yaml_files import put, scalar
from keepfit.report.story import StoryRow, YearMean, standings

MARK = ".keepfit-demo.json"
LOG = "demo-log.json"
YEAR = 2013
MODEL = "flights-late"
RIVALS = "never,calendar,params"
Say = Callable[[str], None]


@dataclass(frozen=True, kw_only=True)
class Demo:
    """How to run it: where, until when (the first day that is not looked at), which port, if the server stays, and what reads the flights.

    `engine` None: they are read here, as the template has it.
    """

    folder: Path
    until: date = date(YEAR + 1, 1, 1)
    port: int | None = None
    serve: bool = False
    engine: EngineName | None = None


@dataclass(frozen=True, kw_only=True)
class DemoResult:
    """What happened: the rows, what the year came to, how long it took, where everything lies; `server_pid` if the server was left running."""

    rows: tuple[StoryRow, ...]
    year: tuple[YearMean, ...]
    seconds: float
    project: Path
    server: str
    server_pid: int | None
    keys: Path


@dataclass
class Stage:
    """What all parts of the demo share: the folder, the environment, the log, the voice, and what is running."""

    folder: Path
    env: dict[str, str]
    port: int
    until: date
    say: Say
    engine: EngineName | None = None
    log: list[dict[str, object]] = field(default_factory=list)
    running: set[subprocess.Popen[bytes]] = field(default_factory=set)

    def shell(self, name: str, *, label: str = "") -> Shell:
        """A shell in one of the demo's folders."""
        return Shell(folder=self.folder / name, env=self.env, say=self.say, log=self.log, label=label, running=self.running)

    def end(self) -> None:
        """End what still runs."""
        for process in tuple(self.running):
            end(process)


def run_demo(demo: Demo, *, say: Say) -> DemoResult:
    """Run the year; `say` gets each command and each event as one line. Raises `DemoError` with a command's own last words."""
    if not list(months(demo.until)):
        raise ParamsError(f"no month after January {YEAR} has ended by {demo.until}", where="--until", fix=f"{YEAR}-03-01 or later")
    begun = time.monotonic()
    port = choose_port(demo.port)  # before an earlier demo is cleared away
    folder = choose_folder(demo.folder.resolve(), say=say)
    uri = f"http://127.0.0.1:{port}"
    keys = Path(os.environ.get("KEEPFIT_KEYS") or folder / "keys")
    stage = Stage(folder=folder, env=environment(keys=keys, server=uri), port=port, until=demo.until, say=say, engine=demo.engine)
    with interrupted_by_signals():
        start_project(stage, "flights")
        server = start_server(folder / "server", port=port, rules=folder / "flights" / "gate.yaml", env=stage.env, say=say)
        kept = False
        try:
            rows, told = _year(stage, server)
            kept = demo.serve
        finally:
            stage.end()
            _write_log(stage)
            if not kept:
                server.end()
    seconds = time.monotonic() - begun
    pid = server.process.pid if kept else None
    year = standings(rows, told)
    return DemoResult(rows=rows, year=year, seconds=seconds, project=folder / "flights", server=uri, server_pid=pid, keys=keys)


def _year(stage: Stage, server: DemoServer) -> tuple[tuple[StoryRow, ...], Any]:
    """The flights month by month; on the second core what no retraining, one every month, and params.yaml as written would have given."""
    shell, aside = stage.shell("flights"), stage.shell("flights", label="    ")
    aside.env = {**aside.env, "OMP_NUM_THREADS": "1"}  # it has one core; the story has the other
    with ThreadPoolExecutor(max_workers=1) as second:
        try:
            rivals = second.submit(aside.keepfit, "backtest", "--policies", RIVALS, "--until", stage.until.isoformat(), "--json")
            tale = Tale(shell=shell, model=MODEL, note=stage.say)
            shell.dvc("repro", "evaluate")
            server.wait()
            tale.first_model(f"{YEAR}-01")
            for month, ends in months(stage.until):
                stage.say(f"— {month} —")
                tale.live(ends)
            tale.worth()
            told = rivals.result().data
            return with_rivals(tale.rows, told), told
        except BaseException:
            stage.end()  # or the second core would be waited for
            raise


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


def with_rivals(rows: Sequence[StoryRow], told: Any) -> tuple[StoryRow, ...]:
    """Put each month's static and calendar metric beside the champion's."""
    found = {name: {each["window"]: each["value"] for each in policy["windows"]} for name, policy in told["policies"].items()}
    return tuple(replace(row, static=found["never"].get(row.month), calendar=found["calendar"].get(row.month)) for row in rows)


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
        if mark.is_file() and not Rest(json.loads(mark.read_text())["server"]).is_healthy():
            say(f"starting afresh in {folder}: the earlier demo there is removed")
            shutil.rmtree(folder)
            folder.mkdir()
            return folder
        say(f"{folder} is {'an earlier demo whose server still runs' if mark.is_file() else 'not one of mine'}: leaving it alone")
    raise ProjectError("no free name for the demo's folder", where=str(wanted.parent), fix="keepfit demo --dir FOLDER")


def _mark(folder: Path, uri: str) -> None:
    (folder / MARK).write_text(json.dumps({"server": uri}) + "\n", encoding="utf-8")


def start_project(stage: Stage, name: str, *options: str, label: str = "") -> Shell:
    """Make a project in the demo's folder that knows the demo's server, and somebody who hears of what happens."""
    _mark(stage.folder, stage.env["MLFLOW_TRACKING_URI"])
    stage.shell("", label=label).keepfit("init", name, *options)
    shell, params = stage.shell(name, label=label), stage.folder / name / "params.yaml"
    said: dict[str, object] = {"hooks.subscribers": {"oncall": {"hook": "file", "path": MESSAGES}}}
    if stage.engine is not None:
        files = write_lake(stage.folder / FOLDER, end=datetime(YEAR + 1, 1, 1))
        stage.say(f"{label}# {FOLDER}/: the flights of {YEAR}, {files} files of Parquet, which {stage.engine} reads where they are")
        said["data.live"] = {"table": f"../{FOLDER}", "engine": stage.engine}
    said |= {} if stage.port == PORT else {"mlflow.tracking_uri": stage.env["MLFLOW_TRACKING_URI"]}
    for key, value in said.items():
        params.write_text(put(params.read_text(encoding="utf-8"), key, value), encoding="utf-8")
        stage.say(f"{label}# {name}/params.yaml: {key}: {scalar(value)}")
    shell.commit("Who hears of what happens, and where the demo's server listens")
    return shell


def _write_log(stage: Stage) -> None:
    path = stage.folder / "flights" / ".keepfit" / LOG
    if path.parent.is_dir():
        path.write_text(json.dumps({"commands": stage.log}, indent=1) + "\n", encoding="utf-8")


def where_to_look(told: DemoResult) -> list[str]:
    """What to type or click next, a line each."""
    project, server = told.project, told.server
    look = [f"project:  {project}   (git log --oneline --graph, keepfit ticket --all, reports/)"]
    if told.server_pid is None:
        home = project.parent / "server"
        return [*look, f"server:   stopped; start it again: cd {home} && keepfit server --port {server.rsplit(':', 1)[1]} --rules {project / 'gate.yaml'}"]
    return [
        *look,
        f"click:    {server}/#/models/{MODEL}",
        f"type:     export KEEPFIT_KEYS={told.keys}",
        f"stop it:  kill {told.server_pid}",
    ]
