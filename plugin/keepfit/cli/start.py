"""`keepfit init` and `keepfit demo`: where people begin."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from keepfit.cli.output import show

if TYPE_CHECKING:
    from keepfit.flows.rows.engines import EngineName

DOUBTS_SHOWN = 10


@click.command()
@click.argument("folder", metavar="[DIR]", default=".", type=click.Path(path_type=Path))
@click.option("--template", type=click.Choice(["flights"]), default="flights", help="The project to start from.")
@click.option(
    "--task",
    type=click.Choice(["late", "air_time", "classification", "regression"]),
    help="Of the flights: late (the default) or air_time. Of an own table: what its target is, where the values leave that open.",
)
@click.option("--no-weather", "weather", flag_value=False, default=True, help="Of the flights: without the weather columns.")
@click.option("--data", type=click.Path(path_type=Path), help="An own table (CSV or Parquet, or a folder of them).")
@click.option("--time", help="The column that says when.")
@click.option("--target", help="The column to predict.")
@click.option("--model", help="The model's name in the registry.")
@click.option("--id", "row_id", help="The column that identifies a row.")
@click.option("--window", help="month, week, day or '500 rows'.")
@click.option(
    "--as-of",
    type=click.DateTime(("%Y-%m-%d", "%Y-%m-%dT%H:%M:%S")),
    help="The first model trains on windows that end there or before.  [default: a third of the labelled rows]",
)
@click.option("--port", type=click.IntRange(1, 65535), help="The port of the project's MLflow server.  [default: 5000]")
@click.option("--train", "command", help="Around an existing repository: the command that trains, such as 'python train.py'.")
@click.option("--reads", help="With --train: the path where it reads its table.")
@click.option("--writes", help="With --train: the path where it leaves its model.")
@click.option(
    "--schedule",
    type=click.Choice(["cron", "github", "gitlab", "airflow"]),
    help="Also write what makes this scheduler look every hour; alone, in a project that is there, only that.",
)
@click.option("--yes", is_flag=True, help="Overwrite what exists without asking; with --undo: remove changed files too.")
@click.option("--undo", is_flag=True, help="Remove exactly what init wrote here.")
def init(folder: Path, *, template: str, yes: bool, undo: bool, row_id: str | None, **asked: Any) -> None:  # noqa: ARG001 - one template so far
    """Set up a project: the flights template, an own table, or an own train.py."""
    from keepfit.flows.init import init as flow

    if undo:
        _undo(folder, yes=yes)
        return
    made = flow.init(flow.InitRequest(folder=folder, id=row_id, **asked), ask=_ask(yes=yes), say=_say)
    for name in made.declined:
        _say(f"kept as it is: {name}")
    _say(f"{made.root} is ready" + (", committed" if made.committed else ""))
    for line in made.doubts[:DOUBTS_SHOWN]:
        _say(f"TODO: {line}")
    if len(made.doubts) > DOUBTS_SHOWN:
        _say(f"and {len(made.doubts) - DOUBTS_SHOWN} more such lines, in params.yaml and expectations/")
    if made.todo:
        _say(f"{made.todo} guesses say TODO in params.yaml, gate.yaml and expectations/: check them")
    click.echo("next:\n" + "\n".join(f"  {line}" for line in made.next))


def _ask(*, yes: bool) -> Callable[[str, str], bool]:
    def ask(path: str, diff: str) -> bool:
        click.echo(diff, err=True)
        try:
            return yes or click.confirm(f"overwrite {path}?", default=False, err=True)
        except click.Abort:
            if sys.stdin.isatty():  # Ctrl-C; without a terminal nobody answers, which is a no
                raise
            return False

    return ask


def _undo(folder: Path, *, yes: bool) -> None:
    from keepfit.flows.init.undo import undo

    here = folder.resolve()
    root = here / "keepfit" if (here / "keepfit" / ".keepfit").is_dir() else here
    done = undo(root, changed_too=yes)
    _say(f"removed {len(done.removed)} files that init wrote")
    for name in done.kept[:10]:
        _say(f"kept, as it was changed since: {name}")
    if done.kept:
        _say("keepfit init --undo --yes removes those too")


def _say(text: str) -> None:
    click.echo(f"keepfit: {text}", err=True)


@click.command()
@click.option("--dir", "folder", type=click.Path(path_type=Path, file_okay=False), default="keepfit-demo", show_default=True, help="The folder to make.")
@click.option("--until", type=click.DateTime(("%Y-%m-%d", "%Y-%m")), default="2014-01-01", help="Stop there: only months that end by then.")
@click.option("--port", type=click.IntRange(1, 65535), help="The MLflow server's port.  [default: 5000, or the next free one]")
@click.option("--serve", is_flag=True, help="Leave the server running, and print what to click.")
@click.option("--engine", type=click.Choice(["local", "duckdb", "spark"]), help="Leave the flights in a folder of Parquet that this engine reads.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object instead of the table.")
def demo(folder: Path, *, until: datetime, port: int | None, serve: bool, engine: EngineName | None, as_json: bool) -> None:
    """Run the whole loop on the flights of 2013."""
    from keepfit.flows.demo import demo as flow
    from keepfit.report.story import standings_table, story_json, story_table

    begun = time.monotonic()

    def say(line: str) -> None:
        passed = int(time.monotonic() - begun)
        click.echo(f"{passed // 60:02d}:{passed % 60:02d} {line}", err=True)

    told = flow.run_demo(flow.Demo(folder=folder, until=until.date(), port=port, serve=serve, engine=engine), say=say)
    if as_json:
        click.echo(story_json(told.rows, told.year, seconds=told.seconds, project=str(told.project), server=told.server), nl=False)
    else:
        show(story_table(told.rows))
        if told.year:
            show(standings_table(told.year))
    for line in flow.where_to_look(told):
        click.echo(line, err=True)
