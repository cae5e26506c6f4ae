"""`keepfit doctor`: what stands between a champion and somebody who would move it without evidence, looked at one by one.

Only reading: no file, tag, artifact or row of the journal is written, on this machine or on the server.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from keepfit.flows.doctor import behaviour, curation, labels, machine, past, pipeline, server, subscribers
from keepfit.flows.doctor import rules as gate_rules
from keepfit.flows.project import Project
from keepfit.flows.promotion.promote import project_or_none
from keepfit.report.doctor import Check


@dataclass(frozen=True, kw_only=True)
class Diagnosis:
    """Every check, the server's first."""

    checks: tuple[Check, ...]

    @property
    def exit_code(self) -> int:
        """1 if any check failed; what is only warned of, or could not be known, is 0."""
        return int(any(check.status == "fail" for check in self.checks))


def diagnose(*, rules: Path | None = None, model: str | None = None) -> Diagnosis:
    """Look at server, rules and machine; works without a project (`MLFLOW_TRACKING_URI`) and without a server.

    `rules` are the server's, as they lie here (default: the project's `gate.yaml`, else `KEEPFIT_GATE`); `model` is whose
    alias the server is asked about (default: those that the rules protect).
    """
    project = project_or_none()
    found = gate_rules.read(_place(rules, project))
    uri = os.environ.get("MLFLOW_TRACKING_URI") or (project.tracking_uri if project else None)
    if model is None and found.served is None and project is not None:
        model = project.params.model.name
    checks = (
        *server.examine(uri, found, now=datetime.now(UTC), model=model),
        *gate_rules.examine(found),
        *pipeline.examine(project),
        *curation.examine(project),
        *labels.examine(project),
        *behaviour.examine(project),
        *past.examine(project),
        *subscribers.examine(project),
        *machine.examine(project, found.served),
    )
    return Diagnosis(checks=checks)


def _place(rules: Path | None, project: Project | None) -> str | None:
    """Where the rules lie: as named, else the project's, else what `KEEPFIT_GATE` names."""
    if rules is not None:
        return str(rules)
    mine = project.root / "gate.yaml" if project is not None else None
    return str(mine) if mine is not None and mine.is_file() else os.environ.get("KEEPFIT_GATE")
