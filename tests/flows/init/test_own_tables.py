"""`keepfit init` on tables as people have them: dressed numbers are numeric, codes categories, and what can be no feature is left out and named."""

from __future__ import annotations

from datetime import datetime, timedelta

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from pyarrow import parquet

from keepfit.errors import DataError
from keepfit.expect.own_table import OwnTable, learn
from keepfit.flows.init.plan import _newest

N = 600
ASKED = OwnTable(time="at", target="bad", model="m")


def rows(*, seed=0):
    rng = np.random.default_rng(seed)
    at = [datetime(2026, 1, 1) + timedelta(hours=6 * i) for i in range(N)]
    return pd.DataFrame({"at": at, "bad": rng.integers(0, 2, N), "amount": rng.normal(1_000, 200, N).round(2), "zip": rng.integers(990, 1_010, N)})


def test_dressed_numbers_become_numeric_features_and_padded_ones_categories(tmp_path):
    table = rows()
    table["amount"] = table["amount"].map(lambda value: f"${value:,.2f}").where(table.index % 60 != 0, "n.v.")
    table["zip"] = table["zip"].map("{:05d}".format)
    table.to_csv(tmp_path / "rows.csv", index=False, sep=";")
    facts = learn(_newest(tmp_path / "rows.csv", ASKED, []), ASKED)
    assert (facts.features, facts.left_out, facts.task, facts.target.positive) == ({"amount": "numeric", "zip": "categorical"}, {}, "classification", None)
    assert 0 <= facts.first.bounds["amount"].low < 900 < 1_100 < facts.first.bounds["amount"].high < 3_000


def test_a_dressed_target_is_a_regression(tmp_path):
    table = rows().assign(bad=lambda frame: frame["amount"].map("{:.2f} %".format))
    table.to_csv(tmp_path / "rows.csv", index=False)
    facts = learn(_newest(tmp_path / "rows.csv", ASKED, []), ASKED)
    assert (facts.task, facts.first.trivial > 100) == ("regression", True)


def test_columns_that_cannot_be_features_are_left_out_with_the_reason(tmp_path):
    table = pa.Table.from_pandas(rows().sample(frac=1, random_state=0))
    odd = {
        "tags": pa.array([["a"]] * N),
        "map": pa.array([[("a", 1)]] * N, pa.map_(pa.string(), pa.int64())),
        "record": pa.array([{"a": 1}] * N),
        "blob": pa.array([bytes([i % 7]) for i in range(N)]),
        "took": pa.array(range(N), pa.duration("s")),
        "clock": pa.array(range(N), pa.time32("s")),
    }
    for name, values in odd.items():
        table = table.append_column(name, values)
    parquet.write_table(table, tmp_path / "rows.parquet")
    facts = learn(_newest(tmp_path / "rows.parquet", ASKED, []), ASKED)
    assert facts.left_out == {
        "tags": "a list",
        "map": "a map",
        "record": "a record of fields",
        "blob": "bytes",
        "took": "a duration",
        "clock": "a time of day",
        "__index_level_0__": "an index that has no name",
    }
    assert set(facts.features) == {"amount", "zip"}
    with pytest.raises(DataError, match="the target 'tags' is a list"):
        learn(_newest(tmp_path / "rows.parquet", ASKED, []), OwnTable(time="at", target="tags", model="m"))
    with pytest.raises(DataError, match="the time column 'record' holds struct"):
        learn(_newest(tmp_path / "rows.parquet", ASKED, []), OwnTable(time="record", target="bad", model="m"))


def test_a_partitioned_folder_of_epochs_is_learned_from(tmp_path):
    table = rows()
    table["at"] = (table["at"] - pd.Timestamp(1970, 1, 1)) // pd.Timedelta(seconds=1)
    for kind, part in table.groupby(table.index % 2):
        place = tmp_path / "in" / f"kind={'ab'[kind]}"
        place.mkdir(parents=True)
        part.to_csv(place / "part.csv")  # with an index without a name
    facts = learn(_newest(tmp_path / "in", ASKED, []), ASKED)
    assert (facts.features, facts.last) == ({"amount": "numeric", "zip": "numeric", "kind": "categorical"}, rows()["at"].max())
