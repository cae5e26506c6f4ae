"""`keepfit data`: what changed in the data, what a model learns from, and what is wrong with it."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from keepfit.cli.output import show

if TYPE_CHECKING:
    from keepfit.expect.checked_table import TableQuestion
    from keepfit.flows.data.check import SuspectsAsked
    from keepfit.flows.data.revisions import Dataset
    from keepfit.records.data_diff import DataDiff

DATASETS = click.Choice(["windows", "train", "evaluate", "holdout"])
OF_FILES = ("--key", "--target", "--time", "--slices")


@click.group()
def data() -> None:
    """See what a model learns from, check it, and compare states of the data."""


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


@data.command()
@click.argument("table", metavar="[TABLE]", required=False, type=click.Path(path_type=Path))
@click.option("--suspects", is_flag=True, help="Rank labels by how doubtful they are, out of folds: trains the estimator --folds times.")
@click.option("--evidence", default=None, metavar="A,B,…", help="With --suspects: columns known only after the target, by which a label can be checked.")
@click.option(
    "--share", type=click.FloatRange(0, 1, min_open=True), default=0.05, show_default=True, help="With --suspects: which share of the labels is listed."
)
@click.option("--folds", type=click.IntRange(2, 50), default=5, show_default=True, help="With --suspects.")
@click.option(
    "--by", type=click.Choice(["rows", "day"]), default="rows", show_default=True, help="What is kept together in a fold, where data.group is not set."
)
@click.option("--seed", type=int, default=0, show_default=True, help="Of the folds.")
@click.option("--rank", type=click.Choice(["confidence", "cleanlab"]), default="confidence", show_default=True, help="cleanlab: its ranking (an extra).")
@click.option("--against", default=None, metavar="TABLE", type=click.Path(path_type=Path), help="Of a table: rows that judge; none of them should train.")
@click.option("--target", default=None, metavar="COLUMN", help="Of a table: the column of the labels.")
@click.option("--task", type=click.Choice(["classification", "regression"]), default=None, help="Of a table [default: by the target's values].")
@click.option("--time", default=None, metavar="COLUMN", help="Of a table: the column that says when.")
@click.option("--id", "id_", default=None, metavar="COLUMN", help="Of a table: the column that identifies a row [default: rows are numbered].")
@click.option("--group", default=None, metavar="COLUMN", help="Of a table: rows of one group are in one fold.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object instead of the text.")
def check(table: Path | None, *, suspects: bool, as_json: bool, id_: str | None, **asked: Any) -> None:
    """Say what is wrong with the rows that train, or with a table.

    Rows that repeat or contradict others, or that judge as well; features that tell the target almost alone, or have one value; doubtful labels.

    Exit code: 0 nothing to act on, 3 something.
    """
    from keepfit.flows.data.check import check_project, check_table
    from keepfit.flows.project import find_project
    from keepfit.records import to_json
    from keepfit.report.quality import is_clean, quality_report

    def say(line: str) -> None:
        click.echo(f"keepfit: {line}", err=True)

    of_suspects = _suspects_asked(suspects, asked)
    own = {"id": id_, **{name: asked[name] for name in ("target", "task", "time", "group", "against")}}
    if table is None:
        given = next((name for name, value in own.items() if value is not None), None)
        if given is not None:
            raise click.UsageError(f"--{given} is of a table; of a project's training set params.yaml says it")
        found = check_project(find_project(), of_suspects, say=say)
    else:
        found = check_table(table, _table_question(own), of_suspects, against=own["against"], say=say)
    if as_json:
        click.echo(to_json(found), nl=False)
    else:
        show(quality_report(found, project=table is None))
    sys.exit(0 if is_clean(found) else 3)


def _suspects_asked(suspects: bool, asked: dict[str, Any]) -> SuspectsAsked | None:
    from keepfit.flows.data.check import SuspectsAsked

    if not suspects:
        if asked["evidence"] is not None:
            raise click.UsageError("--evidence is for --suspects")
        return None
    names = ("share", "folds", "by", "seed", "rank")
    return SuspectsAsked(evidence=_listed(asked["evidence"]), **{name: asked[name] for name in names})


def _table_question(own: dict[str, Any]) -> TableQuestion:
    from keepfit.expect.checked_table import TableQuestion

    if own["target"] is None:
        raise click.UsageError("--target names the column of the labels")
    return TableQuestion(**{name: own[name] for name in ("target", "task", "time", "id", "group")})


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
