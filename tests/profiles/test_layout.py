"""Layouts are learned in one pass: exact while a column is small, within a stated error beyond."""

import numpy as np
import pyarrow as pa
import pytest

from keepfit.errors import UnknownNameError
from keepfit.profiles import category_sketch
from keepfit.profiles import layout as layouts
from keepfit.profiles.layout import LayoutLearner, learn_layout, sampled_rows
from keepfit.profiles.profile import profile_table


def learned(table, kinds, batch_rows):
    learner = LayoutLearner(kinds, table.num_rows)
    for batch in table.to_batches(max_chunksize=batch_rows):
        learner.add(pa.Table.from_batches([batch]))
    return learner


KINDS = {"x": "numeric", "few": "numeric", "c": "categorical"}


def rows(n, seed=0):
    rng = np.random.default_rng(seed)
    return pa.table({"x": rng.lognormal(size=n), "few": rng.integers(0, 15, n), "c": rng.choice(list("abcdefgh"), n)})


@pytest.mark.parametrize("size", [10_000, 500])
def test_the_batches_are_not_seen_in_the_layout(size, monkeypatch):
    monkeypatch.setattr(layouts, "SAMPLE", size)
    table = rows(3_000)
    whole = learn_layout(table, KINDS)
    assert all(learned(table, KINDS, n).layout() == whole for n in (1, 7, 1_000, 3_000))


def test_a_sampled_layout_has_exact_ends_and_values_and_quantiles_within_four_sd(monkeypatch):
    monkeypatch.setattr(layouts, "SAMPLE", 2_000)
    table = rows(50_000)
    found = learn_layout(table, KINDS)
    values = np.sort(table["x"].to_numpy())
    assert (found["x"].edges[0], found["x"].edges[-1]) == (np.nextafter(values[0], -1), values[-1])
    assert found["few"].edges[1:] == tuple(range(15))
    shares = np.searchsorted(values, found["x"].edges[1:-1], side="right") / len(values)
    p = np.arange(1, 15) / 15
    assert np.all(np.abs(shares - p) < 4 * np.sqrt(p * (1 - p) / 2_000))


def test_what_a_small_reference_holds_is_counted_in_the_first_pass(monkeypatch):
    table = rows(3_000)
    learner = learned(table, KINDS, 100)
    assert learner.counted(learner.layout()) == profile_table(table, learner.layout(), "w").columns
    monkeypatch.setattr(layouts, "SAMPLE", 500)
    learner = learned(table, KINDS, 100)
    assert list(learner.counted(learner.layout())) == ["c"]


def test_the_sample_has_a_row_of_every_stretch_and_is_the_same_each_time():
    found = sampled_rows(1_003, 10)
    assert np.array_equal(found, sampled_rows(1_003, 10))
    assert all(a <= row < b for row, a, b in zip(found, np.arange(10) * 1_003 // 10, np.arange(1, 11) * 1_003 // 10, strict=True))


def test_past_the_bound_a_frequent_category_is_kept_and_memory_is_bounded(monkeypatch):
    monkeypatch.setattr(category_sketch, "DISTINCT", 100)
    texts = [f"id{i}" for i in range(5_000)]
    texts[::20] = ["often"] * 250
    learner = learned(pa.table({"c": texts}), {"c": "categorical"}, 60)
    found = learner.layout()["c"]
    assert found.categories[0] == "often"
    assert found.rare is None
    assert len(learner._sketches["c"]._seen) <= 160
    assert learner.counted(learner.layout()) == {}


def test_equally_frequent_categories_come_by_name():
    assert learn_layout(pa.table({"c": ["b", "a", "c"]}), {"c": "categorical"}, max_categories=2)["c"].categories == ("a", "b")


def test_an_unknown_column_is_named():
    with pytest.raises(UnknownNameError, match="no column 'y'"):
        learn_layout(pa.table({"x": [1.0]}), {"y": "numeric"})


def test_a_column_that_is_empty_where_it_was_sampled_keeps_its_ends(monkeypatch):
    monkeypatch.setattr(layouts, "SAMPLE", 1)
    values = np.full(1_000, np.nan)
    values[np.setdiff1d(np.arange(1_000), sampled_rows(1_000, 1))[:20]] = np.arange(20.0)
    assert learn_layout(pa.table({"x": values}), {"x": "numeric"})["x"].edges == (np.nextafter(0.0, -1.0), 19.0)
