"""The review of a candidate in a backtest: the very rules of params.yaml, on the rows that would judge it.

A candidate is refused where a row of its scorecard fails or could not be measured, and where one is undecided that blocks; what a rule leaves to a
person's approval is approved. Blind to model suites (`expectations/model/`) and to what gate.yaml asks beyond params.yaml.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from keepfit.errors import UnknownNameError
from keepfit.rule_kinds.known import kind_of
from keepfit.rule_kinds.sound_rules import undecided_of

if TYPE_CHECKING:
    import pandas as pd

    from keepfit.evaluate.compare import ScoredRows
    from keepfit.params import Params
    from keepfit.records import ScoreRow


def reviewed(params: Params, judged: ScoredRows, rows: pd.DataFrame) -> tuple[ScoreRow, ...]:
    """Return the scorecard's rows of a candidate beside its champion; `rows` hold the columns of the slices, in the order of `judged`."""
    from keepfit.evaluate.rules import judge, rules_of
    from keepfit.evaluate.scorecard import ClassSlices, compare_all, metrics_of

    wanted = params.evaluate
    missing = next((column for column in params.sliced if column not in rows.columns), None)
    if missing is not None:
        raise UnknownNameError("column", missing, known=map(str, rows.columns), where="params.yaml: evaluate.slices")
    slices = {column: (rows[column].tolist(), its.min_rows) for column, its in params.sliced.items()}
    rules = rules_of(wanted, many=params.model.many)
    metrics = [one for one in metrics_of(wanted, params.model.task, many=params.model.many) if one.name in {rule.metric for rule in rules.values()}]
    found = compare_all(metrics, judged, slices, confidence=wanted.confidence, min_rows=wanted.min_rows, classes=ClassSlices.of(params))
    return judge(rules, found, metric=wanted.metric, first=False, confidence=wanted.confidence)


def passes(rows: Sequence[ScoreRow]) -> bool:
    """Whether a candidate with these rows is promoted."""
    return not any(_refuses(row) for row in rows)


def _refuses(row: ScoreRow) -> bool:
    return row.status != "pass" and (row.status != "undecided" or undecided_of(kind_of(row.rule), row.undecided) == "block")
