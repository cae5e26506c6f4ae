"""`keepfit compare`: two files, or folders of files, in, a drift report out. Needs no project, no git, no DVC, no MLflow."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from keepfit.flows.page_file import write_page_file

if TYPE_CHECKING:
    from keepfit.monitor.compare import Drift
    from keepfit.tables.batches import Rows

SEED = 0
SLICES = 5
EXIT_CODES = {"no drift": 0, "drift": 3, "too few rows": 4, "nothing compared": 4}


def compare_files(
    reference: Path, current: Path, *, columns: Sequence[str] | None = None, min_effect: float | None = None, alpha: float | None = None
) -> Drift:
    """Return what changed from one CSV or Parquet file, or folder of such files, to another; None means the default threshold.

    Large files are read in batches, in memory that does not grow with the rows; a CSV file whose types change after its first
    8 MB (whole numbers that become fractions, say) is read a few times more.
    """
    from keepfit.monitor.compare import Thresholds, compare_rows

    default = Thresholds()
    limits = Thresholds(
        min_effect=default.min_effect if min_effect is None else min_effect, alpha=default.alpha if alpha is None else alpha, min_rows=default.min_rows
    )
    names = _names(reference, current)
    return _read(reference, current, lambda before, now: compare_rows(before, now, names=names, columns=columns, thresholds=limits))


def _read(reference: Path, current: Path, look: Callable[[Rows, Rows], Drift]) -> Drift:
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


def _rows_of(path: Path) -> Rows:
    from keepfit.flows.rows.folder_rows import folder_rows
    from keepfit.integrations.streams import CsvRows, ParquetRows, is_streamed
    from keepfit.integrations.tables import read_table
    from keepfit.tables.batches import TableRows

    if path.is_dir():
        return folder_rows(path, _rows_of)
    if not is_streamed(path):
        return TableRows(read_table(path, codes=True))
    return ParquetRows(path) if path.suffix == ".parquet" else CsvRows(path)


def look_at_rows(drift: Drift, reference: Path, current: Path, *, detectors: Sequence[str], columns: Sequence[str] | None = None) -> Drift:
    """Return the comparison with what row detectors say of the same two files; the same files give the same answer (the seed is fixed)."""
    import numpy as np

    from keepfit.monitor.compare import with_joint
    from keepfit.monitor.joint import compare_whole_rows

    def look(before: Rows, now: Rows) -> Drift:
        return with_joint(drift, compare_whole_rows(before, now, detectors=detectors, columns=columns, rng=np.random.default_rng(SEED)))

    return _read(reference, current, look)


def look_at_pairs(drift: Drift, reference: Path, current: Path, *, columns: Sequence[str] | None = None) -> Drift:
    """Return the comparison with what became of the correlation of every pair of numeric columns."""
    from keepfit.monitor.compare import with_joint
    from keepfit.monitor.joint import compare_correlations

    return _read(reference, current, lambda before, now: with_joint(drift, compare_correlations(before, now, columns=columns)))


def look_at_slices(drift: Drift, reference: Path, current: Path, *, columns: Sequence[str] | None = None) -> Drift:
    """Return the comparison with the slices whose share of the rows surely changed; the same files give the same answer (the seed is fixed)."""
    import numpy as np

    from keepfit.monitor.compare import with_slices
    from keepfit.monitor.joint import compare_slices
    from keepfit.slices.search import SliceLimits

    def look(before: Rows, now: Rows) -> Drift:
        limits = SliceLimits(alpha=drift.alpha, top=SLICES)
        return with_slices(drift, compare_slices(before, now, columns=columns, limits=limits, rng=np.random.default_rng(SEED)))

    return _read(reference, current, look)


def _names(reference: Path, current: Path) -> tuple[str, str]:
    """The files' names, with their folders where the names are the same."""
    if reference.name != current.name:
        return reference.name, current.name
    return str(reference), str(current)


def exit_code(drift: Drift) -> int:
    """Return 0 no drift, 3 drift or a changed schema, 4 too few rows, or no column that tells anything."""
    return EXIT_CODES[drift.verdict]


def write_html(drift: Drift, out: Path) -> None:
    """Write the page whole or not at all."""
    from keepfit.report.drift import drift_html

    write_page_file(out, drift_html(drift))


def json_text(drift: Drift) -> str:
    """Return the whole record as one JSON object, with the sentence and the exit code."""
    from keepfit.records import to_data
    from keepfit.report.drift import verdict_line

    return json.dumps({**to_data(drift), "sentence": verdict_line(drift), "exit_code": exit_code(drift)}, indent=2, allow_nan=False) + "\n"
