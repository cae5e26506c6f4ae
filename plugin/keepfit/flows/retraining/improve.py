"""improve: a ticket becomes a branch with a candidate that a person can review. Nothing is promoted and nothing is merged.

The same ticket twice is one branch and one version: what was made is found again, what a crash left is finished.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from keepfit.errors import KeepfitError, ProjectError, TicketError
from keepfit.evaluate.cure import Cure, cure_of, harm_metric
from keepfit.flows.effects import effect
from keepfit.flows.project import Project
from keepfit.flows.retraining.decision import decision_for, policy_state
from keepfit.flows.retraining.judge_window import judge_window
from keepfit.flows.retraining.retrain_tree import TRAILER, RetrainTree, bring_data, committed_paths, refuse_uncommitted
from keepfit.flows.retraining.sync import sync
from keepfit.flows.tickets.event_setting import setting_of, table_time
from keepfit.flows.tickets.tickets import find_ticket, ledger_of, note_branch
from keepfit.integrations.ledger.run_lock import one_at_a_time
from keepfit.integrations.mlflow.client import Mlflow, Version
from keepfit.integrations.programs.dvc import DvcRepo
from keepfit.integrations.programs.git import GitRepo
from keepfit.integrations.programs.group import interrupted_by_signals
from keepfit.records import Composition, Event, Probation, RefitReport, Scorecard, Ticket, from_json
from keepfit.records.data_diff import DataDiff
from keepfit.report.events.candidate import MadeCandidate, candidate_made
from keepfit.report.review import Review, review_line, review_text
from keepfit.report.version_page import open_rows, passed

LOCK_SECONDS = 1800.0
WARM = "keepfit.flows.stages.warm"
Say = Callable[[str], None]


@dataclass(frozen=True, kw_only=True)
class Improved:
    """What answers the ticket; `fresh` is False if it was there before. `notes` say what was not done, and why.

    `by_hand`: what accepting it does, command by command; empty for a candidate that nobody can accept.
    """

    ticket: str
    branch: str
    commit: str
    model: str
    version: str | None
    passed: bool
    verdict: str
    fresh: bool
    notes: tuple[str, ...]
    next: tuple[str, ...]
    by_hand: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class RetrainCommit:
    """The commit that answers a ticket, and if this call made it."""

    commit: str
    fresh: bool


def improve(project: Project, ticket_id: str, *, push: bool = False, say: Say = lambda _: None) -> Improved:
    """Open the ticket's branch with a retrained, evaluated, registered candidate, or find the one that is there.

    Raises `TicketError` if the ticket does not ask for a retraining, `ProjectError` for no git, no DVC or uncommitted
    decisions, `ServerError` if MLflow is away; after any of them, and after Ctrl-C, the same command goes on.
    """
    ticket = find_ticket(project, ticket_id)
    tree = RetrainTree(project, ticket.id)
    _has_git_and_dvc(project)
    runs = Mlflow(_absolute(project))

    def waiting() -> None:
        say("this ticket is being improved by another run; waiting for it")

    with interrupted_by_signals(), one_at_a_time(project.ledger_uri, "improve", ticket.model, ticket.id, patience=LOCK_SECONDS, waiting=waiting):
        there = tree.made()
        if there is None:
            _check(project, ticket)
            runs.probe()
        made = RetrainCommit(commit=there or _retrain(project, tree, ticket, runs=runs, say=say), fresh=there is None)
        return _conclude(project, tree, made, runs=runs, push=push)


def ready_to_improve(project: Project) -> None:
    """Raise what keeps a project from retraining whatever the ticket: no git, no DVC, uncommitted decisions, an MLflow that is away."""
    _has_git_and_dvc(project)
    refuse_uncommitted(project)
    Mlflow(_absolute(project)).probe()


def _has_git_and_dvc(project: Project) -> None:
    GitRepo(project.root).commit_of("HEAD")
    DvcRepo(project.root).folder  # noqa: B018 - raises if there is no DVC here


def _check(project: Project, ticket: Ticket) -> None:
    if ticket.action != "improve":
        raise TicketError(
            f"the ticket {ticket.id} asks to {ticket.action}, on the ground of {ticket.ground}: a retraining would not help",
            fix=ticket.next[0] if ticket.next else f"keepfit ticket {ticket.id}",
        )
    if ticket.status == "resolved":
        raise TicketError(f"the ticket {ticket.id} is resolved", fix="keepfit ticket lists the open ones")
    refuse_uncommitted(project)


def _retrain(project: Project, tree: RetrainTree, ticket: Ticket, *, runs: Mlflow, say: Say) -> str:
    """Do everything up to the commit on the branch; return the commit."""
    with tree.open() as copy:
        judge = judge_window(project, ticket)
        later = "" if judge.id == ticket.window else f", the newest with labels: it judges, not {ticket.window}"
        say(f"{tree.branch}: bringing the windows up to {judge.id}{later}")
        if project.params.compose.draws_from == "source":
            say(f"{tree.branch}: drawing the rows that train from {project.params.data.source_name}")
        windows = bring_data(project, copy, judge)
        effect("improve", "windows")
        sync(copy, runs=runs)
        effect("improve", "pin")
        decision = decision_for(project, ticket, judge)
        (copy.root / "decision.json").write_text(json.dumps(decision) + "\n", encoding="utf-8")
        effect("improve", "decision")
        say(f"{tree.branch}: dvc repro")
        DvcRepo(copy.root, env={"KEEPFIT_TICKET": ticket.id, "KEEPFIT_BRANCH": tree.branch, "MLFLOW_TRACKING_URI": runs.uri}).repro(through=WARM)
        effect("improve", "repro")
        _write_review(copy, tree, ticket, windows=windows, runs=runs)
        effect("improve", "review")
        commit = _commit(copy, ticket, decision)
        effect("improve", "commit")
    return commit


def _commit(copy: Project, ticket: Ticket, decision: Mapping[str, object]) -> str:
    message = f"Retrain {ticket.model} for {ticket.id}\n\n" + "\n".join(f"- {reason}" for reason in ticket.reasons[:10])
    trailers = {TRAILER: ticket.id, "Keepfit-Decision": f"{ticket.ground}, target {decision['target']}"}
    return GitRepo(copy.root).commit(committed_paths(copy.root), message, trailers=trailers)


def _write_review(copy: Project, tree: RetrainTree, ticket: Ticket, *, windows: tuple[str, ...], runs: Mlflow) -> None:
    """Write the page of what was made in the copy; what the ledger remembers is of the project: a copy of a relative ledger would have none."""
    from keepfit.update.impact import candidate_impact

    git, base = GitRepo(copy.root), tree.base()
    before = git.show(base, "reports/composition.json")
    metrics = git.show(base, "reports/metrics.json")
    version = _version(copy, runs, (copy.root / "reports" / "registered.json").read_bytes())
    report = copy.root / "reports" / "refit.json"
    card = card_of((copy.root / "reports" / "scorecard.json").read_bytes(), report.read_bytes() if report.is_file() else None)
    review = Review(
        ticket=ticket,
        branch=tree.branch,
        base_branch=copy.params.update.base_branch,
        base=base,
        version=version.number if version else None,
        page=runs.version_page(version) if version else None,
        windows=windows,
        composition=from_json(Composition, (copy.root / "reports" / "composition.json").read_bytes(), where="reports/composition.json"),
        previous_composition=from_json(Composition, before, where="reports/composition.json") if before else None,
        scorecard=card,
        metrics=_numbers((copy.root / "reports" / "metrics.json").read_bytes()),
        previous_metrics=_numbers(metrics) if metrics else {},
        params_diff=git.run("diff", "--no-color", "--no-ext-diff", base, "--", "*.yaml", "decision.json"),
        next=_next(copy, tree, version=version, card=card)[1:],  # the first command shows this page
        cure=_cure(tree.project, ticket, card),
        newer=_newer(tree.project),
        impact=candidate_impact(copy.params, card, policy_state(tree.project).debt),
        promotions=_promotions(tree.project),
        rows=_rows(copy, base),
    )
    (copy.root / "reports" / "REVIEW.md").write_text(review_text(review), encoding="utf-8")


def _rows(copy: Project, base: str) -> DataDiff | None:
    """What changed in the rows that train since those at the base's tip, row by row; None where the base composed none, or they cannot be had any more."""
    from keepfit.flows.data.diff import diff_revisions

    try:
        return diff_revisions(copy, base, None, dataset="train")
    except KeepfitError:
        return None


def _conclude(project: Project, tree: RetrainTree, made: RetrainCommit, *, runs: Mlflow, push: bool) -> Improved:
    """Everything after the commit; each step may have happened before."""
    try:
        card = card_of(shown_at(tree, made.commit, "reports/scorecard.json"), tree.git.show(made.commit, "reports/refit.json"))
        cure = _cure(project, find_ticket(project, tree.ticket), card)
        version = _version(project, runs, shown_at(tree, made.commit, "reports/registered.json"))
        if version is not None:
            tags = {"kf.ticket": tree.ticket, "kf.commit": made.commit}  # the branch is on the run
            runs.tag_version(version.model, version.number, {**tags, **_cured(cure)})
        effect("improve", "version_tags")
        note_branch(project, tree.ticket, tree.branch, event=_event(project, tree, made, card=card, cure=cure, version=version))
        effect("improve", "ledger")
        notes = _push(tree, made.commit) if push else ()
        effect("improve", "push")
    finally:
        tree.git.remove_worktree(tree.folder)
    effect("improve", "cleanup")
    if version is None:
        notes = (*notes, f"{runs.uri} does not know this candidate: git checkout {tree.branch} && dvc repro registers it there")
    return Improved(
        ticket=tree.ticket,
        branch=tree.branch,
        commit=made.commit,
        model=project.params.model.name,
        version=version.number if version else None,
        passed=passed(card),
        verdict=review_line(card, cure),
        fresh=made.fresh,
        notes=notes,
        next=_next(project, tree, version=version, card=card),
        by_hand=_by_hand(project, tree, version, card=card),
    )


def _event(project: Project, tree: RetrainTree, made: RetrainCommit, *, card: Scorecard, cure: Cure | None, version: Version | None) -> Event:
    """What subscribers may hear of the candidate: once, however often it is found again."""
    candidate = MadeCandidate(
        ticket=find_ticket(project, tree.ticket),
        branch=tree.branch,
        commit=made.commit,
        version=None if version is None else version.number,
        card=card,
        cure=cure,
        review=_review(project, tree),
    )
    return candidate_made(candidate, at=table_time(project), setting=setting_of(project))


def _push(tree: RetrainTree, commit: str) -> tuple[str, ...]:
    """Push the data, then the branch that names it; without a remote say so."""
    notes = []
    with tree.reopen(commit) as copy:
        dvc = DvcRepo(copy.root)
        if dvc.remotes():
            dvc.push()
        else:
            notes.append("no DVC remote: the data and the models are only here (dvc remote add -d NAME PLACE)")
    remotes = tree.git.remotes()
    if not remotes:
        notes.append("no git remote: the branch is only here (git remote add origin URL)")
    elif tree.git.tip(tree.branch):
        tree.git.push(tree.branch, remote="origin" if "origin" in remotes else remotes[0])
    return tuple(notes)


def _next(project: Project, tree: RetrainTree, *, version: Version | None, card: Scorecard) -> tuple[str, ...]:
    model, review = project.params.model.name, _review(project, tree)
    if version is None:
        return (review,)
    if not passed(card):
        return (review, f"keepfit certify {model} {version.number} --ref {tree.branch}", f"keepfit resolve {tree.ticket} --reason '…'")
    return (review, f"keepfit accept {tree.ticket}" + (" --approve --reason '…'" if open_rows(card) else ""))


def _by_hand(project: Project, tree: RetrainTree, version: Version | None, *, card: Scorecard) -> tuple[str, ...]:
    """The steps of `keepfit accept`, each a command."""
    base, model = project.params.update.base_branch, project.params.model.name
    if version is None or not passed(card):
        return ()
    return (
        f"git checkout {base} && git merge --no-ff {tree.branch} && dvc checkout",
        f"keepfit certify {model} {version.number}",
        *((f"keepfit approve {model} {version.number}",) if open_rows(card) else ()),
        f"keepfit promote {model} {version.number}",
        "keepfit sync",
    )


def _review(project: Project, tree: RetrainTree) -> str:
    """The command that shows the review, which sums up the JSON files, and what changed in YAML: less than a hundred lines, not all the reports."""
    path = (project.root / "reports" / "REVIEW.md").resolve().relative_to(project.repo.resolve())
    return f"git diff {project.params.update.base_branch}...{tree.branch} -- ':/{path.as_posix()}' ':/*.yaml'"


def card_of(scorecard: bytes, report: bytes | None) -> Scorecard:
    """Return what was found of the judged model, with what is known of the shipped one."""
    card = from_json(Scorecard, scorecard, where="reports/scorecard.json")
    return card if report is None else from_json(RefitReport, report, where="reports/refit.json").beside(card)


def _cure(project: Project, ticket: Ticket, card: Scorecard) -> Cure | None:
    from keepfit.evaluate.scorecard import metrics_of

    measured = harm_metric(ticket)
    known = {metric.name: metric for metric in metrics_of(project.params.evaluate, project.params.model.task, many=project.params.model.many)}
    if measured is None or measured not in known:
        return None
    return cure_of(ticket, card, allowed=_margin(project), greater_is_better=known[measured].greater_is_better)


def _margin(project: Project) -> float:
    """How far performance may fall, as the policy has it by now."""
    from keepfit.update.policy import UpdatePolicy

    return UpdatePolicy.of(project.params.update, project.params.monitor).margin(policy_state(project))


def _promotions(project: Project) -> tuple[Probation, ...]:
    """What promotions before this candidate promised and delivered."""
    with ledger_of(project) as ledger, ledger.reading() as book:
        return book.probations(project.params.model.name)


def _newer(project: Project) -> float | None:
    """What a window of newer data has brought on average, as far as the monitor knows: what renewing is worth."""
    from keepfit.update.debt import newer_worth

    return newer_worth(policy_state(project).debt)


def _cured(cure: Cure | None) -> dict[str, str]:
    """The tag that says on a version's page what became of the harm that asked for it."""
    return {} if cure is None else {"kf.harm": "cured" if cure.holds else "not cured" if cure.value is not None else "not measured"}


def _version(project: Project, runs: Mlflow, registered: bytes) -> Version | None:
    return runs.find_version(project.params.model.name, json.loads(registered)["key"])


def shown_at(tree: RetrainTree, commit: str, path: str) -> bytes:
    """Return a file of the project at a commit; raises `ProjectError` if it is not there."""
    found = tree.git.show(commit, path)
    if found is None:
        raise ProjectError(f"{path} is not in the commit {commit[:12]}", where=tree.branch, fix="delete the branch and run the same command again")
    return found


def _numbers(text: bytes) -> dict[str, float]:
    return {str(key): float(value) for key, value in json.loads(text).items() if isinstance(value, int | float)}


def _absolute(project: Project) -> str:
    """A database named relative to this folder must be the same one from inside the work tree."""
    uri, prefix = project.tracking_uri, "sqlite:///"
    if uri.startswith(prefix) and not uri.startswith(prefix + "/"):
        return f"{prefix}{Path(uri.removeprefix(prefix)).absolute()}"
    return uri
