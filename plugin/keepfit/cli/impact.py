"""`keepfit impact`, `keepfit report`: what a candidate is worth and promotions brought, and half a page for who pays for the model."""

from __future__ import annotations

import json

import click

from keepfit.cli.output import show
from keepfit.flows.project import find_project

JSON = click.option("--json", "as_json", is_flag=True, help="Print JSON.")


@click.command()
@click.argument("model", required=False)
@JSON
def impact(model: str | None, *, as_json: bool) -> None:
    """Say what the candidate is worth, and what promotions before it promised and delivered."""
    from keepfit.flows.reporting.impact import impact as flow
    from keepfit.report.impact_page import impact_data, impact_page

    told = flow(find_project(), model)
    if as_json:
        click.echo(json.dumps(impact_data(told.model, told.impact, told.promotions), indent=2, ensure_ascii=False))
    else:
        show(impact_page(told.model, told.impact, told.promotions, judged=told.card is not None))


@click.command()
@click.argument("model", required=False)
@click.option("--for", "reader", type=click.Choice(["stakeholders"]), required=True, help="Who reads it.")
@JSON
def report(model: str | None, *, reader: str, as_json: bool) -> None:  # noqa: ARG001 - there is one kind of reader so far
    """Write half a page on the model: what it does, how well, what changed, what that brought, what is open, who decided."""
    from keepfit.flows.reporting.stakeholders import stakeholders
    from keepfit.report.stakeholders import stakeholders_text

    text = stakeholders_text(stakeholders(find_project(), model))
    if as_json:
        click.echo(json.dumps({"schema": 1, "text": text}, indent=2, ensure_ascii=False))
    else:
        click.echo(text, nl=False)
