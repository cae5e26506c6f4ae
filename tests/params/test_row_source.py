from __future__ import annotations

import pytest

from keepfit.errors import ParamsError
from keepfit.params import load_params

MODEL = "model: {name: m, task: classification, target: y}\n"


def data(text):
    return load_params(f"{MODEL}data: {{{text}, time: t}}").data


def test_a_table_of_an_engine_goes_by_its_name():
    found = data("live: {table: lake/flights, engine: duckdb}")
    assert (found.live.table, found.live.engine, found.source_name, found.sample_rows) == ("lake/flights", "duckdb", "lake/flights", 100_000)
    assert data("live: rows.csv, id: k, labels: {table: lake.answers, engine: spark}").labels.engine == "spark"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("live: {table: lake, engine: polars}", "data.live.engine"),
        ("live: {table: lake}", "'data.live.engine' is missing"),
        ("live: {engine: spark}", "'data.live.table' is missing"),
        ("live: {table: lake, engine: spark, sqll: x}", "no key 'sqll'"),
        ("live: {table: lake, engine: spark}, window: 500 rows", "is cut by time"),
        ("live: {table: lake, engine: spark}, features_from: {w: {source: w.csv, time: hour}}", "join them in the engine"),
        ("live: rows.csv, sample_rows: 10", "data.sample_rows"),
        ("live: rows.csv, features_from: {w: {source: {table: w, engine: spark}, time: hour}}", "'data.features_from.w.source.sql' is missing|no key 'table'"),
    ],
)
def test_what_an_engine_cannot_do_is_refused_by_the_key(text, said):
    with pytest.raises(ParamsError, match=said):
        data(text)
