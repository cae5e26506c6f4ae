"""Booleans of two tables are compared whatever stores them; what is none is counted, and storage alone is no drift."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.storage import NAMED, storages

from keepfit.monitor.compare import compare_tables
from keepfit.monitor.joint import compare_slices
from keepfit.records import digest
from keepfit.tables.batches import TableRows

ROWS = 300
KINDS = {"flag": "boolean", "size": "number", "word": "text"}


def values(name, seed=0):
    rng = np.random.default_rng(seed)
    return [NAMED[KINDS[name]][at] for at in rng.integers(0, len(NAMED[KINDS[name]]), ROWS)]


def table(chosen, seed=0):
    stored = {name: list(storages(values(name, seed)).values()) for name in KINDS}
    return pa.table({name: ways[chosen.get(name, 0) % len(ways)] for name, ways in stored.items()})


def compared(reference, current):
    return compare_tables(reference, current, names=("a", "b"))


@given(chosen=st.fixed_dictionaries({name: st.integers(0, 100) for name in KINDS}))
@settings(deadline=None, max_examples=40)
def test_storage_of_the_current_table_is_permuted_and_the_counts_stay_equal(chosen):
    found, want = compared(table({}), table(chosen, seed=1)), compared(table({}), table({}, seed=1))
    assert found.verdict == want.verdict
    assert not [one for one in found.columns if one.effect]
    assert [(one.column, digest(one.current), digest(one.reference), one.drifts, one.effect) for one in found.changes] == [
        (one.column, digest(one.current), digest(one.reference), one.drifts, one.effect) for one in want.changes
    ]


@pytest.mark.parametrize("word", ["True", "true", "TRUE"])
def test_a_reference_of_words_is_compared_with_booleans_under_its_own_names(word):
    write = {"True": str, "true": lambda value: str(value).lower(), "TRUE": lambda value: str(value).upper()}[word]
    said = pa.table({"v": [write(flag) for flag in [True, False] * 100]})
    for stored in ([True, False, None] * 100, [1, 0, None] * 100, [1.0, 0.0, None] * 100, ["true", "False", None] * 100):
        (change,) = compared(said, pa.table({"v": stored})).changes
        assert sorted(change.current.categories) == sorted({word, write(False)})
        assert (change.current.counts, change.current.missing, change.current.other) == ((100, 100), 100, 0)


def test_another_storage_is_noted_and_is_no_drift():
    flags = [True, False] * 200
    found = compared(pa.table({"v": flags}), pa.table({"v": [int(flag) for flag in flags]}))
    assert (found.verdict, found.columns, found.changes[0].note) == ("no drift", (), "stored as number, was boolean")
    found = compared(pa.table({"v": [int(flag) for flag in flags]}), pa.table({"v": flags}))
    assert (found.verdict, found.columns, found.changes[0].note) == ("no drift", (), "stored as boolean, was number")


def test_values_that_are_no_booleans_are_counted_and_most_of_them_make_another_column():
    flags = pa.table({"v": [True, False] * 200})
    some = compared(flags, pa.table({"v": [1.0, 0.0] * 199 + [2.0, 0.5]}))
    assert (some.unreadable["v"].current, some.unreadable["v"].examples, some.verdict) == (2, ("2.0", "0.5"), "no drift")
    most = compared(flags, pa.table({"v": [1.0, 5.0, 7.0, 9.0] * 100}))
    assert [(one.subject, one.detector) for one in most.columns] == [("v", "retyped")]


def test_slices_see_booleans_alike():
    rng = np.random.default_rng(0)
    before, now = (rng.random(2000) < share for share in (0.2, 0.6))
    found = compare_slices(TableRows(pa.table({"v": before})), TableRows(pa.table({"v": now.astype(float)})), rng=np.random.default_rng(0))
    assert {one.slice for one in found} == {"v=true", "v=false"}
