"""What a schedule has to know of a project: its names, where it lies, when it looks, and what it needs from the environment."""

from __future__ import annotations

import hashlib
import re
import shlex
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from keepfit.params import Params
from keepfit.params.row_source import EngineSource
from keepfit.report.tables import plain

MLFLOW = ("MLFLOW_TRACKING_URI", "MLFLOW_TRACKING_USERNAME", "MLFLOW_TRACKING_PASSWORD")
LOOK = """\
code=0
keepfit monitor || case $? in 3|4) ;; *) code=1 ;; esac
keepfit hooks run || code=1
exit $code
"""
"""A ticket (3) and too few rows (4) are findings, and subscribers hear of them; a message that was given up (3 of `hooks run`) is a failure."""


@dataclass(frozen=True, kw_only=True)
class SchedulePlace:
    """A project as a scheduler sees it: `root` is its folder, `top` that of its repository, `program` the keepfit to call on this machine."""

    model: str
    root: Path
    top: Path
    program: Path
    secrets: tuple[str, ...]
    forgets: tuple[str, ...] = ()

    @classmethod
    def of(cls, params: Params, *, root: Path, top: Path, program: Path) -> SchedulePlace:
        """Read off the params what has to be known."""
        secrets = tuple(dict.fromkeys((*MLFLOW, *_named(params.model_dump()))))
        return cls(model=params.model.name, root=root, top=top, program=program, secrets=secrets, forgets=tuple(_forgets(params)))

    @property
    def name(self) -> str:
        """The model's name as files, jobs and groups may be called.

        >>> SchedulePlace(model="Late $(x) v2", root=Path("/p"), top=Path("/p"), program=Path("/b/keepfit"), secrets=()).name
        'late-x-v2'
        """
        return re.sub(r"[^a-z0-9]+", "-", self.model.lower()).strip("-")[:60] or "model"

    @property
    def said(self) -> str:
        """The model's name on one line, for comments."""
        return plain(self.model)[:80]

    @property
    def folder(self) -> str:
        """The project's folder in its repository, `.` where it is the repository."""
        return self.root.relative_to(self.top).as_posix()

    @property
    def prefix(self) -> str:
        """What leads from the repository's top to the project's files."""
        return "" if self.root == self.top else f"{self.folder}/"

    @property
    def every_hour(self) -> str:
        """The five fields: every hour, at a minute of the model's own, so that many models do not start at once."""
        return f"{int(hashlib.sha256(self.model.encode()).hexdigest(), 16) % 60} * * * *"

    @property
    def quoted_folder(self) -> str:
        """The folder as a shell reads it."""
        return shlex.quote(self.folder)


def filled(text: str, **values: str) -> str:
    """Put values in the place of their names between @.

    >>> filled("cd @FOLDER@ && ls", folder="a")
    'cd a && ls'
    """
    return re.sub(r"@([A-Z_]+)@", lambda found: values[found[1].lower()], text)


def _named(section: Any) -> Iterator[str]:
    """The environment variables that params name."""
    if isinstance(section, dict):
        for key, value in section.items():
            if str(key).endswith("_env") and isinstance(value, str) and value:
                yield value
            else:
                yield from _named(value)
    elif isinstance(section, list | tuple):
        for each in section:
            yield from _named(each)


def _forgets(params: Params) -> Iterator[str]:
    """What a runner that begins with an empty disk would not find."""
    if params.ledger.uri.startswith("sqlite"):
        yield "ledger.uri is a file, which a runner forgets after each job: name a database that outlives it (params.yaml: ledger.uri)"
    live = params.data.live.table if isinstance(params.data.live, EngineSource) else params.data.live
    if isinstance(live, str) and Path(live).is_absolute():
        yield "data.live is a path of this machine: name rows that a runner can reach (params.yaml: data.live)"
