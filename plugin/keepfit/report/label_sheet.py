"""A queue as a CSV that people fill in with a spreadsheet: the id, an empty column for the label with what may stand in it, and what is known of the row.

UTF-8 with a mark (BOM), by which Excel knows it; no cell is computed, and no id turned into a number or a date (`tables/spreadsheet.py`).
"""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass

from keepfit.tables.spreadsheet import guarded, id_cell

BOM = "\ufeff"
ROW, LABEL = "row", "label"
CLASSES = 12


@dataclass(frozen=True, kw_only=True)
class ShownRows:
    """What people are shown: ids, columns and their values, a row each; `classes` are the answers that are allowed (none: a number)."""

    ids: Sequence[str]
    columns: Sequence[str]
    values: Sequence[Sequence[str]]
    classes: Sequence[str]
    queue: str


def label_sheet(asked: ShownRows) -> str:
    r"""Return the file's text.

    >>> rows = ShownRows(ids=["r1", "007"], columns=["note"], values=[("=1+1",), ("ok",)], classes=("no", "yes"), queue="may")
    >>> print(label_sheet(rows).removeprefix(BOM).replace("\r", ""), end="")
    row,label (no | yes),note
    r1,,'=1+1
    id:007,,ok
    """
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow([ROW, f"{LABEL} ({answers(asked.classes)})", *(_header(name) for name in asked.columns)])
    writer.writerows([id_cell(row), "", *map(guarded, values)] for row, values in zip(asked.ids, asked.values, strict=True))
    return BOM + out.getvalue()


def answers(classes: Sequence[str]) -> str:
    """Return what may be answered, on one line.

    >>> answers(()), answers(("a", "b")), answers([str(number) for number in range(100)])
    ('a number', 'a | b', '0 | 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8 | 9 | 10 | 11 | … 100 in all')
    """
    if not classes:
        return "a number"
    more = [f"… {len(classes)} in all"] if len(classes) > CLASSES else []
    return " | ".join([" ".join(name.split()) for name in classes[:CLASSES]] + more)


def _header(name: str) -> str:
    """A column of the row that is named as one of ours would be read as it: it gets a mark."""
    plain = name.split("(")[0].strip().casefold()
    return guarded(f"{name} of the row" if plain in (ROW, LABEL, "id", "row_id", "annotator", "known_at") else name)
