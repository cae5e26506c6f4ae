"""`keepfit rules`: what a gate.yaml means."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from keepfit.flows.rules.check import Remark, RulesCheck

SHOWN = 10


@click.group()
def rules() -> None:
    """Explain the gate's rules."""


@rules.command("check")
@click.argument("file", required=False)
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def check(file: str | None, *, as_json: bool) -> None:
    """Explain FILE (or git+file://REPO@BRANCH:PATH) in words and warn about what is odd.

    Without FILE the project's gate.yaml. Ends with 4 if the last window is too small to decide a rule, 1 if FILE is no rules
    file, else 0.
    """
    from keepfit.flows.rules.check import rules_check
    from keepfit.records import to_data

    found = rules_check(file)
    if as_json:
        click.echo(json.dumps(to_data(found), indent=2, sort_keys=True))
    else:
        click.echo("\n".join(_lines(found)))
    sys.exit(found.exit_code)


def _lines(found: RulesCheck) -> Iterator[str]:
    from keepfit.report.tables import plain

    yield plain(f"{found.place}  {found.digest}")
    for pattern in found.patterns:
        yield plain(f"models {pattern.pattern!r}{_place(pattern.place)}")
        before = ""
        for said in pattern.sentences:
            yield f"  {'' if said.about == before else said.about:10}{plain(said.text)}{_place(said.place)}"
            before = said.about
    yield found.unprotected
    for warning in found.warnings[:SHOWN]:
        yield from _warning(warning)
    yield from _left_off(len(found.warnings), "warnings")
    if found.window:
        yield plain(f"last window  {found.window}")
    for row in sorted(found.rows, key=lambda row: not row.undecidable)[:SHOWN]:
        yield f"  {'undecidable' if row.undecidable else 'note':13}{plain(row.rule)}: {plain(row.text)}"
    yield from _left_off(len(found.rows), "rows")
    if found.rates is not None:
        from keepfit.report.pass_rates import pass_rate_lines

        yield from map(plain, pass_rate_lines(found.rates))


def _left_off(count: int, what: str) -> Iterator[str]:
    if count > SHOWN:
        yield f"… and {count - SHOWN} more {what}: --json"


def _warning(said: Remark) -> Iterator[str]:
    from keepfit.report.tables import plain

    yield f"warning{_place(said.place)}: {plain(said.text)}"
    yield f"  → {plain(said.fix)}"


def _place(place: str | None) -> str:
    return f"  ({place})" if place else ""
