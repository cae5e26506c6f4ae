"""`keepfit doctor`: the project's pipeline: has it every stage that a new project has?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from keepfit.errors import KeepfitError
from keepfit.flows.project import Project
from keepfit.integrations.programs.dvc import stages_of
from keepfit.report.doctor import Check

REFIT = "refit"
TIME_KEYS = ("data.time_features", "data.timezone")
ADDED = "docs/operate.md, 'A pipeline without refit', has the lines to add; or update.refit: false in params.yaml, if that is meant"


def examine(project: Project | None) -> Iterator[Check]:
    """Yield what is to be said of dvc.yaml; nothing without a project, or of one that has no pipeline of keepfit's."""
    path = None if project is None else project.root / "dvc.yaml"
    if project is None or path is None or not path.is_file():
        return
    try:
        stages = stages_of(path.read_text(encoding="utf-8"), where="dvc.yaml")
    except (KeepfitError, OSError, UnicodeDecodeError) as bad:
        yield Check(name="pipeline", status="fail", found=f"dvc.yaml cannot be read: {' '.join(str(bad).split())[:200]}", fix="restore it with git")
        return
    if {"train", "evaluate", "register"} <= stages.keys():
        yield refit(has_stage=REFIT in stages, wanted=project.params.update.refit)
        if project.params.data.time_features:
            yield from unseen(stages)
        if project.params.impact.priced:
            yield from unpriced(stages)


def refit(*, has_stage: bool, wanted: bool) -> Check:
    """Whether the pipeline can do what params.yaml asks for: a project of before has no stage `refit`."""
    if has_stage or not wanted:
        return Check(name="pipeline", status="ok", found="the judged recipe is refitted" if has_stage and wanted else "the judged model is shipped as it is")
    found = "dvc.yaml has no stage refit: the judged model is registered as it is, a window older than its refit"
    return Check(name="pipeline", status="warn", found=found, fix=ADDED)


def unseen(stages: Mapping[str, Mapping[str, Any]]) -> Iterator[Check]:
    """Yield the stages that would not run again when the time features change: those of a project that is older than they are."""
    for name in ("train", "evaluate"):
        lacks = [key for key in TIME_KEYS if not {key, "data"} & set(_params_of(stages[name]))]
        if lacks:
            found = f"dvc.yaml's stage {name} does not depend on {' and '.join(lacks)}: it does not run again when the time features change"
            yield Check(name="pipeline", status="warn", found=found, fix=f"add {', '.join(lacks)} to its params, then dvc repro")


def unpriced(stages: Mapping[str, Mapping[str, Any]]) -> Iterator[Check]:
    """Yield that the stage evaluate would not run again when costs change: that of a project which is older than they are."""
    if "impact" not in set(_params_of(stages["evaluate"])):
        found = "dvc.yaml's stage evaluate does not depend on impact: it does not run again when costs change"
        yield Check(name="pipeline", status="warn", found=found, fix="add impact to its params, then dvc repro")


def _params_of(stage: Mapping[str, Any]) -> Iterator[str]:
    """The keys of params.yaml that a stage depends on."""
    for one in stage.get("params") or ():
        if isinstance(one, Mapping):
            yield from one.get("params.yaml") or ()
        else:
            yield str(one)
