"""`keepfit comment`: the one text on a pull request, from what the branch holds; and posted, once, by a token of the environment."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from keepfit.errors import KeepfitError, ProjectError
from keepfit.flows.project import Project, find_project
from keepfit.integrations.forges.github import pull_request
from keepfit.integrations.forges.gitlab import merge_request
from keepfit.integrations.forges.sticky import Posted, post_once
from keepfit.integrations.programs.git import GitRepo
from keepfit.records import Composition, RefitReport, Scorecard, from_json
from keepfit.records.data_diff import DataDiff
from keepfit.report.comment import Subject, comment_text, marker
from keepfit.report.what_changed import WhatChanged

Forge = Literal["github", "gitlab"]
SCORECARD = "reports/scorecard.json"
TOKENS: Mapping[Forge, str] = {"github": "GITHUB_TOKEN", "gitlab": "GITLAB_TOKEN"}
REVIEWED = ("*.yaml", "decision.json", "baseline.json", "expectations")


@dataclass(frozen=True, kw_only=True)
class Comment:
    """The text, the hidden line by which it is found again, and what could not be told in it, and why."""

    text: str
    marker: str
    notes: tuple[str, ...] = ()


def comment(here: Path | None = None, *, evaluation: Path | None = None, base: str | None = None) -> Comment:
    """Return the comment on the project's candidate beside `base` (a revision), or on an evaluation outside of any project (its folder, or its scorecard).

    Raises `ProjectError` where there is no scorecard yet.
    """
    if evaluation is not None:
        card = _read(evaluation / "scorecard.json" if evaluation.is_dir() else evaluation)
        return Comment(text=comment_text(WhatChanged(scorecard=card)), marker=marker(card.model))
    project = find_project(here)
    card = _judged(project)
    try:
        changed, subject = _beside(project, card, base)
    except KeepfitError as bad:
        note = f"what changed is left out: {bad.what}{f' (fix: {bad.fix})' if bad.fix else ''}"
        return Comment(text=comment_text(WhatChanged(scorecard=card)), marker=marker(card.model), notes=(note,))
    return Comment(text=comment_text(changed, subject), marker=marker(card.model))


def post(made: Comment, forge: Forge, environ: Mapping[str, str]) -> Posted | None:
    """Put the comment on the pull request that the environment names, or edit it there; None without a token. Raises `ForgeError` where that is refused."""
    discussion = pull_request(environ) if forge == "github" else merge_request(environ)
    return None if discussion is None else post_once(discussion, made.text, marker=made.marker)


def _beside(project: Project, card: Scorecard, base: str | None) -> tuple[WhatChanged, Subject]:
    """What the branch changed since it left the base, and the commit that is looked at."""
    git = GitRepo(project.root)
    left = git.run("merge-base", git.commit_of(base or _base(git, project)), "HEAD").strip()
    composition, before = project.root / "reports" / "composition.json", git.show(left, "reports/composition.json")
    metrics = project.root / "reports" / "metrics.json"
    changed = WhatChanged(
        scorecard=card,
        composition=from_json(Composition, composition.read_bytes(), where="reports/composition.json") if composition.is_file() else None,
        previous_composition=from_json(Composition, before, where="reports/composition.json") if before else None,
        metrics=_numbers(metrics.read_bytes() if metrics.is_file() else None),
        previous_metrics=_numbers(git.show(left, "reports/metrics.json")),
        params_diff=git.run("diff", "--no-color", "--no-ext-diff", left, "--", *REVIEWED),
        rows=_rows(project, left),
    )
    return changed, Subject(commit=git.commit_of("HEAD"))


def _base(git: GitRepo, project: Project) -> str:
    """The branch that retrainings leave from: as it was last fetched, else as it is here."""
    name = project.params.update.base_branch
    return f"origin/{name}" if git.remote_tip(f"origin/{name}") else name


def _rows(project: Project, base: str) -> DataDiff | None:
    """What changed in the rows that train; None where the base composed none, or they cannot be had here."""
    from keepfit.flows.data.diff import diff_revisions

    try:
        return diff_revisions(project, base, None, dataset="train")
    except KeepfitError:
        return None


def _judged(project: Project) -> Scorecard:
    """The scorecard of the judged model, with what is known of the shipped one."""
    card, report = _read(project.root / SCORECARD), project.root / "reports" / "refit.json"
    return from_json(RefitReport, report.read_bytes(), where="reports/refit.json").beside(card) if report.is_file() else card


def _read(path: Path) -> Scorecard:
    try:
        text = path.read_bytes()
    except OSError as bad:
        fix = "dvc repro (or dvc pull) makes reports/scorecard.json; an evaluation without a project writes one, too: --evaluation"
        raise ProjectError(f"there is no scorecard to comment on: {bad.strerror}", where=str(path), fix=fix) from bad
    return from_json(Scorecard, text, where=str(path))


def _numbers(text: bytes | None) -> dict[str, float]:
    found = json.loads(text) if text else {}
    return {str(key): float(value) for key, value in found.items() if isinstance(value, int | float)}
