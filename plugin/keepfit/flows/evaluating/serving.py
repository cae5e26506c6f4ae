"""What it takes to serve a version, outside a project: measured where the gate's rules name rows of basis `serving`, with their bounds."""

from __future__ import annotations

from fnmatch import fnmatchcase

from keepfit.evaluate.serving import repeated_row, size_row
from keepfit.flows.evaluating.behaviour import scores
from keepfit.flows.evaluating.beside import Judged
from keepfit.flows.models.files_digest import folder_bytes
from keepfit.flows.models.served import served
from keepfit.gate.rules import ModelRules, RowRule
from keepfit.params.serving import ServingParams
from keepfit.records import ScoreRow
from keepfit.rule_kinds.beside_metrics import ANSWERS, DETERMINISTIC, LATENCY, LOADS, RATIO, SIGNATURE, SIZE
from keepfit.rule_kinds.known import kind_of
from keepfit.slices.name import OVERALL, matches
from keepfit.tables.frames import to_frame

MOST_ROWS = 1_000


def serving_wanted(held: ModelRules) -> ServingParams | None:
    """Return what the rules ask of serving, None where no rule names such rows; of two bounds on one number the stricter counts."""
    rules = _rules(held)
    if not rules:
        return None

    def bound(metric: str, slice_name: str = OVERALL) -> float | None:
        return min((rule.bound for rule in rules if _about(rule, metric, slice_name)), default=None)

    return ServingParams(
        deterministic=bound(DETERMINISTIC) is not None,
        loads=bound(LOADS) is not None or bound(ANSWERS) is not None,
        signature=bound(SIGNATURE) is not None,
        max_size_mb=bound(SIZE),
        max_latency_ms=bound(LATENCY, "batch=1"),
        max_batch_latency_ms=bound(LATENCY, "batch=1000"),
        max_latency_ratio=bound(RATIO, "batch=1"),
    )


def _rules(held: ModelRules) -> list[RowRule]:
    return [rule for rule in held.demanded.values() if (rule.basis or kind_of(rule.kind).basis) == "serving"]


def _about(rule: RowRule, metric: str, slice_name: str) -> bool:
    return fnmatchcase(metric, rule.metric) and matches(rule.slice, slice_name)


def serving_rows(found: Judged, held: ModelRules) -> tuple[ScoreRow, ...]:
    """Return the rows that the rules ask for, and no others: nobody asked for those. Each of the questions starts a process or more."""
    wanted = serving_wanted(held)
    if wanted is None:
        return ()
    mine, champion = found.challenger, found.champion
    given = found.table.given.slice(0, MOST_ROWS)
    rows = [repeated_row(to_frame(given), lambda frame: scores(found, mine, frame))] if wanted.deterministic else []
    if wanted.max_size_mb is not None:
        rows.append(size_row(folder_bytes(mine.folder), None if champion is None else folder_bytes(champion.folder), wanted.max_size_mb))
    if wanted.of_the_registered:
        rows += served(mine.folder, wanted, rows=given, champion=None if champion is None else champion.folder, called=mine.called)
    return tuple(row for row in rows if any(_about(rule, row.metric, row.slice) for rule in _rules(held)))
