"""Is a refit broken? It is held beside the model that was judged in its place, on rows that neither trained on.

Those rows are the permanent holdout of the window that judged: the refit has trained on their neighbours, so to look better there proves nothing (it does
so also when a third of that window's labels are flipped), and no rule reads these rows. What they can show is a refit that cannot be loaded, whose
scores are no numbers or all one, that ranks the other way round, or that is surely worse than the model that was judged.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Final

import numpy as np

from keepfit.evaluate.compare import ScoredRows, compare
from keepfit.evaluate.rules import judge
from keepfit.params import RuleParams
from keepfit.records import ScoreRow, Status
from keepfit.rule_kinds.at_least import AtLeast
from keepfit.rule_kinds.kind import Measured
from keepfit.rule_kinds.no_proof_of_harm import NoProofOfHarm
from keepfit.slices.name import OVERALL
from keepfit.stats.arrays import Array
from keepfit.stats.metric import Metric
from keepfit.stats.ranks import rank_correlation

AGREEMENT: Final = "rank_agreement"
ERROR: Final = 0.01
FEWEST_ROWS: Final = 20


def smoke_rows(judged: ScoredRows, metric: Metric, *, confidence: float) -> tuple[ScoreRow, ...]:
    """Return the rows of basis `smoke`: the refit is the challenger, the model that was judged stands where the champion does.

    Fails with an error of 1 %: of refits that are as good as what was judged one in a hundred is called worse. Too few rows are undecided, and refuse
    nothing.
    """
    rule = RuleParams(kind=NoProofOfHarm.name, metric=metric.name, slice=OVERALL, bound=ERROR)
    found = compare(metric, judged, name=OVERALL, confidence=confidence, min_rows=FEWEST_ROWS)
    beside = judge({"smoke": rule}, [found], metric=metric.name, first=False, confidence=confidence)
    finite = judged.broken is None
    return tuple(replace(row, basis="smoke") for row in (*beside, *([_agreement(judged)] if finite else [])))


def unloadable(metric: Metric, why: str) -> tuple[ScoreRow, ...]:
    """Return the row of a refit that could not be asked."""
    return (replace(_row(metric.name, NoProofOfHarm.name, n=0, status="error", detail=f"the refit cannot be asked: {why}"), bound=ERROR),)


def _agreement(judged: ScoredRows) -> ScoreRow:
    """Whether the refit ranks rows as the judged model does, of many classes by each one's probability: the correlation of ranks, by Fisher's z."""
    before = judged.challenger[:0] if judged.champion is None else judged.champion
    n = len(before)
    if n < FEWEST_ROWS:
        return _row(AGREEMENT, AtLeast.name, n=n, status="undecided", detail=f"{n} rows, {FEWEST_ROWS} are needed")
    if _constant(before):
        return _row(AGREEMENT, AtLeast.name, n=n, status="undecided", detail="the model that was judged answers the same to every row")
    if _constant(judged.challenger):
        return _row(AGREEMENT, AtLeast.name, n=n, status="error", detail="the refit answers the same to every row, the model that was judged does not")
    found = rank_correlation(before, judged.challenger, confidence=1 - ERROR)
    said = AtLeast().decide(Measured(value=found.value, low=found.low, high=found.high, n=n, challenger=found.value), 0.0)
    row = _row(AGREEMENT, AtLeast.name, n=n, status=said.status, detail="ranks rows the other way round" if said.status == "fail" else said.detail)
    return replace(row, challenger=found.value, low=found.low, high=found.high)


def _constant(scores: Array) -> bool:
    """Whether every row gets the same answer."""
    return bool((np.ptp(scores, axis=0) == 0).all())


def _row(metric: str, rule: str, *, n: int, status: Status, detail: str) -> ScoreRow:
    return ScoreRow(
        slice=OVERALL, metric=metric, rule=rule, bound=0.0, champion=None, challenger=None, difference=None,
        low=None, high=None, p_value=None, n=n, status=status, detail=detail, basis="smoke",
    )  # fmt: skip
