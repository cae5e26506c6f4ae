"""What columns do together, from tables read in batches."""

import numpy as np
import pyarrow as pa
import pytest
from tests.parted_rows import PartedRows
from tests.profiles.test_stream import Cut

from keepfit.errors import DataError
from keepfit.monitor.compare import compare_rows, compare_tables, with_slices
from keepfit.monitor.joint import compare_correlations, compare_slices, compare_whole_rows
from keepfit.tables.batches import TableRows


def world(seed, *, n=6000, into=0):
    """Ten columns of four values and a number; `into` rows are moved to where c0 is a and c1 is b."""
    rng = np.random.default_rng((seed, 9))
    columns = {f"c{place}": rng.choice(list("abcd"), n) for place in range(10)}
    columns["c0"][:into], columns["c1"][:into] = "a", "b"
    return pa.table({**columns, "x": rng.normal(size=n)})


def slices(before, now, **options):
    return compare_slices(TableRows(before), TableRows(now), rng=np.random.default_rng(0), **options)


def test_a_slice_is_compared_with_the_same_slice_of_the_reference():
    before, now = world(1), world(2, into=900)
    first = slices(before, now)[0]
    inside = [np.mean((side["c0"].to_numpy(zero_copy_only=False) == "a") & (side["c1"].to_numpy(zero_copy_only=False) == "b")) for side in (before, now)]
    assert first.slice == "c0=a & c1=b"
    assert first.share == pytest.approx(inside[1])
    assert first.share - first.effect == pytest.approx(inside[0])
    assert first.low < inside[1] - inside[0] < first.high


def test_rows_of_one_world_move_no_slice_in_ten_of_ten_seeds():
    """At alpha .01 in 1 of 100."""
    assert [slices(world(10 + seed), world(30 + seed)) for seed in range(10)] == [()] * 10


def test_a_slice_that_no_column_shows_makes_the_verdict_drift():
    """c0 and c1 were independent and are now always alike: each keeps its shares, c0=a & c1=a goes from 1/16 to 1/4."""
    before, now = world(3), world(4)
    now = now.set_column(1, "c1", now["c0"])
    columns = compare_tables(before, now, names=("a", "b"))
    found = with_slices(columns, slices(before, now))
    assert (columns.verdict, found.verdict) == ("no drift", "drift")
    assert found.slices[0].columns == ("c0", "c1")
    assert found.slices[0].effect == pytest.approx(3 / 16, abs=0.03)


def test_parts_that_are_counted_where_they_are_are_not_seen():
    """Nothing is read here: `PartedRows` refuses it. The flags are stored another way, the amounts are text, so that both wrappers of rows run the passes."""
    before, now = (amounts(side, stored) for side, stored in ((world(5, n=1_500), "flag"), (world(6, n=1_500, into=200), "word")))
    cuts, named = (0, 1, 700, 1_499), ["c0", "c1", "flag", "amount"]
    slices_of_some = lambda a, b: compare_slices(a, b, columns=named, most_rows=1_000, rng=np.random.default_rng(0))  # noqa: E731 - one of three looks
    assert slices_of_some(TableRows(before), TableRows(now))
    for look in (columns_of, compare_correlations, slices_of_some):
        assert look(PartedRows(before, cuts, 700), PartedRows(now, cuts, 700)) == look(TableRows(before), TableRows(now))


def columns_of(before, now):
    found = compare_rows(before, now, names=("a", "b"))
    return found.verdict, found.unreadable, found.skipped, [(one.column, one.evidence, one.psi, one.note, one.current.counts) for one in found.changes]


def amounts(side, stored):
    flags = [value in "ab" for value in side["c9"].to_pylist()]
    side = side.append_column("flag", pa.array(flags if stored == "flag" else [str(flag) for flag in flags]))
    return side.append_column("amount", pa.array([f"${place % 97},000.5" for place in range(side.num_rows)]))


def test_batches_are_not_seen():
    before, now = world(5), world(6, into=900)
    whole = [look(TableRows(before), TableRows(now)) for look in LOOKS]
    assert [look(Cut(before, size=700), Cut(now, size=1100)) for look in LOOKS] == whole


LOOKS = [
    lambda a, b: compare_slices(a, b, rng=np.random.default_rng(0)),
    lambda a, b: compare_whole_rows(a, b, detectors=["mmd"], rng=np.random.default_rng(0)),
    compare_correlations,
]


def test_too_many_pairs_are_refused_in_one_sentence():
    wide = pa.table({f"x{place}": [0.0, 1.0] for place in range(301)})
    with pytest.raises(DataError, match=r"301 numeric columns are 45,150 pairs") as refused:
        compare_correlations(TableRows(wide), TableRows(wide))
    assert "--columns" in refused.value.fix
    assert len(compare_correlations(TableRows(wide), TableRows(wide), columns=["x0", "x1", "x2"])) == 3


@pytest.mark.parametrize("n", [0, 1])
def test_no_rows_and_one_row_move_nothing(n):
    assert slices(world(7), world(8, n=n)) == ()
    assert slices(world(7, n=n), world(8)) == ()
