"""`keepfit doctor`: people's rules on single rows: can they be read, do the stages depend on them, was one odd when data was last composed?"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from keepfit.errors import KeepfitError
from keepfit.flows.project import Project
from keepfit.flows.rows.curation import curation
from keepfit.integrations.programs.dvc import stages_of
from keepfit.report.curation import curation_findings, curation_summary
from keepfit.report.doctor import Check

FILE, READERS = "curation.yaml", ("compose", "refit")
SHOWN = 3


def examine(project: Project | None) -> Iterator[Check]:
    """Yield what is to be said of curation.yaml; nothing without a project or without such a file."""
    if project is None or not (project.root / FILE).is_file():
        return
    try:
        rules = curation(project).rules
    except KeepfitError as bad:
        yield Check(name="curation", status="fail", found=f"{bad.what} ({bad.where})", fix=bad.fix or "")
        return
    if names := lacking(project, FILE):
        found = f"{' and '.join(names)} in dvc.yaml do not depend on curation.yaml: a changed rule re-runs nothing"
        yield Check(name="curation", status="warn", found=found, fix=f"add {FILE} to the deps of {' and '.join(names)} in dvc.yaml")
    if rules:
        yield _last(project, len(rules))


def lacking(project: Project, dep: str, readers: Sequence[str] = READERS) -> list[str]:
    """Return the stages that read what people decided (`dep`) and do not say so; none where there is no pipeline, or none that can be read."""
    path = project.root / "dvc.yaml"
    try:
        stages: dict[str, dict[str, Any]] = stages_of(path.read_text(encoding="utf-8"), where="dvc.yaml") if path.is_file() else {}
    except (KeepfitError, OSError, UnicodeDecodeError):  # the pipeline's own check says so
        return []
    return [name for name in readers if name in stages and dep not in map(str, stages[name].get("deps") or ())]


def _last(project: Project, rules: int) -> Check:
    """What became of the rules when a data set was last composed."""
    from keepfit.records import Composition, from_json

    path = project.root / "reports" / "composition.json"
    if not path.is_file():
        return Check(name="curation", status="unknown", found=f"{rules} rules, nothing was composed by them yet", fix="dvc repro compose")
    try:
        report = from_json(Composition, path.read_bytes(), where="reports/composition.json").curation
    except (KeepfitError, OSError) as bad:
        return Check(
            name="curation", status="unknown", found=f"reports/composition.json cannot be read: {' '.join(str(bad).split())[:200]}", fix="dvc repro compose"
        )
    if report is None:
        return Check(name="curation", status="warn", found=f"{rules} rules, and the data set of reports/composition.json knows none", fix="dvc repro compose")
    odd = curation_findings(report)
    if not odd:
        return Check(name="curation", status="ok", found=curation_summary(report).replace("**", ""))
    more = f"; and {len(odd) - SHOWN} more in reports/COMPOSITION.md" if len(odd) > SHOWN else ""
    return Check(name="curation", status="warn", found="; ".join(odd[:SHOWN]) + more, fix=f"change or drop these rules in {FILE}")
