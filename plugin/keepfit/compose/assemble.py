"""Compose a data set: which rows train, which judge, which stay apart for good — every row once, with its reason.

The rule that all numbers rest on: the holdout never trains, and what judges a candidate is later than every row that trained
it or the champion. Only a first model is judged on the holdout of its own windows, and then the basis says `same-period`.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from keepfit.compose.holdout import in_holdout
from keepfit.compose.manifest import class_shares, manifest_digest, manifest_table, summarise
from keepfit.compose.quality import Floats, check_training, class_weights
from keepfit.compose.recipe import Recipe
from keepfit.compose.samplers.sampler import Pool
from keepfit.compose.sources import Mask, SortedRows, Texts, gather
from keepfit.errors import DataError, ProjectError
from keepfit.params import Params
from keepfit.records import Action, Basis, Composition, Task, Window
from keepfit.tables.columns import WEIGHT
from keepfit.tables.window_decisions import Decisions, is_excluded

TRAINS = ("train", "replay")


@dataclass(frozen=True, kw_only=True)
class CompositionRequest:
    """What is to be composed: the decision's action and target (the end of training data), and until when the champion was trained.

    `champion` says if there is one: without any, and without a target, all windows train and the holdout judges. `judged` is the composition of a
    model that was judged, whose recipe is to be fitted once more up to the end of the rows that judged it.
    """

    action: Action
    target: datetime | None
    champion: bool = False
    champion_trained_until: datetime | None = None
    judged: Composition | None = None

    @classmethod
    def refit(cls, judged: Composition) -> CompositionRequest:
        """Ask for the refit of what was judged."""
        return cls(action="improve", target=judged.evaluated_until, champion=True, judged=judged)


@dataclass(frozen=True, kw_only=True)
class Sources:
    """Where rows come from: tables by window id, the windows, (window, row id) of quarantined rows, and people's decisions."""

    tables: Mapping[str, pa.Table]
    windows: Sequence[Window]
    quarantined: Collection[tuple[str, str]]
    decisions: Decisions


@dataclass(frozen=True, kw_only=True)
class Composed:
    """The data set: what becomes of each row; tables sorted by row id, the manifest and its summary are each made when they are first asked for."""

    rows: SortedRows
    part: Texts
    weight: Floats
    reason: Texts
    judges: Mask
    asked: CompositionRequest
    task: Task

    @cached_property
    def train(self) -> pa.Table:
        """The rows that train, with their weights."""
        trains = np.isin(self.part, TRAINS)
        return self.rows.table.filter(pa.array(trains)).append_column(WEIGHT, pa.array(self.weight[trains]))

    @cached_property
    def evaluate(self) -> pa.Table:
        """The rows that judge. A refit's are those that it is only looked over on: of the permanent holdout, from where those that judged its sibling came."""
        return self.rows.table.filter(pa.array(self.judges))

    @cached_property
    def holdout(self) -> pa.Table:
        """The rows of the permanent holdout."""
        return self.rows.table.filter(pa.array(self.part == "holdout"))

    @cached_property
    def manifest(self) -> pa.Table:
        """Every row with what became of it, and why."""
        return manifest_table(self.rows, self.part, self.weight, self.reason)

    @cached_property
    def composition(self) -> Composition:
        """The manifest's summary."""
        return _composition(self.rows, self.part, self.asked, self.judges, self.manifest, task=self.task)


def compose(sources: Sources, asked: CompositionRequest, params: Params, *, id_column: str, recipe: Recipe) -> Composed:
    """Compose from the sources; the same input gives the same rows.

    Raises `ProjectError` if the decision asks for something else than a retraining, `DataError` if there is nothing to
    learn from or to judge by, `ParamsError` for a recipe that balances classes that the task does not have.
    """
    _check_asked(asked)
    recipe.check(params.model.task)
    used = [window for window in sources.windows if not (is_excluded(window.id, sources.decisions) and not sources.tables[window.id].num_rows)]
    rows = gather(sources.tables, used, params.data, id_column=id_column, target=params.model.target)
    until, judged_from = _borders(rows, asked, sources.decisions)
    basis: Basis = "same-period" if until is None else "later"
    part, reason = _split(rows, sources, params, until=until, judged_from=judged_from)
    weight = _draw(rows, part, reason, params, recipe)
    if until is not None and not np.isin(part, TRAINS).any():
        raise _nothing_trains(until, asked)
    trains = np.isin(part, TRAINS)
    check_training(rows.label[trains], task=params.model.task, target=params.model.target)
    judges = _judging(rows, part, asked, basis=basis)
    if not judges.any() and asked.judged is None:
        raise _nothing_judges(basis, judged_from)
    return Composed(rows=rows, part=part, weight=weight, reason=reason, judges=judges, asked=asked, task=params.model.task)


def _judging(rows: SortedRows, part: Texts, asked: CompositionRequest, *, basis: Basis) -> Mask:
    """The labelled rows that judge; of a refit those of the holdout in the time of the rows that judged its sibling."""
    labelled = ~np.isnan(rows.label)
    judges: Mask = (part == ("evaluate" if basis == "later" and asked.judged is None else "holdout")) & labelled
    if asked.judged is not None:
        judges &= (rows.time >= np.datetime64(asked.judged.evaluated_from)) & (rows.time < np.datetime64(asked.judged.evaluated_until))
    return judges


def _check_asked(asked: CompositionRequest) -> None:
    if asked.action != "improve":
        fix = "keepfit rollback MODEL --reason …" if asked.action == "rollback" else "mend the data first (keepfit ticket), then keepfit improve TICKET"
        raise ProjectError(f"the decision says {asked.action}, so nothing is composed", where="decision.json: action", fix=fix)


def _borders(rows: SortedRows, asked: CompositionRequest, decisions: Decisions) -> tuple[datetime | None, datetime | None]:
    """The end of training data and the start of judging rows; None and None for a first model.

    With a champion but no target the newest usable window judges.
    """
    until = asked.target
    if until is None and asked.champion:
        until = max((window.start for window in rows.windows if window.start and not is_excluded(window.id, decisions)), default=None)
    if until is None:
        return None, None
    return until, max(until, asked.champion_trained_until or until)


def _split(rows: SortedRows, sources: Sources, params: Params, *, until: datetime | None, judged_from: datetime | None) -> tuple[Texts, Texts]:
    """Each row's part and reason, but for the rows that may train: theirs is '' until a sampler has spoken."""
    part, reason = np.full(len(rows.row_id), "", dtype=object), np.full(len(rows.row_id), "", dtype=object)
    free = np.ones(len(rows.row_id), dtype=np.bool_)

    def send(which: Mask, name: str, why: str) -> None:
        chosen = which & free
        part[chosen], reason[chosen] = name, why
        free[chosen] = False

    first = params.data.as_of if until is None and params.data.history is None else None
    for window in rows.windows:
        if is_excluded(window.id, sources.decisions):
            send(rows.window == window.id, "out", f"window excluded: {sources.decisions[window.id].reason}")
        if first is not None and window.end is not None and window.end > first:
            send(rows.window == window.id, "out", "the window ends after data.as_of")
    if first is not None and not free.any():
        what = f"no window of data/windows is closed by {first:%Y-%m-%d %H:%M}, so a first model has nothing to learn from"
        raise DataError(what, where="params.yaml: data.as_of", fix=f"a later date: the first window ends on {rows.windows[0].end:%Y-%m-%d %H:%M}")
    send(_marked(rows, sources.quarantined), "out", "quarantined")
    held = in_holdout(rows.key, share=params.data.holdout_share, salt=params.data.holdout_salt)
    send(held, "holdout", "permanent holdout")
    send(np.isnan(rows.label), "out", "no label")
    if until is not None and judged_from is not None:
        send(rows.time >= np.datetime64(judged_from), "evaluate", "later than the training data")
        send(rows.time >= np.datetime64(until), "out", "seen by the champion")
    return part, reason


def _marked(rows: SortedRows, quarantined: Collection[tuple[str, str]]) -> Mask:
    if not quarantined:
        return np.zeros(len(rows.row_id), dtype=np.bool_)
    aside = set(quarantined)
    return np.fromiter((pair in aside for pair in zip(rows.window, rows.row_id, strict=True)), dtype=np.bool_, count=len(rows.row_id))


def _draw(rows: SortedRows, part: Texts, reason: Texts, params: Params, recipe: Recipe) -> Floats:
    """Let the recipe say what becomes of the rows that may train, and write it down; returns each row's weight (0 for rows that do not train)."""
    free = np.flatnonzero(part == "")
    drawn = recipe.draw(_pool(rows, free, params, recipe))
    part[free], reason[free] = drawn.part, drawn.reason
    weight = np.zeros(len(part))
    weight[free[drawn.trains]] = 1.0 if drawn.weight is None else np.asarray(drawn.weight, dtype=np.float64)[drawn.trains]
    return weight


def _pool(rows: SortedRows, free: npt.NDArray[np.int64], params: Params, recipe: Recipe) -> Pool:
    present, label = set(rows.window[free]), rows.label[free]
    features = [name for name in params.data.features if name in rows.table.column_names]
    return Pool(
        row_id=rows.row_id[free],
        window=rows.window[free],
        time=rows.time[free],
        label=label,
        weight=class_weights(label) if recipe.balances else np.ones(len(free)),
        features=rows.table.select(features).take(pa.array(free)),
        order=[window.id for window in rows.windows if window.id in present],
    )


def _nothing_trains(until: datetime, asked: CompositionRequest) -> DataError:
    if asked.target is not None:
        what, fix = f"no labelled row may train: none is before the target {until:%Y-%m-%d %H:%M}", "an ISO time after the first labelled rows, or null"
        return DataError(what, where="decision.json: target", fix=fix)
    what = f"no labelled row may train: beside a champion the newest window judges (from {until:%Y-%m-%d %H:%M} on), and no labelled row is before it"
    return DataError(what, where="data/windows", fix="keepfit monitor, then keepfit improve TICKET, which brings the next window")


def _nothing_judges(basis: Basis, judged_from: datetime | None) -> DataError:
    if basis == "same-period":
        return DataError("no labelled row is held out to judge the first model", where="params.yaml: data.holdout_share", fix="a share above 0, e.g. 0.2")
    what = f"no labelled row from {judged_from:%Y-%m-%d %H:%M} on can judge the candidate"
    return DataError(what, where="decision.json: target", fix="add a later window (keepfit monitor, then keepfit improve TICKET), or set an earlier target")


def _composition(rows: SortedRows, part: Texts, asked: CompositionRequest, judges: Mask, manifest: pa.Table, *, task: Task) -> Composition:
    trains = np.isin(part, TRAINS)
    trained = _span(rows, trains)
    made = Composition(
        action=asked.action,
        basis="later",
        trained_from=trained[0],
        trained_until=min(trained[1], asked.target) if asked.target else trained[1],
        evaluated_from=None,
        evaluated_until=None,
        parts=summarise(rows, manifest),
        target_share=class_shares(rows.label[trains]) if task == "classification" else {},
        manifest=manifest_digest(manifest),
    )
    return _judged_on(made, rows, part, asked, judges) if asked.judged is None else _judged_before(made, asked.judged)


def _judged_on(made: Composition, rows: SortedRows, part: Texts, asked: CompositionRequest, judges: Mask) -> Composition:
    """With what judges: later rows, or the holdout of the same windows."""
    start, end = _span(rows, judges)
    if (part[judges] == "holdout").any():
        return replace(made, basis="same-period", evaluated_from=start, evaluated_until=end)
    after = [time for time in (start, made.trained_until, asked.champion_trained_until) if time is not None]
    return replace(made, evaluated_from=max(after), evaluated_until=end)


def _judged_before(made: Composition, judged: Composition) -> Composition:
    """With what judged the sibling of a refit, up to the end of which all is known to it."""
    until = judged.evaluated_until
    return replace(made, trained_until=until, evaluated_from=judged.evaluated_from, evaluated_until=until, sibling_until=judged.trained_until)


def _span(rows: SortedRows, which: Mask) -> tuple[datetime, datetime]:
    """From the start of the first to the end of the last window that has such rows."""
    names = set(rows.window[which])
    spans = [(window.start, window.end) for window in rows.windows if window.id in names and window.start and window.end]
    return min(start for start, _ in spans), max(end for _, end in spans)
