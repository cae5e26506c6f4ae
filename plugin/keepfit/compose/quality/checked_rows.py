"""The rows that are checked: a training set with what judges it, or a table, with the side that each row stands on."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from keepfit.compose.draws import row_hashes
from keepfit.compose.quality.columns import OWN, ColumnsOfRows
from keepfit.compose.quality.found import constants, found
from keepfit.compose.quality.keys import repeats
from keepfit.compose.quality.label_errors import doubtfulness, expected_recall, most_doubtful
from keepfit.compose.quality.screened import ASIDE, JUDGE, TRAIN, Screened, by_time
from keepfit.records.quality import DoubtfulRow, QualityFinding, Suspect
from keepfit.tables.columns import PARENT, id_column
from keepfit.tables.frames import to_frame
from keepfit.tables.from_numpy import from_numpy
from keepfit.tables.labels import listed
from keepfit.tables.union import stacked

if TYPE_CHECKING:
    import pandas as pd

    from keepfit.compose.quality.folds import OutOfFold
    from keepfit.params import Params

Floats = npt.NDArray[np.float64]
MOST_SUSPECTS = 10_000
SHOWN = 5
SHARE = 0.05


@dataclass(frozen=True, kw_only=True)
class CheckedRows:
    """Rows with their side (`screened.TRAIN`, `JUDGE`) and label; `params` say what the columns mean."""

    table: pa.Table
    side: npt.NDArray[np.uint8]
    label: Floats
    params: Params

    @classmethod
    def of(cls, parts: Mapping[str, pa.Table], params: Params) -> CheckedRows:
        """Return the rows of the parts `train` and any others, which judge; a row of two such parts counts once, one that augmentation made not at all."""
        key = id_column(params)
        tables = {name: _natural(table) for name, table in parts.items()}
        whole = stacked(list(tables.values()), where="build/compose")
        side = np.repeat(np.array([TRAIN if name == "train" else JUDGE for name in tables], np.uint8), [one.num_rows for one in tables.values()])
        if key in whole.column_names:
            judging = np.flatnonzero(side == JUDGE)
            side[repeats(row_hashes(whole[key]), judging)[0]] = ASIDE
        label = np.asarray(pc.cast(whole[params.model.target], pa.float64()).to_numpy(), dtype=np.float64)
        return cls(table=whole, side=side, label=label, params=params)

    @property
    def numbers(self) -> bool:
        """Whether the labels are numbers, no classes."""
        return self.params.model.task == "regression"

    @property
    def classes(self) -> int:
        """How many classes there are; 0: none."""
        return len(self.params.model.class_names)

    def id_of(self, place: int) -> str:
        """Return a row's id; of a table without ids its number, from 1."""
        key = id_column(self.params)
        return str(self.table[key][place].as_py()) if key in self.table.column_names else f"row {place + 1}"

    def findings(self) -> tuple[QualityFinding, ...]:
        """Return what repeats, contradicts or contaminates, and features that have one value."""
        return (*found(self.screened(), self.id_of), *constants(self._columns, len(self.side)))

    @property
    def _columns(self) -> ColumnsOfRows:
        return ColumnsOfRows.of(self.params, self.table.column_names, self.table.column, np.arange(len(self.side), dtype=np.int64))

    def screened(self) -> Screened:
        """Return the rows as they are screened."""
        key, time = id_column(self.params), self.params.data.time
        times = self.table[time].to_numpy() if time in self.table.column_names and pa.types.is_timestamp(self.table[time].type) else None
        ids = self.table[key].cast(pa.string()).to_pylist() if key in self.table.column_names else None
        return self._columns.screened(self.side, self.label, by_time(times, ids, len(self.side)), numbers=self.numbers)

    @property
    def train_places(self) -> npt.NDArray[np.int64]:
        """The rows that may train."""
        return np.flatnonzero(self.side == TRAIN)

    def labelled(self) -> tuple[npt.NDArray[np.int64], pd.DataFrame]:
        """Return the places and the frame of the rows that may train and have a label that can be learned."""
        places = np.flatnonzero((self.side == TRAIN) & listed(self.params, self.label))
        return places, to_frame(self.table.take(from_numpy(places)))

    def groups(self, places: npt.NDArray[np.int64], by: str | None) -> pa.ChunkedArray:
        """Return what rows are dealt into folds by: their group, their day (`by` day), or each its id."""
        group, time, key = self.params.data.group, self.params.data.time, id_column(self.params)
        if by == "day" and time in self.table.column_names:
            return pc.cast(pc.cast(self.table[time], pa.date32()), pa.string()).take(from_numpy(places))
        name = group if group in self.table.column_names else key
        if name in self.table.column_names:
            return pc.cast(self.table[name], pa.string()).take(from_numpy(places))
        return pa.chunked_array([pc.cast(from_numpy(places), pa.string())])

    def beside_features(self) -> list[str]:
        """Return the columns that a person sees beside features, target, id, time and group."""
        model, data = self.params.model, self.params.data
        taken = {*OWN, PARENT, id_column(self.params), model.target, data.time, data.group, *data.inputs}
        return [name for name in self.table.column_names if name not in taken]

    def suspects(self, places: npt.NDArray[np.int64], judged: OutOfFold, *, share: float, doubt: Floats | None = None) -> Iterator[Suspect]:
        """Yield the most doubtful labels, the most doubtful first; `doubt` in place of our own ranking."""
        rank = self.doubt(judged) if doubt is None else doubt
        for at in most_doubtful(rank, self.most(judged, share)).tolist():
            place = int(places[at])
            score, label = min(1.0, max(0.0, float(rank[at]))), self._said(float(judged.label[at]))
            yield Suspect(row=self.id_of(place), kind="label_errors", score=round(score, 6), label=label, instead=self._instead(judged.scores[at]))

    def doubt(self, judged: OutOfFold) -> Floats:
        """Return how doubtful each label is."""
        return doubtfulness(judged.scores, judged.label, numbers=self.numbers)

    def judged(self, judged: OutOfFold) -> int:
        """Return how many rows have a score."""
        return int(np.isfinite(self.doubt(judged)).sum())

    def most(self, judged: OutOfFold, share: float) -> int:
        """Return how many labels a share of the judged rows is, at least one and bounded."""
        n = self.judged(judged)
        return min(MOST_SUSPECTS, max(1, round(share * n))) if n else 0

    def recall(self, judged: OutOfFold, share: float) -> float | None:
        """Return which share of wrong labels the list is expected to hold (`label_errors.py`); None of numbers."""
        return None if self.numbers else round(expected_recall(self.doubt(judged), self.most(judged, share), classes=self.classes), 3)

    def _said(self, label: float) -> str:
        return f"{label:.6g}" if self.numbers else self.params.model.class_names[int(label)]

    def _instead(self, scores: Floats | float) -> str:
        if self.numbers:
            return f"{float(np.asarray(scores)):.6g}"
        code = int(np.argmax(scores)) if np.ndim(scores) else int(float(np.asarray(scores)) >= 0.5)
        return self.params.model.class_names[code]


def suspicion(suspects: tuple[Suspect, ...], judged: int, recall: float | None, method: str) -> QualityFinding:
    """Return the finding of the most doubtful labels."""
    n = len(suspects)
    held = "" if recall is None else f"; if 3 % of all labels were wrong by chance, these would hold about {recall:.0%} of them"
    sentence = f"The {n:,} most doubtful of {judged:,} labels, by {method}, are listed: a ranking, most of them may be right{held}."
    shown = tuple(DoubtfulRow(row=one.row, detail=f"{one.label}, rather {one.instead}") for one in suspects[:SHOWN])
    return QualityFinding(kind="label_errors", severity="info", sentence=sentence, rows=n, of=judged, examples=shown)


def _natural(table: pa.Table) -> pa.Table:
    """The table without rows that augmentation made."""
    return table.filter(pc.is_null(table[PARENT])).drop_columns([PARENT]) if PARENT in table.column_names else table
