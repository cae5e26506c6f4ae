"""`keepfit data`: what changed in the data."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from keepfit.cli.output import show


@click.group()
def data() -> None:
    """Compare states of the data."""


@data.command()
@click.argument("before", metavar="[REV1 | FILE1]", required=False)
@click.argument("now", metavar="[REV2 | FILE2]", required=False)
@click.option("--key", default=None, metavar="A,B,…", help="Of two files: the columns that identify a row [default: rows are compared whole].")
@click.option("--target", default=None, metavar="COLUMN", help="Of two files: the column of the labels.")
@click.option("--time", default=None, metavar="COLUMN", help="Of two files: the column that says when.")
@click.option("--slices", default=None, metavar="A,B,…", help="Of two files: count rows by the values of these columns.")
@click.option("--markdown", is_flag=True, help="Print Markdown, as for a comment on a pull request.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object instead of the text.")
def diff(
    before: str | None, now: str | None, *, key: str | None, target: str | None, time: str | None, slices: str | None, markdown: bool, as_json: bool
) -> None:
    """Say what changed in the data: rows added, removed and changed, columns, labels, slices.

    Two tables (CSV, Parquet, or folders of such files): FILE1 FILE2.

    Exit code: 0 no difference, 3 a difference.
    """
    from keepfit.flows.data.tables import TableColumns, diff_files
    from keepfit.records import to_json
    from keepfit.report.data_diff import data_diff_report

    if before is None or now is None:
        raise click.UsageError("two files, or folders of files, are needed")
    columns = TableColumns(key=_listed(key), target=target, time=time, slices=_listed(slices))
    found = diff_files(Path(before), Path(now), columns)
    if as_json:
        click.echo(to_json(found), nl=False)
    elif markdown:
        click.echo(data_diff_report(found), nl=False)
    else:
        show(data_diff_report(found))
    sys.exit(3 if found.differs else 0)


def _listed(names: str | None) -> tuple[str, ...]:
    return tuple(name.strip() for name in (names or "").split(",") if name.strip())
