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
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def doctor(*, rules: Path | None, model: str | None, as_json: bool) -> None:
    """Look for what is open: server, rules, keys, versions; each with its fix.

    Ends with 1 if anything failed; with 0 if all is well, only warned of, or could not be known.
    """
    from keepfit.flows.doctor.doctor import diagnose
    from keepfit.report.doctor import doctor_text

    done = diagnose(rules=rules, model=model)
    if as_json:
        click.echo(json.dumps({"schema": 1, "checks": [asdict(check) for check in done.checks]}, indent=2))
    else:
        click.echo(doctor_text(done.checks), nl=False)
    sys.exit(done.exit_code)
