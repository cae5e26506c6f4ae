"""`keepfit label`: rows that people are asked about, and what they answered."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from keepfit.cli.output import show

if TYPE_CHECKING:
    from keepfit.records import LabelOrigin


@click.group()
def label() -> None:
    """Ask people for labels, and take in what they answered."""


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
