"""`keepfit improve` and `keepfit sync`."""

from __future__ import annotations

import dataclasses
import json

import click

from keepfit.flows.project import Project, find_project


def _say(line: str) -> None:
    click.echo(f"keepfit: {line}", err=True)


@click.command()
@click.argument("ticket_id", metavar="[TICKET]", required=False)
@click.option("--now", is_flag=True, help="Without a TICKET: ask for a retraining now; opens its ticket, or goes on with the one that stands.")
@click.option("--reason", default=None, help="With --now: why; it stands in the ticket and the review.")
@click.option("--push", is_flag=True, help="Push the data and the branch to their remotes.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def improve(ticket_id: str | None, *, now: bool, reason: str | None, push: bool, as_json: bool) -> None:
    """Open a branch for a ticket: compose, retrain, evaluate, register. The checkout is not touched, nothing is promoted."""
    from keepfit.flows.retraining.improve import improve as flow

    if now == (ticket_id is not None):
        raise click.UsageError("name a TICKET (keepfit ticket lists them), or ask for a retraining with --now")
    if reason is not None and not now:
        raise click.UsageError("--reason is for --now: a ticket has its reasons")
    project = find_project()
    done = flow(project, ticket_id or _ask_now(project, reason or ""), push=push, say=_say)
    if as_json:
        click.echo(json.dumps(dataclasses.asdict(done), indent=2))
        return
    click.echo(f"branch:  {done.branch}{'' if done.fresh else '  (was there already)'}")
    click.echo(f"version: {done.model} {done.version or 'unknown here'}")
    click.echo(f"verdict: {done.verdict}")
    for note in done.notes:
        _say(note)
    click.echo("next:")
    for command in done.next:
        click.echo(f"  {command}")


def _ask_now(project: Project, reason: str) -> str:
    """The id of the ticket that a person's wish became."""
    from keepfit.flows.clock import now_in
    from keepfit.flows.monitoring.asked_now import ask_now

    ticket = ask_now(project, reason=reason, now=now_in(project.params.data.timezone))
    _say(f"ticket {ticket.id}: {ticket.reasons[0] if ticket.reasons else ticket.ground}")
    return ticket.id


@click.command()
def sync() -> None:
    """Pin the registry's champion as the next comparison's other side."""
    from keepfit.flows.deliver.journal_events import hear_journal
    from keepfit.flows.retraining.sync import PINNED
    from keepfit.flows.retraining.sync import sync as flow

    project = find_project()
    done = flow(project)
    hear_journal(project, say=_say)
    if done.pin is None:
        _say(f"no version of {project.params.model.name} is promoted yet: nothing to pin")
    elif not done.changed:
        _say(f"version {done.pin.version} of {done.pin.model} is pinned already")
    else:
        click.echo(f"pinned {done.pin.model} version {done.pin.version}")
        files = " ".join(path for path in PINNED if (project.root / path).is_file())
        click.echo(f"next:\n  git add {files} && git commit -m 'Pin {done.pin.model} version {done.pin.version}'")
