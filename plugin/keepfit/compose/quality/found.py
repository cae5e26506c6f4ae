"""What is wrong with the rows of a training set or a table: a finding for each kind that has rows, in a sentence."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from keepfit.compose.quality.columns import ColumnsOfRows
from keepfit.compose.quality.screened import Found, Screened
from keepfit.records import Severity
from keepfit.records.quality import DoubtfulRow, QualityFinding, QualityKind

EXAMPLES = 5
MANY, SOME = 0.01, 0.001
Ids = Callable[[int], str]
SAID: Mapping[QualityKind, str] = {
    "duplicates": "repeat an earlier row in every column but the id",
    "near_duplicates": "nearly repeat an earlier row: the same label and categories, numbers and texts almost the same",
    "conflicts": "have the features of another row with another label",
    "contamination": "have, or nearly have, the features and the label of a row that judges or is held out",
}


def found(rows: Screened, ids: Ids) -> tuple[QualityFinding, ...]:
    """Return a finding for each kind of rows that repeat or contradict others."""
    return tuple(_findings(rows, ids))


def _findings(rows: Screened, ids: Ids) -> Iterator[QualityFinding]:
    n = len(rows.train)
    near = rows.near_duplicates()
    chance = rows.coincidence + len(near[0]) / max(1, n)
    both = (rows.contamination(), rows.near_contamination())
    contaminated: Found = (np.concatenate([both[0][0], both[1][0]]), np.concatenate([both[0][1], both[1][1]]))
    looked: dict[QualityKind, Found] = {
        "duplicates": rows.duplicates(),
        "near_duplicates": near,
        "conflicts": rows.conflicts(),
        "contamination": contaminated,
    }
    for kind, (places, beside) in looked.items():
        if len(places):
            by_chance = kind in ("conflicts", "contamination") and chance >= SOME
            more = f"; {chance:.1%} of the rows that train have the features and label of an earlier one, too, so that much may be chance" if by_chance else ""
            sentence = f"{len(places):,} of {n:,} rows {SAID[kind]} ({_share(len(places) / n)}){more}."
            severity = _severity(kind, len(places) / n, chance)
            yield QualityFinding(kind=kind, severity=severity, sentence=sentence, rows=len(places), of=n, examples=_examples(places, beside, ids))


def _share(share: float) -> str:
    return f"{share:.2%}" if share >= 5e-5 else "less than .01%"


def _severity(kind: QualityKind, share: float, chance: float) -> Severity:
    if kind == "contamination":
        return "info" if share <= max(SOME, 2 * chance) else "critical" if share >= MANY else "warning"
    return "warning" if share >= MANY and (kind != "conflicts" or share > 2 * chance) else "info"


def _examples(places: np.ndarray, beside: np.ndarray, ids: Ids) -> tuple[DoubtfulRow, ...]:
    order = np.argsort(places, kind="stable")[:EXAMPLES]
    return tuple(DoubtfulRow(row=ids(int(places[at])), beside=ids(int(beside[at]))) for at in order)


def constants(columns: ColumnsOfRows, n: int) -> tuple[QualityFinding, ...]:
    """Return a finding for each feature that has one value, or none, in all rows."""
    every = np.arange(n, dtype=np.int64)
    said = ((name, _one_value(columns.column(name, every))) for name in columns.inputs) if n else ()
    return tuple(
        QualityFinding(kind="constants", severity="info", sentence=f"{name} is {value} in all {n:,} rows.", rows=n, of=n, column=name)
        for name, value in said
        if value is not None
    )


def _one_value(column: pa.ChunkedArray) -> str | None:
    """The only value of a column, in words; None where there are more."""
    try:
        distinct = pc.unique(column).to_pylist()
    except (pa.ArrowNotImplementedError, pa.ArrowInvalid):
        return None
    known = {str(value) for value in distinct if value is not None and value == value}
    if not known:
        return "without a value"
    return next(iter(known))[:40] if len(known) == 1 and len(distinct) == 1 else None
