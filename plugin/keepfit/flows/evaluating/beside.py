"""What an evaluation says of the two models besides how they do on the judging rows: rows of other bases, which rules of the gate may name."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from keepfit.flows.evaluating.sides import Side
from keepfit.gate.rules import ModelRules
from keepfit.records import ScoreRow

if TYPE_CHECKING:
    import pandas as pd

    from keepfit.evaluate.compare import ScoredRows
    from keepfit.evaluate.labelled_table import LabelledTable
    from keepfit.params import Params


@dataclass(frozen=True, kw_only=True)
class Judged:
    """The table, its `frame` with the target as a number, and what both models answered to its rows (`rows`, in the frame's order); the versions, as files.

    `labels_of` names a model that answers labels only, `notes` say what a reader must know.
    """

    table: LabelledTable
    params: Params
    frame: pd.DataFrame
    rows: ScoredRows
    challenger: Side
    champion: Side | None
    labels_of: str = ""
    notes: tuple[str, ...] = ()


def beside(found: Judged, held: ModelRules) -> tuple[ScoreRow, ...]:  # noqa: ARG001 - what is measured besides is asked for by rules
    """Return the rows of other bases that the rules ask for."""
    return ()
