"""`keepfit init --schedule KIND`: the files of one scheduler, with a new project or in one that is there.

What exists and differs is shown and asked for; what is written is recorded first, so that `--undo` takes it back with the rest.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from keepfit.flows.effects import effect
from keepfit.flows.ignored import refuse_ignored
from keepfit.flows.init.record import Record
from keepfit.flows.init.schedules.airflow import airflow_files, airflow_next
from keepfit.flows.init.schedules.cron import cron_files, cron_next
from keepfit.flows.init.schedules.github import github_files, github_next
from keepfit.flows.init.schedules.gitlab import gitlab_files, gitlab_next
from keepfit.flows.init.schedules.place import SchedulePlace
from keepfit.flows.init.undo import take_back_unfinished
from keepfit.flows.init.write import Ask, refuse_folders, write_files
from keepfit.flows.project import Project
from keepfit.params import Params

Files = dict[str, bytes]


@dataclass(frozen=True)
class Scheduler:
    """How a scheduler is set up: its files, what to type then, and whether its runners begin with an empty disk."""

    files: Callable[[SchedulePlace], Files]
    next: Callable[[SchedulePlace], tuple[str, ...]]
    forgets: bool


SCHEDULERS: Mapping[str, Scheduler] = {
    "cron": Scheduler(cron_files, cron_next, forgets=False),
    "github": Scheduler(github_files, github_next, forgets=True),
    "gitlab": Scheduler(gitlab_files, gitlab_next, forgets=True),
    "airflow": Scheduler(airflow_files, airflow_next, forgets=False),
}


@dataclass(frozen=True, kw_only=True)
class Schedule:
    """The files of a scheduler (path below the repository's top to content), what is doubtful, and what to type next."""

    files: Files
    doubts: tuple[str, ...]
    next: tuple[str, ...]


def schedule_of(kind: str, params: Params, *, root: Path, top: Path) -> Schedule:
    """Return what makes the scheduler look at a project; nothing is written."""
    place = SchedulePlace.of(params, root=root, top=top, program=Path(sys.executable).with_name("keepfit"))
    scheduler = SCHEDULERS[kind]
    return Schedule(files=scheduler.files(place), doubts=place.forgets if scheduler.forgets else (), next=scheduler.next(place))


def project_there(folder: Path) -> Path | None:
    """Return the project that lies in the folder, or in its `keepfit/`; None if there is none."""
    roots = (folder, folder / "keepfit")
    return next((root for root in roots if (root / "params.yaml").is_file() and (root / "baseline.json").is_file()), None)


def add_schedule(root: Path, kind: str, *, ask: Ask) -> tuple[Schedule, tuple[str, ...]]:
    """Write a scheduler's files into a project that is there; return them, and those that were declined and so kept as they were."""
    project = Project(root)
    top = project.repo.resolve()
    made = schedule_of(kind, project.params, root=root, top=top)
    refuse_folders(top, made.files)
    refuse_ignored(top, list(made.files), fresh=False)
    record = Record(top, root)
    base = record.state.base
    files = {os.path.relpath(top / name, base): content for name, content in made.files.items()}
    try:
        record.begin(files, (), git=False, dvc=False)
        declined = write_files(base, files, ask=ask)
        effect("schedule", "files")
        record.finish()
    except BaseException:
        take_back_unfinished(root)
        raise
    return made, tuple(declined)
