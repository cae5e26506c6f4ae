"""What an evaluation knows of the two versions, and what it says of them besides how they do on the judging rows: rows of other bases."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from keepfit.flows.evaluating.sides import Side

if TYPE_CHECKING:
    import pandas as pd

    from keepfit.evaluate.behaviour.results import BehaviourResult
    from keepfit.evaluate.compare import ScoredRows
    from keepfit.evaluate.labelled_table import LabelledTable
    from keepfit.gate.rules import ModelRules
    from keepfit.params import Params
    from keepfit.records import ScoreRow


@dataclass(frozen=True, kw_only=True)
class Judged:
    """The table, its `frame` with the target as a number, and what both models answered to its rows (`rows`, in the frame's order); the versions, as files.

    `labels_of` names a model that answers labels only, `notes` say what a reader must know. `tested` is what came of
    declared tests, `suites` maps their files to sha256.
    """

    table: LabelledTable
    params: Params
    frame: pd.DataFrame
    rows: ScoredRows
    challenger: Side
    champion: Side | None
    labels_of: str = ""
    notes: tuple[str, ...] = ()
    tested: tuple[BehaviourResult, ...] = ()
    suites: Mapping[str, str] = field(default_factory=dict)


def beside(found: Judged, held: ModelRules) -> tuple[ScoreRow, ...]:
    """Return the rows of other bases: of the tests that people declared, and what the rules ask of serving."""
    from keepfit.evaluate.behaviour.results import rows_of
    from keepfit.flows.evaluating.serving import serving_rows

    return (*rows_of(found.tested), *serving_rows(found, held))
