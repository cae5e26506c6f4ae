"""Every engine counts every awkward value, type, name and shape alike, to the last digit, and as a recount by hand does."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pytest
from tests.contracts.awkward_tables import SHAPES, THEMES, Awkward, kinds_of, table_of, write_theme
from tests.contracts.recounted import layout_of_categories, layout_of_numbers, recount, recount_pairs

from keepfit.flows.rows.engines import open_rows
from keepfit.profiles.layout import layout_of, learn_layout
from keepfit.profiles.pairs import count_pairs_of, pair_keys
from keepfit.profiles.stream import profile_reference, profile_rows
from keepfit.records import CategoricalProfile, ColumnProfile, NumericProfile, Pairs, Profile
from keepfit.tables.batches import Rows
from keepfit.tables.sample import drawn_rows

ALL, FEW, HALF = 1_000, 5, 18


@dataclass(frozen=True, kw_only=True)
class Answers:
    """What is asked of a table: counts on its own layout and on another, pairs, all of its rows and some of them."""

    own: Mapping[str, ColumnProfile]
    other: Mapping[str, ColumnProfile]
    pairs: Pairs
    rows: Mapping[str, list[object]]
    drawn: Mapping[str, list[object]]


def asked_of(rows: Rows, columns: Mapping[str, Awkward]) -> Answers:
    """Ask all of the columns that the engine has; the other layout is that of the table's first half."""
    kinds = {name: kind for name, kind in kinds_of(columns).items() if name in rows.schema.names}
    own, other = profile_reference(rows, kinds, "all"), learn_layout(table_of(columns).slice(0, HALF), kinds)
    return Answers(
        own=_but_for_moments(own),
        other=_but_for_moments(profile_rows(rows, other, "all")),
        pairs=count_pairs_of(rows, layout_of(own), "all"),
        rows=_sample(rows, list(kinds), ALL),
        drawn=_sample(rows, list(kinds), FEW),
    )


def _but_for_moments(profile: Profile) -> dict[str, ColumnProfile]:
    """A profile's columns without the sums of floats, whose last digits depend on the order in which they are added up."""
    return {name: replace(column, total=0.0, total_squared=0.0) if isinstance(column, NumericProfile) else column for name, column in profile.columns.items()}


def _sample(rows: Rows, columns: list[str], most: int) -> dict[str, list[object]]:
    found = drawn_rows(rows, columns, most, rng=np.random.default_rng(0))
    return {name: [_readable(value) for value in found[name].to_pylist()] for name in columns}


def _readable(value: object) -> object:
    """A value that is equal to itself; -0.0 and 0.0 are two."""
    return str(value) if isinstance(value, float) else value


@pytest.fixture(scope="module", params=[*THEMES, *SHAPES])
def theme(request, tmp_path_factory) -> tuple[Mapping[str, Awkward], Path, Answers]:
    """The columns of a theme, the folder that they are written to, and what this process answers."""
    folder = tmp_path_factory.mktemp("awkward") / request.param
    columns = write_theme(request.param, folder)
    return columns, folder, asked_of(open_rows(folder, engine="local", where="REF").rows, columns)


# -- this process against a recount by hand -----------------------------------------------------------------------------


def fields(column: ColumnProfile) -> dict[str, object]:
    """What is counted of a column."""
    names = ("counts", "n", "missing", "nonfinite", "low", "high") if isinstance(column, NumericProfile) else ("counts", "n", "missing", "other", "new")
    return {name: getattr(column, name) for name in names}


def counted(columns: Mapping[str, Awkward]) -> dict[str, Awkward]:
    """The columns of numbers and of categories; texts are counted by their words, which no hand does."""
    return {name: column for name, column in columns.items() if column.kind in ("numeric", "categorical")}


def test_this_process_counts_as_a_recount_by_hand(theme):
    columns, _, answers = theme
    for profile in (answers.own, answers.other):
        assert {name: fields(profile[name]) for name in counted(columns)} == {name: recount(column, profile[name]) for name, column in counted(columns).items()}


def test_this_process_learns_the_layout_that_a_hand_writes_down(theme):
    columns, _, answers = theme
    for name, column in counted(columns).items():
        learned = answers.own[name]
        if isinstance(learned, CategoricalProfile):
            assert (learned.categories, learned.rare) == layout_of_categories(column.counts_as), name
        else:
            assert layout_of_numbers(column.counts_as) in (None, learned.edges), name


def test_this_process_pairs_columns_as_a_recount_by_hand(theme):
    columns, _, answers = theme
    edges = {name: column.edges for name, column in answers.own.items() if isinstance(column, NumericProfile) and column.edges}
    assert answers.pairs.pairs == (dict(zip(pair_keys(list(edges)), recount_pairs(columns, edges), strict=True)) if len(edges) > 1 else {})


def test_this_process_hands_out_the_very_rows(theme):
    columns, _, answers = theme
    many = max(len(column.values) for column in columns.values())
    if many <= ALL:
        assert answers.rows == {name: [_readable(value) for value in column.values.to_pylist()] for name, column in columns.items() if column.kind}
    assert {len(values) for values in answers.drawn.values()} == {min(FEW, many)}
