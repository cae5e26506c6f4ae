"""`keepfit approve`, `request`, `reject`, `waive`, `retire`: what people say to the gate."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import click

REASON = click.option("--reason", required=True, help="Why; it is kept in the gate's journal.")
KEY = click.option("--key", metavar="NAME", help="The signing key.  [default: certify.key of the project, else 'default']")


@click.command()
@click.argument("model")
@click.argument("version")
@click.option("--withdraw", is_flag=True, help="Withdraw your own approval instead.")
def approve(model: str, version: str, *, withdraw: bool) -> None:
    """Approve a version as champion, on the certificate that lies there."""
    from keepfit.flows.promotion import requests as flow

    if withdraw:
        flow.withdraw(model, version)
        click.echo(f"withdrew the approval of {model} v{version}")
        return
    pointer = flow.approve(model, version)
    click.echo(f"approved {model} v{version} as {pointer}")
    click.echo(f"next: someone else runs keepfit promote {model} {version}", err=True)


@click.command()
@click.argument("model")
@click.argument("version")
@click.option("--reason", help="Why it should serve; it is kept in the gate's journal.")
@click.option("--withdraw", is_flag=True, help="Take your own request back instead.")
def request(model: str, version: str, *, reason: str | None, withdraw: bool) -> None:
    """Ask for a version to become champion, where others may approve or move it."""
    from keepfit.flows.promotion import pending as flow

    if withdraw == (reason is not None):
        raise click.UsageError("--reason says why it should serve; --withdraw takes the request back: one of them")
    if reason is None:
        flow.withdraw(model, version)
        click.echo(f"withdrew the request for {model} v{version}")
        return
    pointer = flow.request(model, version, reason=reason)
    click.echo(f"requested {model} v{version} as {pointer}")
    click.echo(f"next: keepfit gate requests {model}", err=True)


@click.command()
@click.argument("model")
@click.argument("version")
@REASON
def reject(model: str, version: str, *, reason: str) -> None:
    """Reject the open request for a version: its certificate promotes nothing until somebody asks again."""
    from keepfit.flows.promotion.pending import reject as flow

    flow(model, version, reason=reason)
    click.echo(f"rejected the request for {model} v{version}")
    click.echo(f"next: keepfit history {model}", err=True)


@click.command()
@click.argument("model")
@click.argument("version")
@click.option("--rule", required=True, help="The rule to set aside, as gate explain names it.")
@REASON
@click.option("--until", required=True, type=click.DateTime(["%Y-%m-%d", "%Y-%m-%dT%H:%M"]), help="The last day, or the UTC time, on which it holds.")
@KEY
def waive(model: str, version: str, *, rule: str, reason: str, until: datetime, key: str | None) -> None:
    """Set one rule aside for one version, for a time."""
    from keepfit.flows.promotion.requests import instant
    from keepfit.flows.promotion.requests import waive as flow

    done = flow(model, version, rule=rule, reason=reason, until=instant(until), key=key)
    click.echo(f"waived {rule} for {model} v{version} until {done.request.until:%Y-%m-%d %H:%M} UTC{done.attested}")
    click.echo(f"next: keepfit promote {model} {version}", err=True)


@click.command()
@click.argument("model")
@REASON
@KEY
def retire(model: str, *, reason: str, key: str | None) -> None:
    """Give up a model's protected pointers: no version is champion any more."""
    from keepfit.flows.promotion.requests import retire as flow

    done = flow(model, reason=reason, key=key)
    click.echo(f"retired {model}: no version is champion{done.attested}")


@click.command()
@click.argument("model")
@click.option("--version", metavar="VERSION", help="The version that stands there.  [default: the champion's]")
@REASON
@click.option("--data", type=click.Path(path_type=Path), help="A table of the rows it was trained on: its reference profile is kept beside it.")
@KEY
def adopt(model: str, *, version: str | None, reason: str, data: Path | None, key: str | None) -> None:
    """Take a champion that the journal does not explain into it, with its files as they are."""
    from keepfit.flows.promotion.requests import adopt as flow

    done = flow(model, version, reason=reason, data=data, key=key)
    click.echo(f"adopted {model} v{done.request.version}{done.attested}")
    click.echo(f"next: keepfit history {model}", err=True)
