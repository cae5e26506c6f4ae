"""`keepfit fleet`: what is known of many models; its first word may be a command, else it is the overview's."""

from __future__ import annotations

import json
import os
import sys
from datetime import UTC, datetime
from pathlib import Path

import click

from keepfit.cli.output import show
from keepfit.flows.clock import now_in

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
@click.option("--store", metavar="URI", default=None, help="The registry's database: its journal says which waivers stand.")
@click.option("--unmonitored", is_flag=True, help="List what nobody watches instead: also models of the MLflow servers that no project is of.")
@click.option("--prometheus", type=click.Path(path_type=Path, dir_okay=False), default=None, metavar="OUT", help="Write the lines for Prometheus instead.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON: one record a model.")
def overview(fleet_file: Path | None, *, until: datetime | None, store: str | None, unmonitored: bool, prometheus: Path | None, as_json: bool) -> None:
    """Show one line a model, worst first.

    Exit code: 0, whatever the lines say; 1 if any project cannot be read; with --unmonitored 3 if anything is not watched, 1 if a server is away.
    """
    from keepfit.flows.fleet.overview import fleet_overview
    from keepfit.flows.fleet.projects import find_fleet
    from keepfit.records import to_data
    from keepfit.report.fleet import fleet_table

    path = find_fleet(fleet_file)
    if unmonitored:
        sys.exit(_unmonitored(path, until, as_json=as_json))
    lines = fleet_overview(path, until=until, store=store)
    if prometheus is not None:
        from keepfit.flows.page_file import write_page_file
        from keepfit.report.prometheus import prometheus_text

        write_page_file(prometheus, prometheus_text(lines, at=(until or datetime.now(UTC)).timestamp()), option="--prometheus")
    elif as_json:
        click.echo(json.dumps({"schema": 1, "models": [to_data(line) for line in lines]}, indent=2))
    else:
        show(fleet_table(lines))
        worst = next((line for line in lines if line.fix), None)
        if worst is not None:
            click.echo(f"next: {worst.fix}   (in {worst.folder})", err=True)
    sys.exit(int(any(line.state == "broken" for line in lines)))


def _unmonitored(path: Path, until: datetime | None, *, as_json: bool) -> int:
    """List what nobody watches; return the exit code."""
    from keepfit.flows.fleet.unmonitored import find_unmonitored
    from keepfit.flows.stages.stage import say_error
    from keepfit.records import to_data
    from keepfit.report.fleet import unwatched_table

    found = find_unmonitored(path, until=until)
    if as_json:
        click.echo(json.dumps({"schema": 1, "unmonitored": [to_data(one) for one in found.unwatched]}, indent=2))
    elif found.unwatched:
        show(unwatched_table(found.unwatched))
    else:
        click.echo(
            "keepfit: every model with a champion is watched" if not found.away else "keepfit: of the servers that answered, every model is watched", err=True
        )
    for error in found.away:
        say_error(error)
    return 3 if found.unwatched else int(bool(found.away))


@fleet.command("monitor")
@click.argument("fleet_file", type=FILE, required=False, metavar="[FLEET.yaml]")
@click.option(
    "--until",
    type=click.DateTime(("%Y-%m-%d", "%Y-%m-%dT%H:%M:%S")),
    default=None,
    help="Windows that end by then are closed [default: now, in each project's data.timezone].",
)
@click.option("--jobs", type=click.IntRange(1, 256), default=None, help="How many projects are looked at at a time [default: one more than there are cores].")
@click.option("--deadline", type=click.FloatRange(0, min_open=True), default=1_800.0, show_default=True, help="Seconds after which a project is given up.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON: one record a model, and the causes that tickets share.")
def monitor(fleet_file: Path | None, *, until: datetime | None, jobs: int | None, deadline: float, as_json: bool) -> None:
    """Run `keepfit monitor` for every project, many at a time; tickets of one upstream cause are shown as one.

    Exit code: 0 nothing to do, 1 a project could not be looked at, 3 a new ticket or one that waits for a person.
    """
    from keepfit.flows.fleet.look import FleetLook
    from keepfit.flows.fleet.messages import deliver_all
    from keepfit.flows.fleet.monitor import FleetRun
    from keepfit.flows.fleet.projects import find_fleet, fleet_projects
    from keepfit.flows.fleet.summary import summed_up
    from keepfit.flows.fleet.voices import Voices
    from keepfit.report.fleet_run import fleet_run_json, fleet_run_markdown, next_command

    voices = Voices(say=lambda line: click.echo(f"keepfit: {line}", err=True))
    projects = fleet_projects(find_fleet(fleet_file))

    def tell(look: FleetLook) -> None:
        for line in look.hints:
            voices.hear(look.model, line)

    run = FleetRun(until=lambda project: until or now_in(project.params.data.timezone), jobs=jobs or _jobs(), deadline=deadline, hear=voices.hear, tell=tell)
    done = summed_up(projects, list(run.looks(projects)))
    deliver_all(projects, hear=voices.hear)
    voices.rest()
    if as_json:
        click.echo(fleet_run_json(done.lines, done.causes, [ticket for look in done.looks for ticket in look.tickets]), nl=False)
    else:
        show(fleet_run_markdown(done.lines, done.causes))
        if (following := next_command(done.lines, done.causes)) is not None:
            click.echo(f"next: {following}", err=True)
    sys.exit(done.exit_code)


def _jobs() -> int:
    """One more than there are cores: while one project waits for the ledger, another goes on."""
    return (os.cpu_count() or 1) + 1
