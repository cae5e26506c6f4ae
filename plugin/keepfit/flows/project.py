"""A project on disk: where its files lie. `root` holds params.yaml; `repo` is the git work tree around it."""

from __future__ import annotations

import os
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from keepfit.errors import ProjectError
from keepfit.flows.params_files import PARAMS, ParamsFile, extends, inside, params_files, params_of, staged_keys
from keepfit.params import Params
from keepfit.plugins import read_params
from keepfit.records import Baseline, from_json
from keepfit.rule_kinds.sound_rules import require_sound


@dataclass(frozen=True)
class Project:
    """The folder with params.yaml, and the names of everything in it."""

    root: Path

    def with_params(self, params: Params) -> Project:
        """Return the same project by other params than its file holds."""
        made = Project(self.root)
        vars(made)["params"] = params  # where the property keeps what it has read
        return made

    @cached_property
    def params(self) -> Params:
        """The validated params.yaml."""
        path = self.root / "params.yaml"
        try:
            text = path.read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as bad:
            raise ProjectError(f"params.yaml cannot be read: {bad}", where=str(path), fix="run keepfit init") from bad
        params = self.params_as_written(text)
        require_sound(params.evaluate, params.evaluate.rules, where="params.yaml: evaluate.rules")
        return params

    def params_as_written(self, text: str) -> Params:
        """Return what params.yaml says with this text, with what it extends; raises `ParamsError` for the first key that does not fit."""
        if not extends(text):
            return read_params(text)
        return params_of(params_files(text, self._shared), staged=staged_keys(_text(self.root / "dvc.yaml")))

    @property
    def params_files(self) -> tuple[ParamsFile, ...]:
        """params.yaml and the files that it extends, itself first."""
        return params_files((self.root / PARAMS).read_text(encoding="utf-8"), self._shared)

    def _shared(self, name: str) -> str | None:
        """The text of a file that params extend; in a repository it must lie in it."""
        top = next((folder for folder in (self.root, *self.root.parents) if (folder / ".git").exists()), None)
        if top is not None:
            inside(name, self.root.relative_to(top).as_posix())
        return _text(self.root / name)

    @cached_property
    def repo(self) -> Path:
        """The top of the git work tree that holds the project."""
        for folder in (self.root, *self.root.parents):
            if (folder / ".git").exists():
                return folder
        raise ProjectError("no git repository around the project", where=str(self.root), fix="git init, then keepfit init")

    @property
    def tracking_uri(self) -> str:
        """`MLFLOW_TRACKING_URI`, else params."""
        return os.environ.get("MLFLOW_TRACKING_URI") or self.params.mlflow.tracking_uri

    @property
    def state(self) -> Path:
        """`.keepfit/`: git-ignored; ledger, closed windows, worktrees, downloaded models."""
        return self.root / ".keepfit"

    @property
    def ledger_uri(self) -> str:
        """The ledger's URI with a relative SQLite path made absolute under the root."""
        uri = self.params.ledger.uri
        prefix = "sqlite:///"
        if uri.startswith(prefix) and not uri.startswith(prefix + "/"):
            return f"{prefix}{self.root / uri.removeprefix(prefix)}"
        return uri

    @property
    def suites(self) -> Path:
        """The expectation suites' folder (relative to the root in params)."""
        return (self.root / self.params.expect.suites).resolve()

    @property
    def champion_dir(self) -> Path:
        """`models/champion/`: the champion's train out, or the file NONE."""
        return self.root / "models" / "champion"

    @property
    def baseline(self) -> Baseline:
        """The pin in baseline.json."""
        path = self.root / "baseline.json"
        if not path.exists():
            raise ProjectError("baseline.json is missing", where=str(self.root), fix="keepfit init, or restore it with git")
        return from_json(Baseline, path.read_text(encoding="utf-8"), where="baseline.json")


def find_project(start: Path | None = None) -> Project:
    """Find the project at or above `start` (default: the current folder), or in its `keepfit/` folder; raises `ProjectError`."""
    here = (start or Path.cwd()).resolve()
    for folder in (here, *here.parents):
        for root in (folder, folder / "keepfit"):
            if (root / "params.yaml").is_file() and (root / "baseline.json").is_file():
                return Project(root)
    raise ProjectError("no keepfit project here", where=str(here), fix="keepfit init")


def _text(path: Path) -> str | None:
    """The text of a file, None where there is none that can be read."""
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        return None
