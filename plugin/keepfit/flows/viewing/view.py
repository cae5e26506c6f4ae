"""`keepfit data view`: what a model learns from, read once and written as one page. Nothing else is changed, and no model is trained."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from keepfit.errors import KeepfitError, ParamsError, UnknownNameError
from keepfit.flows.data.check import SUSPECTS
from keepfit.flows.data.diff import diff_revisions
from keepfit.flows.data.revisions import Say
from keepfit.flows.labelling.status import label_status
from keepfit.flows.models.scoring import PredictCommand, open_scorer
from keepfit.flows.page_file import write_page_file
from keepfit.flows.project import Project
from keepfit.flows.viewing.viewed import SHORT, Viewed, champions_commit, of_version, work_tree
from keepfit.records import Composition, from_json
from keepfit.records.data_diff import DataDiff
from keepfit.records.data_view import DataView, ModelSide, QueueRows, Relied, SampleRow, Samples, SuspectRow, SuspectRows
from keepfit.records.quality import Suspects

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    from keepfit.evaluate.reliance import AskedModel
    from keepfit.integrations.models.scorer import Scorer
    from keepfit.params import Params

PAGE = "data-view.html"
SAMPLES, CELLS, SEED, DOUBTED = 60, 24, 0, 40
COMMAND = "what the models rely on is not measured: the project's own predict command would have to run once for each column and shuffle"


@dataclass(frozen=True, kw_only=True)
class ViewRequest:
    """What is asked for: a registered version (None: the work tree), where the page goes, whose values are not shown, how many samples."""

    version: str | None = None
    out: Path | None = None
    redact: tuple[str, ...] = ()
    samples: int = SAMPLES


def write_data_view(project: Project, request: ViewRequest, *, say: Say = lambda _: None) -> Path:
    """Write the page and return where it lies (by default `.keepfit/data-view.html`, which git ignores).

    Raises `ProjectError` where nothing is composed or the champion is not here, `UnknownNameError` for a column to redact that is none.
    """
    from keepfit.report.data_view import data_view_page

    out = request.out or project.state / PAGE
    if request.out is None:
        project.state.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="keepfit-view-") as scratch:
        viewed = work_tree(project) if request.version is None else of_version(project, request.version, Path(scratch), say=say)
        write_page_file(out, data_view_page(data_view(project, viewed, request)), option="--out")
    return out


def data_view(project: Project, viewed: Viewed, request: ViewRequest) -> DataView:
    """Return all that the page says, without the values that are not to be seen."""
    from keepfit.compose.contents import columns_for, contents
    from keepfit.integrations.tables import columns_of, read_columns
    from keepfit.report.augmented import augmented_summary
    from keepfit.report.redaction import redacted_composition, redacted_diff

    params, there = viewed.params, columns_of(viewed.train)
    hidden = _hidden(project, params, there, request)
    champion = _champions(viewed)
    notes = [*_model_notes(viewed), *_knows_the_answers(viewed, champion), *filter(None, [augmented_summary(viewed.composition, plain=True)])]
    models = _models(project, viewed)
    relied = _relied(viewed, models, hidden)
    notes += [COMMAND] if models and relied is None else []
    diff = _diff(project, viewed, notes)
    samples = _samples(viewed, models, request, hidden=hidden)
    return DataView(
        model=params.model.name,
        task=params.model.task,
        target=params.model.target,
        what=viewed.name,
        basis=viewed.composition.basis,
        trained_from=viewed.composition.trained_from,
        trained_until=viewed.composition.trained_until,
        champion="" if viewed.pin is None else f"version {viewed.pin.version}",
        contents=contents(read_columns(viewed.train, columns_for(params, there)), params, hidden=hidden),
        composition=redacted_composition(viewed.composition, hidden),
        champion_composition=None if champion is None else redacted_composition(champion, hidden),
        relied=relied,
        samples=samples,
        suspects=_suspects(project, viewed, models, samples.columns, hidden=hidden),
        queues=_queues(project),
        diff=None if diff is None else redacted_diff(diff, hidden),
        redacted=hidden,
        notes=tuple(notes),
    )


def _hidden(project: Project, params: Params, there: Sequence[str], request: ViewRequest) -> tuple[str, ...]:
    """Whose values are not shown: by today's params.yaml and by the command; the target is what the page is about."""
    named = dict.fromkeys(project.params.view.redact, "params.yaml: view.redact") | dict.fromkeys(request.redact, "--redact")
    for name, where in named.items():
        if name not in (*there, *params.data.time_features):
            raise UnknownNameError("column", name, known=[one for one in there if not one.startswith("_")], where=where)
        if name == params.model.target:
            raise ParamsError(f"the target {name!r} cannot be redacted: the page is about it", where=where, fix="redact features, ids or texts")
    return tuple(sorted(named))


def _model_notes(viewed: Viewed) -> list[str]:
    if viewed.candidate is None:
        return ["there is no candidate of these rows yet: dvc repro trains one"]
    composed = viewed.candidate / "composition.json"
    made = from_json(Composition, composed.read_bytes(), where=str(composed)).manifest if composed.is_file() else ""
    return ["the candidate was trained on other rows than these: dvc repro"] if made and made != viewed.composition.manifest else []


def _models(project: Project, viewed: Viewed) -> dict[ModelSide, Scorer]:
    train = viewed.params.train
    repo = project.repo if train.command is not None else None
    folders: dict[ModelSide, Path | None] = {"champion": viewed.champion, "candidate": viewed.candidate}
    return {which: open_scorer(folder, train, repo) for which, folder in folders.items() if folder is not None}


def _relied(viewed: Viewed, models: dict[ModelSide, Scorer], hidden: Sequence[str]) -> Relied | None:
    """What the models rely on, by the rows that judge; None without a model, or where asking one costs a run of a command."""
    from keepfit.evaluate.reliance import JudgingRows, ShuffleLimits, relied_on
    from keepfit.evaluate.scorecard import metrics_of
    from keepfit.integrations.tables import read_table
    from keepfit.tables.frames import to_frame
    from keepfit.tables.labels import labelled_if_any, labels
    from keepfit.tables.origins import origins
    from keepfit.tables.time_features import in_frame, sliced_by

    if not models or any(isinstance(one, PredictCommand) for one in models.values()):
        return None
    params = viewed.params
    frame = labelled_if_any(params, to_frame(read_table(viewed.evaluate)))
    sliced = in_frame(frame, sliced_by(params, frame.columns))
    slices = {name: sliced[name].tolist() for name in params.sliced if name in sliced.columns and name not in hidden}
    rows = JudgingRows(frame=frame, y=labels(params, frame), origins=origins(params.data, frame), slices=slices)
    asked = {which: _asked(scorer) for which, scorer in models.items()}
    limits = ShuffleLimits(min_rows=params.evaluate.min_rows, confidence=params.evaluate.confidence, seed=SEED)
    return relied_on(asked, rows, metrics_of(params.evaluate, params.model.task)[0], limits=limits)


def _asked(scorer: Scorer) -> AskedModel:
    from keepfit.evaluate.reliance import AskedModel
    from keepfit.tables.time_features import asked_for

    return AskedModel(ask=scorer.score, columns=asked_for(scorer.meta))


def _champions(viewed: Viewed) -> Composition | None:
    """What the champion was made of; None where there is none, or it was trained elsewhere."""
    path = None if viewed.champion is None else viewed.champion / "composition.json"
    return from_json(Composition, path.read_bytes(), where=str(path)) if path is not None and path.is_file() else None


def _knows_the_answers(viewed: Viewed, champion: Composition | None) -> list[str]:
    """A champion that was promoted from these very rows was refitted with those that judge."""
    until, judged = None if champion is None else champion.trained_until, viewed.composition.evaluated_from
    if viewed.composition.basis != "later" or until is None or judged is None or until <= judged:
        return []
    return [f"the champion learned from rows until {until:%Y-%m-%d}, which judge here from {judged:%Y-%m-%d}: what it says of them it may know by heart"]


def _diff(project: Project, viewed: Viewed, notes: list[str]) -> DataDiff | None:
    """What changed in the rows that train since the champion's; where that cannot be told, a note says why."""
    if viewed.pin is None:
        return None
    commit = champions_commit(project, viewed)
    if commit is None:
        notes.append("what changed in the rows since the champion is not known: no commit here made it")
        return None
    try:
        found = diff_revisions(project, commit, viewed.revision, dataset="train")
    except KeepfitError as away:
        notes.append(f"what changed in the rows since the champion cannot be told: {away.what}")
        return None
    return replace(found, before=f"the champion's ({commit[:SHORT]})", now=viewed.name)


def _queues(project: Project) -> tuple[QueueRows, ...]:
    """How far the open queues of the work tree are answered."""
    return tuple(
        QueueRows(
            name=one.name,
            made_at=one.made_at,
            strategy=one.strategy,
            ticket=one.ticket,
            rows=one.total.rows,
            answered=one.total.answered,
            ties=len(one.ties),
        )
        for one in label_status(project)
    )


def _samples(viewed: Viewed, models: dict[ModelSide, Scorer], request: ViewRequest, *, hidden: Sequence[str]) -> Samples:
    import numpy as np

    from keepfit.integrations.tables import columns_of, read_columns
    from keepfit.tables.columns import PARENT
    from keepfit.tables.labels import labels
    from keepfit.tables.sample import places_by_class
    from keepfit.tables.training_rows import came

    params = viewed.params
    there = columns_of(viewed.train)
    label = labels(params, came(read_columns(viewed.train, [name for name in (params.model.target, PARENT) if name in there])))
    places = places_by_class(label, request.samples, rng=np.random.default_rng(SEED))
    features = [name for name in params.data.features if name in there]
    rows = _shown(viewed, models, places, features[:CELLS], hidden=hidden)
    return Samples(columns=tuple(features[:CELLS]), more_columns=max(len(features) - CELLS, 0), rows=rows)


def _shown(
    viewed: Viewed, models: dict[ModelSide, Scorer], places: npt.NDArray[np.int64], columns: Sequence[str], *, hidden: Sequence[str]
) -> tuple[SampleRow, ...]:
    """The training rows at these places, with what the models say of them."""
    from keepfit.integrations.streams import ParquetRows
    from keepfit.integrations.tables import columns_of
    from keepfit.tables.columns import PARENT, id_column
    from keepfit.tables.frames import to_frame
    from keepfit.tables.sample import picked_rows
    from keepfit.tables.shown_rows import shown_rows

    there = [name for name in columns_of(viewed.train) if name != PARENT]
    table = picked_rows(ParquetRows(viewed.train), there, places)
    frame = to_frame(table)
    scores = {which: scorer.score(frame) for which, scorer in models.items()} if len(frame) else {}
    return shown_rows(viewed.params, table, scores=scores, columns=columns, id_column=id_column(viewed.params), hidden=hidden)


def _suspects(project: Project, viewed: Viewed, models: dict[ModelSide, Scorer], columns: Sequence[str], *, hidden: Sequence[str]) -> SuspectRows | None:
    """The most doubtful labels that `keepfit data check --suspects` found among the rows of the work tree; None where it has not run."""
    from keepfit.integrations.tables import read_columns
    from keepfit.tables.columns import id_column
    from keepfit.tables.sample import places_of

    path = project.state / SUSPECTS
    if viewed.revision is not None or not path.is_file():
        return None
    kept = from_json(Suspects, path.read_bytes(), where=f".keepfit/{SUSPECTS}")
    name = id_column(viewed.params)
    ids = read_columns(viewed.train, [name])[name]
    at, places = places_of(ids, [one.row for one in kept.rows[:DOUBTED]])
    shown = dict(zip(places.tolist(), _shown(viewed, models, places, columns, hidden=hidden), strict=True))
    rows = [SuspectRow(row=shown[at[one.row]], instead=one.instead, score=one.score) for one in kept.rows[:DOUBTED] if one.row in at]
    return SuspectRows(method=kept.method, judged=kept.judged, listed=len(kept.rows), rows=tuple(rows))
