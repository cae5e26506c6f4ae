"""`keepfit expect`: what is wrong with the suites, what they say of past windows, and what each line was good for."""

from __future__ import annotations

import json
import sys
from datetime import UTC, datetime

import click

REFUSED = 3


@click.group()
def expect() -> None:
    """Check suites, try them on past windows, and see what each line was good for."""


@expect.command()
@click.option("--today", type=click.DateTime(("%Y-%m-%d",)), default=None, help="The day that review dates are compared with.  [default: today]")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def lint(today: datetime | None, *, as_json: bool) -> None:
    """Say all that is wrong with suites and behaviour tests.

    Exit code: 0 nothing or warnings only, 1 a suite could not do what it says.
    """
    from keepfit.flows.expectations.lint import lint_suites
    from keepfit.flows.project import find_project
    from keepfit.records import to_data
    from keepfit.report.expectations import lint_text

    found = lint_suites(find_project(), today=(today or datetime.now(UTC)).date())
    click.echo(json.dumps({"findings": [to_data(one) for one in found]}, indent=2) + "\n" if as_json else lint_text(found), nl=False)
    sys.exit(1 if any(one.level == "error" for one in found) else 0)


@expect.command("test")
@click.option("--against", default="all", show_default=True, metavar="WINDOWS", help="all, FIRST..LAST, or ids with commas between.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def test_command(against: str, *, as_json: bool) -> None:
    """Run the suite of rows on past windows.

    Exit code: 0, or 3 where a critical line fails on a window that is accepted.
    """
    from keepfit.cli.output import show
    from keepfit.flows.expectations.against import run_against
    from keepfit.flows.project import find_project
    from keepfit.records import to_json
    from keepfit.report.expectations import past_text

    run = run_against(find_project(), against)
    if as_json:
        click.echo(to_json(run), nl=False)
    else:
        show(past_text(run))
    if run.wrong:
        click.echo("next: keepfit suggest --loosen ID --reason …, or keepfit window exclude WINDOW --reason …", err=True)
        sys.exit(REFUSED)


@expect.command()
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def record(*, as_json: bool) -> None:
    """Say of each line where it fired, how often that was true or false, and when it last changed."""
    from keepfit.cli.output import show
    from keepfit.flows.expectations.record import record_lines
    from keepfit.flows.project import find_project
    from keepfit.records import to_json
    from keepfit.report.expectations import record_text

    found = record_lines(find_project())
    if as_json:
        click.echo(to_json(found), nl=False)
    else:
        show(record_text(found))
