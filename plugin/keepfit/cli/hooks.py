"""`keepfit hooks`: deliver messages, see what waits or was given up, and decide on it."""

from __future__ import annotations

import dataclasses
import json
import sys
from collections.abc import Callable
from datetime import datetime

import click

FOR = click.option("--for", "models", multiple=True, metavar="MODEL", help="Of this model of the ledger, instead of the project's own; may be given again.")
JSON = click.option("--json", "as_json", is_flag=True, help="Print JSON.")


def _say(line: str) -> None:
    click.echo(f"keepfit: {line}", err=True)


@click.group()
def hooks() -> None:
    """Deliver messages to those who subscribed (params.yaml: hooks.subscribers), and see what became of them."""


@hooks.command()
@FOR
@click.option("--keep-running", is_flag=True, help="Look again each 30 seconds, until interrupted.")
@JSON
def run(models: tuple[str, ...], *, keep_running: bool, as_json: bool) -> None:
    """Look what the gate did since the last look, and deliver what is due now. Several may run at once.

    Exit code: 0 delivered, or tried again later; 3 a message was given up.
    """
    from keepfit.flows.deliver.keep_running import hear_and_deliver, keep_delivering
    from keepfit.flows.project import find_project

    project = find_project()
    if keep_running:
        keep_delivering(project.root, say=_say, models=models)
    done = hear_and_deliver(project, say=_shown(), models=models)
    if as_json:
        click.echo(json.dumps(dataclasses.asdict(done), indent=2, default=datetime.isoformat))
    elif done.taken or done.failed or sys.stderr.isatty():  # a schedule that finds nothing to do says nothing
        click.echo(f"{done.taken} delivered" + (f"; {done.open} wait, the next until {done.next_due:%Y-%m-%d %H:%M} UTC" if done.open else ""))
    if done.failed or done.dead:
        click.echo("next: keepfit hooks list", err=True)
    raise SystemExit(done.exit_code)


def _shown(most: int = 5) -> Callable[[str], None]:
    """Say the first lines only: a receiver that refuses a hundred messages does so for one reason."""
    left = [most]

    def say(line: str) -> None:
        left[0] -= 1
        if left[0] >= 0:
            _say(line)
        elif left[0] == -1:
            _say("and more: keepfit hooks list shows all")

    return say


@hooks.command("list")
@FOR
@click.option("--all", "every", is_flag=True, help="List what was delivered or dropped, too.")
@JSON
def list_(models: tuple[str, ...], *, every: bool, as_json: bool) -> None:
    """Show what waits for its time or another attempt, and what was given up, with the reasons."""
    from keepfit.cli.output import show
    from keepfit.flows.deliver.letters import list_deliveries
    from keepfit.flows.project import find_project
    from keepfit.records import to_data
    from keepfit.report.deliveries import deliveries_table

    found = list_deliveries(find_project(), models=models, every=every)
    if as_json:
        click.echo(json.dumps({"deliveries": [to_data(one) for one in found]}, indent=2))
    elif found:
        show(deliveries_table(found))
    else:
        click.echo("nothing waits, and nothing was given up", err=True)
    dead = [one.number for one in found if one.status == "dead"]
    if dead and not as_json:
        click.echo(f"next: keepfit hooks retry {dead[-1]}, or keepfit hooks drop {dead[-1]} --reason …", err=True)


@hooks.command()
@click.argument("number", required=False, type=int, metavar="[ID]")
@FOR
def retry(number: int | None, *, models: tuple[str, ...]) -> None:
    """Let a delivery, or without ID all that failed, be tried again now."""
    from keepfit.flows.deliver.keep_running import utc_now
    from keepfit.flows.deliver.letters import retry as flow
    from keepfit.flows.project import find_project

    found = flow(find_project(), number, now=utc_now(), models=models)
    _say(f"{len(found)} to be tried again")
    click.echo("next: keepfit hooks run", err=True)


@hooks.command()
@click.argument("number", type=int, metavar="ID")
@click.option("--reason", required=True, help="Why nobody has to hear of it; it is kept.")
@FOR
def drop(number: int, *, reason: str, models: tuple[str, ...]) -> None:
    """Give a delivery up for good."""
    from keepfit.flows.deliver.keep_running import utc_now
    from keepfit.flows.deliver.letters import drop as flow
    from keepfit.flows.project import find_project

    gone = flow(find_project(), number, reason=reason, now=utc_now(), models=models)
    _say(f"{gone.event} is not delivered to {gone.subscriber}")


@hooks.command()
@click.argument("subscriber", metavar="SUBSCRIBER")
def send(subscriber: str) -> None:
    """Send a test message to a subscriber now, whatever its hours."""
    from keepfit.flows.deliver.keep_running import utc_now
    from keepfit.flows.deliver.letters import send_test
    from keepfit.flows.project import find_project

    click.echo(f"{subscriber}: {send_test(find_project(), subscriber, now=utc_now())}")
