"""`keepfit skew`: features logged online beside those recomputed offline."""

from __future__ import annotations

import sys
from math import isnan
from pathlib import Path

import click

from keepfit.cli.output import show

TABLE = click.Path(path_type=Path)


@click.command()
@click.option("--online", required=True, type=TABLE, metavar="TABLE", help="The features as they were logged where the model was asked.")
@click.option("--offline", required=True, type=TABLE, metavar="TABLE", help="The features as they are recomputed, or their history.")
@click.option("--key", required=True, metavar="A,B,…", help="The columns that say whose features, or of which request, a row is.")
@click.option("--time", default=None, metavar="COLUMN", help="When: each online row is held against the newest offline row of its key that is not later.")
@click.option("--timezone", default="UTC", show_default=True, help="Of times without a zone.")
@click.option("--columns", default=None, metavar="A,B,…", help="Only these features [default: all that both tables have].")
@click.option("--tolerance", type=click.FloatRange(0), default=1e-6, show_default=True, help="Numbers this close, relative to the larger (and to 1), are one.")
@click.option("--max-share", type=click.FloatRange(0, 1), default=0.01, show_default=True, help="Up to this share of a feature's rows may be unlike.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object instead of the text.")
def skew(
    online: Path,
    offline: Path,
    *,
    key: str,
    time: str | None,
    timezone: str,
    columns: str | None,
    tolerance: float,
    max_share: float,
    as_json: bool,
) -> None:
    """Compare features logged online with those recomputed offline: what a model was trained on, and what it is given.

    Tables are CSV, Parquet, or folders of such files.

    Exit code: 0 no skew, 3 skew, 4 no row or no feature in common.
    """
    from keepfit.flows.skew import SkewQuestion, exit_code, json_text, skew_of
    from keepfit.report.skew import skew_report

    if not _listed(key):
        raise click.UsageError("--key names no column")
    if isnan(tolerance) or isnan(max_share):
        raise click.UsageError("--tolerance and --max-share are numbers")
    names = None if columns is None else _listed(columns)
    asked = SkewQuestion(key=_listed(key), time=time, timezone=timezone, columns=names, tolerance=tolerance, max_share=max_share)
    found = skew_of(online, offline, asked)
    if as_json:
        click.echo(json_text(found), nl=False)
    else:
        show(skew_report(found))
    sys.exit(exit_code(found))


def _listed(names: str) -> tuple[str, ...]:
    return tuple(name.strip() for name in names.split(",") if name.strip())
