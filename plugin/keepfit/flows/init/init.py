"""`keepfit init`: the flights template, a project for an own table, or the loop around an existing repository's train.py.

Everything is worked out before anything is written; what exists and differs is shown and asked for; what will be written is recorded first,
so that `--undo` takes back exactly that, also after a run that was killed. A run that fails takes itself back.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath
from typing import Any

from keepfit.errors import ProjectError
from keepfit.flows.effects import effect
from keepfit.flows.ignored import refuse_ignored
from keepfit.flows.init import repo
from keepfit.flows.init.files import Files, todo_lines, with_trust
from keepfit.flows.init.plan import InitRequest, Plan, places, plan
from keepfit.flows.init.record import Record
from keepfit.flows.init.reopen import own_project, reopen
from keepfit.flows.init.schedules.add import add_schedule, project_there, schedule_of
from keepfit.flows.init.undo import take_back_unfinished
from keepfit.flows.init.windows import close_windows
from keepfit.flows.init.write import Ask, added_to, refuse_folders, write_files
from keepfit.integrations.programs.dvc import stages_of
from keepfit.integrations.yaml_files import put
from keepfit.plugins import read_params
from keepfit.report.doubts import sentences

Say = Callable[[str], None]
__all__ = ["InitRequest", "InitResult", "init"]


@dataclass(frozen=True, kw_only=True)
class InitResult:
    """What init did: where the project is, what it kept as it was, how many guesses wait, what looks wrong in the table, and what to type next."""

    root: Path
    declined: tuple[str, ...]
    todo: int
    doubts: tuple[str, ...]
    committed: bool
    next: tuple[str, ...]


def init(request: InitRequest, *, ask: Ask, say: Say) -> InitResult:
    """Set the project up; `ask(path, diff)` decides about each existing file, `say` takes one line of progress."""
    if take_back_unfinished(places(request)[1]):
        say("an earlier run was cut short: what it had written is taken back first")
    if (done := _in_a_project(request, ask=ask, say=say)) is not None:
        return done
    planned = plan(request)
    prefix = planned.prefix
    params = read_params(planned.files[f"{prefix}params.yaml"].decode())
    schedule = None if request.schedule is None else schedule_of(request.schedule, params, root=planned.root, top=planned.base)
    if schedule is not None:
        planned = replace(planned, files={**planned.files, **schedule.files})
    new_git = not prefix and not (planned.base / ".git").exists()
    _refuse_taken(planned, new_git=new_git)
    placed = _with_place(planned.files, prefix, branch="main" if new_git else repo.branch_of(planned.base), port=request.port)
    files = added_to(planned.base, placed)
    declined = _write(planned, files, ask=ask, say=say, new_git=new_git)
    return InitResult(
        root=planned.root,
        declined=tuple(declined),
        todo=todo_lines(files, [f"{prefix}params.yaml", f"{prefix}gate.yaml", "expectations/data/rows.json"]) if planned.own else 0,
        doubts=(*_doubts(planned), *(schedule.doubts if schedule else ())),
        committed=new_git,
        next=(*_next(planned, committed=new_git, port=request.port), *(schedule.next if schedule else ())),
    )


def _in_a_project(request: InitRequest, *, ask: Ask, say: Say) -> InitResult | None:
    """What is asked of a project that is there: other first windows, or a schedule; None where a project is to be set up."""
    if any(each is not None for each in (request.data, request.command, request.task, request.model)):
        return None
    if request.as_of is not None and (there := own_project(request.folder.resolve())):
        reopen(there, as_of=request.as_of, say=say)
        again = (f"git -C {_short(there)} commit -am 'Other first windows'", "dvc repro")
        return InitResult(root=there, declined=(), todo=0, doubts=(), committed=False, next=again)
    if request.schedule is not None and (there := project_there(request.folder.resolve())):
        made, kept = add_schedule(there, request.schedule, ask=ask)
        return InitResult(root=there, declined=kept, todo=0, doubts=made.doubts, committed=False, next=made.next)
    return None


def _write(planned: Plan, files: Files, *, ask: Ask, say: Say, new_git: bool) -> list[str]:
    """Everything that init does outside this process; cut short by an error, it is taken back."""
    base, root, prefix = planned.base, planned.root, planned.prefix
    record = Record(base, root)
    try:
        record.begin(files, _by_others(planned), git=new_git, dvc=not repo.has_dvc(root, base))
        if new_git:
            repo.start_git(base)
        effect("init", "git")
        declined = write_files(base, files, ask=ask)
        effect("init", "files")
        repo.start_dvc(root, top=base)
        effect("init", "dvc")
        close_windows(root, intend=lambda names: record.extend(prefix + name for name in names), say=say)
        effect("init", "windows")
        repo.track(root)
        effect("init", "tracked")
        if new_git:
            paths = repo.committable(base, [*files, *repo.MADE_BY_DVC])
            repo.first_commit(base, paths, f"keepfit watches over {_model(files, prefix)}")
        effect("init", "commit")
        record.finish()
    except BaseException:
        take_back_unfinished(root)
        raise
    return declined


# -- what may stand in the way ------------------------------------------------------------------------------------------


def _refuse_taken(planned: Plan, *, new_git: bool) -> None:
    """Refuse before the first write what would stop a later one: folders in the way, and files that git would not track."""
    refuse_folders(planned.base, planned.files)
    for folder in repo.TRACKED:
        there = planned.root / folder
        if not (planned.root / f"{folder}.dvc").exists() and there.is_dir() and any(there.iterdir()):
            what = f"the folder {planned.prefix}{folder} is taken: DVC would take over the files in it"
            raise ProjectError(what, where=str(planned.base), fix="move them elsewhere, or init in another folder")
    kept = [name for name in planned.files if not name.endswith("/NONE")]
    refuse_ignored(planned.base, [*kept, *_by_others(planned), *_written_later(planned)], fresh=new_git)


def _by_others(planned: Plan) -> list[str]:
    """What DVC writes."""
    made = repo.MADE_BY_DVC if not repo.has_dvc(planned.root, planned.base) else [name for name in repo.MADE_BY_DVC if not name.startswith(".dvc")]
    return [planned.prefix + name for name in made]


def _written_later(planned: Plan) -> list[str]:
    """What the pipeline and improve leave for a commit: the lock and every report that git keeps."""
    stages = stages_of(planned.files[f"{planned.prefix}dvc.yaml"].decode())
    found = [_kept_in_git(out) for stage in stages.values() for kind in ("outs", "metrics", "plots") for out in stage.get(kind) or ()]
    return [planned.prefix + name for name in ("dvc.lock", "reports/REVIEW.md", *(name for name in found if name))]


def _kept_in_git(out: str | Mapping[str, Any]) -> str | None:
    """The path of an out that DVC leaves to git."""
    return next((str(PurePosixPath(path)) for path, how in out.items() if how.get("cache") is False), None) if isinstance(out, Mapping) else None


def _doubts(planned: Plan) -> tuple[str, ...]:
    if planned.own is None:
        return ()
    return (*planned.own.untimed, *sentences(planned.own.facts))


def _with_place(files: Files, prefix: str, *, branch: str, port: int | None) -> Files:
    """Name the branch that is there, the server's port if one was asked for, and the person's public key."""
    params = files[f"{prefix}params.yaml"].decode()
    params = put(params, "mlflow.tracking_uri", f"http://127.0.0.1:{port}") if port is not None else params
    if branch != "main":
        params = put(put(params, "update.base_branch", branch), "certify.branch", branch)
    gate = with_trust(files[f"{prefix}gate.yaml"].decode(), {repo.KEY: repo.public_key()})
    return {**files, f"{prefix}params.yaml": params.encode(), f"{prefix}gate.yaml": gate.encode()}


# -- what to type next --------------------------------------------------------------------------------------------------


def _model(files: Files, prefix: str) -> str:
    return read_params(files[f"{prefix}params.yaml"].decode()).model.name


def _next(planned: Plan, *, committed: bool, port: int | None) -> tuple[str, ...]:
    """The commands up to a first model that serves."""
    model = _model(planned.files, "keepfit/" if planned.root != planned.base else "")
    here = [] if Path.cwd() == planned.root else [f"cd {_short(planned.root)}"]
    folders = "keepfit expectations" if planned.root != planned.base else "."
    commit = [] if committed else [f"git -C {_short(planned.base)} add {folders} && git -C {_short(planned.base)} commit -m 'keepfit watches over {model}'"]
    return (
        *commit,
        *here,
        f"keepfit server{'' if port is None else f' --port {port}'}     # in a terminal of its own",
        "dvc repro          # trains, evaluates and registers version 1",
        "git add -A . && git commit -m 'The first model'",
        f"keepfit certify {model} 1 && keepfit promote {model} 1 && keepfit sync",
    )


def _short(path: Path) -> str:
    here = Path.cwd()
    return "." if path == here else path.relative_to(here).as_posix() if here in path.parents else str(path)
