"""What two tables' columns do together: pairs of columns, whole rows, and slices; each on demand, each in bounded memory.

Pairs are counted in batches; detectors of whole rows and the search for slices look at a sample of the rows (`sample.py`);
what is told of a slice is counted on all of them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial

import numpy as np

from keepfit import plugins
from keepfit.errors import DataError
from keepfit.monitor.compare import watched_columns
from keepfit.monitor.detectors.detector import PairDetector, RowDetector
from keepfit.monitor.rows import MAX_ROWS, matrices
from keepfit.profiles.pairs import count_pairs_of
from keepfit.profiles.profile import Layout, layout_of, learn_layout
from keepfit.profiles.readable import readable
from keepfit.profiles.stream import profile_reference
from keepfit.records import ColumnProfile, Evidence, FoundSlice, PairProfile, Pairs
from keepfit.slices.codes import code_columns
from keepfit.slices.counting import SlicePass
from keepfit.slices.moves import SliceCounts, moved_slices
from keepfit.slices.scan import Literals
from keepfit.slices.search import SliceLimits
from keepfit.tables.batches import Rows
from keepfit.tables.passes import run_pass
from keepfit.tables.sample import drawn_rows

MOST_PAIRED = 300
SLICE_ROWS = 50_000
SLICE_BINS, SLICE_CATEGORIES = 8, 20


def compare_correlations(reference: Rows, current: Rows, *, columns: Sequence[str] | None = None) -> tuple[Evidence, ...]:
    """Return what every pair detector says of every pair of numeric columns that both tables have, largest change first; none without two such columns.

    Raises `DataError` for more than 300 numeric columns: they are more than 44,850 pairs.
    """
    reference, current = _ready(reference, current, columns)
    kinds = {name: kind for name, kind in watched_columns(reference, current, columns).items() if kind == "numeric"}
    if len(kinds) > MOST_PAIRED:
        what = f"{len(kinds):,} numeric columns are {len(kinds) * (len(kinds) - 1) // 2:,} pairs, at most {MOST_PAIRED} columns are paired"
        raise DataError(what, where="--pairs", fix="name the columns that matter with --columns")
    layout = layout_of(profile_reference(reference, kinds, "reference"))
    before, now = (count_pairs_of(rows, layout, name) for rows, name in ((reference, "reference"), (current, "current")))
    detectors: list[PairDetector] = [plugins.make("pair_detectors", name, where="--pairs") for name in plugins.names("pair_detectors")]
    found: list[Evidence] = [detector.compare(pair, now.pairs[name], name) for detector in detectors for name, pair in _shared(before, now)]
    return tuple(sorted(found, key=lambda one: (-(one.effect or 0.0), one.subject, one.detector)))


def _ready(reference: Rows, current: Rows, columns: Sequence[str] | None) -> tuple[Rows, Rows]:
    """Both tables with text that is numbers read as numbers, as their columns are compared one by one."""
    ready = readable(reference, current, columns=columns)
    return ready.reference, ready.current


def _shared(before: Pairs, now: Pairs) -> list[tuple[str, PairProfile]]:
    return [(name, pair) for name, pair in before.pairs.items() if name in now.pairs]


def compare_whole_rows(
    reference: Rows, current: Rows, *, detectors: Sequence[str], columns: Sequence[str] | None = None, rng: np.random.Generator
) -> tuple[Evidence, ...]:
    """Return the evidence of row detectors, by name, on all columns that both tables have in one kind (or on those of `columns`).

    They see at most 5,000 rows a side. Raises `UnknownNameError` for an unknown detector and `DataError` when no column is left to look at.
    """
    reference, current = _ready(reference, current, columns)
    watched = watched_columns(reference, current, columns)
    loaded: list[RowDetector] = [plugins.make("row_detectors", name, where="--rows") for name in dict.fromkeys(detectors)]
    if not watched:
        raise DataError("no column can be compared row by row", where="--rows", fix="both tables need a column of numbers, text or booleans in common")
    before, now = (drawn_rows(rows, list(watched), MAX_ROWS, rng=rng) for rows in (reference, current))
    if not (before.num_rows and now.num_rows):
        return ()
    first, second = matrices(before, now, watched)
    return tuple(detector.compare(first, second, rng=rng) for detector in loaded)


def compare_slices(
    reference: Rows,
    current: Rows,
    *,
    columns: Sequence[str] | None = None,
    limits: SliceLimits | None = None,
    rng: np.random.Generator,
    most_rows: int = SLICE_ROWS,
) -> tuple[FoundSlice, ...]:
    """Return the slices whose share of the rows surely changed from one table to the other, the largest change first.

    At most `most_rows` rows a side are searched; what is found is counted on all rows. A number is cut into the reference's eighths, of
    categories the 20 most frequent are told apart.
    """
    reference, current = _ready(reference, current, columns)
    watched = watched_columns(reference, current, columns)
    before, now = (drawn_rows(rows, list(watched), most_rows, rng=rng) for rows in (reference, current))
    layout: Mapping[str, ColumnProfile] = learn_layout(before, watched, bins=SLICE_BINS, max_categories=SLICE_CATEGORIES)
    coded = [code_columns(side, layout) for side in (before, now)]
    all_there = all(side.num_rows < most_rows for side in (before, now))
    counting = None if all_there else partial(_counted, (reference, current), layout, [column.name for column in coded[0]])
    return moved_slices(*coded, limits=limits, counting=counting)


def _counted(sides: tuple[Rows, Rows], layout: Layout, names: Sequence[str], slices: Sequence[Literals]) -> list[SliceCounts]:
    """How many rows of both tables each slice has, counted in batches; `names` are the columns that the literals' numbers stand for."""
    used = sorted({column for literals in slices for column, _ in literals})
    if not used:
        return []
    places = {column: place for place, column in enumerate(used)}
    renamed = [tuple((places[column], code) for column, code in literals) for literals in slices]
    look = SlicePass({names[column]: layout[names[column]] for column in used}, tuple(names[column] for column in used), renamed)
    (*before, all_before), (*now, all_now) = (run_pass(rows, look) for rows in sides)
    return [SliceCounts(before=first, now=second, all_before=all_before, all_now=all_now) for first, second in zip(before, now, strict=True)]
