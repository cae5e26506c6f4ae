"""`keepfit data`: what changed in the data, and what a model learns from."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from keepfit.cli.output import show

if TYPE_CHECKING:
    from keepfit.flows.data.revisions import Dataset
    from keepfit.records.data_diff import DataDiff

DATASETS = click.Choice(["windows", "train", "evaluate", "holdout"])
OF_FILES = ("--key", "--target", "--time", "--slices")


@click.group()
def data() -> None:
    """See what a model learns from, and compare states of the data."""


@data.command()
@click.argument("before", metavar="[REV1 | FILE1]", required=False)
@click.argument("now", metavar="[REV2 | FILE2]", required=False)
@click.option("--of", "dataset", type=DATASETS, default="windows", help="Of two revisions: the windows, or what was composed of them [default: windows].")
@click.option("--key", default=None, metavar="A,B,…", help="Of two files: the columns that identify a row [default: rows are compared whole].")
@click.option("--target", default=None, metavar="COLUMN", help="Of two files: the column of the labels.")
@click.option("--time", default=None, metavar="COLUMN", help="Of two files: the column that says when.")
@click.option("--slices", default=None, metavar="A,B,…", help="Of two files: count rows by the values of these columns.")
@click.option("--markdown", is_flag=True, help="Print Markdown, as for a comment on a pull request.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object instead of the text.")
def diff(
    before: str | None,
    now: str | None,
    *,
    dataset: Dataset,
    key: str | None,
    target: str | None,
    time: str | None,
    slices: str | None,
    markdown: bool,
    as_json: bool,
) -> None:
    """Say what changed in the data: rows added, removed and changed, columns, labels, slices.

    Without arguments: from HEAD to the work tree; REV1: from there to the work tree; REV1 REV2: between two commits, branches or tags.
    Two tables (CSV, Parquet, or folders of such files): FILE1 FILE2.

    Exit code: 0 no difference, 3 a difference.
    """
    from keepfit.records import to_json
    from keepfit.report.data_diff import data_diff_report

    if before is not None and now is not None and _are_files(before, now):
        found = _of_files(Path(before), Path(now), key=key, target=target, time=time, slices=slices)
    else:
        given = [option for option, value in zip(OF_FILES, (key, target, time, slices), strict=True) if value is not None]
        if given:
            raise click.UsageError(f"{given[0]} is for two files; of revisions params.yaml says it")
        found = _of_revisions(before or "HEAD", now, dataset=dataset)
    if as_json:
        click.echo(to_json(found), nl=False)
    elif markdown:
        click.echo(data_diff_report(found), nl=False)
    else:
        show(data_diff_report(found))
    sys.exit(3 if found.differs else 0)


@data.command()
@click.option("--version", default=None, metavar="V", help="What a registered version was made of [default: what is composed in the work tree].")
@click.option("--out", type=click.Path(path_type=Path), default=None, metavar="FILE", help="Where the page is written [default: .keepfit/data-view.html].")
@click.option("--redact", default=None, metavar="A,B,…", help="Show no value of these columns (besides view.redact of params.yaml).")
@click.option("--samples", type=click.IntRange(0, 2_000), default=60, show_default=True, help="How many training rows are shown, drawn by class.")
def view(version: str | None, *, out: Path | None, redact: str | None, samples: int) -> None:
    """Write one page that shows what the model learns from: rows by class and slice, samples, what it relies on, what changed since the champion.

    The page has no script and loads nothing; it can be mailed and printed. It holds rows of the data: mind who reads it.
    """
    from keepfit.flows.project import find_project
    from keepfit.flows.viewing.view import ViewRequest, write_data_view

    request = ViewRequest(version=version, out=out, redact=_listed(redact), samples=samples)
    click.echo(write_data_view(find_project(), request, say=lambda line: click.echo(f"keepfit: {line}", err=True)))


def _of_files(before: Path, now: Path, *, key: str | None, target: str | None, time: str | None, slices: str | None) -> DataDiff:
    from keepfit.flows.data.tables import TableColumns, diff_files

    if key is not None and not _listed(key):
        raise click.UsageError("--key names no column")
    return diff_files(before, now, TableColumns(key=_listed(key), target=target, time=time, slices=_listed(slices)))


def _of_revisions(before: str, now: str | None, *, dataset: Dataset) -> DataDiff:
    from keepfit.flows.data.diff import diff_revisions
    from keepfit.flows.project import find_project

    return diff_revisions(find_project(), before, now, dataset=dataset, say=lambda line: click.echo(f"keepfit: {line}", err=True))


def _are_files(*names: str) -> bool:
    """Whether the arguments are tables or folders of tables rather than revisions."""
    return all(Path(name).exists() for name in names) or any(name.endswith((".csv", ".csv.gz", ".parquet")) for name in names)


def _listed(names: str | None) -> tuple[str, ...]:
    return tuple(name.strip() for name in (names or "").split(",") if name.strip())
