"""Rows drawn while a table streams by: all alike, the same whatever the batches, never more than asked for."""

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pytest
from tests.profiles.test_stream import Cut, InPairs

from keepfit.tables.sample import drawn_rows, picked_rows, places_by_class

N = 1000
TABLE = pa.table({"x": np.arange(N), "c": pa.array([f"v{i % 7}" for i in range(N)]), "y": np.arange(N) * 2.0})


def drawn(rows, most=100, seed=0, columns=("x", "c", "y")):
    return drawn_rows(rows, list(columns), most, rng=np.random.default_rng(seed))


@pytest.mark.parametrize("size", [1, 7, 333, 1000])
def test_neither_batches_nor_groups_of_columns_are_seen(size):
    expected = drawn(Cut(TABLE))
    assert drawn(Cut(TABLE, size=size)) == expected
    assert drawn(InPairs(TABLE, size=size)) == expected


def test_rows_stay_whole_and_in_order_and_go_by_the_seed():
    found = drawn(Cut(TABLE))
    numbers = found["x"].to_pylist()
    assert (len(numbers), numbers) == (100, sorted(set(numbers)))
    assert found["y"].to_pylist() == [2.0 * x for x in numbers]
    assert found["c"].to_pylist() == [f"v{x % 7}" for x in numbers]
    assert drawn(Cut(TABLE)) == found
    assert drawn(Cut(TABLE), seed=1) != found


def test_every_row_is_equally_likely():
    counts = np.zeros(N)
    for seed in range(400):
        counts[drawn(Cut(TABLE), seed=seed, columns=["x"])["x"].to_numpy()] += 1
    # 400 draws of a tenth: 40 each with a standard deviation of 6; ten stretches of 100 rows 4,000 each, standard error 57
    assert np.abs(counts.reshape(10, 100).sum(axis=1) - 4000).max() < 4 * 57
    assert counts.min() > 40 - 5 * 6


@pytest.mark.parametrize("n", [0, 1, 100])
def test_a_table_of_no_more_rows_is_kept_whole(n):
    assert drawn(Cut(TABLE.slice(0, n), size=9)) == TABLE.slice(0, n).combine_chunks()


def test_texts_of_batches_with_dictionaries_of_their_own_come_as_texts():
    halves = pa.concat_tables([TABLE.slice(0, 500), TABLE.slice(500)])
    coded = pa.table({"c": pa.chunked_array([chunk.dictionary_encode() for chunk in halves["c"].chunks])})
    assert drawn(Cut(coded, size=100), columns=["c"])["c"].to_pylist() == drawn(Cut(TABLE), columns=["c"])["c"].to_pylist()


def test_places_are_as_many_of_each_class_as_there_are():
    labels = np.array([0.0] * 90 + [1.0] * 10 + [np.nan] * 3)
    places = places_by_class(labels, 30, rng=np.random.default_rng(0))
    assert places.tolist() == sorted(set(places.tolist()))
    drawn = labels[places]
    assert (int((drawn == 0).sum()), int((drawn == 1).sum()), int(np.isnan(drawn).sum())) == (17, 10, 3)


def test_numbers_are_no_classes_and_few_rows_are_all_of_them():
    numbers = np.arange(1_000) / 7
    assert len(places_by_class(numbers, 20, rng=np.random.default_rng(0))) == 20
    assert places_by_class(np.array([1.0, 0.0]), 60, rng=np.random.default_rng(0)).tolist() == [0, 1]
    assert places_by_class(np.array([]), 60, rng=np.random.default_rng(0)).tolist() == []
    assert places_by_class(np.array([1.0]), 0, rng=np.random.default_rng(0)).tolist() == []


def test_rows_at_places_are_picked_batch_by_batch():
    @dataclass(frozen=True)
    class InBatches:
        schema: pa.Schema
        rows_at_most: int = 10
        columns_at_once: int = 5

        def batches(self, columns):
            for start in range(0, 10, 3):
                rows = list(range(start, min(start + 3, 10)))
                texts = pa.array([f"t{row % 2}" for row in rows]).dictionary_encode()
                yield pa.table({"x": rows, "t": texts}).select(list(columns))

    rows = InBatches(pa.schema([("x", pa.int64()), ("t", pa.dictionary(pa.int32(), pa.string()))]))
    assert picked_rows(rows, ["x", "t"], np.array([0, 2, 3, 9])).to_pylist() == [{"x": x, "t": f"t{x % 2}"} for x in (0, 2, 3, 9)]
    assert picked_rows(rows, ["x"], np.array([], dtype=np.int64)).num_rows == 0
