"""Behaviour tests outside a project: those in the folder that `--behaviour` names, asked of both versions in processes of their own."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from keepfit.errors import DataError
from keepfit.flows.evaluating.beside import Judged
from keepfit.flows.evaluating.sides import Side
from keepfit.flows.models.clean_process import ask_apart
from keepfit.flows.rules.behaviour import about_model, behaviour_files, run_behaviour
from keepfit.integrations.models.asked_process import ModelQuestion
from keepfit.tables.columns import ROW_ID
from keepfit.tables.frames import from_frame, to_frame

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd

    from keepfit.evaluate.behaviour.declared import AboutModel


def tested(found: Judged, folder: Path | None) -> Judged:
    """Return the evaluation with what came of the tests in a folder, and the files' sha256; as it is where none is named.

    Raises `DataError` for a folder without tests, and as the tests do.
    """
    if folder is None:
        return found
    from keepfit.evaluate.behaviour.run import RowsToAsk

    if not behaviour_files(folder):
        raise DataError("no tests lie there", where=f"--behaviour {folder}", fix="a folder with NAME.yaml (docs/behaviour.md)")
    rows, named = to_frame(found.table.given), found.table.asked.id
    asked = RowsToAsk(rows=rows if named else rows.assign(**{ROW_ID: found.table.row_names()}), id_column=named or ROW_ID, about=about_table(found))
    champion = found.champion
    results = run_behaviour(
        folder,
        asked,
        challenger=lambda frame: scores(found, found.challenger, frame),
        champion=None if champion is None else lambda frame: scores(found, champion, frame),
    )
    files = {f"{folder.name}/{path.name}": hashlib.sha256(path.read_bytes()).hexdigest() for path in sorted(folder.iterdir()) if path.is_file()}
    return replace(found, tested=results, suites=files)


def about_table(found: Judged) -> AboutModel:
    """Return what tests are checked against: the columns of the table that may be features, numbers as such, all else as texts."""
    from keepfit.evaluate.behaviour.declared import kinds_in

    return replace(about_model(found.params), features=kinds_in(found.table.given, found.table.aside))


def scores(found: Judged, side: Side, frame: pd.DataFrame) -> np.ndarray:
    """Return what a version answers to rows, in a process of its own; of many classes in the order of the listed ones."""
    table, classes = found.table, found.params.model.classes
    question = ModelQuestion(called=side.called, task=table.task, target=table.asked.target, classes=table.words, aside=(*table.aside, ROW_ID))
    answer = ask_apart(side.folder, from_frame(frame), question).answer
    return (answer if classes is None else answer.told_as(classes)).scores
