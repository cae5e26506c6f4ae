"""`keepfit suggest`: lines for the expectation suites, told by history, as a patch."""

from __future__ import annotations

import click


@click.command()
@click.option("--from", "source", default="windows", show_default=True, metavar="windows|TICKET|scorecard", help="What to learn from.")
@click.option("--only", multiple=True, metavar="ID", help="Only lines with this id (* and ? match); more than once.")
@click.option("--loosen", metavar="ID", help="Make this line looser, as the accepted windows ask; needs --reason.")
@click.option("--reason", default="", help="Why a line is made looser; it is kept in the suite.")
@click.option("--write", is_flag=True, help="Change the suite file; review it with git diff.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def suggest(source: str, *, only: tuple[str, ...], loosen: str | None, reason: str, write: bool, as_json: bool) -> None:
    """Propose lines for the suites, each scored on past windows.

    Prints a patch that git apply takes, below a table of comments. Bounds are prediction intervals at one false alarm a year over all lines together.
    """
    from keepfit.flows.expectations.suggest import SuggestAsked
    from keepfit.flows.expectations.suggest import suggest as run
    from keepfit.flows.project import find_project
    from keepfit.records import to_json
    from keepfit.report.suggestion import suggestion_text

    found = run(find_project(), SuggestAsked(source=source, only=only, loosen=loosen, reason=reason), write=write)
    click.echo(to_json(found) if as_json else suggestion_text(found), nl=False)
    if found.patch:
        click.echo("next: git diff expectations, then commit" if write else "next: the same with --write (or | git apply), then review and commit", err=True)
