"""How many rows a window brought is told beside those closed before it, and asks for nothing."""

import pyarrow as pa
import pytest

from keepfit.errors import DataError
from keepfit.flows.monitoring.gather import rows_closed_before
from keepfit.flows.project import Project
from keepfit.integrations.tables import write_parquet
from keepfit.monitor.volume import surprises, volume_evidence
from keepfit.tables.windows import parse_window_id

PARAMS = """\
data: {live: rows.csv, window: WINDOW, time: t}
model: {name: m, target: y, task: classification}
"""


@pytest.fixture
def project(tmp_path):
    return made(tmp_path, "month")


def made(folder, size):
    (folder / "params.yaml").write_text(PARAMS.replace("WINDOW", size))
    return Project(folder)


def close(project, rows, place="data/windows"):
    for name, n in rows.items():
        write_parquet(pa.table({"x": list(range(n))}), project.root / place / f"{name}.parquet")


def told(project, window, rows):
    (found,) = volume_evidence(rows_closed_before(project, parse_window_id(window)), rows)
    return found


def test_a_window_is_held_against_those_of_its_size_closed_before_it(project):
    close(project, {"2013-01": 1000, "2013-02": 1040, "2013-03-01": 3, "2013-05": 7})
    close(project, {"2013-03": 960, "2013-01": 1}, place=".keepfit/windows")
    found = told(project, "2013-04", 500)
    assert (found.statistic, found.n, found.n_reference, found.detail) == (0.5, 500, 3000, "500 rows, 1,000 expected")
    assert surprises((found,), alpha=0.05) == ("unusual number of rows: 500 rows, 1,000 expected",)
    assert surprises((told(project, "2013-04", 1010),), alpha=0.05) == ()


def test_it_blocks_nothing_and_is_no_drift(project):
    close(project, {f"2013-0{month}": 1000 for month in range(1, 5)})
    found = told(project, "2013-05", 0)
    assert (found.kind, found.effect) == ("quality", 0.0)


def test_only_the_newest_twenty_count(project):
    close(project, {f"20{year}-{month:02d}": 10 if year == 11 else 1000 for year in (11, 12, 13) for month in range(1, 13)})
    assert told(project, "2013-12", 1000).n_reference == 20 * 1000


def test_with_fewer_than_three_windows_there_is_nothing_to_tell(project):
    close(project, {"2013-01": 1000, "2013-02": 1000})
    assert volume_evidence(rows_closed_before(project, parse_window_id("2013-03")), 5) == ()


def test_windows_that_are_cut_by_count_have_nothing_to_tell(tmp_path):
    assert rows_closed_before(made(tmp_path, "100 rows"), parse_window_id("rows-000009")) is None


def test_a_kept_window_that_cannot_be_read_is_named(project):
    close(project, {"2013-01": 1})
    (project.root / "data/windows/2013-01.parquet").write_bytes(b"torn")
    with pytest.raises(DataError, match=r"2013-01\.parquet is not readable Parquet"):
        told(project, "2013-02", 5)
