"""`keepfit evaluate`: two registered versions on one labelled table, in processes of their own; what the gate will ask is answered, and nothing is uploaded.

Needs no project, no git, no DVC: an MLflow server, a table with labels, and the gate's rules.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from keepfit.errors import DataError, ProjectError
from keepfit.flows.evaluating.also import also_tables, past_rows
from keepfit.flows.evaluating.behaviour import tested
from keepfit.flows.evaluating.beside import Judged, beside
from keepfit.flows.evaluating.confirm import set_apart
from keepfit.flows.evaluating.held_rules import HeldRules, rules_for
from keepfit.flows.evaluating.options import by_options
from keepfit.flows.evaluating.priced import impact_asked
from keepfit.flows.evaluating.sides import Side, bring, the_other
from keepfit.flows.evaluating.write import Evaluated, NamedRows, Writing, write
from keepfit.flows.models.attempts import counted_by_server
from keepfit.flows.models.clean_process import ask_apart
from keepfit.flows.promotion.promote import the_registry
from keepfit.flows.promotion.run_table import run_table
from keepfit.gate.counted import place
from keepfit.gate.demanded_rules import demanded_columns, demanded_metrics, demanded_rules
from keepfit.integrations.mlflow.client import Mlflow
from keepfit.integrations.models.asked_process import ModelQuestion, ProcessAnswer
from keepfit.records import Attempt, Scorecard, Unseen
from keepfit.rule_kinds.known import absolute_names, kind_of
from keepfit.rule_kinds.spending import spent

if TYPE_CHECKING:
    from keepfit.evaluate.compare import Comparison, ScoredRows
    from keepfit.evaluate.labelled_table import EvaluationQuestion, LabelledTable
    from keepfit.params import Params

CHALLENGER, CHAMPION = "challenger", "champion"
SHOWN = 5
Say = Callable[[str], None]


@dataclass(frozen=True, kw_only=True)
class EvaluationAsked:
    """What is evaluated on which table (`data`, or that of a run), against what, and by which rules.

    `against` None: the champion; `rules` None: those that lie here, else the server's. `trained_on` are the tables of all rows that trained the two models,
    none of which may be among those that judge. `confirm` is the share of the table that is set aside before anything is judged, and says what
    was gained on rows that no rule saw. `impact` is the file that says what answers cost.
    """

    data: Path | None
    question: EvaluationQuestion
    from_run: str | None = None
    trained_on: tuple[Path, ...] = ()
    against: str | None = None
    rules: str | None = None
    out: Path | None = None
    also: Mapping[str, Path] = field(default_factory=dict)
    behaviour: Path | None = None
    confirm: float = 0.0
    impact: Path | None = None


def evaluate(model: str, version: str, asked: EvaluationAsked, *, say: Say) -> Evaluated:
    """Score both versions and write `evaluation.json`, `scorecard.json` and SCORECARD.md.

    Raises `ProjectError` where no rules hold, `DataError` for a table on which the models cannot be judged, `TrainError` for a model that does not answer.
    """
    from keepfit.evaluate.labelled_table import LabelledTable
    from keepfit.flows.rows.table_digest import table_digest

    registry, _ = the_registry()
    registry.probe()
    rules, made = rules_for(registry, model, asked.rules), registry.version(model, version)
    other = the_other(registry, model, made.number, against=asked.against, held=rules.held)
    _require_judge_of(rules, model, first=other is None)
    with by_options(), tempfile.TemporaryDirectory(prefix="keepfit-evaluate-") as scratch:
        named = _named_rows(registry, asked)
        table = LabelledTable.of(named.table, asked.question)
        _refuse_training_rows(table, asked.trained_on)
        versions = {CHALLENGER: made} | ({} if other is None else {CHAMPION: other})
        sides = {name: bring(registry, each, to=Path(scratch) / name) for name, each in versions.items()}
        answers = {name: _asked(side, table, say=say) for name, side in sides.items()}
        found, confirmation = set_apart(_judged(table, sides, answers, rules), asked.confirm)
        found = tested(found, asked.behaviour)
        card, comparisons = _scorecard(found, rules, counted_by_server(registry, model) or (), unseen="known" if asked.trained_on else None)
        card = replace(card, confirmation=confirmation, impact=impact_asked(found, asked.impact))
        digests = tuple(f"{path.name} {table_digest(path)}" for path in asked.trained_on)
        writing = Writing(asked=asked.question, rows=named, trained_on=digests, rules=rules.digest, place=rules.place, out=asked.out)
        also = also_tables(asked.also, asked.question)
        past = past_rows(found, also, rules.held, lambda rows: {name: _asked(side, rows, say=say) for name, side in sides.items()})
        writing = replace(writing, also={each.name: each.digest for each in also})
        return write(found, replace(card, rows=(*card.rows, *past)), comparisons, writing)


def _named_rows(registry: Mlflow, asked: EvaluationAsked) -> NamedRows:
    """The rows with the name, the place and the digest by which a certificate names them."""
    from keepfit.flows.rows.row_files import read_all
    from keepfit.flows.rows.table_digest import table_digest
    from keepfit.integrations.mlflow.eval_tables import rows_evaluated
    from keepfit.integrations.tables import read_table

    if asked.from_run is not None:
        found = run_table(registry, asked.from_run)
        return NamedRows(name=found.place, place=found.place, digest=found.digest, table=rows_evaluated(found.text, where=found.place))
    if asked.data is None:
        raise DataError("on which rows? no table is named", where="--data", fix="--data TABLE, or --from-run RUN")
    path = asked.data.resolve()
    digest = table_digest(path)
    return NamedRows(name=path.name, place=str(path), digest=digest, table=read_all(path, lambda file: read_table(file, codes=True), where="--data"))


def _require_judge_of(rules: HeldRules, model: str, *, first: bool) -> None:
    """A first model has no champion to be compared with: some rule must judge it alone."""
    if first and all(kind_of(rule.kind).relative for rule in rules.held.demanded.values()):
        what = f"{model} has no champion, and no rule judges a first model by itself"
        fix = f"add an {' or '.join(absolute_names())} rule; or take in what serves: keepfit gate adopt {model} --reason …"
        raise ProjectError(what, where=rules.place, fix=fix)


def _refuse_training_rows(table: LabelledTable, trained_on: Sequence[Path]) -> None:
    """Raise `DataError` for a table that holds rows which trained one of the models."""
    from keepfit.evaluate.trained_on import rows_that_trained
    from keepfit.flows.rows.row_files import read_all
    from keepfit.integrations.tables import read_table

    tables = [read_all(path, lambda file: read_table(file, codes=True), where="--trained-on") for path in trained_on]
    found = rows_that_trained(table.table, tables, id=table.asked.id)
    if found:
        names = table.row_names()
        shown = ", ".join(names[place][:40] for place in found[:SHOWN]) + (" …" if len(found) > SHOWN else "")
        what = f"{len(found):,} of the {table.table.num_rows:,} rows trained one of the models: {'ids' if table.asked.id else 'places'} {shown}"
        raise DataError(what, where="--data", fix="leave them out: a model that has seen a row knows its answer")


def _asked(side: Side, table: LabelledTable, *, say: Say) -> ProcessAnswer:
    say(f"asking {side.called} about {table.table.num_rows:,} rows")
    question = ModelQuestion(called=side.called, task=table.task, target=table.asked.target, classes=table.words, aside=table.aside)
    return ask_apart(side.folder, table.given, question)


def _judged(table: LabelledTable, sides: Mapping[str, Side], answers: Mapping[str, ProcessAnswer], rules: HeldRules) -> Judged:
    """Both models' scores beside the labels, with params that say by what they are judged."""
    from keepfit.evaluate.compare import ScoredRows
    from keepfit.evaluate.labelled_table import Measures, chosen_metrics, never_learned, same_answer
    from keepfit.tables.labels import labels
    from keepfit.tables.origins import origins

    classes = _classes(table, sides, answers)
    told = {name: one.answer if classes is None else one.answer.told_as(classes) for name, one in answers.items()}
    strange = {name: never_learned(table.words, one.learned, table.table, table.asked.target) for name, one in answers.items()}
    if strange[CHALLENGER]:
        what = f"{sides[CHALLENGER].called} never learned labels that the table has: {strange[CHALLENGER]}"
        raise DataError(what, where="--target", fix="the target that it was trained on, or rows of the classes that it knows")
    same = {name: same_answer(one.scores) for name, one in told.items()}
    if same[CHALLENGER]:
        raise DataError(f"{sides[CHALLENGER].called} answers the same to all {table.table.num_rows:,} rows: {same[CHALLENGER]}", where="--data")
    labels_of = next((sides[name].called for name, one in told.items() if one.only_labels), "")
    demanded = demanded_metrics(rules.held)
    metric, metrics = chosen_metrics(table.asked, demanded, table.task, many=classes is not None, only_labels=bool(labels_of))
    slices = table.sliceable((*table.asked.slices, *demanded_columns(rules.held)))
    own = demanded_rules(rules.held, metric=metric, metrics=metrics, sliced=bool(slices) or classes is not None)
    params = table.params(sides[CHALLENGER].version.model, Measures(metric=metric, metrics=metrics, slices=slices, rules=own, classes=classes))
    frame = table.frame(params)
    champion = told[CHAMPION].scores if CHAMPION in told else None
    rows = ScoredRows(y=labels(params, frame), champion=champion, challenger=told[CHALLENGER].scores)
    return Judged(
        table=table,
        params=params,
        frame=frame,
        rows=rows.in_clusters(origins(params.data, frame).clusters()),
        challenger=sides[CHALLENGER],
        champion=sides.get(CHAMPION),
        labels_of=labels_of,
        notes=tuple(_notes(table, sides, strange, same)),
    )


def _classes(table: LabelledTable, sides: Mapping[str, Side], answers: Mapping[str, ProcessAnswer]) -> tuple[str, ...] | None:
    """The classes of three and more that the table or a model tells between; None of two, and of a regression."""
    many = {name: one.answer.meta.many for name, one in answers.items()}
    if not any(many.values()):
        return None
    if not all(many.values()):
        said = " and ".join(f"{sides[name].called} tells between {'three or more' if is_many else 'two'}" for name, is_many in many.items())
        raise DataError(f"the two models do not answer the same question: {said} classes", where="--target", fix="compare models of one target")
    return tuple(dict.fromkeys((*table.words, *(name for one in answers.values() for name in one.answer.meta.classes))))


def _notes(table: LabelledTable, sides: Mapping[str, Side], strange: Mapping[str, str], same: Mapping[str, str]) -> list[str]:
    notes = [f"{table.unlabelled:,} rows without a label are left out"] if table.unlabelled else []
    if strange.get(CHAMPION):
        notes.append(f"{sides[CHAMPION].called} never learned labels that the table has: {strange[CHAMPION]}")
    if same.get(CHAMPION):
        notes.append(f"{sides[CHAMPION].called} answers the same to all rows: {same[CHAMPION]}")
    return notes


def _scorecard(found: Judged, rules: HeldRules, known: tuple[Attempt, ...], *, unseen: Unseen | None) -> tuple[Scorecard, tuple[Comparison, ...]]:
    from keepfit.evaluate.behaviour.results import outcomes_of
    from keepfit.evaluate.rules import LaterAttempt, judge
    from keepfit.evaluate.unseen import unseen_rows
    from keepfit.tables.judged_rows import judged_digest

    params, first = found.params, found.champion is None
    comparisons = _compared(params, found)
    wanted, digest = params.evaluate, judged_digest(found.table.row_names(), found.rows.y)
    number = place(known, rows=digest, model=found.challenger.digest)
    higher = spent(wanted.confidence, number)
    again = None if number == 1 else LaterAttempt(number=number, comparisons=_compared(params, found, confidence=higher), confidence=higher)
    judged = judge(wanted.rules, comparisons, metric=wanted.metric, first=first, confidence=wanted.confidence, again=again)
    begins, ends = found.table.span
    sides = [found.challenger, *([] if found.champion is None else [found.champion])]
    card = Scorecard(
        model=params.model.name,
        task=params.model.task,
        metric=wanted.metric,
        basis="later",
        champion=None if found.champion is None else found.champion.pin,
        evaluated_from=begins,
        evaluated_until=ends,
        n=len(found.rows.y),
        rows=(*judged, *beside(found, rules.held)),
        expectations=outcomes_of(found.tested),
        cluster=found.rows.cluster,
        judged_digest=digest,
        judged_model=found.challenger.digest,
        attempt=number,
        confidence=wanted.confidence,
        unseen=unseen or unseen_rows(begins, [side.trained_until for side in sides]),
    )
    return card, comparisons


def _compared(params: Params, found: Judged, *, confidence: float | None = None) -> tuple[Comparison, ...]:
    from keepfit.evaluate.scorecard import ClassSlices, compare_all, metrics_of
    from keepfit.tables.time_features import in_frame, sliced_by

    wanted = params.evaluate
    frame = in_frame(found.frame, sliced_by(params, found.frame.columns))
    slices = {column: (frame[column].tolist(), its.min_rows) for column, its in params.sliced.items()}
    metrics = metrics_of(wanted, params.model.task, labels_of=found.labels_of, many=params.model.many)
    rows: ScoredRows = found.rows
    return compare_all(metrics, rows, slices, confidence=confidence or wanted.confidence, min_rows=wanted.min_rows, classes=ClassSlices.of(params))
