"""Whatever is told of a slice equals a recount on the whole table, and no p-value contradicts its interval."""

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.monitor.recount import inside

from keepfit.monitor.joint import compare_slices
from keepfit.profiles.profile import learn_layout
from keepfit.slices.codes import code_columns
from keepfit.slices.moves import beside
from keepfit.slices.search import SliceLimits, find_slices
from keepfit.tables.batches import TableRows

LIMITS = SliceLimits(alpha=0.05, top=5)


@st.composite
def worlds(draw):
    """Two to four columns of words and one or two of numbers, each with NULLs; in the second table some rows are moved into and out of slices."""
    rng = np.random.default_rng(draw(st.integers(0, 2**32)))
    words, numbers = draw(st.integers(2, 4)), draw(st.integers(1, 2))
    nulls, moved = draw(st.sampled_from([0.0, 0.05, 0.3])), draw(st.sampled_from([0.0, 0.1, 0.3]))
    atom = draw(st.booleans())
    shares = rng.dirichlet(np.full(5, 3.0), words)
    sides = [_table(rng, draw(st.integers(800, 2500)), shares=shares, numbers=numbers, nulls=nulls, atom=atom) for _ in range(2)]
    rows = len(sides[1]["w0"])
    for name, value in (("w0", "a"), ("w1", "b"), ("x0", 1.23456719)):
        if draw(st.booleans()):
            sides[1][name] = [value if hit else old for hit, old in zip(rng.random(rows) < moved, sides[1][name], strict=True)]
    if draw(st.booleans()):  # a value that shrinks, and a pair that comes
        sides[1]["w0"] = ["c" if old == "a" and hit else old for hit, old in zip(rng.random(rows) < 0.6, sides[1]["w0"], strict=True)]
    if draw(st.booleans()):
        for name, value in (("w0", "b"), ("w1", "a")):
            sides[1][name][: rows // 6] = [value] * (rows // 6)
    return sides, draw(st.sampled_from([300, 50_000])), rng


def _table(rng, rows, *, shares, numbers, nulls, atom):
    found = {f"w{place}": rng.choice(list("abcde"), rows, p=own).tolist() for place, own in enumerate(shares)}
    found |= {f"x{place}": np.where(atom & (rng.random(rows) < 0.3), 1.23456719, rng.normal(1, 2, rows)).tolist() for place in range(numbers)}
    return {name: [None if lost else value for value, lost in zip(values, rng.random(rows) < nulls, strict=True)] for name, values in found.items()}


def tables(sides):
    types = {name: pa.string() if name.startswith("w") else pa.float64() for name in sides[0]}
    return [pa.table({name: pa.array(values, types[name]) for name, values in side.items()}) for side in sides]


@settings(max_examples=60, deadline=None)
@given(worlds())
def test_every_share_count_and_change_of_compare_equals_a_recount(world):
    sides, most_rows, rng = world
    found = compare_slices(*(TableRows(table) for table in tables(sides)), limits=LIMITS, rng=rng, most_rows=most_rows)
    for one in found:
        before, now = (inside(side, one.slice, reference=sides[0]) for side in sides)
        assert (one.rows, one.n) == (now.sum(), len(now))
        assert (one.share_before, one.share) == (before.mean(), now.mean())
        assert one.effect == now.mean() - before.mean()
        assert sure(one)
    assert len({one.slice for one in found}) == len(found)


@settings(max_examples=40, deadline=None)
@given(worlds(), st.sampled_from(["a", "b"]), st.sampled_from(["errors", "claims"]))
def test_every_slice_of_loss_equals_a_recount(world, worse, kind):
    sides, _, rng = world
    reference, table = tables(sides)
    harmed = inside(sides[1], f"w0={worse}", reference=sides[0])
    loss = (rng.random(len(harmed)) < np.where(harmed, 0.4, 0.15)).astype(float) if kind == "errors" else rng.normal(np.where(harmed, 0.5, 0.0), 1)
    layout = learn_layout(reference, {name: "categorical" if name.startswith("w") else "numeric" for name in sides[0]}, bins=8)
    found = beside(find_slices(code_columns(table, layout), loss, limits=LIMITS), code_columns(reference, layout))
    for one in found:
        before, now = (inside(side, one.slice, reference=sides[0]) for side in sides)
        assert (one.rows, one.share, one.share_before) == (now.sum(), now.mean(), before.mean())
        assert one.effect == pytest.approx(loss[now].mean() - loss[~now].mean())
        assert one.low > 0, "what is told as worse excludes better"
        assert sure(one)
    assert len({one.slice for one in found}) == len(found)


def sure(one):
    """A slice is told only if its p is at most alpha and its interval, at the same level, is on one side of zero and holds the effect."""
    return one.p_value <= LIMITS.alpha and (one.low > 0 or one.high < 0) and one.low <= one.effect <= one.high


def test_a_value_that_shrinks_is_shown_with_its_share_before():
    sides = [{"c": ["a"] * a + ["b"] * b} for a, b in ((900, 100), (700, 300))]
    found = compare_slices(*(TableRows(pa.table(side)) for side in sides), rng=np.random.default_rng(0))
    assert [(one.slice, one.share_before, one.share) for one in found] == [("c=a", 0.9, 0.7), ("c=b", 0.1, 0.3)]


def test_a_slice_of_a_later_round_is_counted_on_all_rows():
    """Half of b=1 lies in a=1, which is told first; what is left of b=1 is not what b=1 is."""
    rng = np.random.default_rng(3)
    sides = [{"a": rng.choice(list("12"), 8000, p=[share, 1 - share]), "b": rng.choice(list("12"), 8000, p=[0.5, 0.5])} for share in (0.2, 0.5)]
    sides[1]["b"] = np.where((sides[1]["a"] == "2") & (rng.random(8000) < 0.4), "2", sides[1]["b"])
    found = {one.slice: one for one in compare_slices(*(TableRows(pa.table(side)) for side in sides), limits=LIMITS, rng=rng)}
    assert len(found) > 2
    for name, one in found.items():
        shares = [inside({key: list(values) for key, values in side.items()}, name, reference=sides[0]).mean() for side in sides]
        assert (one.share_before, one.share) == tuple(shares)


def test_a_slice_that_is_worse_only_among_the_rows_left_is_not_told():
    """x=1 has all of the loss of y=1 outside z=1; on all rows y=1 is better than the rest, since z=1, which is told first, is mostly outside of it."""
    rng = np.random.default_rng(4)
    z, y = rng.random(20_000) < 0.4, rng.random(20_000) < 0.3
    y &= ~z | (rng.random(20_000) < 0.1)
    errors = (rng.random(20_000) < np.where(z, 0.6, np.where(y, 0.3, 0.1))).astype(float)
    columns = code_columns(
        table := pa.table({"z": z.astype(str), "y": y.astype(str)}),
        learn_layout(table, {"z": "categorical", "y": "categorical"}),
    )
    found = find_slices(columns, errors)
    assert found[0].slice == "z=True"
    assert errors[y].mean() < errors[~y].mean()
    assert "y=True" not in {one.slice for one in found}
