"""`keepfit certify`, `promote`, `rollback`, `keys`, `gate`: the way of a version to the champion alias and back."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from keepfit.cli.people import adopt

if TYPE_CHECKING:
    from keepfit.flows.promotion.explained import Explained

RULES_HELP = "The gate's rules: a file, or git+file://REPO@BRANCH:PATH.  [default: the project's gate.yaml, else KEEPFIT_GATE]"


@click.command()
@click.argument("model")
@click.argument("version")
@click.option("--ref", default=None, metavar="REF", help="The commit whose dvc.lock, scorecard and suites are certified.  [default: HEAD]")
@click.option(
    "--evaluation",
    metavar="PLACE",
    type=click.Path(path_type=Path, exists=True),
    help="Without a project: the folder that an evaluation has written, or its file.",
)
@click.option(
    "--data", metavar="TABLE", type=click.Path(path_type=Path), help="With --evaluation: where the table lies now.  [default: where it was evaluated]"
)
@click.option("--key", metavar="NAME", help="With --evaluation: the key that signs.  [default: the project's, else default]")
def certify(model: str, version: str, *, ref: str | None, evaluation: Path | None, data: Path | None, key: str | None) -> None:
    """Sign what was found about a version: by a project's commit, or by an evaluation without one."""
    from keepfit.flows.promotion.certify import certify as flow
    from keepfit.flows.promotion.certify_evaluation import certify_evaluation

    if evaluation is None:
        if data is not None or key is not None:
            raise click.UsageError(f"{'--data' if data else '--key'} is for --evaluation: of a project's commit params.yaml says it")
        done = flow(model, version, ref=ref or "HEAD")
    elif ref is not None:
        raise click.UsageError("--ref names a project's commit, --evaluation is of none: give one of the two")
    else:
        done = certify_evaluation(model, version, evaluation, data=data, key=key)
    click.echo(done.summary)
    if done.note:
        click.echo(f"keepfit: {done.note}", err=True)
    click.echo(f"next: keepfit promote {model} {version}", err=True)


@click.command()
@click.argument("model")
@click.argument("version")
def promote(model: str, version: str) -> None:
    """Move the champion alias through the gated server."""
    from keepfit.flows.promotion.promote import promote as flow

    moved = flow(model, version)
    click.echo(f"{model} v{moved.version} is {moved.alias}" + (f" (before: v{moved.previous})" if moved.previous else "") + _attested(moved.attested))
    _next_in_project()


@click.command()
@click.argument("model")
@click.option("--reason", required=True, help="What went wrong; it is kept in the gate's journal.")
@click.option("--to", "version", metavar="VERSION", help="The version to go back to.  [default: the one before the champion]")
def rollback(model: str, *, reason: str, version: str | None) -> None:
    """Move the champion alias back to a former champion."""
    from keepfit.flows.promotion.rollback import rollback as flow

    moved = flow(model, reason=reason, version=version)
    click.echo(f"{model} went back from v{moved.previous} to v{moved.version}{_attested(moved.attested)}")
    _next_in_project()


@click.group()
def keys() -> None:
    """Make a signing key pair."""


@keys.command("new")
@click.argument("name", default="default")
def new_key(name: str) -> None:
    """Make the key pair NAME; an existing one is never overwritten."""
    from keepfit.flows.promotion.keys import make_key

    made = make_key(name)
    click.echo(made.line)
    click.echo(f"keepfit: the private key lies in {made.path}; the line above goes under trust: in gate.yaml", err=True)


@click.group()
def gate() -> None:
    """Say what the gate would say, of a version, a commit, or the open requests; take in a champion."""


@gate.command("explain")
@click.argument("model")
@click.argument("version")
@click.option("--rules", metavar="PLACE", help=RULES_HELP)
@click.option("--store", metavar="URI", help="The registry's database, for what only the journal knows: approvals, waivers, former champions.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def explain(model: str, version: str, *, rules: str | None, store: str | None, as_json: bool) -> None:
    """Show every demand with value, bound, its rule's line and what would meet it.

    Ends with 0 if the version would pass, 3 if it would be refused, 4 if only undecided rows stand in the way.
    """
    from keepfit.flows.promotion.explain import explain as flow

    _tell(flow(model, version, rules=rules, store=store), as_json=as_json)


@gate.command("check")
@click.option("--ref", default="HEAD", show_default=True, help="The commit whose candidate is judged.")
@click.option("--rules", metavar="PLACE", help=RULES_HELP)
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def check(*, ref: str, rules: str | None, as_json: bool) -> None:
    """Judge a commit's candidate from files alone, without a server, as CI does before a merge.

    Ends with 0 if it would pass, 3 if it would be refused, 4 if only undecided rows stand in the way.
    """
    from keepfit.flows.promotion.gate_check import gate_check as flow

    _tell(flow(ref=ref, rules=rules), as_json=as_json)


@gate.command("requests")
@click.argument("model", required=False)
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def requests(model: str | None, *, as_json: bool) -> None:
    """List the open requests of MODEL, or of all: who, since when, why, and what the gate would say now."""
    from keepfit.flows.promotion.pending import open_requests
    from keepfit.records import to_data
    from keepfit.report.pending import pending_text

    found = open_requests(model)
    click.echo(json.dumps([to_data(one) for one in found], indent=2, sort_keys=True, ensure_ascii=False) if as_json else pending_text(found))
    if found:
        click.echo("next: keepfit approve MODEL VERSION, keepfit reject MODEL VERSION --reason …, or keepfit promote MODEL VERSION", err=True)


def _tell(explained: Explained, *, as_json: bool) -> None:
    """Print a verdict with its demands and end with its exit code."""
    from keepfit.records import to_data
    from keepfit.report.verdict import explanation

    if as_json:
        demands = [{**to_data(demand), "place": place} for demand, place in explained.demands]
        lists = {"unchecked": list(explained.unchecked), "waivable": list(explained.waivable)}
        data = {"verdict": to_data(explained.verdict), "demands": demands, "rules": explained.rules, **lists}
        click.echo(json.dumps(data, indent=2, sort_keys=True))
    else:
        left = {"unchecked": explained.unchecked, "waivable": explained.waivable}
        click.echo(explanation(explained.verdict, explained.demands, subject=explained.subject, rules=explained.rules, **left))
    sys.exit(explained.exit_code)


gate.add_command(adopt)


def _next_in_project() -> None:
    """What comes after the champion has moved; without a project there is nothing to pin it for."""
    from keepfit.flows.promotion.promote import project_or_none

    if project_or_none() is not None:
        click.echo("next: keepfit sync", err=True)


def _attested(attested: str) -> str:
    return f", {attested}" if attested else ""
