"""`keepfit ticket`, `explain`, `ack`, `resolve`, `replay`: light, so that the person on call does not wait."""

from __future__ import annotations

import json
import os
from datetime import datetime
from pathlib import Path

import click

from keepfit.cli.output import show
from keepfit.flows.project import find_project
from keepfit.flows.tickets import tickets as flow
from keepfit.records import to_data
from keepfit.report.tickets import ticket_markdown, tickets_table

DATES = ("%Y-%m-%d", "%Y-%m-%dT%H:%M:%S")


@click.command()
@click.argument("ticket_id", required=False, metavar="[ID]")
@click.option("--all", "every", is_flag=True, help="List the resolved ones too.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def ticket(ticket_id: str | None, *, every: bool, as_json: bool) -> None:
    """List the open tickets, or show one."""
    project = find_project()
    if ticket_id is not None:
        found = flow.find_ticket(project, ticket_id)
        if as_json:
            click.echo(json.dumps(to_data(found), indent=2))
        else:
            show(ticket_markdown(found))
        return
    listed = flow.list_tickets(project, every=every)
    if as_json:
        click.echo(json.dumps({"tickets": [to_data(found) for found in listed]}, indent=2))
    elif listed:
        show(tickets_table(listed))
        click.echo(f"next: keepfit ticket {listed[-1].id}", err=True)
    else:
        click.echo("no open ticket", err=True)


@click.command()
@click.argument("ticket_id", metavar="TICKET")
@click.option("--html", "html_out", type=click.Path(path_type=Path, dir_okay=False), default=None, metavar="OUT", help="Also write a self-contained HTML page.")
def explain(ticket_id: str, *, html_out: Path | None) -> None:
    """Explain a ticket: what, where, how sure, how bad, since when."""
    from keepfit.report.ticket_page import explain_markdown

    project = find_project()
    found = flow.find_ticket(project, ticket_id)
    if html_out is not None:
        from keepfit.flows.tickets.explain import write_ticket_page

        write_ticket_page(project, found, html_out)
    show(explain_markdown(found))


@click.command()
@click.argument("ticket_id", metavar="ID")
@click.option("--until", required=True, type=click.DateTime(DATES), help="The cause stays silent until then.")
@click.option("--reason", default="", help="Why it can wait.")
def ack(ticket_id: str, until: datetime, reason: str) -> None:
    """Acknowledge a ticket until a date."""
    flow.acknowledge(find_project(), ticket_id, until=until, reason=reason)
    click.echo(f"keepfit: {ticket_id} acknowledged until {until:%Y-%m-%d}", err=True)


@click.command()
@click.argument("ticket_id", metavar="ID")
@click.option("--reason", default="", help="How it was resolved; with --regression required.")
@click.option("--regression", "name", default=None, metavar="NAME", help="Write its rows down: every later candidate is judged on them as incident=NAME.")
@click.option("--slice", "slice_", default=None, metavar="SLICE", help="With --regression: which rows of its window.  [default: where its loss came from]")
def resolve(ticket_id: str, reason: str, name: str | None, slice_: str | None) -> None:
    """Close a ticket with a reason."""
    if name is None:
        if slice_ is not None:
            raise click.UsageError("--slice says which rows --regression writes down: name it too")
        flow.resolve(find_project(), ticket_id, reason=reason)
        click.echo(f"keepfit: {ticket_id} resolved", err=True)
        return
    from keepfit.flows.retraining.regression import resolve_with_regression

    done = resolve_with_regression(find_project(), ticket_id, name=name, slice_=slice_, reason=reason)
    for remark in done.remarks:
        click.echo(f"keepfit: {remark}", err=True)
    click.echo(f"keepfit: {ticket_id} resolved; {done.set.name} stands in {os.path.relpath(done.file)}", err=True)
    click.echo(f"next: git add {os.path.relpath(done.file)} && git commit", err=True)


@click.command()
@click.argument("ticket_id", metavar="TICKET")
@click.option("--json", "as_json", is_flag=True, help="Print JSON: the whole recorded step and the decision taken again.")
def replay(ticket_id: str, *, as_json: bool) -> None:
    """Take a ticket's decision again from what the ledger recorded.

    Exit code: 0 the same decision byte for byte, 3 another one.
    """
    from keepfit.flows.tickets.replay import replay as run
    from keepfit.report.replay import replay_json, replay_text

    done = run(find_project(), ticket_id)
    text = replay_json(done.ticket, done.taken, done.again, same=done.same) if as_json else replay_text(done.ticket, done.taken, done.again)
    click.echo(text, nl=False)
    raise SystemExit(done.exit_code)
