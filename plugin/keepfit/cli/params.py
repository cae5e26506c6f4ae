"""`keepfit params`."""

from __future__ import annotations

import json

import click


@click.command()
@click.argument("key", required=False, metavar="[KEY]")
@click.option("--origin", is_flag=True, help="Say where each value is written: the file and line, or that it is the default.")
@click.option("--changed", is_flag=True, help="Only what differs from the default.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON, with the origins.")
def params(key: str | None, *, origin: bool, changed: bool, as_json: bool) -> None:
    """Show the params that hold: all of them, or those at and below KEY (monitor, data.window)."""
    from keepfit.flows.effective_params import effective_params
    from keepfit.flows.project import find_project
    from keepfit.records import to_data
    from keepfit.report.params import params_text

    found = [one for one in effective_params(find_project(), key) if one.changed or not changed]
    if as_json:
        click.echo(json.dumps({"schema": 1, "params": [to_data(one) for one in found]}, indent=2))
    elif found:
        click.echo(params_text(found, origin=origin), nl=False)
    else:
        click.echo("keepfit: nothing differs from the default", err=True)
