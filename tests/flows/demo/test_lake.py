"""The demo's lake holds the flights, a file a month, and an engine gives back what the template reads."""

from datetime import datetime

import pytest

from keepfit.flows.demo.lake import write_lake
from keepfit.flows.project import Project
from keepfit.flows.rows.sources import live_rows
from keepfit.integrations.flights import flights_table
from keepfit.tables.conform import conform

MARCH, MAY = datetime(2013, 3, 1), datetime(2013, 5, 1)
PARAMS = """\
model: {name: m, task: classification, target: late}
data: {live: {table: ../lake, engine: ENGINE}, time: time, id: row_id, features: {distance: numeric, carrier: categorical}}
"""


@pytest.mark.parametrize("engine", ["local", "duckdb"])
def test_an_engine_gives_of_the_lake_what_the_template_reads(tmp_path, engine):
    assert write_lake(tmp_path / "lake", end=MAY) == 4
    assert [path.name for path in sorted((tmp_path / "lake").iterdir())] == [f"2013-{month:02d}.parquet" for month in range(1, 5)]
    (tmp_path / "flights").mkdir()
    (tmp_path / "flights" / "params.yaml").write_text(PARAMS.replace("ENGINE", engine))
    project = Project(tmp_path / "flights")
    expected = conform(flights_table(start=MARCH, end=MAY), project.params).sort_by([("time", "ascending"), ("row_id", "ascending")])
    assert live_rows(project, start=MARCH, end=MAY).equals(expected)
