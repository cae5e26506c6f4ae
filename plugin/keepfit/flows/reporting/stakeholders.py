"""`keepfit report --for stakeholders`: half a page on a model, from the project, its ledger, and the registry's journal where that can be asked."""

from __future__ import annotations

from keepfit.errors import KeepfitError
from keepfit.flows.project import Project
from keepfit.flows.promotion.history import history
from keepfit.flows.reporting.impact import promotions, require_model
from keepfit.flows.tickets.tickets import ledger_of, list_tickets
from keepfit.records import JournalRow
from keepfit.report.stakeholders import ModelStanding


def stakeholders(project: Project, model: str | None = None) -> ModelStanding:
    """Gather what is known of the model; a registry that cannot be asked is said to be so, and nothing is refused for it."""
    require_model(project, model)
    params, baseline = project.params, project.baseline
    rows, silent = _journal(params.model.name)
    champion = baseline.champion
    with ledger_of(project) as ledger, ledger.reading() as book:
        windows = () if champion is None else book.windows(params.model.name, champion.digest)
    return ModelStanding(
        model=params.model.name,
        task=params.model.task,
        target=params.model.target,
        features=len(params.data.inputs),
        metric=params.evaluate.metric,
        champion=champion,
        windows=windows,
        journal=rows,
        silent=silent,
        promotions=promotions(project),
        tickets=list_tickets(project),
    )


def _journal(model: str) -> tuple[tuple[JournalRow, ...], str]:
    """The model's rows, and why there are none."""
    try:
        return tuple(history(model).rows), ""
    except KeepfitError as bad:
        return (), bad.what
