"""`keepfit fleet`: one line a model, read from params, baseline.json and the ledgers; no server is asked, and nothing is written."""

from __future__ import annotations

import os
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

from keepfit import plugins
from keepfit.errors import KeepfitError
from keepfit.flows.clock import now_in
from keepfit.flows.fleet.projects import SQLITE, FleetProject, fleet_projects
from keepfit.flows.promotion.registry_journal import open_journal
from keepfit.gate.history import waived
from keepfit.integrations.ledger.ledger import Ledger
from keepfit.integrations.ledger.windows import WindowRow
from keepfit.params import Params
from keepfit.records import Ticket, from_json
from keepfit.records.fleet import FleetLine, WindowGlance
from keepfit.update.fleet import FleetFacts, LookedAt, broken_line, by_risk, fleet_line

NEWEST = 24
"""How many windows of a model are looked at: two years of months, a day of hours."""


@dataclass(frozen=True, kw_only=True)
class LedgerFacts:
    """What one ledger holds of the models of a fleet."""

    windows: Mapping[str, Sequence[WindowRow]]
    tickets: Mapping[str, Sequence[Ticket]]
    dead: Mapping[str, int]


NOTHING = LedgerFacts(windows={}, tickets={}, dead={})


def fleet_overview(path: Path, *, until: datetime | None = None, store: str | None = None) -> tuple[FleetLine, ...]:
    """Return a line for each project of the fleet.yaml at `path`, worst first; `until` is now, by default the clock's in each project's timezone.

    `store` is the registry's database, whose journal says which waivers stand; None: it is not looked at. Raises `KeepfitError` where it cannot be read.
    """
    lines = overview_of(fleet_projects(path), base=path.resolve().parent, until=until)
    if store is None:
        return lines
    standing = waived(open_journal(store).rows(), now=datetime.now(UTC))
    return tuple(line if line.version is None else replace(line, waivers=len(standing.get((line.model, line.version), ()))) for line in lines)


def overview_of(found: Sequence[FleetProject], *, base: Path, until: datetime | None = None) -> tuple[FleetLine, ...]:
    """Return a line for each of these projects, worst first; their folders are told below `base`, of waivers nothing is known."""
    facts, projects = _of_ledgers(found)
    return by_risk(_line(each, facts, base=base, until=until) for each in projects)


def _of_ledgers(found: Sequence[FleetProject]) -> tuple[Mapping[str, LedgerFacts], list[FleetProject]]:
    """What each ledger holds; the projects of one that cannot be read are broken."""
    names: defaultdict[str, set[str]] = defaultdict(set)
    for each in found:
        if each.ledger is not None:
            names[each.ledger].add(each.name)
    facts: dict[str, LedgerFacts] = {}
    lost: dict[str, KeepfitError] = {}
    for uri, models in names.items():
        try:
            facts[uri] = read_ledger(uri, sorted(models))
        except KeepfitError as bad:
            lost[uri] = bad
    return facts, [each.broken(lost[each.ledger]) if each.ledger in lost else each for each in found]


def read_ledger(uri: str, models: Sequence[str]) -> LedgerFacts:
    """Read what a ledger holds of these models, in one state of it; one of SQLite that is not there yet holds nothing, and is not made."""
    if uri.startswith(SQLITE) and not Path(uri.removeprefix(SQLITE)).is_file():
        return NOTHING
    ledger = Ledger(uri)
    try:
        with ledger.reading() as book:
            windows = book.newest_windows(models, each=NEWEST)
            return LedgerFacts(windows=windows, tickets=book.unresolved_tickets(models), dead=book.given_up(models))
    finally:
        ledger.close()


def _line(each: FleetProject, facts: Mapping[str, LedgerFacts], *, base: Path, until: datetime | None) -> FleetLine:
    folder = os.path.relpath(each.root, base)
    if each.project is None or each.ledger is None:
        return broken_line(model=each.name, folder=folder, error=each.error or "", fix=each.fix)
    pin, held = each.project.baseline.champion, facts[each.ledger]
    try:
        looked = tuple(_looked(row) for row in held.windows.get(each.name, ()))
    except KeepfitError as bad:
        broken = each.broken(bad)
        return broken_line(model=each.name, folder=folder, error=broken.error or "", fix=bad.fix)
    known = FleetFacts(
        model=each.name,
        folder=folder,
        version=None if pin is None else pin.version,
        trained_until=None if pin is None else pin.trained_until,
        windows=looked,
        tickets=held.tickets.get(each.name, ()),
        dead=held.dead.get(each.name, 0),
        promise=_promise(each.project.params),
    )
    return fleet_line(known, now=until or now_in(each.project.params.data.timezone))


def _looked(row: WindowRow) -> LookedAt:
    glance = from_json(WindowGlance, row.text, where="the ledger")
    seen = LookedAt(window=row.window, champion=row.champion, start=row.order.start, end=row.order.end, labelled=glance.labelled)
    alert = any(one.since == row.window for one in glance.evidence)
    return replace(seen, alert=alert, blocked=row.seen if row.status == "blocked" else None)


def _promise(params: Params) -> float | None:
    return params.monitor.false_alerts_per_1000_windows if _keeps_a_promise(params.monitor.evidence) else None


@cache
def _keeps_a_promise(rule: str) -> bool:
    try:
        return bool(getattr(plugins.load("evidence", rule), "promises", False))
    except KeepfitError:  # a rule that is not installed here
        return False
