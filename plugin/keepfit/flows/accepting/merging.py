"""The merge: made and looked at beside the checkout, which then only moves forward to it. A conflict, or what the gate would refuse, touches nothing."""

from __future__ import annotations

from pathlib import Path

from keepfit.errors import ProjectError
from keepfit.flows.accepting.way import REFUSED, WAITS, StoppedError, Way
from keepfit.flows.effects import effect
from keepfit.flows.promotion.gate_check import gate_check
from keepfit.flows.promotion.locked import read_locked
from keepfit.gate.approvals import ASKED
from keepfit.integrations.programs.git import GitRepo
from keepfit.report.version_page import verdict_line

MERGED = "require_merged"
OF_LABELS = "KF-G022"
SHOWN = 5


def merge(way: Way) -> str:
    """Merge the candidate's branch into the base branch and check that out; return what was done. Raises `StoppedError` before anything has moved."""
    made = way.candidate.merge or _merged_beside(way)
    if way.git.branch() != way.base:
        way.git.checkout(way.base)
    effect("accept", "branch")
    way.git.forward(made)
    effect("accept", "merge")
    way.look_again()
    return f"{way.candidate.branch} is merged into {way.base} as {made[:10]}"


def take_away(way: Way) -> None:
    """Remove the work tree that a run which was killed may have left."""
    way.git.remove_worktree(_folder(way))


def _folder(way: Way) -> Path:
    return way.project.state / "worktrees" / f"accept-{way.candidate.ticket.id}"


def _merged_beside(way: Way) -> str:
    """The merge as a commit that no branch knows yet, judged as the gate will."""
    git, tip = way.git, way.git.commit_of(way.base)
    take_away(way)
    try:
        git.add_detached_worktree(_folder(way), commit=tip)
        beside = GitRepo(_folder(way))
        conflicts = beside.merge(way.candidate.tip, message=_message(way))
        if conflicts:
            shown = ", ".join(conflicts[:SHOWN]) + (f" and {len(conflicts) - SHOWN} more" if len(conflicts) > SHOWN else "")
            raise StoppedError(f"{way.base} has moved since, and {way.candidate.branch} conflicts with it in {shown}; nothing was merged", fix=_anew(way))
        made = beside.commit_of("HEAD")
        effect("accept", "merge_commit")
    finally:
        take_away(way)
    _judge(way, made)
    return made


def _message(way: Way) -> str:
    approved = f"\n\nApproved: {' '.join(way.approval.split())}" if way.approval else ""
    return f"Merge {way.candidate.branch}: version {way.number} of {way.model}\n\n{verdict_line(way.candidate.card)}{approved}"


def _anew(way: Way) -> tuple[str, ...]:
    branch = way.candidate.branch
    return (f"git branch -m {branch} {branch}-before && keepfit improve {way.candidate.ticket.id}",)


def _judge(way: Way, made: str) -> None:
    """What certify and the gate would find in the merged state; that it is merged on the branch is not so yet."""
    try:
        read_locked(way.git, made)
    except ProjectError as bad:
        what = f"{way.base} has moved since, and what the merge would hold is not what was trained: {bad.what}; nothing was merged"
        raise StoppedError(what, fix=_anew(way)) from bad
    if way.rules is None:
        return
    said = gate_check(ref=made, project=way.project)
    open_ = [reason for reason in said.verdict.reasons if reason.blocking and reason.rule != MERGED and not (reason.code == ASKED and way.approval)]
    if open_:
        code = WAITS if {reason.code for reason in open_} <= {OF_LABELS, ASKED} else REFUSED
        reasons = [f"{reason.text} -> {reason.fix}" if reason.fix else reason.text for reason in open_]
        fix = (f"keepfit gate check --ref {way.candidate.branch}", f"keepfit resolve {way.candidate.ticket.id} --reason '…'")
        raise StoppedError("the gate would refuse it; nothing was merged", reasons=reasons, fix=fix, code=code)
