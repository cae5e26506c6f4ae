"""A pool over the sorted rows says what a pool of columns says."""

from __future__ import annotations

from datetime import datetime, timedelta

import numpy as np
import pyarrow as pa
import pytest

from keepfit.compose.samplers.sampler import Pool
from keepfit.compose.sources import gather
from keepfit.compose.window_pool import Pooled, WindowPool
from keepfit.params import DataParams
from keepfit.records import Window

FIRST = datetime(2013, 1, 1)
COLUMNS = ("row_id", "window", "time", "label", "weight")


@pytest.fixture
def pools():
    windows = [Window(id=f"2013-W0{at + 1}", source="live", start=FIRST + timedelta(days=7 * at), end=FIRST + timedelta(days=7 * at + 7)) for at in range(3)]
    tables = {}
    for at, window in enumerate(windows):
        times = pa.array([window.start + timedelta(hours=row) for row in range(5)], pa.timestamp("us"))
        tables[window.id] = pa.table(
            {"id": [f"{row}-{at}" for row in range(5)], "t": times, "y": [float(row % 2) for row in range(5)], "x": [at * 10 + row for row in range(5)]}
        )
    rows = gather(tables, windows, DataParams(live="x.csv", time="t", id="id", window="week"), id_column="id", target="y")
    at = np.array([0, 2, 3, 5, 9, 12])  # none of the second window
    mine = WindowPool(Pooled(rows=rows, at=at, weight=np.arange(6.0) + 1, features=["x"], slices={}))
    plain = Pool(**{name: getattr(mine, name) for name in (*COLUMNS, "features", "order")})
    return mine, plain


def same(one, other):
    assert all(np.array_equal(getattr(one, name), getattr(other, name)) for name in COLUMNS)
    assert (list(one.order), one.features) == (list(other.order), other.features)
    assert np.array_equal(one.ages, other.ages)
    assert np.array_equal(one.hashes, other.hashes)
    for name in ("window", "class"):
        mine, plain = one.column(name), other.column(name)
        assert [mine.names[code] for code in mine.codes] == [plain.names[code] for code in plain.codes]
        assert mine.names == plain.names


def test_it_is_the_pool_of_its_columns(pools):
    same(*pools)
    assert pools[0].order == ["2013-W01", "2013-W03"]


def test_some_of_its_rows_are_a_pool_too(pools):
    keep = np.array([True, False, False, True, True, False])
    same(*(pool.rows(keep) for pool in pools))


def test_what_no_sampler_asks_for_is_not_made(pools):
    mine = WindowPool(pools[0].pooled)
    assert mine.ages.sum() > 0
    assert not {"row_id", "features", "window"} & set(vars(mine))
