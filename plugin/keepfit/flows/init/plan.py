"""What `keepfit init` will write, worked out from what was asked before anything is written."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, cast, get_args

from keepfit.errors import ParamsError, ProjectError
from keepfit.flows.init import repo
from keepfit.flows.init.files import STALE_DAYS, Files, Own, adopted_files, flights_files, own_files
from keepfit.flows.init.guess import Guess, guess
from keepfit.flows.init.time_trial import proposed
from keepfit.records import Task

if TYPE_CHECKING:
    import pyarrow as pa

    from keepfit.expect.own_table import OwnTable


FLIGHTS = ("late", "air_time")
TASKS: tuple[Task, ...] = get_args(Task)


@dataclass(frozen=True, kw_only=True)
class InitRequest:
    """What was asked for on the command line; `data` and `command` choose the form."""

    folder: Path
    task: str | None = None
    weather: bool = True
    data: Path | None = None
    time: str | None = None
    target: str | None = None
    model: str | None = None
    id: str | None = None
    window: str | None = None
    as_of: datetime | None = None
    port: int | None = None
    command: str | None = None
    reads: str | None = None
    writes: str | None = None
    schedule: str | None = None


@dataclass(frozen=True, kw_only=True)
class Plan:
    """What will be written: `base` is the repository's top, `root` the project in it, `files` are below `base`."""

    base: Path
    root: Path
    files: Files
    own: Own | None = None

    @property
    def prefix(self) -> str:
        """What leads from `base` to the project: nothing, or `keepfit/`."""
        return "keepfit/" if self.root != self.base else ""


def places(request: InitRequest) -> tuple[Path, Path]:
    """Return the repository's top and the project's folder in it; raises `ProjectError` for a file, or for a command outside a repository."""
    folder = request.folder.resolve()
    if folder.is_file():
        raise ProjectError(f"{folder.name} is a file, not a folder", where=str(folder), fix="keepfit init DIR")
    if request.command is None:
        return folder, folder
    top = repo.top_of(folder)
    return top, top / "keepfit"


def plan(request: InitRequest) -> Plan:
    """Return what will be written; raises `KeepfitError` for what was asked and does not fit, having written nothing."""
    base, root = places(request)
    if request.command is not None:
        return _adopt(request, base, root)
    if request.data is not None:
        own = _own(request, base, root, Guess())
        return Plan(base=base, root=root, files=own_files(own), own=own)
    if request.task in TASKS:
        raise ParamsError(
            f"--task {request.task} is of an own table", where="keepfit init", fix=f"--data FILE, or of the flights --task {' or '.join(FLIGHTS)}"
        )
    return Plan(base=base, root=root, files=flights_files(task=request.task or FLIGHTS[0], weather=request.weather, as_of=request.as_of))


def _adopt(request: InitRequest, top: Path, root: Path) -> Plan:
    if root.is_dir() and any(root.iterdir()) and not (root / "params.yaml").is_file():
        raise ProjectError("the folder keepfit/ is taken", where=str(top), fix="rename it: the project's own files go there")
    guessed = guess(request.command or "", top)
    filled = replace(
        request,
        data=request.data or (top / guessed.reads if guessed.reads else None),
        time=request.time or guessed.time,
        target=request.target or guessed.target,
        model=request.model or guessed.model or top.name,
        reads=request.reads or guessed.reads,
        writes=request.writes or guessed.writes,
    )
    if filled.data is None:
        raise ParamsError("the script does not say which table it reads", where="--data", fix="keepfit init --train … --data FILE")
    own = _own(filled, top, root, guessed)
    reads = filled.reads or filled.data.resolve().relative_to(top).as_posix()
    own = replace(own, command=request.command, reads=reads, writes=filled.writes)
    return Plan(base=top, root=root, files=adopted_files(own), own=own)


def _own(request: InitRequest, base: Path, root: Path, guessed: Guess) -> Own:
    from keepfit.expect.own_table import OwnTable, learn

    for option, value in (("--time", request.time), ("--target", request.target), ("--model", request.model)):
        if value is None:
            raise ParamsError(f"{option} is missing", where="keepfit init", fix="keepfit init --data FILE --time COL --target COL --model NAME")
    if request.data is None:
        raise ParamsError("--data is missing", where="keepfit init", fix="keepfit init --data FILE --time COL --target COL --model NAME")
    if request.task in FLIGHTS:
        raise ParamsError(f"--task {request.task} is of the flights", where="keepfit init", fix=f"of an own table: --task {' or '.join(TASKS)}")
    asked = OwnTable(
        time=request.time or "",
        target=request.target or "",
        model=request.model or "",
        id=request.id,
        window=request.window,
        as_of=request.as_of,
        task=cast("Task | None", request.task),
    )
    untimed: list[str] = []
    table = _newest(request.data, asked, untimed)
    facts = learn(table, asked)
    trial = proposed(table, facts) if request.command is None else None
    stale = datetime.now(UTC).replace(tzinfo=None) - facts.last > timedelta(days=STALE_DAYS)
    return Own(facts=facts, live=_live(request.data.resolve(), base, root), stale=stale, guess=guessed, untimed=tuple(untimed), trial=trial)


def _newest(data: Path, asked: OwnTable, untimed: list[str]) -> pa.Table:
    """The table, or all of a folder's, without the few rows that have no time; text that is numbers as numbers, codes with leading zeros as text."""
    from keepfit.flows.rows.row_files import read_all
    from keepfit.tables.feature_kinds import numbers_read
    from keepfit.tables.target_task import names_classes

    table = read_all(data, partial(_timed, time=asked.time, untimed=untimed), where=str(data))
    words = asked.target in table.column_names and asked.task != "regression" and names_classes(table[asked.target])
    return numbers_read(table, {asked.time, asked.id, *([asked.target] if words else [])})


def _timed(file: Path, *, time: str, untimed: list[str]) -> pa.Table:
    """A file's rows that have a time, as the live source is read later."""
    from keepfit.integrations.tables import read_table
    from keepfit.tables.untimed import timed_rows

    table, none = timed_rows(read_table(file, codes=True), time)
    untimed += [none.sentence(file.name)] if none.rows else []
    return table


def _live(data: Path, base: Path, root: Path) -> str:
    """Relative to the project where the table lies in the repository (it moves along), else absolute."""
    if base not in data.parents:
        return str(data)
    below = data.relative_to(base).as_posix()
    return below if root == base else f"../{below}"
