"""`keepfit doctor`: the behaviour tests that people declared: can they be read, and does the evaluation depend on them?"""

from __future__ import annotations

from collections.abc import Iterator

from keepfit.flows.doctor.curation import lacking
from keepfit.flows.project import Project
from keepfit.flows.rules.behaviour import FOLDER, behaviour_files, behaviour_folder, behaviour_problems, behaviour_tests
from keepfit.report.doctor import Check

STAGE, SHOWN = "evaluate", 3


def examine(project: Project | None) -> Iterator[Check]:
    """Yield what is to be said of `expectations/behaviour/`; nothing without a project or without tests in it."""
    if project is None or not behaviour_files(behaviour_folder(project)):
        return
    problems = list(behaviour_problems(project))
    for bad in problems[:SHOWN]:
        yield Check(name="behaviour", status="fail", found=f"{bad.what} ({bad.where})", fix=bad.fix or "")
    if problems:
        return
    number = len(behaviour_tests(behaviour_folder(project)))
    dep = f"{project.params.expect.suites}/{FOLDER}"
    if number and lacking(project, dep, (STAGE,)):
        found = f"{STAGE} in dvc.yaml does not depend on {dep}: a changed test re-runs nothing"
        yield Check(name="behaviour", status="warn", found=found, fix=f"add {dep} to the deps of {STAGE} in dvc.yaml")
    if number:
        yield Check(name="behaviour", status="ok", found=f"{number} declared tests can be read")
