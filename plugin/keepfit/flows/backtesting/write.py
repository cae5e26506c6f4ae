"""`keepfit backtest --write`: the winner's settings put into params.yaml, a line each, everything else untouched.

Of a race that is the recipe that `compose.use` names; the keys of before recipes, which would say something else beside it, go to their defaults.

What is written is what was told: a schedule becomes the update policy that does the same, on all history without the permanent holdout. Rules still
review each candidate and a rollback is still proposed, so the file is folded once more as it is now, and what that gives is told too.
"""

from __future__ import annotations

import difflib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from keepfit.errors import ProjectError
from keepfit.flows.project import Project
from keepfit.params.recipe import ComposeParams
from keepfit.update.policies import NamedPolicy, policy_of

if TYPE_CHECKING:
    from datetime import datetime

    from keepfit.params import Params

Settings = dict[str, object]
ALL_HISTORY: Settings = {
    "data.holdout_share": 0.0,
    "compose.sampler": ComposeParams().sampler,
    "compose.recent_windows": None,
    "compose.replay_share": 0.0,
    "compose.balance": "none",
    "compose.max_rows": None,
}
OF_KIND: dict[str, Settings] = {
    "never": {**ALL_HISTORY, "update.grounds": [], "update.scout": False},
    "calendar": {**ALL_HISTORY, "update.grounds": ["debt"], "update.price": 0.0, "update.scout": True, "update.refit": True},
    "harm": {"update.grounds": ["harm"]},
    "age": {"update.grounds": ["age"]},
    "debt": {"update.grounds": ["debt"], "update.scout": True},
    "reviews": {"update.grounds": ["debt"], "update.scout": True, "update.price": None},
}
NO_POLICY = ("every", "adwin", "cara")


@dataclass(frozen=True, kw_only=True)
class WrittenParams:
    """The diff of params.yaml, '' if it said so already; and the mean metric that the file gives now, None if nothing was measured."""

    diff: str
    score: float | None
    refused: int
    needs_holdout: bool


def settings_of(policy: NamedPolicy) -> Settings:
    """Return the settings that make params.yaml this policy; raises `ProjectError` for a baseline that is none.

    >>> settings_of(policy_of("reviews:4"))["update.reviews_a_year"]
    4.0
    """
    if policy.kind in NO_POLICY:
        what = f"{policy.name} is a baseline: no settings of params.yaml do what it does"
        raise ProjectError(what, where="--write", fix="leave it out of --policies, or let cron retrain")
    number = {} if policy.number is None else {"reviews": {"update.reviews_a_year": policy.number}, "debt": {"update.price": policy.number}}[policy.kind]
    return {**OF_KIND.get(policy.kind, {}), **number}


def write_winner(project: Project, winner: str, *, until: datetime | None = None) -> WrittenParams:
    """Put a policy's settings into params.yaml; a key that the file does not have yet gets a line.

    Raises `ParamsError` for a section that is written on one line, and `ProjectError` for a policy that no settings make, or if the file cannot be written.
    """
    before = _params_text(project)
    params = project.params_as_written(before)
    diff = _put(project, before, {key: value for key, value in _settings(params, policy_of(winner)).items() if not _says(params, key, value)})
    return _as_written(Project(project.root), diff, until)


def write_recipe(project: Project, recipe: str) -> str:
    """Make params.yaml compose by a recipe that it has or that is known by its name, and return the diff: '' if it composes so already.

    Raises as `write_winner`.
    """
    before = _params_text(project)
    params = project.params_as_written(before)
    if composes(params, recipe):
        return ""
    plain = {key: value for key, value in ALL_HISTORY.items() if key.startswith("compose.") and not _says(params, key, value)}
    own = set(params.compose.fields) - {key.partition(".")[2] for key in ALL_HISTORY}  # of a sampler of another package
    return _put(project, before, {"compose.use": recipe, **plain}, gone=[f"compose.{name}" for name in sorted(own)])


def composes(params: Params, recipe: str) -> bool:
    """Whether params compose by the recipe already; all history is also what the keys of before recipes say at their defaults."""
    if params.compose.use is not None:
        return params.compose.use == recipe
    return recipe == "all" and all(_says(params, key, value) for key, value in ALL_HISTORY.items() if key.startswith("compose."))


def _settings(params: Params, policy: NamedPolicy) -> Settings:
    """The settings of a policy, in the words of these params: all history is a recipe where recipes are used."""
    settings = settings_of(policy)
    if params.compose.use is None or "compose.sampler" not in settings:
        return settings
    return {**{key: value for key, value in settings.items() if not key.startswith("compose.")}, "compose.use": "all"}


def _params_text(project: Project) -> str:
    return (project.root / "params.yaml").read_text(encoding="utf-8")


def _put(project: Project, before: str, settings: Settings, *, gone: Sequence[str] = ()) -> str:
    """Put settings into params.yaml, take keys that are gone out, and return the diff."""
    from keepfit.integrations.yaml_files import put_or_add, without

    path, after = project.root / "params.yaml", before
    for key in gone:
        after = without(after, key)
    for key, value in settings.items():
        after = put_or_add(after, key, value)
    project.params_as_written(after)
    try:
        path.write_text(after, encoding="utf-8")
    except OSError as bad:
        raise ProjectError(f"params.yaml cannot be written: {bad.strerror}", where=str(path), fix="make it writable") from bad
    return "".join(difflib.unified_diff(before.splitlines(keepends=True), after.splitlines(keepends=True), "a/params.yaml", "b/params.yaml"))


def _as_written(project: Project, diff: str, until: datetime | None) -> WrittenParams:
    """What the file gives, folded as it is now."""
    from keepfit.flows.backtesting.cache import BacktestCache
    from keepfit.flows.backtesting.courses import Courses
    from keepfit.flows.backtesting.grid import Matrix
    from keepfit.flows.backtesting.history import past_of
    from keepfit.update.outcomes import mean

    cache = BacktestCache(project.state / "backtest")
    matrix = Matrix(project, past_of(project, until, cache), cache, lambda _: None)
    course = Courses(matrix).of(policy_of("params"))
    score = mean([matrix.score(model, at) for at, model in enumerate(course.served, start=1)])
    first = not project.params.data.holdout_share and project.baseline.champion is None
    return WrittenParams(diff=diff, score=score, refused=len(course.refused), needs_holdout=first)


def _says(params: Params, key: str, value: object) -> bool:
    """Whether params say so already, by a line or by a default."""
    from keepfit.compose.recipe import sampler_of

    section, _, name = key.partition(".")
    part: Any = getattr(params, section)
    said = getattr(part, name, getattr(sampler_of(params.compose), name, value) if section == "compose" else None)
    return (list(said) if isinstance(said, tuple) else said) == value
