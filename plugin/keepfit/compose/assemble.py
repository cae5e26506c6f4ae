"""Compose a data set: which rows train, which judge, which stay apart for good — every row once, with its reason.

The rule that all numbers rest on: the holdout never trains, and what judges a candidate is later than every row that trained
it or the champion. Only a first model is judged on the holdout of its own windows, and then the basis says `same-period`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

import numpy as np
import pyarrow as pa

from keepfit.compose.apart import Apart, by_people, set_apart
from keepfit.compose.augment.made import Suite, TrainingRows, make_rows
from keepfit.compose.composed import Composed
from keepfit.compose.curation.rules import NOTHING, Curation
from keepfit.compose.drawing.drawn import check_before
from keepfit.compose.fates import FREE, TRAINS, Fates
from keepfit.compose.judging import HELD_BACK, JudgingQuotas
from keepfit.compose.manifest import class_shares, summarise
from keepfit.compose.merged import WideColumns
from keepfit.compose.quality.admissible import Floats, check_training, class_weights
from keepfit.compose.quality.screening import screen
from keepfit.compose.recipe import Recipe
from keepfit.compose.sources import Mask, Positions, SortedRows, WideRows, gather
from keepfit.compose.strata import slices_of
from keepfit.compose.unlabelled import with_targets
from keepfit.compose.window_pool import Pooled, WindowPool
from keepfit.errors import DataError, ProjectError
from keepfit.params import Params
from keepfit.records import Action, Basis, Composition, RecipeDraw, Stratum, Task, Window
from keepfit.tables.classes import unlisted_names
from keepfit.tables.people_labels import PeopleLabels
from keepfit.tables.window_decisions import Decisions, is_excluded
from keepfit.tables.written_targets import WRITTEN

MOST_UNLISTED = 10


@dataclass(frozen=True, kw_only=True)
class CompositionRequest:
    """What is to be composed: the decision's action and target (the end of training data), and until when the champion was trained.

    `champion` says if there is one: without any, and without a target, all windows train and the holdout judges. `judged` is the composition of a
    model that was judged, whose recipe is to be fitted once more up to the end of the rows that judged it. `holds_back`: windows may be held back from
    training to judge, as `compose.judge` says; a scout and a backtest judge window by window.
    """

    action: Action
    target: datetime | None
    champion: bool = False
    champion_trained_until: datetime | None = None
    judged: Composition | None = None
    holds_back: bool = False

    @classmethod
    def refit(cls, judged: Composition) -> CompositionRequest:
        """Ask for the refit of what was judged."""
        return cls(action="improve", target=judged.evaluated_until, champion=True, judged=judged)


@dataclass(frozen=True, kw_only=True)
class Sources:
    """Where rows come from: tables (or files) by window id, the windows, (window, row id) of quarantined rows, people's decisions on windows and on rows.

    `suite` looks over the rows that a recipe's augmentations make; None: there is none.
    `people`: the labels that people gave (None: none). `drawn`: what rows of the windows were drawn by, for a recipe (None: they were not).
    """

    tables: Mapping[str, WideRows]
    windows: Sequence[Window]
    quarantined: Collection[tuple[str, str]]
    decisions: Decisions
    curation: Curation = NOTHING
    suite: Suite | None = None
    people: PeopleLabels | None = None
    drawn: RecipeDraw | None = None


def compose(sources: Sources, asked: CompositionRequest, params: Params, *, id_column: str, recipe: Recipe) -> Composed:
    """Compose from the sources; the same input gives the same rows.

    Raises `ProjectError` if the decision asks for something else than a retraining, `DataError` if there is nothing to
    learn from or to judge by, `ParamsError` for a recipe that balances classes that the task does not have.
    """
    _check_asked(asked)
    recipe.check(params)
    used = [window for window in sources.windows if not (is_excluded(window.id, sources.decisions) and not sources.tables[window.id].num_rows)]
    tables = sources.tables if sources.people is None else with_targets(sources.tables, params.model.target)
    rows = gather(tables, used, params.data, id_column=id_column, target=params.model.target)
    rows = replace(rows, classes=params.model.classes or ())
    layout = WideColumns.of(rows)
    until, judged_from = _borders(rows, asked, sources.decisions)
    if sources.drawn is not None and until is not None:
        check_before(sources.drawn, until)
    basis: Basis = "same-period" if until is None else "later"
    rows, apart, fates = _decided(rows, sources, asked, params, until=until, judged_from=judged_from)
    apart.check_some(fates, used=fates.where(FREE), what="train")
    quality = screen(rows, fates, params, recipe.quality)
    strata, weight = _draw(rows, fates, params, recipe, own=apart.weight)
    if until is not None and not fates.where(*TRAINS).any():
        raise _nothing_trains(until, asked)
    check_training(rows.label[fates.where(*TRAINS)], task=params.model.task, target=params.model.target, listed=rows.classes)
    judges = _judging(rows, fates, asked, basis=basis)
    if not judges.any() and asked.judged is None:
        apart.check_some(fates, used=judges, what="judge")
        raise _nothing_judges(basis, judged_from)
    curation, quotas, origins = apart.report(fates, judges=judges), JudgingQuotas.of(rows, params), apart.origins(fates, judges=judges)
    apart.remark(fates, used=fates.where(*TRAINS) | judges)
    summary = _summary(rows, fates, asked, judges, weight, task=params.model.task)
    strata = (*strata, *([] if asked.judged else quotas.outcome(judges, judges | quotas.may(rows, fates, asked.champion_trained_until, basis=basis))))
    stock = TrainingRows(rows=rows, layout=layout, fates=fates, weight=weight, relabelled=apart.relabelled, suite=sources.suite)
    made = make_rows(stock, recipe.augments, params)
    summary = replace(summary, recipe=recipe.name or "", strata=strata, curation=curation, quality=quality, labels=origins)
    summary = replace(summary, augmented=() if made is None else made.outcomes)
    return Composed(rows=rows.to_write(), fates=fates, weight=weight, judges=judges, apart=apart, summary=summary, layout=layout, made=made)


def _judging(rows: SortedRows, fates: Fates, asked: CompositionRequest, *, basis: Basis) -> Mask:
    """The labelled rows that judge; of a refit those of the holdout in the time of the rows that judged its sibling."""
    labelled = ~np.isnan(rows.label)
    judges: Mask = fates.where("evaluate" if basis == "later" and asked.judged is None else "holdout") & labelled
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


def _decided(
    rows: SortedRows, sources: Sources, asked: CompositionRequest, params: Params, *, until: datetime | None, judged_from: datetime | None
) -> tuple[SortedRows, Apart, Fates]:
    """The rows as people's rules leave them, and what becomes of each but for those that may train.

    Which windows are held back to judge is decided on the rows as they came: a rule for training has no say in it, and touches no row of theirs.
    """
    rows, said = by_people(rows, sources.people)
    apart = set_apart(rows, sources.quarantined, params, said)
    fates = _split(rows, sources, params, apart, until=until, judged_from=judged_from)
    if asked.holds_back and until is not None:
        JudgingQuotas.of(rows, params).hold_back(rows, fates, after=asked.champion_trained_until)
        apart.withdraw(fates)
    if not sources.curation.rules:
        return rows, apart, fates
    back = np.unique(rows.window[fates.because(HELD_BACK)])
    start = min((start for start in (rows.windows[at].start for at in back) if start is not None), default=None)
    apart = apart.by_rules(sources.curation, rows, params, until=start or until)
    rows = apart.labelled(rows)
    fates = _split(rows, sources, params, apart, until=until, judged_from=judged_from)
    if start is not None:
        fates.send(rows.time >= np.datetime64(start), "evaluate", HELD_BACK)
        apart.withdraw(fates)
    return rows, apart, fates


def _split(rows: SortedRows, sources: Sources, params: Params, apart: Apart, *, until: datetime | None, judged_from: datetime | None) -> Fates:
    """Each row's part and reason, but for the rows that may train: they are free until a sampler has spoken."""
    fates = Fates(len(rows))
    first = params.data.as_of if until is None and params.data.history is None else None
    for at, window in enumerate(rows.windows):
        if is_excluded(window.id, sources.decisions):
            fates.send(rows.window == at, "out", f"window excluded: {sources.decisions[window.id].reason}")
        if first is not None and window.end is not None and window.end > first:
            fates.send(rows.window == at, "out", "the window ends after data.as_of")
    if first is not None and not fates.where(FREE).any():
        what = f"no window of data/windows is closed by {first:%Y-%m-%d %H:%M}, so a first model has nothing to learn from"
        raise DataError(what, where="params.yaml: data.as_of", fix=f"a later date: the first window ends on {rows.windows[0].end:%Y-%m-%d %H:%M}")
    apart.send(fates)
    fates.send(np.isnan(rows.label), "out", "no label")
    if until is not None and judged_from is not None:
        fates.send(rows.time >= np.datetime64(judged_from), "evaluate", "later than the training data")
        fates.send(rows.time >= np.datetime64(until), "out", "seen by the champion")
    apart.withdraw(fates)
    _send_unlisted(rows, fates)
    return fates


def _send_unlisted(rows: SortedRows, fates: Fates) -> None:
    """Leave out rows that could train but for their class, which is not listed: each class is a reason of its own, as far as a person reads them."""
    which = np.flatnonzero(rows.unlisted & fates.where(FREE))
    if not len(which):
        return
    names = unlisted_names(rows.columns([WRITTEN], which), len(which))
    shown = {name for name, _ in Counter(names.tolist()).most_common(MOST_UNLISTED)}
    for name in sorted(shown):
        fates.send(_among(which[names == name], len(rows)), "out", f"the class {name!r} is not in model.classes")
    fates.send(_among(which, len(rows)), "out", f"one of {len(set(names.tolist())) - len(shown)} other classes that are not in model.classes")


def _among(places: Positions, rows: int) -> Mask:
    found = np.zeros(rows, dtype=np.bool_)
    found[places] = True
    return found


def _draw(rows: SortedRows, fates: Fates, params: Params, recipe: Recipe, *, own: Floats | None) -> tuple[tuple[Stratum, ...], Floats]:
    """Let the recipe say what becomes of the rows that may train, and write it down; returns the strata, and each row's weight (0 where it does not train)."""
    free = np.flatnonzero(fates.where(FREE))
    drawn = recipe.draw(_pool(rows, free, params, recipe, own=None if own is None else own[free]))
    fates.put(free, drawn.parts, drawn.reasons)
    weight = np.zeros(len(rows))
    weight[free[drawn.trains]] = 1.0 if drawn.weight is None else np.asarray(drawn.weight, dtype=np.float64)[drawn.trains]
    return drawn.strata, weight


def _pool(rows: SortedRows, free: Positions, params: Params, recipe: Recipe, *, own: Floats | None) -> WindowPool:
    weight = class_weights(rows.label[free]) if recipe.balances else None
    slices = slices_of(rows, recipe.slices, params, free)
    pa.default_memory_pool().release_unused()  # the texts of the slices
    return WindowPool(Pooled(rows=rows, at=free, weight=weight, features=list(params.data.features), slices=slices, own=own))


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


def _summary(rows: SortedRows, fates: Fates, asked: CompositionRequest, judges: Mask, weight: Floats, *, task: Task) -> Composition:
    trains = fates.where(*TRAINS)
    trained = _span(rows, trains)
    made = Composition(
        action=asked.action,
        basis="later",
        trained_from=trained[0],
        trained_until=min(trained[1], asked.target) if asked.target else trained[1],
        evaluated_from=None,
        evaluated_until=None,
        parts=summarise(rows, fates, weight),
        target_share=class_shares(rows.label[trains], rows.classes) if task == "classification" else {},
        manifest="",
    )
    return _judged_on(made, rows, fates, asked, judges) if asked.judged is None else _judged_before(made, asked.judged)


def _judged_on(made: Composition, rows: SortedRows, fates: Fates, asked: CompositionRequest, judges: Mask) -> Composition:
    """With what judges: later rows, or the holdout of the same windows."""
    start, end = _span(rows, judges)
    if (judges & fates.where("holdout")).any():
        return replace(made, basis="same-period", evaluated_from=start, evaluated_until=end)
    after = [time for time in (start, made.trained_until, asked.champion_trained_until) if time is not None]
    return replace(made, evaluated_from=max(after), evaluated_until=end)


def _judged_before(made: Composition, judged: Composition) -> Composition:
    """With what judged the sibling of a refit, up to the end of which all is known to it."""
    until = judged.evaluated_until
    return replace(made, trained_until=until, evaluated_from=judged.evaluated_from, evaluated_until=until, sibling_until=judged.trained_until)


def _span(rows: SortedRows, which: Mask) -> tuple[datetime, datetime]:
    """From the start of the first to the end of the last window that has such rows."""
    among = np.flatnonzero(np.bincount(rows.window[which], minlength=len(rows.windows)))
    spans = [(window.start, window.end) for window in (rows.windows[at] for at in among) if window.start and window.end]
    return min(start for start, _ in spans), max(end for _, end in spans)
