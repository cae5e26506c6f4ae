"""`keepfit impact`: what the candidate of this checkout is worth, and what the promotions before it promised and delivered."""

from __future__ import annotations

from dataclasses import dataclass

from keepfit.errors import UnknownNameError
from keepfit.flows.project import Project
from keepfit.flows.retraining.decision import policy_state
from keepfit.flows.retraining.improve import card_of
from keepfit.flows.tickets.tickets import ledger_of
from keepfit.records import Impact, Probation, Scorecard


@dataclass(frozen=True, kw_only=True)
class ImpactTold:
    """The model, its candidate's scorecard and impact (None: no candidate, or a first one), and its promotions, oldest first."""

    model: str
    card: Scorecard | None
    impact: Impact | None
    promotions: tuple[Probation, ...]


def impact(project: Project, model: str | None = None) -> ImpactTold:
    """Read the scorecard in `reports/` and the ledger; raises `UnknownNameError` for a model that is not this project's."""
    from keepfit.update.impact import candidate_impact

    require_model(project, model)
    path, refitted = project.root / "reports" / "scorecard.json", project.root / "reports" / "refit.json"
    card = card_of(path.read_bytes(), refitted.read_bytes() if refitted.is_file() else None) if path.is_file() else None
    found = None if card is None else candidate_impact(project.params, card, policy_state(project).debt)
    return ImpactTold(model=project.params.model.name, card=card, impact=found, promotions=promotions(project))


def require_model(project: Project, model: str | None) -> None:
    """Raise `UnknownNameError` for a model that is not this project's; None is."""
    mine = project.params.model.name
    if model not in (None, mine):
        raise UnknownNameError("model", str(model), known=[mine], where=str(project.root / "params.yaml"))


def promotions(project: Project) -> tuple[Probation, ...]:
    """Return the promotions that were on probation, oldest first."""
    with ledger_of(project) as ledger, ledger.reading() as book:
        return book.probations(project.params.model.name)
