"""`keepfit comment`: the one text for a reviewer, printed or kept up to date on a pull request."""

from __future__ import annotations

import json
import os
from pathlib import Path

import click


@click.command()
@click.option("--post", "forge", type=click.Choice(["github", "gitlab"]), help="Put it on the pull request of this CI run, or edit it there.")
@click.option("--evaluation", type=click.Path(path_type=Path, exists=True), help="The folder of an evaluation, or its scorecard.  [default: the project's]")
@click.option("--base", metavar="REF", help="Beside which commit things changed.  [default: update.base_branch]")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def comment(forge: str | None, *, evaluation: Path | None, base: str | None, as_json: bool) -> None:
    """Sum up a candidate in one comment for its pull request.

    Prints Markdown: the verdict, five rows, and folded below them data, params and all rows. With --post the comment is made once and edited afterwards, by
    GITHUB_TOKEN or GITLAB_TOKEN; without a token the text is printed, and that is said.
    """
    from keepfit.flows.reviewing.comment import TOKENS, Comment
    from keepfit.flows.reviewing.comment import comment as flow
    from keepfit.flows.reviewing.comment import post as post_it

    made: Comment = flow(evaluation=evaluation, base=base)
    for note in made.notes:
        click.echo(f"keepfit: {note}", err=True)
    posted = None if forge is None else post_it(made, forge, os.environ)  # type: ignore[arg-type]
    if forge is not None and posted is None:
        click.echo(f"keepfit: not posted: {TOKENS[forge]} is not set; this is the text", err=True)  # type: ignore[index]
    if as_json:
        where = {"url": posted.url, "created": posted.created} if posted else {"url": None, "created": None}
        click.echo(json.dumps({"text": made.text, "marker": made.marker, "notes": list(made.notes), **where}, indent=2, sort_keys=True))
    elif posted is None:
        click.echo(made.text, nl=False)
    else:
        click.echo(f"{'made' if posted.created else 'edited'}: {posted.url}")
