"""`keepfit label`: rows that people are asked about, and what they answered."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from keepfit.cli.output import show

if TYPE_CHECKING:
    from keepfit.records import LabelOrigin


@click.group()
def label() -> None:
    """Ask people for labels, and take in what they answered."""


NAMES = "A,B,…"


@label.command("export")
@click.option("--rows", type=click.IntRange(1), required=True, metavar="N", help="How many rows people are asked about.")
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), required=True, metavar="FILE", help="A new file: .csv, or .json for Label Studio.")
@click.option("--ticket", default=None, metavar="ID", help="Ask about the slices of a ticket, in its window.")
@click.option("--slice", "slices", multiple=True, metavar="SLICE", help="Ask about the rows of a slice, such as carrier=HA; again for another.")
@click.option("--from", "source", type=click.Choice(["quality"]), default=None, help="Ask about the most doubtful labels (keepfit data check --suspects).")
@click.option("--window", "windows", multiple=True, metavar="WINDOW", help="A closed window, again for another; all: each [default: the newest].")
@click.option("--strategy", default=None, metavar="NAME", help="random, uncertainty, margin, disagreement, diversity, slices [default: random].")
@click.option("--quota", "quotas", multiple=True, metavar="SLICE:N", help="With --strategy slices: so many rows of a slice first.")
@click.option("--random-share", type=click.FloatRange(0, 1), default=None, metavar="SHARE", help="Of the rows, drawn by chance alone [default: 0.2].")
@click.option("--reason", default="", help="Why no row is drawn by chance alone (--random-share 0).")
@click.option("--seed", type=click.IntRange(0), default=0, show_default=True, help="Another seed draws other rows.")
@click.option("--name", default=None, metavar="NAME", help="What the queue is called [default: as the file].")
@click.option("--columns", default=None, metavar=NAMES, help="What people see of a row [default: the time and the features].")
@click.option("--redact", default=None, metavar=NAMES, help="What nobody sees: names or patterns such as customer_*.")
@click.option("--labelled", is_flag=True, help="Rows that have a label may be asked about, too.")
@click.option("--look-at", type=click.IntRange(1), default=50_000, show_default=True, metavar="N", help="Rows that the strategy looks at, drawn by chance.")
@click.option(
    "--candidate", type=click.Path(path_type=Path, file_okay=False), default=None, metavar="FOLDER", help="With disagreement [default: models/candidate]."
)
@click.option("--json", "as_json", is_flag=True, help="One JSON object on stdout.")
def export_rows(
    *, rows: int, out: Path, quotas: tuple[str, ...], source: str | None, columns: str | None, redact: str | None, as_json: bool, **asked: Any
) -> None:
    """Select rows and write them to a file in which people fill in the label.

    A share is always drawn by chance alone; the queue remembers how likely each row was to be selected. What is there is never overwritten.
    """
    import json

    from keepfit.flows.labelling.export import ExportRequest, export_queue
    from keepfit.flows.project import find_project
    from keepfit.records import to_data
    from keepfit.report.label_queue import queue_report

    names = None if columns is None else _listed(columns)
    fields = {"quotas": dict(map(_quota, quotas))} if quotas else {}
    request = ExportRequest(rows=rows, out=out, columns=names, redacted=_listed(redact or ""), fields=fields, of_quality=source is not None, **asked)
    found = export_queue(find_project(), request)
    if as_json:
        files = [str(path) for path in found.files]
        click.echo(json.dumps({**to_data(found.queue), "files": files, "remarks": list(found.remarks)}, indent=2, ensure_ascii=False))
    else:
        show(queue_report(found.queue, found.remarks))
    click.echo(f"next: fill in {out.name}, then keepfit label import {out if out.suffix == '.csv' else 'EXPORT.json'}", err=True)


@label.command()
@click.argument("queue", required=False, metavar="[QUEUE]")
@click.option("--all", "every", is_flag=True, help="List the queues that are answered, too.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def status(queue: str | None, *, every: bool, as_json: bool) -> None:
    """List the queues that wait for answers, or show one: how many rows are answered, and which are missing."""
    import json

    from keepfit.flows.labelling.status import label_status
    from keepfit.flows.project import find_project
    from keepfit.report.label_status import status_data, status_report, status_table

    found = label_status(find_project(), queue, every=every)
    if as_json:
        click.echo(json.dumps({"queues": [status_data(one) for one in found]}, indent=2, ensure_ascii=False))
    elif queue is not None:
        show("\n".join(map(status_report, found)))
    elif found:
        show(status_table(found))
        click.echo(f"next: keepfit label status {found[-1].name}, or keepfit label import FILE", err=True)
    else:
        click.echo("no queue waits for answers", err=True)


def _listed(names: str) -> tuple[str, ...]:
    return tuple(name.strip() for name in names.split(",") if name.strip())


def _quota(said: str) -> tuple[str, int]:
    name, _, rows = said.rpartition(":")
    if not name or not rows.strip().isdigit():
        raise click.UsageError(f"--quota {said}: a slice and its rows, such as carrier=HA:20")
    return name, int(rows)


@label.command("import")
@click.argument("file", type=click.Path(path_type=Path), metavar="FILE")
@click.option("--queue", default=None, metavar="NAME", help="The queue that is answered [default: any that asked about the row].")
@click.option("--origin", type=click.Choice(["gold", "annotator", "proxy", "weak"]), default="annotator", help="Whose word it is [default: annotator].")
@click.option("--annotator", default="", metavar="NAME", help="Who answered, where the file does not say it.")
@click.option("--skip-refused", is_flag=True, help="Take the other answers where some are refused [default: all or nothing].")
@click.option("--json", "as_json", is_flag=True, help="One JSON object on stdout.")
def import_file(file: Path, *, queue: str | None, origin: LabelOrigin, annotator: str, skip_refused: bool, as_json: bool) -> None:
    """Take in labels: a CSV (as exported, or id,label), or a Label Studio export (.json).

    They are written to labels/, for review in git. Importing a file twice changes nothing.
    """
    from keepfit.flows.labelling.import_labels import ImportRequest, import_labels
    from keepfit.flows.project import find_project
    from keepfit.records import to_json
    from keepfit.report.label_import import label_import_report, refusal

    project = find_project()
    found = import_labels(project, file, ImportRequest(queue=queue, origin=origin, annotator=annotator, skip_refused=skip_refused))
    if as_json:
        click.echo(to_json(found), nl=False)
    else:
        show(label_import_report(found))
    if found.file is not None:
        written = project.root / found.file
        click.echo(f"next: git add {os.path.relpath(written)} && git commit -m 'Labels of {written.stem}'", err=True)
    elif found.refused and not skip_refused:
        more = f"; --skip-refused takes the other {found.taken:,}" if found.taken else ""
        click.echo(f"keepfit: {refusal(found)} ({file})\n  fix: correct the file{more}", err=True)
        sys.exit(1)
