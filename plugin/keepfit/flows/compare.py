"""`keepfit compare`: two tables (files, folders of files, rows in memory) in, a drift report out. Needs no project, no git, no DVC, no MLflow."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

from keepfit.errors import ParamsError
from keepfit.flows.rows.engines import local_rows, open_rows
from keepfit.flows.rows.table_names import is_table_name

if TYPE_CHECKING:
    from keepfit.flows.rows.engines import EngineChoice
    from keepfit.monitor.compare import Drift, Thresholds
    from keepfit.tables.batches import Rows

Side: TypeAlias = "Path | Rows"
"""One of the tables: a file, a folder of files, or rows that are in memory already."""
SEED = 0
SLICES = 5
EXIT_CODES = {"no drift": 0, "drift": 3, "too few rows": 4, "nothing compared": 4}


@dataclass(frozen=True, kw_only=True)
class CompareAsked:
    """What a comparison is asked for; `columns` None: all that both tables have; a threshold that is None is the default one.

    `target` and `prediction` are the columns so called in the result; `rows` names row detectors.
    """

    columns: Sequence[str] | None = None
    target: str | None = None
    prediction: str | None = None
    rows: Sequence[str] = ()
    pairs: bool = False
    slices: bool = False
    min_effect: float | None = None
    alpha: float | None = None


def compare_sides(reference: Side, current: Side, asked: CompareAsked, *, names: tuple[str, str]) -> Drift:
    """Return what changed from one table to the other with all that was asked for; `names` are what the result calls them.

    Large files are read in batches, in memory that does not grow with the rows; a CSV file whose types change after its first
    8 MB (whole numbers that become fractions, say) is read a few times more.
    """
    from keepfit.monitor.compare import compare_rows, kinds_of

    limits, kinds = _limits(asked), kinds_of(target=asked.target, prediction=asked.prediction)
    columns = None if asked.columns is None else tuple(dict.fromkeys((*asked.columns, *kinds)))
    found = _read(reference, current, lambda before, now: compare_rows(before, now, names=names, columns=columns, thresholds=limits, kinds=kinds))
    if asked.pairs:
        found = look_at_pairs(found, reference, current, columns=columns)
    if asked.slices:
        found = look_at_slices(found, reference, current, columns=columns)
    return look_at_rows(found, reference, current, detectors=asked.rows, columns=columns) if asked.rows else found


def compare_files(
    reference: str | Path, current: str | Path, asked: CompareAsked | None = None, *, engine: EngineChoice = "local", say: Callable[[str], None] | None = None
) -> Drift:
    """Return what changed from one table to another, each read by the engine; see `compare_sides` and `open_rows`.

    `say` gets a line on which engine *auto* chose and why, and one on each column that the engine cannot read.
    """
    from keepfit.flows.rows.engine_choice import choice_line

    asked, names = asked or CompareAsked(), names_of(reference, current)
    if engine == "local":
        return compare_sides(Path(reference), Path(current), asked, names=names)
    before, now = open_rows(reference, engine=engine, where="REF"), open_rows(current, engine=engine, where="CUR")
    said = [choice_line({"REF": before, "CUR": now})] if engine == "auto" else []
    for line in (*said, *(f"REF: {one}" for one in before.remarks), *(f"CUR: {one}" for one in now.remarks)):
        (say or str)(line)
    return compare_sides(before.rows, now.rows, asked, names=names)


def _limits(asked: CompareAsked) -> Thresholds:
    """The thresholds; raises `ParamsError` for one that is no share."""
    from keepfit.monitor.compare import Thresholds

    default = Thresholds()
    for name, value, open_ in (("min_effect", asked.min_effect, False), ("alpha", asked.alpha, True)):
        if value is not None and not (0 <= value <= 1 and not (open_ and value in (0, 1))):
            between = "between 0 and 1" if open_ else "from 0 to 1"
            raise ParamsError(f"{name} is {value!r}, not {between}", where=name, fix=f"{name}={getattr(default, name):g} is the default")
    return Thresholds(
        min_effect=default.min_effect if asked.min_effect is None else asked.min_effect,
        alpha=default.alpha if asked.alpha is None else asked.alpha,
        min_rows=default.min_rows,
    )


def _read(reference: Side, current: Side, look: Callable[[Rows, Rows], Drift]) -> Drift:
    """Look at both files in batches; where a CSV file's types change on the way, once more with types that fit all of it."""
    from keepfit.integrations.streams import TypesChange

    sides = _rows_of(reference), _rows_of(current)
    try:
        return look(*sides)
    except TypesChange:
        return look(*map(_settled, sides))


def _settled(rows: Rows) -> Rows:
    from keepfit.flows.rows.folder_rows import FolderRows
    from keepfit.integrations.streams import CsvRows

    if isinstance(rows, FolderRows):
        return FolderRows(rows.path, [(file, _settled(own)) for file, own in rows.files])
    return rows.settled() if isinstance(rows, CsvRows) else rows


def _rows_of(side: Side) -> Rows:
    return local_rows(side) if isinstance(side, Path) else side


def look_at_rows(drift: Drift, reference: Side, current: Side, *, detectors: Sequence[str], columns: Sequence[str] | None = None) -> Drift:
    """Return the comparison with what row detectors say of the same two files; the same files give the same answer (the seed is fixed)."""
    import numpy as np

    from keepfit.monitor.compare import with_joint
    from keepfit.monitor.joint import compare_whole_rows

    def look(before: Rows, now: Rows) -> Drift:
        return with_joint(drift, compare_whole_rows(before, now, detectors=detectors, columns=columns, rng=np.random.default_rng(SEED)))

    return _read(reference, current, look)


def look_at_pairs(drift: Drift, reference: Side, current: Side, *, columns: Sequence[str] | None = None) -> Drift:
    """Return the comparison with what became of the correlation of every pair of numeric columns."""
    from keepfit.monitor.compare import with_joint
    from keepfit.monitor.joint import compare_correlations

    return _read(reference, current, lambda before, now: with_joint(drift, compare_correlations(before, now, columns=columns)))


def look_at_slices(drift: Drift, reference: Side, current: Side, *, columns: Sequence[str] | None = None) -> Drift:
    """Return the comparison with the slices whose share of the rows surely changed; the same files give the same answer (the seed is fixed)."""
    import numpy as np

    from keepfit.monitor.compare import with_slices
    from keepfit.monitor.joint import compare_slices
    from keepfit.slices.search import SliceLimits

    def look(before: Rows, now: Rows) -> Drift:
        limits = SliceLimits(alpha=drift.alpha, top=SLICES)
        return with_slices(drift, compare_slices(before, now, columns=columns, limits=limits, rng=np.random.default_rng(SEED)))

    return _read(reference, current, look)


def names_of(reference: str | Path, current: str | Path) -> tuple[str, str]:
    """Return the names of files and tables, with their folders where the names are the same."""
    before, now = (str(side) if is_table_name(str(side)) else Path(side).name for side in (reference, current))
    return (before, now) if before != now else (str(reference), str(current))


def exit_code(drift: Drift) -> int:
    """Return 0 no drift, 3 drift or a changed schema, 4 too few rows, or no column that tells anything."""
    return EXIT_CODES[drift.verdict]


def write_html(drift: Drift, out: Path) -> None:
    """Write the page whole or not at all."""
    from keepfit.flows.page_file import write_page_file
    from keepfit.report.drift import drift_html

    write_page_file(out, drift_html(drift))


def json_text(drift: Drift) -> str:
    """Return the whole record as one JSON object, with the sentence and the exit code."""
    from keepfit.records import to_data
    from keepfit.report.drift import verdict_line

    return json.dumps({**to_data(drift), "sentence": verdict_line(drift), "exit_code": exit_code(drift)}, indent=2, allow_nan=False) + "\n"
