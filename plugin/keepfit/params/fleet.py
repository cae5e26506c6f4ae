"""`fleet.yaml`: which projects are one fleet. It changes nothing of what a project does by itself: what they share stands in a file that they extend."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import Field, FiniteFloat, field_validator

from keepfit.params.section import Section


class FleetEntryParams(Section):
    """What is said of the projects of one line: a `weight` of 2 takes twice the share of what the fleet divides over its models."""

    weight: Annotated[FiniteFloat, Field(gt=0)] = 1.0


class FleetLedgerParams(Section):
    """The one ledger that all projects share; None: each as its own params.yaml says."""

    uri: str | None = None


class FleetParams(Section):
    """The whole of `fleet.yaml`: folders and glob patterns relative to the file, each with what is said of its projects; a list says nothing of them.

    >>> FleetParams(projects=["churn", "models/*"]).projects["churn"].weight
    1.0
    """

    projects: dict[str, FleetEntryParams]
    ledger: FleetLedgerParams = FleetLedgerParams()
    defaults: str | None = None
    false_alerts_per_1000_windows: Annotated[FiniteFloat, Field(gt=0)] | None = None

    @field_validator("projects", mode="before")
    @classmethod
    def _a_list_of_folders(cls, given: Any) -> Any:
        if isinstance(given, str):
            given = [given]
        if isinstance(given, list | tuple):
            given = dict.fromkeys(map(str, given))
        return {str(place): {} if entry is None else entry for place, entry in given.items()} if isinstance(given, dict) else given

    @field_validator("projects")
    @classmethod
    def _some(cls, projects: dict[str, FleetEntryParams]) -> dict[str, FleetEntryParams]:
        if not projects:
            raise ValueError("a fleet has projects: list their folders, or a pattern such as models/*")
        return projects
