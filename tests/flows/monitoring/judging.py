"""Windows as they were found, judged and remembered without a model: what tests of the ledger's side start from."""

from __future__ import annotations

from dataclasses import replace

from keepfit.flows.monitoring.memory import Memory
from keepfit.records import JudgedWindow
from keepfit.update.found import Found, nothing_found
from keepfit.update.judge import Judge


def found(window, *, pin, rows=900, undecided=False, drift=None, profile=None, rule=None, **record):
    """A window as it was found; `record` are values of its record."""
    judged = nothing_found(window, model="m", champion=pin.digest, version=pin.version, rows=rows)
    return Found(judged=replace(judged, **record), undecided=undecided, drift=drift, profile=profile, rule=rule)


def remember(project, ledger, pin, seen: Found, *, now=None) -> JudgedWindow | None:
    """Judge what was found, at the window's end, and write it down as monitor does; the record, None where the window was judged before."""
    judge = Judge(params=project.params, pin=pin, now=now or seen.window.end)

    def decide(past):
        judged = judge.decide(seen, past)
        return None if judged is None else judge.with_ticket(judged, past, champion=None, asked=None, before=None)

    judged = Memory.of(ledger, pin, model="m", retrains=False).remember(decide)
    return None if judged is None else judged.record
