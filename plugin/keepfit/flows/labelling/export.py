"""`keepfit label export`: rows that people are asked to label, as a file that they fill in, and the record by which their answers are understood."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from keepfit.errors import DataError, ParamsError, ProjectError
from keepfit.flows.labelling.asked_before import people_are_asked, people_know
from keepfit.flows.labelling.asked_models import seen_by_models
from keepfit.flows.labelling.known_rows import words_written
from keepfit.flows.labelling.queue_files import SUFFIXES, check_free, queue_path, write_queue
from keepfit.flows.labelling.queues import known_queues
from keepfit.flows.project import Project
from keepfit.flows.rows.labelled_windows import ALL, labelled_windows
from keepfit.records import Queue, QueueRow, from_json

if TYPE_CHECKING:
    from keepfit.compose.queue.drawing import DrawnQueue, QueueDrawing, QueueLook
    from keepfit.compose.queue.population import QueuePopulation
    from keepfit.compose.queue.strategy import QueueStrategy
    from keepfit.records import Ticket
    from keepfit.records.quality import Suspects

SUSPECTS = "suspects.json"
NAME = re.compile(r"^[A-Za-z0-9][A-Za-z0-9_-]{0,79}$")
MOST = 50_000
"""Rows that a strategy looks at by default."""


@dataclass(frozen=True, kw_only=True)
class ExportRequest:
    """What is asked for: `rows` of a ticket's slice, named slices or windows, by a strategy with its fields, to a file `out`; see `keepfit label export`."""

    rows: int
    out: Path
    name: str | None = None
    ticket: str | None = None
    slices: Sequence[str] = ()
    windows: Sequence[str] = ()
    strategy: str | None = None
    fields: Mapping[str, Any] = field(default_factory=dict)
    random_share: float | None = None
    reason: str = ""
    seed: int = 0
    labelled: bool = False
    of_quality: bool = False
    look_at: int = MOST
    candidate: Path | None = None
    columns: Sequence[str] | None = None
    redacted: Sequence[str] = ()


@dataclass(frozen=True, kw_only=True)
class Exported:
    """The queue that was made, the files that people get, and what is to be said of it."""

    queue: Queue
    files: tuple[Path, ...]
    remarks: tuple[str, ...]


def export_queue(project: Project, request: ExportRequest, *, now: datetime | None = None) -> Exported:
    """Select rows and write them for people; nothing is written where anything is wrong.

    Raises `KeepfitError` for a file or queue that is there, and for what does not exist or does not fit.
    """
    from keepfit.compose.queue.again import asked_again, one_after_the_other
    from keepfit.compose.queue.drawing import QueueDrawing
    from keepfit.compose.queue.population import population_of

    name, files = _name(request), _files(request)
    check_free({**dict.fromkeys(files, "--out"), queue_path(project, name): "--name"})
    request, ticket = _of_ticket(project, request)
    strategy, suspects, share = _strategy(project, request), _suspects(project, request), _share(request)
    tables = labelled_windows(project, request.windows or ((ALL,) if request.of_quality else ()))
    again = asked_again(tables, project.params, _ties(project), most=request.rows)
    known, asked = people_know(project), people_are_asked(project)
    of_any = request.labelled or request.of_quality
    population = population_of(tables, project.params, known=known, asked=asked | known if request.of_quality else asked, labelled=of_any)
    drawing = QueueDrawing(rows=request.rows - len(again.rows), random_share=share, slices=request.slices, suspects=suspects)
    drawn, remarks = (again, ()) if drawing.rows == 0 else _drawn(project, request, population, drawing, strategy)
    remarks = (*_of_ties(again), *_without_slice(ticket, drawing), *remarks)
    drawn = drawn if drawing.rows == 0 else one_after_the_other(again, drawn)
    queue = replace(
        _queue(project, request, name, now=now or datetime.now(UTC)),
        strategy=strategy.name,
        ticket="" if ticket is None else ticket.id,
        windows=tuple(tables),
        population=len(population),
        random_share=share,
        rows=drawn.rows,
    )
    write_queue(project, queue, _texts(project, request, queue, drawn, files))
    return Exported(queue=queue, files=files, remarks=remarks)


def _share(request: ExportRequest) -> float:
    """The share by chance; raises `ParamsError` for one of 0 without a reason, and for numbers that make no queue."""
    from keepfit.compose.queue.select import RANDOM_SHARE, check_numbers

    share = RANDOM_SHARE if request.random_share is None else request.random_share
    check_numbers(request.rows, share)
    if share == 0 and not request.reason.strip():
        what = "without a share by chance nobody can say how often the model is wrong"
        raise ParamsError(what, where="--random-share", fix="--reason '…' says why none is needed")
    return share


def _drawn(
    project: Project, request: ExportRequest, population: QueuePopulation, drawing: QueueDrawing, strategy: QueueStrategy
) -> tuple[DrawnQueue, tuple[str, ...]]:
    """Rows that nobody was asked about before, and what is to be said of them."""
    from keepfit.compose.queue.drawing import QueueLook, draw_queue

    _check(population)
    in_full = drawing.suspects is not None or not strategy.chooses  # a sample would miss suspects and rows of a rare slice, and nothing is scored
    most = len(population) if in_full else request.look_at
    look = QueueLook.at(population, project.params, seed=request.seed, most=most)
    seen = seen_by_models(project, look.table, needs=strategy.needs, candidate=request.candidate, coded=bool(request.slices))
    drawn = draw_queue(look, project.params, strategy, drawing=drawing, seen=seen)
    return drawn, _remarks(population, look, drawn, drawing)


def _ties(project: Project) -> dict[str, QueueRow]:
    """The rows on which people disagree, as they were selected."""
    from keepfit.compose.queue.again import as_selected
    from keepfit.flows.labelling.ties import open_ties

    return as_selected({tie.row for tie in open_ties(project)}, known_queues(project))


def _name(request: ExportRequest) -> str:
    name = request.name or re.sub(r"[^A-Za-z0-9_-]+", "-", request.out.name.split(".")[0]).strip("-")[:80]
    if not NAME.match(name):
        raise ParamsError(f"{name[:80]!r} is no name of a queue", where="--name", fix="letters, digits, - and _")
    return name


def _files(request: ExportRequest) -> tuple[Path, ...]:
    """The file for people; for Label Studio its configuration as well."""
    if request.out.suffix not in SUFFIXES:
        raise ParamsError(f"{request.out.name} is neither a CSV nor Label Studio's JSON", where="--out", fix="name it .csv or .json")
    return (request.out,) if request.out.suffix == ".csv" else (request.out, request.out.with_suffix(".xml"))


def _of_ticket(project: Project, request: ExportRequest) -> tuple[ExportRequest, Ticket | None]:
    """What a ticket asks for: its window, and the slices that its loss comes from, or that grew."""
    if request.ticket is None:
        return request, None
    from keepfit.flows.tickets.tickets import find_ticket
    from keepfit.update.confusions import asked_slices

    ticket = find_ticket(project, request.ticket)
    slices = () if ticket.root is None else asked_slices(ticket.root)
    return replace(request, slices=request.slices or slices, windows=request.windows or (ticket.window,)), ticket


def _suspects(project: Project, request: ExportRequest) -> Suspects | None:
    """The rows whose labels were found doubtful, where people are asked about these."""
    if not request.of_quality:
        return None
    from keepfit.records.quality import Suspects

    path = project.state / SUSPECTS
    if not path.is_file():
        raise ProjectError("nobody has ranked the labels by how doubtful they are", where="--from quality", fix="keepfit data check --suspects")
    return from_json(Suspects, path.read_bytes(), where=f".keepfit/{SUSPECTS}")


def _strategy(project: Project, request: ExportRequest) -> QueueStrategy:
    from keepfit.compose.queue.at_random import AtRandom
    from keepfit.compose.queue.doubtful import MostDoubtful
    from keepfit.plugins import make

    if request.of_quality:
        if request.strategy is not None:
            raise ParamsError("--from quality asks about the most doubtful labels first: no strategy chooses", where="--strategy", fix="leave one of them out")
        return MostDoubtful()
    name, task = request.strategy or AtRandom.name, project.params.model.task
    strategy: QueueStrategy = make("queue_strategies", name, request.fields, where=f"--strategy {name}", section=f"--strategy {name}")
    if task not in strategy.tasks:
        raise ParamsError(f"the strategy {name} asks for {strategy.words}; a {task} has none", where="--strategy", fix="disagreement, diversity or slices")
    if "slicing columns" in strategy.needs and not project.params.sliced:
        raise ParamsError(f"the strategy {name} goes by slices, and there are none", where="params.yaml: evaluate.slices", fix="name slicing columns there")
    return strategy


def _check(population: QueuePopulation) -> None:
    if len(population):
        return
    others = [f"{n:,} {said}" for n, said in ((population.labelled, "have one"), (population.asked, "are in an open queue")) if n]
    what = f"no row waits for a label ({', '.join(others)})" if others else "the windows have no rows"
    raise DataError(what, where="--window", fix="--labelled asks about rows that have a label, too; --window names other windows, all each of them")


def _queue(project: Project, request: ExportRequest, name: str, *, now: datetime) -> Queue:
    """The record, without what is drawn."""
    pin = project.baseline.champion
    return Queue(
        name=name,
        made_at=now.replace(microsecond=0),
        strategy="",
        seed=request.seed,
        format="csv" if request.out.suffix == ".csv" else "label-studio",
        model=project.params.model.name,
        version=None if pin is None else pin.version,
        classes=_classes(project),
        slice="; ".join(request.slices),
        labelled=request.labelled or request.of_quality,
        reason=" ".join(request.reason.split()),
    )


def _classes(project: Project) -> tuple[str, ...]:
    """The answers that are allowed, as people write them; none for a number."""
    model = project.params.model
    if model.task == "regression":
        return ()
    if model.many or model.positive is None:
        return tuple(model.class_names)
    return tuple(sorted(words_written(project) | {model.positive}))


def _texts(project: Project, request: ExportRequest, queue: Queue, drawn: DrawnQueue, files: Sequence[Path]) -> dict[Path, str]:
    """What the files for people hold."""
    from keepfit.compose.queue.shown import shown_columns, shown_rows
    from keepfit.report.label_sheet import ShownRows, label_sheet
    from keepfit.report.label_studio_tasks import label_studio_config, label_studio_tasks

    columns = shown_columns(drawn.table.column_names, project.params, columns=request.columns, redacted=request.redacted)
    ids = [row.row for row in queue.rows]
    shown = ShownRows(ids=ids, columns=columns, values=shown_rows(drawn.table, columns), classes=queue.classes, queue=queue.name)
    if queue.format == "csv":
        return {files[0]: label_sheet(shown)}
    text = next((name for name in columns if str(project.params.data.features.get(name)) == "text"), None)
    return {files[0]: label_studio_tasks(shown, text=text), files[1]: label_studio_config(shown, text=text)}


def _of_ties(again: DrawnQueue) -> tuple[str, ...]:
    return (f"{len(again.rows):,} rows are asked about again, as people disagree on them",) if again.rows else ()


def _without_slice(ticket: Ticket | None, drawing: QueueDrawing) -> tuple[str, ...]:
    return () if ticket is None or drawing.slices else (f"the ticket {ticket.id} names no slice: rows of its whole window",)


def _remarks(population: QueuePopulation, look: QueueLook, drawn: DrawnQueue, drawing: QueueDrawing) -> tuple[str, ...]:
    """What a reader has to know of the queue beside its rows."""
    rows, looked = len(drawn.rows), look.table.num_rows
    said = []
    if drawn.in_slices is not None and rows < drawing.rows:
        what = "suspects are" if drawing.suspects is not None else "rows of the slice are"
        more = f", and {drawn.held:,} more are held out and asked about by chance alone" if drawn.held else ""
        said.append(f"{rows:,} of {drawing.rows:,} rows: {drawn.in_slices:,} {what} there to be asked about{more}")
    elif rows < drawing.rows:
        said.append(
            f"{rows:,} of {drawing.rows:,} rows: no more wait for a label ({population.labelled:,} have one, {population.asked:,} are being asked about)"
        )
    if rows == len(population):
        said.append("every row that waits is in the queue: nobody chose")
    if looked < len(population):
        said.append(f"the strategy looked at {looked:,} of {len(population):,} rows, drawn by chance (--look-at)")
    if drawing.random_share == 0:
        said.append("no row was drawn by chance alone: these labels train, and say nothing of how often the model is wrong")
    return tuple(said)
