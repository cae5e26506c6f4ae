"""What each champion scored on each past window, from the scorecards that git keeps: nothing else is stored for it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from keepfit.errors import DataError, KeepfitError
from keepfit.flows.project import Project
from keepfit.records import Scorecard, from_json

if TYPE_CHECKING:
    from keepfit.evaluate.forgetting import PastScores

SCORECARD = "reports/scorecard.json"
MOST = 200
"""Commits of the scorecard that are read, the newest."""


def past_matrix(project: Project) -> PastScores:
    """Return the matrix of models and past windows under the project's metric, of the branch that is checked out.

    Raises `DataError` where no scorecard of a commit says anything of the past.
    """
    from keepfit.evaluate.forgetting import past_scores
    from keepfit.update.promise import metric_of

    metric = metric_of(project.params)
    found = past_scores(_cards(project), metric.name, greater_is_better=metric.greater_is_better)
    if not found.windows:
        what = f"no committed scorecard has a row about the past under {metric.name}"
        raise DataError(what, where=SCORECARD, fix="name a rule about the past in params.yaml (docs/forgetting.md), dvc repro, and commit")
    return found


def _cards(project: Project) -> list[Scorecard]:
    """The scorecards of all commits, the oldest first; one of another form than today's is passed over."""
    from keepfit.integrations.programs.git import GitRepo

    repo, cards = GitRepo(project.repo), []
    path = (project.root / SCORECARD).relative_to(project.repo).as_posix()
    for commit in reversed(repo.run("log", f"--max-count={MOST}", "--format=%H", "--", path).split()):
        try:
            cards.append(from_json(Scorecard, repo.run("show", f"{commit}:{path}"), where=f"{commit[:10]}:{path}"))
        except KeepfitError:  # the commit that took it out, or one of an older form
            continue
    return cards
