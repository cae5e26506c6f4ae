"""The steps from a candidate to the champion, in their order: what a person would type, whether it is done already, and doing it.

Each looks at what is there (git, the registry, the pin, the ledger), never at a note of its own: so a run that was killed is gone on with, and what
somebody did by hand, or CI did, counts as done.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from keepfit.errors import KeepfitError, RefusedError
from keepfit.flows.accepting.merging import merge
from keepfit.flows.accepting.others import leave_to_others
from keepfit.flows.accepting.way import REFUSED, WAITS, StoppedError, Way
from keepfit.flows.effects import effect
from keepfit.flows.promotion.certify import certify
from keepfit.flows.promotion.explain import evidence_there
from keepfit.flows.promotion.promote import move
from keepfit.flows.promotion.server_answers import explained_by_server
from keepfit.flows.retraining.sync import PINNED, sync
from keepfit.flows.tickets.tickets import find_ticket, resolve
from keepfit.gate.approvals import ASKED
from keepfit.integrations.programs.dvc import DvcRepo
from keepfit.report.version_page import open_rows

OTHERS_TURN = {"KF-G022", "KF-G050", ASKED}
ACCEPTED = "Keepfit-Accepted"


@dataclass(frozen=True, kw_only=True)
class WayStep:
    """One step: `typed` is what it does as commands, `done` what was done of it already (empty: nothing), `do` does it and says what it did."""

    name: str
    typed: Callable[[Way], str]
    done: Callable[[Way], str]
    do: Callable[[Way], str]


def steps_of(way: Way) -> tuple[WayStep, ...]:
    """Return the steps of a candidate: an approval only where something is undecided."""
    return tuple(step for step in STEPS if step.name != "approve" or open_rows(way.candidate.card))


# -- merge and data -------------------------------------------------------------------------------------------------------


def _is_merged(way: Way) -> str:
    made = way.candidate.merge
    return f"merged as {made[:10]}" if made and way.git.branch() == way.base else ""


def _bring_data(way: Way) -> str:
    leave_to_others(way)
    DvcRepo(way.project.root).checkout_kept()
    effect("accept", "data")
    return "the data and models of the merged commit are checked out"


def _has_data(way: Way) -> str:
    return "the pin is here with its files" if way.pinned else ""


# -- certify, approve, promote --------------------------------------------------------------------------------------------


def _is_certified(way: Way) -> str:
    if way.serves:
        return f"version {way.number} serves"
    made = way.candidate.merge
    if made is None or way.held is None:
        return ""
    found = evidence_there(way.runs, way.model, way.number, way.held)
    if found.signed is None or not found.attestation.trusted:
        return ""
    about = found.signed.certificate
    of_merge = way.git.knows(about.commit) and way.git.is_ancestor(made, about.commit) and way.git.is_ancestor(about.commit, way.base)
    sound = found.model_digest == about.model_digest and (about.merged or not way.held.require_merged)
    return f"certified from {about.commit[:10]} by {about.signer}" if of_merge and sound else ""


def _certify(way: Way) -> str:
    done = certify(way.model, way.number, ref=way.candidate.merge or way.base, project=way.project)
    effect("accept", "certify")
    return done.summary + (f"; {done.note}" if done.note else "")


def _approve(way: Way) -> str:
    way.runs.tag_version(way.model, way.number, {"approve": way.project.params.mlflow.alias})
    effect("accept", "approve")
    return f"approved: {way.approval}"


def _serves(way: Way) -> str:
    return f"version {way.number} serves" if way.serves else ""


def _promote(way: Way) -> str:
    try:
        moved = move(way.runs, way.model, way.project.params.mlflow.alias, way.number)
    except RefusedError as no:
        raise _refused(way, no) from no
    effect("accept", "promote")
    before = f" (before: v{moved.previous})" if moved.previous else ""
    return f"{way.model} v{moved.version} is {moved.alias}{before}" + (f", {moved.attested}" if moved.attested else "")


def _refused(way: Way, no: RefusedError) -> StoppedError:
    """The server's sentence, its reasons one by one, and how to go on; the merge stays."""
    try:
        every = explained_by_server(way.runs, way.model, way.number).verdict.reasons if way.runs.is_server else ()
    except KeepfitError:
        every = ()
    open_ = [reason for reason in every if reason.blocking]
    code = WAITS if open_ and {reason.code for reason in open_} <= OTHERS_TURN else REFUSED
    back = f"git revert -m 1 {(way.candidate.merge or '')[:10]} && dvc checkout takes the merge back"
    fix = (f"keepfit gate explain {way.model} {way.number}", f"keepfit accept {way.candidate.ticket.id} once it is met; or {back}")
    return StoppedError(no.what, reasons=[f"{one.text} -> {one.fix}" if one.fix else one.text for one in open_], fix=fix, code=code)


# -- sync, pin, resolve ---------------------------------------------------------------------------------------------------


def _sync(way: Way) -> str:
    sync(way.project, runs=way.runs)
    effect("accept", "sync")
    way.look_again()
    return f"version {way.number} is pinned"


def _unpinned(way: Way) -> list[str]:
    """The files of the pin that are there."""
    return [path for path in PINNED if (way.project.root / path).is_file()]


def _is_committed(way: Way) -> str:
    return "the pin is committed" if way.pinned and not way.git.status(_unpinned(way)) else ""


def _commit(way: Way) -> str:
    trailers = {ACCEPTED: way.candidate.ticket.id} | ({"Keepfit-Approved": " ".join(way.approval.split())} if way.approval else {})
    made = way.git.commit(_unpinned(way), f"Pin {way.model} version {way.number}", trailers=trailers)
    effect("accept", "pin")
    return f"committed as {made[:10]}"


def _is_resolved(way: Way) -> str:
    return "resolved" if find_ticket(way.project, way.candidate.ticket.id).status == "resolved" else ""


def _resolve(way: Way) -> str:
    approved = f"; approved: {way.approval}" if way.approval else ""
    done = resolve(way.project, way.candidate.ticket.id, reason=f"version {way.number} is the champion now{approved}")
    effect("accept", "resolve")
    return f"resolved: {done.note}"


STEPS: tuple[WayStep, ...] = (
    WayStep(name="merge", typed=lambda way: f"git checkout {way.base} && git merge --no-ff {way.candidate.branch}", done=_is_merged, do=merge),
    WayStep(name="data", typed=lambda _: "dvc checkout", done=_has_data, do=_bring_data),
    WayStep(name="certify", typed=lambda way: f"keepfit certify {way.model} {way.number}", done=_is_certified, do=_certify),
    WayStep(name="approve", typed=lambda way: f"keepfit approve {way.model} {way.number}", done=_serves, do=_approve),
    WayStep(name="promote", typed=lambda way: f"keepfit promote {way.model} {way.number}", done=_serves, do=_promote),
    WayStep(name="sync", typed=lambda _: "keepfit sync", done=_has_data, do=_sync),
    WayStep(name="pin", typed=lambda way: f"git commit {' '.join(PINNED[:2])} -m 'Pin {way.model} version {way.number}'", done=_is_committed, do=_commit),
    WayStep(name="resolve", typed=lambda way: f"keepfit resolve {way.candidate.ticket.id}", done=_is_resolved, do=_resolve),
)
