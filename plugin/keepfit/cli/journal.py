"""`keepfit history`, `audit`, `verify`: what the gate's journal says, and whether the registry agrees."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import click

from keepfit.cli.output import show

STORE = click.option("--store", metavar="URI", help="The registry's database.  [default: KEEPFIT_STORE, else .keepfit/server/mlflow.db]")
STORE_OR_SERVER = click.option(
    "--store", metavar="URI", help="The registry's database.  [default: KEEPFIT_STORE, else .keepfit/server/mlflow.db, else the server is asked]"
)
JSON = click.option("--json", "as_json", is_flag=True, help="Print JSON.")


@click.command()
@click.argument("model")
@STORE_OR_SERVER
@click.option("--workspace", help="Only this workspace of MLflow.")
@JSON
def history(model: str, *, store: str | None, workspace: str | None, as_json: bool) -> None:
    """Show who promoted what, when, and on which evidence."""
    from keepfit.flows.promotion.history import history as flow
    from keepfit.records import to_data
    from keepfit.report.journal import history_table

    told = flow(model, store=store, workspace=workspace)
    if as_json:
        click.echo(json.dumps([to_data(row) for row in told.rows], indent=2, ensure_ascii=False))
    else:
        show(history_table(told.rows))
    if told.older:
        click.echo(f"keepfit: {told.older} older rows are left out here; its database has them all: --store URI", err=True)


@click.command()
@STORE
@click.option("--head", type=click.Path(path_type=Path), help="A file in git with the chain's head: compared, then brought up to date.")
@click.option("--rules", help="The rules whose protected names are looked at.  [default: the project's gate.yaml, else KEEPFIT_GATE]")
@click.option("--files", is_flag=True, help="Read every champion's files too, through the tracking server: were they changed in place?")
@JSON
def audit(*, store: str | None, head: Path | None, rules: str | None, files: bool, as_json: bool) -> None:
    """Hold the registry against its journal.

    Ends with 0 if all is explained, 3 if the chain is broken or a pointer stands where the journal did not put it.
    """
    from keepfit.flows.promotion.audit import audit as flow
    from keepfit.flows.promotion.audit import audit_json

    found = flow(store=store, head=head, rules=rules, files=files)
    if as_json:
        click.echo(audit_json(found), nl=False)
    else:
        for finding in found.findings:
            click.echo(f"{finding.grade}: {finding.text}" + (f"\n  fix: {finding.fix}" if finding.fix else ""))
        click.echo(f"{found.rows} rows, head {found.head}")
    sys.exit(found.exit_code)


@click.command()
@click.argument("uri")
@click.option("--rules", help="The rules that name the trusted keys.  [default: the project's gate.yaml, else KEEPFIT_GATE]")
@JSON
def verify(uri: str, *, rules: str | None, as_json: bool) -> None:
    """Verify the bytes of models:/NAME@ALIAS or models:/NAME/VERSION against their certificate.

    Ends with 0 if they are the certified ones, 3 if not.
    """
    from keepfit.flows.promotion.verify import verify as flow

    found = flow(uri, rules=rules)
    if as_json:
        click.echo(json.dumps(vars(found), indent=2, sort_keys=True))
    elif found.problem is None:
        click.echo(f"{found.model} v{found.version}: the files are the certified ones ({found.digest}), vouched for by {found.by}")
    else:
        click.echo(f"{found.model} v{found.version}: NOT VERIFIED: {found.problem}")
    sys.exit(found.exit_code)
