"""Streaming: the same comparison whatever the batches, and memory that does not grow with the rows."""

import pickle
from dataclasses import dataclass, field, replace

import numpy as np
import pyarrow as pa
import pytest
from tests.grammar import texts
from tests.parted_rows import PartedRows

from keepfit.monitor.compare import compare_rows, compare_tables
from keepfit.profiles import layout as layouts
from keepfit.profiles.profile import learn_layout, profile_table
from keepfit.profiles.stream import LayoutPass, ProfilePass, profile_reference, profile_rows
from keepfit.tables.batches import TableRows
from keepfit.tables.passes import run_pass

KINDS = {"x": "numeric", "c": "categorical"}


@dataclass(frozen=True)
class Cut(TableRows):
    """A table's rows in batches of `size`; remembers which columns each pass asked for."""

    size: int = 100
    passes: list[list[str]] = field(default_factory=list)

    def batches(self, columns):
        self.passes.append(list(columns))
        for start in range(0, self.table.num_rows, self.size):
            yield self.table.select(list(columns)).slice(start, self.size)


class InPairs(Cut):
    columns_at_once = 2


def table(n, seed=0, shift=0.0):
    rng = np.random.default_rng(seed)
    return pa.table({"x": rng.normal(size=n) + shift, "c": rng.choice(list("abc"), n)})


@pytest.mark.parametrize(("sample", "passes"), [(10_000, [["x", "c"]]), (200, [["x", "c"], ["x"]])])
def test_a_large_reference_is_read_twice_and_only_where_the_first_pass_could_not_count(sample, passes, monkeypatch):
    monkeypatch.setattr(layouts, "SAMPLE", sample)
    rows = Cut(table(1_000))
    found = profile_reference(rows, KINDS, "ref")
    assert rows.passes == passes
    whole = profile_table(rows.table, found.columns, "ref")
    assert (found.rows, list(found.columns), found.columns["x"].counts) == (1_000, ["x", "c"], whole.columns["x"].counts)


def test_the_batches_are_not_seen_in_the_comparison():
    sides = table(900), table(800, seed=1, shift=0.5)
    whole = compare_tables(*sides, names=("a", "b"))
    cut = compare_rows(Cut(sides[0], 7), Cut(sides[1], 333), names=("a", "b"))
    assert [(one.column, one.evidence, one.psi) for one in cut.changes] == [(one.column, one.evidence, one.psi) for one in whole.changes]
    assert (cut.rows_reference, cut.rows_current, cut.verdict) == (900, 800, "drift")


def test_a_file_of_columns_is_read_a_group_of_columns_at_a_time():
    rows = InPairs(pa.table({f"x{i}": [1.0, 2.0, 3.0] for i in range(5)}))
    found = compare_rows(rows, rows, names=("a", "b"))
    assert (len(found.changes), found.rows_current, found.verdict) == (5, 3, "too few rows")
    assert rows.passes == [["x0", "x1"], ["x2", "x3"], ["x4"]] * 2


def test_no_rows_are_a_profile_of_none():
    rows = Cut(table(0))
    assert profile_rows(rows, profile_reference(rows, KINDS, "ref").columns, "w").rows == 0


def test_a_comparison_of_retyped_columns_only_still_counts_the_rows():
    found = compare_tables(pa.table({"x": [1, 2]}), pa.table({"x": ["a", "b", "c"]}), names=("a", "b"))
    assert (found.verdict, found.rows_reference, found.rows_current) == ("drift", 2, 3)


CUTS = [(450,), (0, 1, 1, 100, 333, 700, 900)]


def mixed(n, seed=0):
    rng = np.random.default_rng(seed)
    spoken = texts(seed, windows=2, rows=n)["text"][:n]
    odd = np.r_[[np.nan, np.inf, -np.inf, -0.0], rng.normal(size=n - 4)]
    few = pa.array(rng.integers(0, 9, n), mask=rng.random(n) < 0.1)
    return pa.table({"x": odd, "few": few, "c": rng.choice([f"id{i}" for i in range(600)], n), "t": spoken})


MIXED = {"x": "numeric", "few": "numeric", "c": "categorical", "t": "text"}


@pytest.mark.parametrize("cuts", CUTS)
@pytest.mark.parametrize("sample", [10_000, 100])
def test_however_rows_are_cut_into_parts_the_layout_and_the_counts_are_those_of_one(cuts, sample, monkeypatch):
    monkeypatch.setattr(layouts, "SAMPLE", sample)
    before, now = mixed(900), mixed(900, seed=1)
    whole = profile_reference(TableRows(before), MIXED, "ref")
    parted = profile_reference(PartedRows(before, cuts, size=77), MIXED, "ref")
    assert without_moments(parted) == without_moments(whole)
    words, expected = (profile.columns["t"] for profile in (parted, whole))
    assert (words.seen, words.shared) == (expected.seen, expected.shared)
    found, expected = (profile_rows(rows, whole.columns, "now") for rows in (PartedRows(now, cuts, size=77), TableRows(now)))
    assert without_moments(found) == without_moments(expected)
    for name in ("x", "few"):
        assert found.columns[name].total == pytest.approx(expected.columns[name].total, rel=1e-12)
        assert found.columns[name].total_squared == pytest.approx(expected.columns[name].total_squared, rel=1e-12)


def without_moments(profile):
    return replace(
        profile, columns={name: replace(one, total=0.0, total_squared=0.0) if one.kind == "numeric" else one for name, one in profile.columns.items()}
    )


def test_a_state_of_counts_travels_without_the_words_that_a_layout_knows():
    layout = profile_reference(TableRows(mixed(900)), MIXED, "ref").columns
    look = ProfilePass(layout, "w")
    assert len(pickle.dumps(look.add(look.start(0), mixed(50)))) < 10_000


TALLIED = {"d": {"n": 4}, "c": {"a": 1, "b": 1, None: 1, "a ": 1}}


def apart(look, rows):
    """What a pass gives of all rows, and what it gives where the texts are counted without it."""
    rest = look.without(["c", "d"])
    assert (list(look.by_value), list(rest.columns)) == (["c", "d"], ["x"])
    return run_pass(rows, look), look.with_tallies(run_pass(rows, rest), TALLIED)


def test_texts_that_were_counted_apart_are_what_their_rows_give():
    rows = TableRows(pa.table({"c": ["a", "b", None, "a "], "x": [1.0, 2.0, None, 4.0], "d": ["n"] * 4}))
    kinds = {"c": "categorical", "x": "numeric", "d": "categorical"}
    whole, found = apart(LayoutPass(kinds, 4), rows)
    assert (found.rows, found.layout(), found.counted(found.layout())) == (4, whole.layout(), whole.counted(whole.layout()))
    assert list(found.layout()) == list(kinds)
    whole, found = apart(ProfilePass(learn_layout(rows.table.slice(2), kinds), "w"), rows)
    assert (found, list(found.columns)) == (whole, list(kinds))
