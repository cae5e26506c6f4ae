"""Draws by hash: the rows' own, whatever their order, storage and company."""

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from keepfit.compose.draws import apportioned, lowest, mixed, ranks, row_hashes

IDS = st.lists(st.text(max_size=40), unique=True, max_size=60)


def test_the_mix_is_splitmix64():
    """The first outputs of the reference implementation with the seed 1234567 (Vigna, splitmix64.c): its state grows by the golden gamma."""
    states = np.array([(1234567 + 0x9E3779B97F4A7C15 * step) % 2**64 for step in range(3)], np.uint64)
    assert mixed(states).tolist() == [6457827717110365317, 3203168211198807973, 9817491932198370423]


def test_hashes_and_ranks_are_for_ever():
    """A draw of an old composition is drawn again by every later keepfit: these numbers never change."""
    ids = ["", "a", "12345678", "123456789", "Köln", "2013-01-01 06:00 EWR"]
    assert row_hashes(ids).tolist() == HASHES
    assert ranks(row_hashes(ids), "parts 0").tolist() == RANKS


HASHES = [16294208416658607535, 6774081908283191102, 9501447833425779875, 9003943604911055402, 9103107993681737415, 6607814283952019521]
RANKS = [198760400667175244, 1587127099186513188, 13058752403181846726, 16933160812833086685, 523503965361305864, 12167038201725352228]


@given(IDS, st.randoms())
def test_a_hash_is_the_rows_own_whatever_the_order_and_company(ids, chance):
    alone = dict(zip(ids, row_hashes(ids).tolist(), strict=True))
    turned = chance.sample(ids, len(ids) // 2)
    assert row_hashes(turned).tolist() == [alone[one] for one in turned]
    assert len(set(alone.values())) == len(ids)


@given(st.lists(st.integers(-(2**63), 2**63 - 1), max_size=30))
def test_a_number_hashes_as_its_text_however_it_is_stored(numbers):
    text = row_hashes([str(number) for number in numbers]).tolist()
    assert row_hashes(pa.array(numbers, pa.int64())).tolist() == text
    assert row_hashes(np.array(numbers, dtype=object)).tolist() == text
    assert (
        row_hashes(
            pa.chunked_array(
                [pa.array(text_of, pa.string()).dictionary_encode() for text_of in ([str(n)] for n in numbers)] or [[]], None if numbers else pa.string()
            )
        ).tolist()
        == text
    )


def test_a_slice_of_an_array_hashes_as_its_rows():
    whole = pa.array(["one", "two", None, "three and more"])
    assert row_hashes(whole.slice(1, 3)).tolist() == row_hashes(["two", None, "three and more"]).tolist()


def test_ranks_of_two_draws_have_nothing_in_common():
    hashes = row_hashes([f"row {number}" for number in range(20_000)])
    first, second = (ranks(hashes, name) < np.uint64(2**62) for name in ("one", "two"))
    assert first.mean() == pytest.approx(0.25, abs=0.01)  # se .003
    assert (first & second).mean() == pytest.approx(1 / 16, abs=0.006)  # se .0017


@given(st.lists(st.integers(0, 2**64 - 1), max_size=40), st.integers(0, 45))
def test_the_lowest_are_drawn_in_order_and_more_of_them_hold_the_fewer(values, n):
    rank, among = np.array(values, np.uint64), np.arange(len(values))
    drawn = lowest(rank, among, n)
    assert len(drawn) == min(n, len(values))
    assert drawn.tolist() == sorted(drawn.tolist())
    assert set(drawn.tolist()) <= set(lowest(rank, among, n + 1).tolist())
    left = sorted(set(among.tolist()) - set(drawn.tolist()))
    assert not left or not len(drawn) or rank[drawn].max() <= rank[left].min()


@given(st.integers(0, 1000), st.lists(st.floats(0.01, 1), min_size=1, max_size=12))
def test_what_is_apportioned_adds_up_and_is_within_one_of_its_share(total, shares):
    found = apportioned(total, np.array(shares))
    assert found.sum() == total
    assert (abs(found - total * np.array(shares) / sum(shares)) < 1).all()
