"""What keeps a candidate from being accepted before anything was changed; each says what to do."""

from __future__ import annotations

from keepfit.errors import ProjectError, TicketError
from keepfit.flows.accepting.way import WAITS, StoppedError, Way
from keepfit.flows.retraining.sync import PINNED
from keepfit.report.version_page import open_rows, passed, verdict_line


def refuse(way: Way) -> None:
    """Raise what stands against it: a state that would lose work or mean nothing (`KeepfitError`), or a no (`StoppedError`)."""
    ticket = way.candidate.ticket
    if way.serves:  # what is left are the pin and the ticket
        _uncommitted(way, but=PINNED)
        return
    if ticket.status == "resolved":
        what = f"the ticket {ticket.id} is resolved" + (f": {ticket.note}" if ticket.note else "")
        raise TicketError(what, fix="keepfit ticket lists the open ones")
    _verdict(way)
    _another_champion(way)
    _uncommitted(way)
    _behind(way)


def _verdict(way: Way) -> None:
    card, ticket, number = way.candidate.card, way.candidate.ticket.id, way.number
    if not passed(card):
        fix = (f"keepfit certify {way.model} {number} --ref {way.candidate.branch}", f"keepfit resolve {ticket} --reason '…'")
        raise StoppedError(f"the candidate, version {number}, {verdict_line(card)}", fix=fix)
    if open_rows(card) and way.approval is None:
        fix = (f"keepfit accept {ticket} --approve --reason '…'", f"keepfit resolve {ticket} --reason '…'")
        raise StoppedError(f"the candidate, version {number}, is {verdict_line(card)}", fix=fix, code=WAITS)


def _another_champion(way: Way) -> None:
    """A candidate is judged beside the champion that served then."""
    judged = way.candidate.card.champion
    now = way.runs.champion(way.model, way.project.params.mlflow.alias)
    beside = None if judged is None else (judged.version, judged.model_id)
    if beside == (None if now is None else (now.number, now.model_id)):
        return
    before, after = (f"version {judged.version}" if judged else "no champion"), (f"version {now.number}" if now else "none")
    ticket, branch = way.candidate.ticket.id, way.candidate.branch
    again = f"git branch -m {branch} {branch}-against-{judged.version if judged else 'none'} && keepfit improve {ticket}"
    raise StoppedError(f"the champion has changed meanwhile: the candidate was judged against {before}, now it is {after}", fix=("keepfit sync", again))


def _uncommitted(way: Way, *, but: tuple[str, ...] = ()) -> None:
    prefix = way.git.prefix
    dirty = [path for path in way.git.status(untracked=False) if path not in {(prefix / one).as_posix() for one in but}]
    if dirty:
        shown = ", ".join(dirty[:5]) + (f" and {len(dirty) - 5} more" if len(dirty) > 5 else "")
        raise ProjectError(
            f"dirty git tree: the merge would mix with your uncommitted changes of {shown}",
            where=str(way.project.root),
            fix="git commit them (or git stash), then run the same command again",
        )


def _behind(way: Way) -> None:
    """A merge into a base branch that is behind the remote's would be another history than everybody's."""
    remote, tip = way.git.remote_tip(f"origin/{way.base}"), way.git.tip(way.base)
    if way.candidate.merge is None and remote is not None and tip is not None and not way.git.is_ancestor(remote, tip):
        fix = f"git checkout {way.base} && git pull, then run the same command again"
        raise ProjectError(f"{way.base} lacks commits of origin/{way.base}", where=str(way.project.root), fix=fix)
