"""The demo on a lake that an engine reads: month by month the same table as on the template's own flights."""

from __future__ import annotations

import json

import pytest
from tests.e2e.shell import commands

pytestmark = pytest.mark.slow
UNTIL = "2013-03-01"


@pytest.mark.long
@pytest.mark.parametrize("engine", ["duckdb", pytest.param("spark", marks=pytest.mark.spark)])
def test_the_table_is_the_same_whatever_reads_the_flights(demo, tmp_path, engine):
    told = json.loads(commands(tmp_path)("keepfit", "demo", "--dir", "lake", "--engine", engine, "--until", UNTIL, "--json"))
    assert (tmp_path / "lake" / "lake" / "2013-12.parquet").is_file()
    assert told["months"] == [row for row in demo.told["months"] if row["month"] < UNTIL]
