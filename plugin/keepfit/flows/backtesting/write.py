"""`keepfit backtest --write`: the winner's settings put into params.yaml, a line each, everything else untouched."""

from __future__ import annotations

import difflib

from keepfit.errors import ProjectError
from keepfit.flows.project import Project
from keepfit.plugins import read_params

Settings = dict[str, object]
SETTINGS: dict[str, Settings] = {
    "never": {"update.grounds": [], "update.scout": False},
    "calendar": {
        "compose.recent_windows": None,
        "update.scout": False,
        "update.max_age_days": 1,
        "update.grounds": ["age"],
    },
    "harm": {"update.scout": False, "update.grounds": ["harm"]},
    "debt": {"update.scout": True, "update.grounds": ["debt"]},
    "all": {"update.grounds": ["harm", "debt", "age"]},
}


def write_winner(project: Project, winner: str) -> str:
    """Put a policy's settings into params.yaml and return the diff, '' if it says so already.

    A key that the file does not have yet gets a line. Raises `ParamsError` for a section that is written on one line, and
    `ProjectError` if the file cannot be written.
    """
    from keepfit.compose.samplers.sampler import sampler_of
    from keepfit.integrations.yaml_files import put_or_add

    path = project.root / "params.yaml"
    before = after = path.read_text(encoding="utf-8")
    params = read_params(before)
    sections = {"update": params.update, "compose": sampler_of(params.compose)}
    for key, value in SETTINGS[winner].items():
        section, _, name = key.partition(".")
        said = getattr(sections[section], name, value)  # another sampler may know no windows
        if (list(said) if isinstance(said, tuple) else said) != value:
            after = put_or_add(after, key, value)
    read_params(after)
    try:
        path.write_text(after, encoding="utf-8")
    except OSError as bad:
        raise ProjectError(f"params.yaml cannot be written: {bad.strerror}", where=str(path), fix="make it writable") from bad
    return "".join(difflib.unified_diff(before.splitlines(keepends=True), after.splitlines(keepends=True), "a/params.yaml", "b/params.yaml"))
