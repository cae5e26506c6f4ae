"""What evaluate measures on the past: both models on the permanent holdouts of earlier windows and on the rows of incidents."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from keepfit.flows.project import Project
from keepfit.flows.rows.past import past_entries
from keepfit.tables.columns import WINDOW
from keepfit.tables.frames import to_frame
from keepfit.tables.labels import labels, listed
from keepfit.tables.origins import origins
from keepfit.tables.sliced import with_slice_columns

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa

    from keepfit.evaluate.compare import ScoredRows
    from keepfit.evaluate.past import PastComparisons, PastRows
    from keepfit.params import RuleParams

Score = Callable[["pd.DataFrame"], "ScoredRows"]


def past_compared(project: Project, holdout: Path, judging: pd.DataFrame, score: Score | None) -> PastComparisons:
    """Return what was measured for the rules that are about the past; where there are none, or no champion (`score` None), nothing is read and scored.

    `holdout` is the table of all permanent holdouts, `judging` the rows that judge the candidate, `score` how both models answer to rows.
    Raises `DataError` where the holdout cannot be read, `ParamsError` for an entry of `expectations/past.yaml` that is none.
    """
    from keepfit.evaluate.past import PastComparisons
    from keepfit.evaluate.rules import reading, rules_of

    rules = reading(rules_of(project.params.evaluate, many=project.params.model.many), "past")
    if score is None or not rules:
        return PastComparisons()
    return PastStage(project=project, holdout=holdout, judging=judging, score=score).compared(rules)


@dataclass(frozen=True, kw_only=True)
class PastStage:
    """Where the holdout of all windows lies, which rows judge, and how both models answer to rows."""

    project: Project
    holdout: Path
    judging: pd.DataFrame
    score: Score

    def compared(self, rules: Sequence[RuleParams]) -> PastComparisons:
        """Return both models on each past window and incident that these rules are about."""
        import pyarrow as pa

        from keepfit.evaluate.past import compare_past, needed
        from keepfit.stats.known_metric import metric_named

        params, rows = self.project.params, self._rows()
        parts = rows.parts(past_entries(self.project), [rule.slice for rule in rules])
        frame = to_frame(rows.held.filter(pa.array(needed(parts, rows.held.num_rows))))
        metrics = [metric_named(name, where="params.yaml: evaluate.rules") for name in dict.fromkeys(rule.metric for rule in rules)]
        wanted = params.evaluate
        return compare_past(metrics, parts, self.score(frame), origins(params.data, frame), confidence=wanted.confidence, min_rows=wanted.min_rows)

    def _rows(self) -> PastRows:
        from keepfit.evaluate.past import PastRows, features_with_values
        from keepfit.integrations.tables import read_table

        params, held = self.project.params, read_table(self.holdout)
        held = with_slice_columns(params, held)
        return PastRows(
            held=held,
            labelled=listed(params, labels(params, held)),
            order=_in_time(held),
            judging=frozenset(self.judging[WINDOW].unique()) if WINDOW in self.judging.columns else frozenset(),
            features=[name for name in features_with_values(self.judging, params.data.features) if name in held.column_names],
        )


def _in_time(held: pa.Table) -> list[str]:
    """The windows that hold rows, the oldest first."""
    from keepfit.tables.windows import parse_window_id

    return sorted(held[WINDOW].unique().to_pylist(), key=lambda name: parse_window_id(name).order)
