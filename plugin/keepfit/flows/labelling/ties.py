"""Rows on which people disagree: kept in `.keepfit/ties/`, one file an import, until one of `labels/*.csv` decides them; they are asked about again."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Sequence
from pathlib import Path

from keepfit.flows.project import Project
from keepfit.flows.rows.people_labels import people_labels
from keepfit.records import Tie, from_json
from keepfit.records.labels import Ties

FOLDER = "ties"


def open_ties(project: Project) -> list[Tie]:
    """Return the rows on which people disagree and that nobody has decided since, each once."""
    found = [tie for path in sorted((project.state / FOLDER).glob("*.json")) for tie in from_json(Ties, path.read_bytes(), where=str(path.name)).ties]
    decided = {label.row for label in people_labels(project)} if found else set[str]()
    return list({tie.row: tie for tie in found if tie.row not in decided}.values())


def keep_ties(project: Project, name: str, ties: Sequence[Tie]) -> None:
    """Keep the ties of an import in place of those of the same file before."""
    from keepfit.records import to_json

    folder = project.state / FOLDER
    if not ties:
        (folder / f"{name}.json").unlink(missing_ok=True)
        return
    folder.mkdir(parents=True, exist_ok=True)
    handle, draft = tempfile.mkstemp(dir=folder, prefix=".")
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(to_json(Ties(ties=tuple(ties))))
    Path(draft).replace(folder / f"{name}.json")
