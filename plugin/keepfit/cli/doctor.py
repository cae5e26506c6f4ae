"""`keepfit doctor`."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from pathlib import Path

import click


@click.command()
@click.option("--rules", type=click.Path(path_type=Path), help="The server's rules, as they lie here.  [default: the project's gate.yaml, else KEEPFIT_GATE]")
@click.option("--model", metavar="NAME", help="Ask the server about this model.  [default: what the rules protect]")
@click.option(
    "--fleet", is_flag=False, flag_value="", default=None, metavar="[FLEET.yaml]", help="Look at all projects of a fleet instead, by what their own files say."
)
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def doctor(*, rules: Path | None, model: str | None, fleet: str | None, as_json: bool) -> None:
    """Look for what is open: server, rules, keys, versions; each with its fix.

    Ends with 1 if anything failed; with 0 if all is well, only warned of, or could not be known.
    """
    if fleet is not None:
        if rules is not None or model is not None:
            raise click.UsageError("--fleet looks at projects, --rules and --model at a server: one after the other")
        sys.exit(_of_fleet(Path(fleet) if fleet else None, as_json=as_json))
    from keepfit.flows.doctor.doctor import diagnose
    from keepfit.report.doctor import doctor_text

    done = diagnose(rules=rules, model=model)
    if as_json:
        click.echo(json.dumps({"schema": 1, "checks": [asdict(check) for check in done.checks]}, indent=2))
    else:
        click.echo(doctor_text(done.checks), nl=False)
    sys.exit(done.exit_code)


def _of_fleet(named: Path | None, *, as_json: bool) -> int:
    """Show what is found of all projects; return the exit code."""
    from keepfit.flows.fleet.doctor import diagnose_fleet
    from keepfit.flows.fleet.projects import find_fleet
    from keepfit.report.doctor import doctor_text

    found = diagnose_fleet(find_fleet(named))
    if as_json:
        click.echo(json.dumps({"schema": 1, "checks": [{**asdict(one.check), "models": list(one.models)} for one in found]}, indent=2))
    else:
        click.echo(doctor_text([one.said for one in found]), nl=False)
    return int(any(one.check.status == "fail" for one in found))
