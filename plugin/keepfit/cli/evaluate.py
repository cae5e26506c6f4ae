"""`keepfit evaluate`: two registered versions on one labelled table."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path
from shlex import quote
from typing import Any

import click

from keepfit.cli.listed import listed
from keepfit.cli.output import show
from keepfit.cli.promotion import RULES_HELP


@click.command()
@click.argument("model")
@click.argument("version")
@click.option("--data", metavar="TABLE", type=click.Path(path_type=Path), help="Labelled rows: CSV, Parquet, or a folder of such files.")
@click.option("--from-run", metavar="RUN", help="Instead: the rows of an mlflow.models.evaluate run, where it holds them; both versions are asked anew.")
@click.option("--target", required=True, metavar="COLUMN", help="The column of the labels.")
@click.option("--against", metavar="ALIAS|VERSION", help="What it is compared with.  [default: the champion; none stands: a first model]")
@click.option("--slices", metavar="A,B,…", help="Columns whose values are judged apart, beside those that the rules name.")
@click.option("--metric", metavar="NAME", help="What decides.  [default: the metric that the rules name, else the usual one of the task]")
@click.option("--metrics", metavar="A,B,…", help="Metrics shown beside it.")
@click.option("--positive", metavar="VALUE", help="Of two classes the one that counts as 1.  [default: 1, or a word for yes]")
@click.option("--task", type=click.Choice(["classification", "regression"]), default=None, help="[default: by the target's values]")
@click.option("--id", "id_", metavar="COLUMN", help="The column that tells rows apart: none may be there twice.")
@click.option("--time", metavar="COLUMN", help="When a row was: intervals then know days, and the gate how old the rows are.")
@click.option("--group", metavar="COLUMN", help="Rows of one group are taken as one in intervals.")
@click.option(
    "--trained-on", multiple=True, metavar="TABLE", type=click.Path(path_type=Path), help="All rows that trained the two models: none of them may judge."
)
@click.option("--confirm", metavar="SHARE", type=float, default=0.0, help="Set this share of the rows aside: the gain on it, which no rule sees, is reported.")
@click.option("--also", multiple=True, metavar="NAME=TABLE", help="Labelled rows of an incident that must not come back: judged as incident=NAME.")
@click.option("--rules", metavar="PLACE", help=RULES_HELP.replace("KEEPFIT_GATE]", "KEEPFIT_GATE, else the server's own]"))
@click.option("--behaviour", metavar="FOLDER", type=click.Path(path_type=Path, file_okay=False, exists=True), help="Behaviour tests to ask, NAME.yaml files.")
@click.option("--impact", metavar="FILE", type=click.Path(path_type=Path, dir_okay=False), help="What answers cost: YAML with the keys of impact.")
@click.option("--out", metavar="FOLDER", type=click.Path(path_type=Path, file_okay=False), help="Where to write.  [default: keepfit-evaluation/MODEL-vVERSION]")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object instead of the page.")
def evaluate(
    model: str,
    version: str,
    *,
    data: Path | None,
    from_run: str | None,
    also: tuple[str, ...],
    trained_on: tuple[Path, ...],
    slices: str | None,
    metrics: str | None,
    against: str | None,
    rules: str | None,
    confirm: float,
    behaviour: Path | None,
    impact: Path | None,
    out: Path | None,
    as_json: bool,
    **asked: Any,
) -> None:
    """Judge a registered version beside the champion on one labelled table, without a project.

    Exit code: 0 nothing speaks against it, 3 something does, 4 only rows that too few labels leave undecided.
    """
    import json

    from keepfit.evaluate.labelled_table import EvaluationQuestion
    from keepfit.flows.evaluating.also import named_tables
    from keepfit.flows.evaluating.evaluate import EvaluationAsked
    from keepfit.flows.evaluating.evaluate import evaluate as flow
    from keepfit.records import to_data

    question = EvaluationQuestion(id=asked.pop("id_"), slices=tuple(listed(slices or "")), metrics=tuple(listed(metrics or "")), **asked)
    if (data is None) == (from_run is None):
        raise click.UsageError("--data names the rows, or --from-run: one of the two")
    wanted = EvaluationAsked(
        data=data, from_run=from_run, trained_on=trained_on, question=question, against=against, rules=rules, confirm=confirm, out=out, behaviour=behaviour
    )
    wanted = replace(wanted, also=named_tables(also), impact=impact)
    found = flow(model, version, wanted, say=lambda line: click.echo(f"keepfit: {line}", err=True))
    if as_json:
        told = {"evaluation": to_data(found.evaluation), "scorecard": to_data(found.card), "out": str(found.out), "exit_code": found.exit_code}
        click.echo(json.dumps(told, indent=2, sort_keys=True, allow_nan=False))
    else:
        show(found.page)
    click.echo(f"next: keepfit certify {quote(model)} {version} --evaluation {quote(str(found.out))}", err=True)
    sys.exit(found.exit_code)
