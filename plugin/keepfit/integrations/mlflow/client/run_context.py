"""The tags that MLflow's context providers stamp on a run: its user, source and git commit, and keepfit's own; MLflow need not be loaded for them."""

from __future__ import annotations

import contextlib
import getpass
import os
import sys
from collections.abc import Mapping
from importlib.metadata import entry_points
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

from keepfit.integrations.mlflow.context import KeepfitRunContext
from keepfit.integrations.mlflow.rest import username

GROUP = "mlflow.run_context_provider"
ELSEWHERE = ("DATABRICKS", "MLFLOW_RUN_CONTEXT")
"""Environment that other providers of MLflow's own go by."""


def context_tags(tags: Mapping[str, str]) -> dict[str, str]:
    """Return the tags of a run with those of its context, as `mlflow.tracking.context` would: given ones win."""
    foreign = any(one.name != "keepfit" for one in entry_points(group=GROUP)) or any(name.startswith(ELSEWHERE) for name in os.environ)
    if foreign or "mlflow" in sys.modules or "IPython" in sys.modules or not sys.argv:
        from mlflow.tracking.context.registry import resolve_tags

        return dict(resolve_tags(dict(tags)))
    return {**own_context(), **tags}


def own_context() -> dict[str, str]:
    """User, source, git and keepfit's own tags of this process."""
    source = {"mlflow.user": username() or getpass.getuser(), "mlflow.source.name": sys.argv[0] or "<console>", "mlflow.source.type": "LOCAL"}
    return {**source, **(_git(sys.argv[0]) if sys.argv[0] else {}), **KeepfitRunContext().tags()}


def _git(main: str) -> dict[str, str]:
    """The commit, branch and address of the repository that the program's file is in; empty where git ignores it (a virtual environment)."""
    folder = Path(main).absolute().parent if Path(main).is_file() else Path(main)
    if not any((above / ".git").exists() for above in (folder.absolute(), *folder.absolute().parents)):
        return {}
    try:
        from git import Repo

        repo = Repo(folder, search_parent_directories=True)
        if str(folder) in repo.ignored(str(folder)):
            return {}
        commit = repo.head.commit.hexsha
    except Exception:  # noqa: BLE001 - as MLflow does: no repository, no commit, no git
        return {}
    found = {"mlflow.source.git.commit": commit}
    with contextlib.suppress(Exception):  # a detached head
        found["mlflow.source.git.branch"] = str(repo.active_branch.name)
    with contextlib.suppress(Exception):  # no remote
        found["mlflow.source.git.repoURL"] = _without_password(str(repo.remotes[0].url))
    return found


def _without_password(url: str) -> str:
    parsed = urlsplit(url)
    if not parsed.scheme or "@" not in parsed.netloc:
        return url
    return urlunsplit((parsed.scheme, parsed.netloc.rpartition("@")[2], parsed.path, parsed.query, parsed.fragment))
