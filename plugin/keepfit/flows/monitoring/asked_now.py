"""`keepfit improve --now`: a person asks for a retraining at the command line, and the wish becomes a ticket, as one in MLflow's UI does.

While a ticket that asks for a retraining stands there is no second one: the same command twice, or after a crash, goes on with the first.
"""

from __future__ import annotations

from datetime import datetime

from keepfit.errors import ProjectError, TicketError
from keepfit.flows.monitoring.memory import Memory
from keepfit.flows.monitoring.requests import SHOWN, open_request, standing_request
from keepfit.flows.project import Project
from keepfit.flows.retraining.improve import ready_to_improve
from keepfit.flows.tickets.event_setting import setting_of
from keepfit.flows.tickets.tickets import ledger_of
from keepfit.integrations.ledger.transaction import LedgerTransaction
from keepfit.integrations.ledger.view import LedgerView
from keepfit.records import Ticket


def ask_now(project: Project, *, reason: str = "", now: datetime) -> Ticket:
    """Return the ticket that asks for a retraining: the one that stands, else a new one on the newest window with labels.

    `now` (in the table's clock) dates it, or the end of the newest window that was judged, where that is earlier: a table of the past is not of today.
    Raises `TicketError` without a labelled window, and what `improve` would raise for no git, no DVC, uncommitted decisions or a server that is away,
    before anything is written.
    """
    pin, model = project.baseline.champion, project.params.model.name
    if pin is None:
        raise ProjectError("there is no champion to improve yet", where="baseline.json", fix="dvc repro, promote the version, then keepfit sync")
    ready_to_improve(project)
    opened: list[Ticket] = []
    with ledger_of(project) as ledger:
        memory = Memory.of(ledger, pin, model=model, retrains=False, setting=setting_of(project))
        judged = [seen for seen in memory.windows if seen.sound and seen.labelled]
        said = "asked for at the command line" + (f": {' '.join(reason.split())[:SHOWN]}" if reason.strip() else "")

        def write(book: LedgerTransaction, view: LedgerView) -> None:
            found = standing_request(view)
            if found is None and not judged:
                what = f"no window with labels was judged under version {pin.version} yet: nothing could judge a candidate"
                raise TicketError(what, fix="keepfit monitor, once labels have come")
            ends = [seen.window.end for seen in memory.windows if seen.window.end is not None]
            opened.append(found or open_request(book, memory, view, said, judged[-1], now=min(now, max(ends, default=now))))

        memory.change(write)
    return opened[0]
