"""A run of `keepfit fleet monitor` as text: what several models share first, then who needs somebody, then how many were fine."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass

from keepfit.records import Ticket, to_data
from keepfit.report.tables import inline, markdown_table
from keepfit.update.shared_cause import SharedCause

SHOWN = 10
NAMES = 5


@dataclass(frozen=True, kw_only=True)
class RunLine:
    """One project's look: new windows, tickets that are new or wait, and in a sentence why somebody has to act; `exit_code` as `keepfit monitor` has it."""

    model: str
    folder: str
    exit_code: int
    windows: int
    tickets: int
    why: str = ""
    fix: str = ""


def fleet_run_markdown(lines: Sequence[RunLine], causes: Sequence[SharedCause]) -> str:
    """Return the run's sum: bounded, however many models there are.

    >>> print(fleet_run_markdown([RunLine(model="a", folder="/a", exit_code=0, windows=1, tickets=0)], []), end="")
    1 model: 1 window judged, 1 fine
    """
    shared = [cause for cause in causes if len(cause.models) > 1]
    acting = sorted((line for line in lines if line.exit_code in (1, 3)), key=lambda line: (line.exit_code, line.model))
    parts = [_head(lines)]
    if shared:
        wide = [(cause.what, cause.window, len(cause.models), _names(cause.models)) for cause in shared[:SHOWN]]
        parts.append(markdown_table(("one cause of several tickets", "window", "models", "which"), wide) + _more(shared, "causes"))
    if acting:
        rows = [(line.model, "error" if line.exit_code == 1 else "ticket" if line.tickets else "files", line.why) for line in acting[:SHOWN]]
        parts.append(markdown_table(("model", "state", "why"), rows) + _more(acting, "models"))
    return "\n".join(parts)


def fleet_run_json(lines: Sequence[RunLine], causes: Sequence[SharedCause], tickets: Sequence[Ticket]) -> str:
    """Return the whole run as JSON: a record a model, every cause with its tickets by model and id, and the new tickets."""
    told = [{"what": cause.what, "window": cause.window, "tickets": [{"model": one.model, "id": one.id} for one in cause.tickets]} for cause in causes]
    models = [asdict(line) for line in lines]
    return json.dumps({"schema": 1, "models": models, "causes": told, "tickets": [to_data(ticket) for ticket in tickets]}, indent=2) + "\n"


def next_command(lines: Sequence[RunLine], causes: Sequence[SharedCause]) -> str | None:
    """Return the command to type next, and where: of what failed its fix, else the first ticket of the widest cause."""
    failed = next((line for line in lines if line.exit_code == 1), None)
    if failed is not None:
        return f"{failed.fix or 'keepfit monitor'}   (in {failed.folder})"
    folders = {line.model: line.folder for line in lines}
    ticket = causes[0].tickets[0] if causes else None
    return None if ticket is None else f"keepfit explain {ticket.id}   (in {folders.get(ticket.model, ticket.model)})"


def _head(lines: Sequence[RunLine]) -> str:
    windows, failed, acting = sum(line.windows for line in lines), _count(lines, 1), _count(lines, 3)
    said = [f"{windows:,} window{'s' * (windows != 1)} judged", f"{len(lines) - failed - acting:,} fine"]
    said += [f"{acting:,} with a ticket or a file that waits"] * bool(acting) + [f"{failed:,} failed"] * bool(failed)
    return f"{len(lines):,} model{'s' * (len(lines) != 1)}: {', '.join(said)}\n"


def _count(lines: Sequence[RunLine], code: int) -> int:
    return sum(line.exit_code == code for line in lines)


def _names(models: Sequence[str]) -> str:
    more = f" and {len(models) - NAMES} more" if len(models) > NAMES else ""
    return ", ".join(models[:NAMES]) + more


def _more(found: Sequence[object], what: str) -> str:
    return f"\n{inline(f'and {len(found) - SHOWN} more {what}: --json')}\n" if len(found) > SHOWN else ""
