"""`keepfit ledger`: show what the ledger holds, back it up, remove what nobody reads any more."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path

import click

from keepfit.cli.output import show
from keepfit.flows.project import find_project

DAY = click.DateTime(("%Y-%m-%d",))


@click.group()
def ledger() -> None:
    """Show what the ledger holds, back it up, and remove what nobody reads any more."""


@ledger.command("show")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def show_tables(*, as_json: bool) -> None:
    """Show rows and size of each table, of this project's model."""
    from keepfit.flows.tickets.retention import sizes
    from keepfit.report.ledger import sizes_table

    tables = sizes(find_project())
    if as_json:
        click.echo(json.dumps({"tables": [{"table": one.table, "rows": one.rows, "characters": one.characters} for one in tables]}, indent=2))
    else:
        show(sizes_table([(one.table, one.rows, one.characters) for one in tables]))


@ledger.command()
@click.argument("out", type=click.Path(path_type=Path, dir_okay=False), metavar="OUT")
@click.option("--force", is_flag=True, help="Replace the file if it is there.")
def backup(out: Path, *, force: bool) -> None:
    """Copy the ledger's file in one state, also while monitor runs."""
    from keepfit.integrations.ledger.file import copy_to

    if out.exists() and not force:
        raise click.UsageError(f"{out} is there already: name another file, or add --force")
    size = copy_to(find_project().ledger_uri, out)
    click.echo(f"keepfit: {out}, {size:,} bytes", err=True)


@ledger.command()
@click.option("--before", required=True, type=DAY, help="Only what lies wholly before this day, in the table's clock.")
@click.option("--yes", is_flag=True, help="Remove it; without, it is only shown.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def prune(before: datetime, *, yes: bool, as_json: bool) -> None:
    """Remove windows of former champions, and policy steps of resolved tickets, settled messages. Tickets stay."""
    from keepfit.flows.tickets.retention import prune as remove
    from keepfit.flows.tickets.retention import superseded
    from keepfit.report.ledger import gone_sentence, megabytes

    project = find_project()
    gone, freed = remove(project, before=before) if yes else (superseded(project, before=before), 0)
    counts = {"windows": len(gone.windows), "steps": len(gone.steps), "messages": len(gone.messages), "characters": gone.characters}
    if as_json:
        click.echo(json.dumps(counts | {"removed": yes, "bytes_freed": freed}, indent=2))
        return
    click.echo(gone_sentence(**counts) + (f": removed, {megabytes(freed)} MB of the file given back" if yes else " can go"))
    if not yes and (gone.windows or gone.steps or gone.messages):
        day, copy = f"{before:%Y-%m-%d}", f"ledger-{before:%Y-%m-%d}.db"
        click.echo(f"next: keepfit ledger backup {copy} && keepfit ledger prune --before {day} --yes", err=True)
