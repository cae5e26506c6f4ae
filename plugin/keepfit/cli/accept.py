"""`keepfit accept`: from a reviewed candidate to the champion in one call; `open`: the pages of a ticket."""

from __future__ import annotations

import dataclasses
import json
import os
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

from keepfit.flows.project import find_project

if TYPE_CHECKING:
    from keepfit.flows.accepting.accept import Acceptance, StepTaken


def _say(line: str) -> None:
    click.echo(f"keepfit: {line}", err=True)


@click.command()
@click.argument("ticket_id", metavar="TICKET")
@click.option("--approve", is_flag=True, help="Approve what is undecided, as a person who answers for it; with --reason.")
@click.option("--reason", default=None, help="With --approve: why; it stands in the merge, the pin's commit and the ticket.")
@click.option("--yes", is_flag=True, help="Do not ask: for a script that a person calls.")
@click.option("--dry-run", is_flag=True, help="Show the steps and what is done of them; change nothing.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def accept(ticket_id: str, *, approve: bool, reason: str | None, yes: bool, dry_run: bool, as_json: bool) -> None:
    """Accept a ticket's candidate after its review: merge, certify, promote, sync, commit the pin, close the ticket.

    Each step is shown. It stops at the first no, and run again goes on. Exit code: 0 the candidate serves, 1 an error, 3 refused, 4 somebody else is to act.
    """
    from keepfit.flows.accepting.accept import accept as flow

    if approve != bool(reason and reason.strip()):
        raise click.UsageError("--approve and --reason go together: who approves says why")
    if not (yes or dry_run or sys.stdin.isatty()):
        raise click.UsageError("accept asks a person, and there is no terminal: --yes where a person's script calls it")

    def ask(steps: Sequence[StepTaken]) -> bool:
        if yes:
            return True
        _show(steps)
        return click.confirm("keepfit: take these steps?", default=False, err=True)

    done = flow(find_project(), ticket_id, ask=ask, approval=reason, dry_run=dry_run, say=_say)
    if done is None:
        _say("nothing was done")
        raise SystemExit(1)
    if as_json:
        click.echo(json.dumps(dataclasses.asdict(done), indent=2))
    else:
        _print(done, dry_run=dry_run)
    raise SystemExit(done.exit_code)


def _show(steps: Sequence[StepTaken]) -> None:
    for number, step in enumerate(steps, start=1):
        state = f"  (done before: {step.said})" if step.state == "done before" else ""
        click.echo(f"  {number}. {step.name:<8} {step.typed}{state}", err=True)


def _print(done: Acceptance, *, dry_run: bool) -> None:
    if dry_run and not done.exit_code:
        _show(done.steps)
        return
    if not done.exit_code:
        click.echo(f"accepted {done.ticket}: version {done.version} of {done.model} serves and is pinned")
        click.echo(f"next: keepfit monitor; once labels have come: keepfit impact {done.model}", err=True)
        return
    click.echo(f"{done.ticket} is not accepted: {done.why}")
    for reason in done.reasons:
        click.echo(f"  - {reason}")
    click.echo("next:")
    for line in done.fix:
        click.echo(f"  {line}")


@click.command("open")
@click.argument("ticket_id", metavar="TICKET")
@click.option("--mlflow", is_flag=True, help="The candidate's page in MLflow instead.")
@click.option("--print", "only_print", is_flag=True, help="Print where it is; open nothing.")
def open_(ticket_id: str, *, mlflow: bool, only_print: bool) -> None:
    """Open a ticket's page in the browser: what, where, how sure, how bad, since when."""
    from keepfit.flows.accepting.pages import candidate_page, ticket_page
    from keepfit.integrations.browser import can_show, show

    project = find_project()
    if mlflow:
        address = shown = candidate_page(project, ticket_id)
    else:
        page = ticket_page(project, ticket_id)
        address, shown = page.as_uri(), os.path.relpath(page)
    click.echo(shown)
    if not only_print and not (can_show() and show(address)):
        _say("no browser to show it in here")
