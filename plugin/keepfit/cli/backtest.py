"""`keepfit backtest`: what update policies would have given over history; with `--recipes`, which rows to learn from."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from keepfit.cli.listed import listed
from keepfit.cli.output import show

if TYPE_CHECKING:
    from keepfit.flows.project import Project

POLICIES = ("never", "calendar", "params", "reviews:2", "reviews:4", "reviews:8")
CURVE = tuple(f"reviews:{count}" for count in (1, 2, 3, 4, 6, 8, 12))
"""The policies that a page draws besides those that were asked for."""


@dataclass(frozen=True, kw_only=True)
class BacktestAsked:
    """What both kinds of backtest are asked for."""

    until: datetime | None
    afresh: bool
    write: bool
    html_out: Path | None
    as_json: bool


@click.command()
@click.option("--policies", default=None, metavar="A,B", help=f"Which policies, in the table's order [default: {','.join(POLICIES)}].")
@click.option("--recipes", default=None, metavar="A,B", help="Race recipes instead, against all history: those of params.yaml, last3, decay2 (any number) ….")
@click.option("--until", type=click.DateTime(("%Y-%m-%d", "%Y-%m-%dT%H:%M:%S")), default=None, help="Windows that end by then [default: all].")
@click.option("--clear-cache", is_flag=True, help="Forget what was trained and judged before, then begin.")
@click.option("--write", is_flag=True, help="Put the winner's settings into params.yaml and print the diff; of policies also what the file gives now.")
@click.option(
    "--html",
    "html_out",
    type=click.Path(path_type=Path, dir_okay=False),
    default=None,
    metavar="OUT",
    help="Also write a page: the curve of score against reviews a year, or the race.",
)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object instead of the tables; a diff then goes to stderr.")
def backtest(
    *, policies: str | None, recipes: str | None, until: datetime | None, clear_cache: bool, write: bool, html_out: Path | None, as_json: bool
) -> None:
    """Score policies over history: what each would have given on all labelled rows, and what it would have taken. Or race recipes."""
    from keepfit.flows.project import find_project

    if policies is not None and recipes is not None:
        raise click.UsageError("one question at a time: --recipes finds what to learn from (with --write), then --policies finds when, with that recipe.")
    asked = BacktestAsked(until=until, afresh=clear_cache, write=write, html_out=html_out, as_json=as_json)
    if recipes is not None:
        _race(find_project(), listed(recipes), asked)
    else:
        _policies(find_project(), listed(policies or ",".join(POLICIES)), asked)


def _policies(project: Project, names: list[str], asked: BacktestAsked) -> None:
    from keepfit.flows.backtesting.backtest import backtest as run
    from keepfit.flows.backtesting.page import write_page
    from keepfit.flows.backtesting.write import write_winner
    from keepfit.report.backtest import backtest_table, outcomes_table, standards_table, written_line

    names = list(dict.fromkeys([*names, *(CURVE if asked.html_out is not None else ())]))
    found = run(project, policies=names, until=asked.until, afresh=asked.afresh, say=_say)
    if asked.html_out is not None:
        write_page(found, asked.html_out)
    if asked.as_json:
        click.echo(found.json_text, nl=False)
    else:
        tables = (outcomes_table(found.metric, found.outcomes, priced=found.priced), standards_table(found.metric, found.outcomes))
        show("\n".join((backtest_table(found.metric, found.policies, found.rows), *filter(None, tables))))
    if found.winner is None:
        return
    _say(f"the winner by {'net worth' if found.priced else f'mean {found.metric}'} is {found.winner}")
    if asked.write:
        written = write_winner(project, found.winner, until=asked.until)
        _show_diff(written.diff, asked)
        for line in written_line(found.metric, score=written.score, refused=written.refused, needs_holdout=written.needs_holdout):
            _say(line)


def _race(project: Project, names: list[str], asked: BacktestAsked) -> None:
    from keepfit.flows.backtesting.page import write_race_page
    from keepfit.flows.backtesting.race import race_recipes
    from keepfit.flows.backtesting.write import composes, write_recipe
    from keepfit.report.backtest import backtest_table
    from keepfit.report.race import race_table

    found = race_recipes(project, recipes=names, until=asked.until, afresh=asked.afresh, say=_say)
    if asked.html_out is not None:
        write_race_page(found, asked.html_out)
    if asked.as_json:
        click.echo(found.json_text, nl=False)
    else:
        show("\n".join((backtest_table(found.metric, found.names, found.rows), race_table(found.metric, found.race, found.rows))))
    _say(found.said)
    if asked.write:
        _show_diff(write_recipe(project, found.race.chosen), asked)
    elif not composes(project.params, found.race.chosen):
        _say(f"params.yaml composes otherwise; --write makes it use {found.race.chosen}")


def _show_diff(diff: str, asked: BacktestAsked) -> None:
    click.echo(diff or "keepfit: params.yaml says so already\n", err=asked.as_json, nl=False)


def _say(line: str) -> None:
    click.echo(f"keepfit: {line}", err=True)
