"""`keepfit evaluate --also NAME=TABLE`: rows of the past that people kept, on which both versions are judged as well: each table is `incident=NAME`."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from keepfit.errors import DataError, ParamsError
from keepfit.flows.evaluating.beside import Judged
from keepfit.gate.demanded_rules import demanded_beside
from keepfit.gate.rules import ModelRules
from keepfit.integrations.models.asked_process import ProcessAnswer
from keepfit.records import ScoreRow
from keepfit.slices.past_entries import INCIDENT_NAME, incident_slice

if TYPE_CHECKING:
    from keepfit.evaluate.compare import Comparison, ScoredRows
    from keepfit.evaluate.labelled_table import EvaluationQuestion, LabelledTable

Ask = Callable[["LabelledTable"], Mapping[str, ProcessAnswer]]
FIX = "--also storm=storm.parquet"


@dataclass(frozen=True, kw_only=True)
class AlsoTable:
    """Rows that were named beside those that judge; `digest` is of their file or files."""

    name: str
    table: LabelledTable
    digest: str


def named_tables(given: Sequence[str]) -> dict[str, Path]:
    """Return the paths by name of texts `NAME=TABLE`; raises `ParamsError` for what is none, and for a name that is there twice.

    >>> named_tables(["storm=data/storm.csv"])
    {'storm': PosixPath('data/storm.csv')}
    """
    found: dict[str, Path] = {}
    for text in given:
        name, equals, path = text.partition("=")
        if not equals or not path or not INCIDENT_NAME.match(name):
            raise ParamsError(f"{text[:80]!r} is not NAME=TABLE", where="--also", fix=FIX)
        if name in found:
            raise ParamsError(f"the name {name!r} is given to two tables", where="--also", fix=FIX)
        found[name] = Path(path)
    return found


def also_tables(paths: Mapping[str, Path], question: EvaluationQuestion) -> tuple[AlsoTable, ...]:
    """Read the tables, which have the columns of the one that judges; raises `DataError` naming the table that cannot be read or judged by."""
    from keepfit.evaluate.labelled_table import LabelledTable
    from keepfit.flows.rows.row_files import read_all
    from keepfit.flows.rows.table_digest import table_digest
    from keepfit.integrations.tables import read_table

    found = []
    for name, path in paths.items():
        where = f"--also {name}"
        table = read_all(path.resolve(), lambda file: read_table(file, codes=True), where=where)
        try:
            labelled = LabelledTable.of(table, question)
        except DataError as bad:
            raise DataError(bad.what, where=where, fix=bad.fix) from bad
        found.append(AlsoTable(name=name, table=labelled, digest=table_digest(path.resolve())))
    return tuple(found)


def past_rows(found: Judged, also: Sequence[AlsoTable], held: ModelRules, ask: Ask) -> tuple[ScoreRow, ...]:
    """Return the rows of basis `past` that the gate's rules demand, judged on these tables; of a rule that finds no table a row of status error.

    A first model is compared with nothing, and is asked nothing.
    """
    from keepfit.evaluate.compare import compare
    from keepfit.evaluate.rules import judge_beside
    from keepfit.stats.known_metric import metric_named

    wanted = found.params.evaluate
    rules = demanded_beside(held, "past", metric=wanted.metric)
    if found.champion is None or not rules:
        return ()
    metrics = [metric_named(name, where="gate.yaml") for name in dict.fromkeys(rule.metric for rule in rules.values())]
    compared: list[Comparison] = []
    for one in also:
        rows, name = _scored(found, one.table, ask(one.table)), incident_slice(one.name)
        compared += [compare(metric, rows, name=name, confidence=wanted.confidence, min_rows=wanted.min_rows) for metric in metrics]
    return judge_beside(rules, compared, basis="past", first=False, confidence=wanted.confidence)


def _scored(found: Judged, table: LabelledTable, answers: Mapping[str, ProcessAnswer]) -> ScoredRows:
    """Both models' scores beside the labels, of many classes in the order of those that judge."""
    from keepfit.evaluate.compare import ScoredRows
    from keepfit.tables.labels import labels
    from keepfit.tables.origins import origins

    params, frame = found.params, table.frame(found.params)
    classes = params.model.classes
    told = {name: (one.answer if classes is None else one.answer.told_as(classes)).scores for name, one in answers.items()}
    rows = ScoredRows(y=labels(params, frame), champion=told["champion"], challenger=told["challenger"])
    return rows.in_clusters(origins(params.data, frame).clusters())
