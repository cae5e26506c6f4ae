"""`keepfit compare`: two tables; `monitor`: a model's live windows."""

from __future__ import annotations

import sys
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from keepfit.cli.listed import listed
from keepfit.cli.output import show
from keepfit.plugins import BUILTIN

if TYPE_CHECKING:
    from keepfit.flows.monitoring.monitored import Monitored
    from keepfit.flows.rows.engines import EngineChoice


@click.command()
@click.argument("reference", metavar="REF")
@click.argument("current", metavar="CUR")
@click.option("--columns", default=None, metavar="A,B,…", help="Only these columns (default: all that both tables have).")
@click.option("--target", default=None, metavar="COL", help="The column that is predicted: so called in the result.")
@click.option("--prediction", default=None, metavar="COL", help="The column with the model's answers: so called in the result.")
@click.option("--html", "html_out", type=click.Path(path_type=Path, dir_okay=False), default=None, metavar="OUT", help="Also write a self-contained HTML page.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object instead of the table.")
@click.option(
    "--rows", default=None, metavar="A,B", help=f"Also compare whole rows, 5,000 a side: {', '.join(BUILTIN['row_detectors'])} or a row detector of your own."
)
@click.option("--pairs", is_flag=True, help="Also compare the correlation of every pair of numeric columns.")
@click.option("--slices", is_flag=True, help="Also search the slices of up to two values whose share of the rows changed, 50,000 rows a side.")
@click.option("--min-effect", type=click.FloatRange(0, 1), default=None, help="Smaller changes are listed, not called drift [default: 0.1].")
@click.option("--alpha", type=click.FloatRange(0, 1, min_open=True, max_open=True), default=None, help="Chance of a false alarm, all columns [default: 0.001].")
@click.option("--engine", type=click.Choice(["auto", "local", "duckdb", "spark"]), default="local", help="What reads them [default: local].")
def compare(
    reference: str,
    current: str,
    *,
    columns: str | None,
    html_out: Path | None,
    as_json: bool,
    rows: str | None,
    engine: EngineChoice,
    **asked: Any,
) -> None:
    """Compare two tables (CSV, Parquet, or folders of such files; by Spark also names): what changed from REF to CUR, largest effect first.

    Exit code: 0 no drift, 3 drift or a changed schema, 4 too few rows, or nothing that can be compared.
    """
    from keepfit.flows.compare import CompareAsked, compare_files, exit_code, json_text, write_html
    from keepfit.report.drift import drift_markdown

    names, detectors = None if columns is None else listed(columns), () if rows is None else listed(rows)
    asked_for = CompareAsked(columns=names, rows=detectors, **asked)
    found = compare_files(reference, current, asked_for, engine=engine, say=lambda line: click.echo(f"keepfit: {line}", err=True))
    if html_out is not None:
        write_html(found, html_out)
    if as_json:
        click.echo(json_text(found), nl=False)
    else:
        show(drift_markdown(found))
    sys.exit(exit_code(found))


@click.command()
@click.option(
    "--until",
    type=click.DateTime(("%Y-%m-%d", "%Y-%m-%dT%H:%M:%S")),
    default=None,
    help="Windows that end by then are closed [default: now, in data.timezone].",
)
@click.option("--all", "every", is_flag=True, help="Show the windows that were shown before, too.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object, with every window, instead of the table.")
def monitor(*, until: datetime | None, every: bool, as_json: bool) -> None:
    """Walk the closed windows: evidence, decision, tickets. Shows those that are new since the last run.

    Exit code: 0 nothing to do, 1 a window could not be judged, 3 a new ticket or a window that waits for a person, 4 too few rows to judge anything.
    """
    from keepfit.flows.clock import now_in
    from keepfit.flows.monitoring.monitor import monitor as run
    from keepfit.flows.project import find_project
    from keepfit.flows.stages.stage import say_error
    from keepfit.report.monitoring import windows_table

    def tell(told: Monitored) -> None:
        if as_json:
            click.echo(told.json_text, nl=False)
        elif every or told.news:
            show(windows_table(told.windows if every else told.new_windows))
        if told.left_off and not (every or as_json) and sys.stderr.isatty():  # for a person; cron wants no word where nothing is to do
            click.echo(f"keepfit: {told.left_off}", err=True)
        for line in told.hints:
            click.echo(line, err=True)
        for error in told.failed:
            say_error(error)

    project = find_project()
    told = run(project, until=until or now_in(project.params.data.timezone), say=lambda line: click.echo(f"keepfit: {line}", err=True), tell=tell)
    raise SystemExit(told.exit_code)
