"""What all steps of accepting a candidate share: the project, the registry, the candidate, what has been approved; and how they say no."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from keepfit.flows.accepting.candidate import TicketCandidate, candidate_of
from keepfit.flows.project import Project
from keepfit.flows.rules.file import RulesFile, rules_file
from keepfit.gate.rules import ModelRules
from keepfit.integrations.mlflow.client import Mlflow
from keepfit.integrations.programs.git import GitRepo

REFUSED, WAITS = 3, 4
SHOWN = 10


class StoppedError(Exception):
    """A no on the way: why, what to do, and whether somebody refused (3) or somebody else's turn has come (4)."""

    def __init__(self, why: str, *, reasons: Sequence[str] = (), fix: Sequence[str] = (), code: int = REFUSED) -> None:
        """Keep the parts apart; of the reasons ten are shown."""
        super().__init__(why)
        self.why, self.fix, self.code = why, tuple(fix), code
        self.reasons = (*reasons[:SHOWN], *([f"and {len(reasons) - SHOWN} more"] if len(reasons) > SHOWN else []))


@dataclass
class Way:
    """One ticket's way from its candidate to the champion; `approval` is the reason of the person who approves what is undecided, if one does."""

    project: Project
    runs: Mlflow
    candidate: TicketCandidate
    approval: str | None = None

    @property
    def git(self) -> GitRepo:
        """The checkout of the person who calls."""
        return GitRepo(self.project.root)

    @property
    def base(self) -> str:
        """The branch that candidates are merged into."""
        return self.project.params.update.base_branch

    @property
    def model(self) -> str:
        """The registered model's name."""
        return self.project.params.model.name

    @property
    def number(self) -> str:
        """The candidate's version."""
        return self.candidate.version.number

    @cached_property
    def rules(self) -> RulesFile | None:
        """The gate's rules as the project has them; None where only the server does."""
        return rules_file(None, here=self.project.root) if (self.project.root / "gate.yaml").is_file() else None

    @property
    def held(self) -> ModelRules | None:
        """The rules of this model, None where they are not known here."""
        return None if self.rules is None else self.rules.rules.of(self.model)

    @property
    def serves(self) -> bool:
        """Whether the candidate is the registry's champion."""
        now = self.runs.champion(self.model, self.project.params.mlflow.alias)
        return now is not None and (now.number, now.model_id) == (self.number, self.candidate.version.model_id)

    @property
    def pinned(self) -> bool:
        """Whether the project's pin is the candidate, with its files at hand."""
        pin = self.project.baseline.champion
        same = pin is not None and (pin.version, pin.model_id) == (self.number, self.candidate.version.model_id)
        return same and (self.project.champion_dir / "meta.json").is_file()

    def look_again(self) -> None:
        """Read the candidate and the project's files anew, after something has moved."""
        self.project = Project(self.project.root)
        self.candidate = candidate_of(self.project, self.candidate.ticket.id, self.runs)
        self.__dict__.pop("rules", None)
