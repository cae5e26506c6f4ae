"""The promise of false alerts that a fleet.yaml gives for all models together: no project of it promises more than its share.

It holds for looks that go by the fleet.yaml (`keepfit fleet monitor`); a `keepfit monitor` in one project promises what its own params say.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from keepfit.flows.project import Project
from keepfit.update.fleet_promise import promise_shares

if TYPE_CHECKING:
    from keepfit.flows.fleet.projects import FleetProject


def with_shares(projects: Sequence[FleetProject], total: float | None) -> tuple[FleetProject, ...]:
    """Return the projects, each with its share of the `total` (None: each as its own params say); one that cannot be read keeps its share for when it can."""
    if total is None:
        return tuple(projects)
    shares = promise_shares(total, [each.weight for each in projects])
    return tuple(each if each.project is None else replace(each, project=at_most(each.project, share)) for each, share in zip(projects, shares, strict=True))


def at_most(project: Project, share: float) -> Project:
    """Return the project promising at most `share` false alerts in 1,000 windows; what it promises less stands."""
    monitor = project.params.monitor
    if monitor.false_alerts_per_1000_windows <= share:
        return project
    less = monitor.model_copy(update={"false_alerts_per_1000_windows": share})
    return project.with_params(project.params.model_copy(update={"monitor": less}))
