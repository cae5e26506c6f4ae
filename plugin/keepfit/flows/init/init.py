"""`keepfit init`: the flights template, a project for an own table, or the loop around an existing repository's train.py.

Everything is worked out before anything is written; what exists and differs is shown and asked for; what was written is remembered,
so that `--undo` takes back exactly that.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from keepfit.errors import DataError, ParamsError, ProjectError
from keepfit.flows.init import repo
from keepfit.flows.init.files import STALE_DAYS, Files, Own, adopted_files, flights_files, own_files, todo_lines, with_trust
from keepfit.flows.init.guess import Guess, guess
from keepfit.flows.init.write import Ask, Record, write_files
from keepfit.flows.project import Project
from keepfit.integrations.yaml_files import put
from keepfit.params import load_params

if TYPE_CHECKING:
    import pyarrow as pa

    from keepfit.records import Window

Say = Callable[[str], None]


@dataclass(frozen=True, kw_only=True)
class Request:
    """What was asked for on the command line; `data` and `command` choose the form."""

    folder: Path
    task: str = "late"
    weather: bool = True
    data: Path | None = None
    time: str | None = None
    target: str | None = None
    model: str | None = None
    id: str | None = None
    window: str | None = None
    command: str | None = None
    reads: str | None = None
    writes: str | None = None


@dataclass(frozen=True, kw_only=True)
class Made:
    """What init did: where the project is, what it kept as it was, how many guesses wait, and what to type next."""

    root: Path
    declined: tuple[str, ...]
    todo: int
    committed: bool
    next: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Plan:
    """What will be written: `base` is the repository's top, `root` the project in it, `files` are below `base`."""

    base: Path
    root: Path
    files: Files
    own: Own | None = None


def init(request: Request, *, ask: Ask, say: Say) -> Made:
    """Set the project up; `ask(path, diff)` decides about each existing file, `say` takes one line of progress."""
    plan = _plan(request)
    adopted = plan.root != plan.base
    prefix = "keepfit/" if adopted else ""
    load_params(plan.files[f"{prefix}params.yaml"].decode())
    new_git = False if adopted else repo.start_git(plan.base)
    files = _with_place(plan.files, prefix, branch=repo.branch_of(plan.base))
    record = Record(plan.base, plan.root)
    record.watch([*files, *(prefix + name for name in repo.MADE_BY_DVC)])
    declined = write_files(plan.base, files, ask=ask)
    repo.start_dvc(plan.root, top=plan.base)
    windows = _close_windows(plan, say=say)
    record.add(prefix + name for name in windows)
    repo.track(plan.root)
    record.save()
    if new_git:
        paths = repo.committable(plan.base, [*files, *repo.MADE_BY_DVC])
        repo.first_commit(plan.base, paths, f"keepfit watches over {_model(files, prefix)}")
    return Made(
        root=plan.root,
        declined=tuple(declined),
        todo=todo_lines(files, [f"{prefix}params.yaml", f"{prefix}gate.yaml", "expectations/data/rows.json"]) if plan.own else 0,
        committed=new_git,
        next=_next(plan, committed=new_git),
    )


# -- what will be written -----------------------------------------------------------------------------------------------


def _plan(request: Request) -> Plan:
    folder = request.folder.resolve()
    if folder.is_file():
        raise ProjectError(f"{folder.name} is a file, not a folder", where=str(folder), fix="keepfit init DIR")
    if request.command is not None:
        return _adopt(request, repo.top_of(folder))
    if request.data is not None:
        own = _own(request, folder, folder, Guess())
        return Plan(base=folder, root=folder, files=own_files(own), own=own)
    return Plan(base=folder, root=folder, files=flights_files(task=request.task, weather=request.weather))


def _adopt(request: Request, top: Path) -> Plan:
    root = top / "keepfit"
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


def _own(request: Request, base: Path, root: Path, guessed: Guess) -> Own:
    from keepfit.flows.init.table import Asked, learn
    from keepfit.integrations.tables import read_table

    for option, value in (("--time", request.time), ("--target", request.target), ("--model", request.model)):
        if value is None:
            raise ParamsError(f"{option} is missing", where="keepfit init", fix="keepfit init --data FILE --time COL --target COL --model NAME")
    if request.data is None:
        raise ParamsError("--data is missing", where="keepfit init", fix="keepfit init --data FILE --time COL --target COL --model NAME")
    asked = Asked(time=request.time or "", target=request.target or "", model=request.model or "", id=request.id, window=request.window)
    facts = learn(_newest(read_table, request.data), asked)
    stale = datetime.now(UTC).replace(tzinfo=None) - facts.last > timedelta(days=STALE_DAYS)
    return Own(facts=facts, live=_live(request.data.resolve(), base, root), stale=stale, guess=guessed)


def _newest(read_table: Callable[[Path], pa.Table], data: Path) -> pa.Table:
    """The table; of a folder of tables, all of them."""
    if not data.is_dir():
        return read_table(data)
    import pyarrow as pa

    files = sorted(path for path in data.iterdir() if path.name.endswith((".csv", ".csv.gz", ".parquet")) and not path.name.startswith("."))
    if not files:
        raise DataError(f"the folder {data.name} holds no table", where=str(data), fix="put .csv or .parquet files there")
    return pa.concat_tables([read_table(path) for path in files], promote_options="permissive")


def _live(data: Path, base: Path, root: Path) -> str:
    """Relative to the project where the table lies in the repository (it moves along), else absolute."""
    if base not in data.parents:
        return str(data)
    below = data.relative_to(base).as_posix()
    return below if root == base else f"../{below}"


def _with_place(files: Files, prefix: str, *, branch: str) -> Files:
    """Name the branch that is there and the person's public key."""
    params = files[f"{prefix}params.yaml"].decode()
    if branch != "main":
        params = put(put(params, "update.base_branch", branch), "certify.branch", branch)
    gate = with_trust(files[f"{prefix}gate.yaml"].decode(), {repo.KEY: repo.public_key()})
    return {**files, f"{prefix}params.yaml": params.encode(), f"{prefix}gate.yaml": gate.encode()}


# -- the first windows --------------------------------------------------------------------------------------------------


def _close_windows(plan: Plan, *, say: Say) -> list[str]:
    """Copy the closed windows up to `data.as_of` to data/windows/; the flights read their history themselves."""
    (plan.root / "data" / "windows").mkdir(parents=True, exist_ok=True)
    project = Project(plan.root)
    if project.params.data.history is not None:
        return []
    from keepfit.flows.rows.sources import live_rows
    from keepfit.integrations.tables import write_parquet

    rows = live_rows(project, start=None, end=project.params.data.as_of)
    names = []
    for window, part in _parts(project, rows):
        names.append(f"data/windows/{window.id}.parquet")
        write_parquet(part, plan.root / names[-1])
    say(f"{len(names)} closed windows up to {project.params.data.as_of:%Y-%m-%d} are the first training data")
    return names


def _parts(project: Project, rows: pa.Table) -> list[tuple[Window, pa.Table]]:
    import pyarrow.compute as pc

    from keepfit.monitor.windows import count_windows, rows_per_window, windows_covering

    data = project.params.data
    if rows_per_window(data.window):
        counted = count_windows(data.window, rows.num_rows)
        return [(window, rows.slice(window.first_row, data_rows)) for window in counted if (data_rows := rows_per_window(data.window))]
    times = rows[data.time]
    until = data.as_of or pc.max(times).as_py()
    closed = windows_covering(data.window, pc.min(times).as_py(), until)
    cut = [(window, rows.filter(pc.and_(pc.greater_equal(times, window.start), pc.less(times, window.end)))) for window in closed]
    return [(window, part) for window, part in cut if part.num_rows]


# -- what to type next --------------------------------------------------------------------------------------------------


def _model(files: Files, prefix: str) -> str:
    return load_params(files[f"{prefix}params.yaml"].decode()).model.name


def _next(plan: Plan, *, committed: bool) -> tuple[str, ...]:
    """The commands up to a first model that serves."""
    model = _model(plan.files, "keepfit/" if plan.root != plan.base else "")
    here = [] if Path.cwd() == plan.root else [f"cd {_short(plan.root)}"]
    folders = "keepfit expectations" if plan.root != plan.base else "."
    commit = [] if committed else [f"git -C {_short(plan.base)} add {folders} && git -C {_short(plan.base)} commit -m 'keepfit watches over {model}'"]
    return (
        *commit,
        *here,
        "keepfit server     # in a terminal of its own",
        "dvc repro          # trains, evaluates and registers version 1",
        "git add -A . && git commit -m 'The first model'",
        f"keepfit certify {model} 1 && keepfit promote {model} 1 && keepfit sync",
    )


def _short(path: Path) -> str:
    here = Path.cwd()
    return "." if path == here else path.relative_to(here).as_posix() if here in path.parents else str(path)
