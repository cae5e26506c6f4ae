"""Where a report goes: on a terminal laid out by rich, in a pipe or a file as plain text."""

from __future__ import annotations

import sys

import click

from keepfit.report.blocks import plain_text


def show(markdown: str) -> None:
    """Print a report to stdout, without a mark of the Markdown that it is written in."""
    if sys.stdout.isatty():
        from keepfit.integrations.terminal import laid_out

        click.echo(laid_out(markdown), nl=False)
    else:
        click.echo(plain_text(markdown), nl=False)
