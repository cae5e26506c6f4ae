"""`keepfit impact`, `keepfit report`: what a candidate is worth and promotions brought, the project's page, and half a page for who pays for the model."""

from __future__ import annotations

import json
from pathlib import Path

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
@click.option("--for", "reader", type=click.Choice(["stakeholders"]), default=None, help="Print half a page for them.")
@click.option(
    "--html", "html_out", type=click.Path(path_type=Path, dir_okay=False), default=None, metavar="OUT", help="Write the project's page, self-contained HTML."
)
@JSON
def report(model: str | None, *, reader: str | None, html_out: Path | None, as_json: bool) -> None:
    """Report how the model stands: a page of the project, or half a page for who pays for it."""
    if (reader is None) == (html_out is None):
        raise click.UsageError("name one of the two: --html OUT, or --for stakeholders")
    if html_out is not None:
        _page(html_out, model, as_json=as_json)
        return
    from keepfit.flows.reporting.stakeholders import stakeholders
    from keepfit.report.stakeholders import stakeholders_text

    text = stakeholders_text(stakeholders(find_project(), model))
    if as_json:
        click.echo(json.dumps({"schema": 1, "text": text}, indent=2, ensure_ascii=False))
    else:
        click.echo(text, nl=False)


def _page(out: Path, model: str | None, *, as_json: bool) -> None:
    from keepfit.flows.reporting.project_page import write_project_page

    unread = write_project_page(find_project(), out, model)
    if as_json:
        click.echo(json.dumps({"schema": 1, "page": str(out), "not_read": list(unread)}, indent=2, ensure_ascii=False))
        return
    for sentence in unread:
        click.echo(f"keepfit: not read: {sentence}", err=True)
    click.echo(str(out))
