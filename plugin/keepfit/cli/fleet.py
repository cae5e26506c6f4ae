"""`keepfit fleet`: what is known of many models; its first word may be a command, else it is the overview's."""

from __future__ import annotations

import json
import sys
from datetime import datetime
from pathlib import Path

import click

from keepfit.cli.output import show

FILE = click.Path(path_type=Path)


OVERVIEW = "overview"


class FleetCommands(click.Group):
    """A group whose first word, where it is no command, belongs to the overview: `keepfit fleet`, `keepfit fleet models/fleet.yaml --json`."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Put the overview's name first where no command is named."""
        named = args and (args[0] in self.commands or args[0] in ctx.help_option_names)
        return super().parse_args(ctx, list(args) if named else [OVERVIEW, *args])


@click.group(cls=FleetCommands)
def fleet() -> None:
    """Look at many models at once, by a fleet.yaml that names their projects; without a command: the overview."""


@fleet.command(OVERVIEW)
@click.argument("fleet_file", type=FILE, required=False, metavar="[FLEET.yaml]")
@click.option("--until", type=click.DateTime(("%Y-%m-%d", "%Y-%m-%dT%H:%M:%S")), default=None, help="Ages are those at this time [default: now].")
@click.option("--json", "as_json", is_flag=True, help="Print JSON: one record a model.")
def overview(fleet_file: Path | None, *, until: datetime | None, as_json: bool) -> None:
    """Show one line a model, worst first.

    Exit code: 0, whatever the lines say; 1 if any project cannot be read.
    """
    from keepfit.flows.fleet.overview import fleet_overview
    from keepfit.flows.fleet.projects import find_fleet
    from keepfit.records import to_data
    from keepfit.report.fleet import fleet_table

    lines = fleet_overview(find_fleet(fleet_file), until=until)
    if as_json:
        click.echo(json.dumps({"schema": 1, "models": [to_data(line) for line in lines]}, indent=2))
    else:
        show(fleet_table(lines))
        worst = next((line for line in lines if line.fix), None)
        if worst is not None:
            click.echo(f"next: {worst.fix}   (in {worst.folder})", err=True)
    sys.exit(int(any(line.state == "broken" for line in lines)))
