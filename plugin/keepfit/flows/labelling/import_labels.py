"""`keepfit label import`: what people answered becomes a file of `labels/`, all of it or, where something is refused, nothing unless that is asked for."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from keepfit.errors import DataError
from keepfit.flows.ignored import refuse_hidden
from keepfit.flows.labelling.known_rows import newest_ids, rows_among, words_written
from keepfit.flows.labelling.queues import known_queues
from keepfit.flows.labelling.ties import keep_ties
from keepfit.flows.project import Project
from keepfit.flows.rows.people_labels import FOLDER, add_labels, people_labels
from keepfit.records import Label, LabelImport, LabelOrigin, RefusedAnswer
from keepfit.tables.columns import ROW_ID, id_column
from keepfit.tables.label_file import in_utc

if TYPE_CHECKING:
    from keepfit.compose.answers.accept import Asked
    from keepfit.compose.answers.answer import HandedIn

LONGEST_NAME = 80


@dataclass(frozen=True, kw_only=True)
class ImportRequest:
    """Which queue is answered (None: any), who says the labels and who gave them where the file does not say it; `skip_refused`: take the others."""

    queue: str | None = None
    origin: LabelOrigin = "annotator"
    annotator: str = ""
    skip_refused: bool = False


def import_labels(project: Project, file: Path, request: ImportRequest, *, now: datetime | None = None) -> LabelImport:
    """Read a file of answers and write those that are labels to `labels/`; return what was made of it.

    Labels that the project has are not written again: the same file twice changes nothing. Raises `DataError` for a file that cannot be read.
    """
    from keepfit.compose.answers.accept import accept

    handed = _handed_in(project, file)
    accepted = accept(handed, _asked(project, handed, request, now=in_utc(now or datetime.now(UTC))))
    refused = tuple(RefusedAnswer(place=one.place, row=one.row, why=one.why) for one in accepted.refused)
    ties = tuple(replace(tie, queue=accepted.queues.get(tie.row, "")) for tie in accepted.votes.ties)
    found = LabelImport(
        source=file.name,
        empty=accepted.empty,
        repeated=accepted.repeated,
        refused=refused,
        ties=ties,
        agreement=accepted.votes.agreement,
        remarks=tuple(accepted.remarks),
    )
    if refused and not request.skip_refused:
        return replace(found, taken=len(accepted.labels))
    name = _name(file)
    keep_ties(project, name, ties)
    return _written(project, name, accepted.labels, found)


def _handed_in(project: Project, file: Path) -> HandedIn:
    """What the file holds."""
    from keepfit.compose.answers.label_studio import tasks
    from keepfit.compose.answers.sheet import sheet

    try:
        content = file.read_bytes()
    except OSError as bad:
        raise DataError(f"{file.name} cannot be read: {bad.strerror}", where=str(file), fix="check the path and its permissions") from bad
    ids, labels = {"id", "row", ROW_ID, id_column(project.params)}, {"label", project.params.model.target}
    if file.suffix.lower() == ".json":
        return tasks(content, ids=ids, where=file.name)
    return sheet(content, ids=ids, labels=labels, where=file.name)


def _asked(project: Project, handed: HandedIn, request: ImportRequest, *, now: datetime) -> Asked:
    """What the answers are held against."""
    from keepfit.compose.answers.accept import Asked

    queues = known_queues(project, request.queue)
    named = {answer.row for answer in handed.answers}
    rows = rows_among(project, named) | {row.row for queue in queues for row in queue.rows if row.row in named}
    alike = ({row.row for queue in queues for row in queue.rows} or newest_ids(project)) if named - rows else set[str]()
    return Asked(
        rows=rows,
        classes=_classes(project),
        numbers=project.params.model.task == "regression",
        queues=queues,
        now=now,
        origin=request.origin,
        annotator=request.annotator,
        only=request.queue,
        alike=alike,
    )


def _classes(project: Project) -> Sequence[str]:
    """The labels that are allowed; none where any is: of two classes only the one that counts as 1 may be known, and the other is what people write."""
    model = project.params.model
    if model.task == "regression":
        return ()
    if model.many:
        return model.class_names
    if model.positive is None:
        return ("0", "1")
    words = words_written(project) | {model.positive}
    return tuple(sorted(words)) if len(words) > 1 else ()


def _name(file: Path) -> str:
    """What the file of labels is called: as the file of answers, in letters that every system knows."""
    return re.sub(r"[^A-Za-z0-9_-]+", "-", file.name.split(".")[0]).strip("-")[:LONGEST_NAME] or "labels"


def _written(project: Project, name: str, labels: Sequence[Label], found: LabelImport) -> LabelImport:
    """Write the labels that the project does not have; looked up again where somebody else wrote meanwhile."""
    for number in range(1, 10_000):
        there = people_labels(project)
        known = set(map(_said, there))
        new = [label for label in labels if _said(label) not in known]
        counted = replace(found, taken=len(new), known=len(labels) - len(new), changed=_changed(new, there))
        if not new:
            return counted
        tried = name if number == 1 else f"{name}-{number}"
        refuse_hidden(project.root, [f"{FOLDER}/{tried}.csv"])
        path = add_labels(project, tried, new)
        if path is not None:
            return replace(counted, file=f"{FOLDER}/{path.name}")
    raise DataError(f"there are 10,000 files of the name {name} in {FOLDER}", where=f"{FOLDER}/{name}.csv", fix="give the file of answers another name")


def _said(label: Label) -> tuple[str, ...]:
    """What makes a label the same when it is imported again, whenever that is."""
    return (label.row, label.label, label.origin, label.annotator, label.queue)


def _changed(new: Sequence[Label], there: Sequence[Label]) -> int:
    """How many rows have another label by now than people had given before."""
    newest = {label.row: label for label in sorted(there, key=lambda one: one.known_at)}
    return sum(label.row in newest and newest[label.row].label != label.label for label in new)
