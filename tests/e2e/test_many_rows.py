"""A hundred million rows of twenty columns: ten times the time of ten million, the memory of ten million, ten times the counts."""

from __future__ import annotations

import os
import shutil

import pytest
from tests.bench import bench_engines

MILLIONS = int(os.environ.get("KEEPFIT_MANY_MILLIONS", "100"))
FEW = 10


@pytest.fixture(scope="module")
def folders(tmp_path_factory):
    """Ten files of a million rows, and as many names of these as it takes: 1.4 GB on disk."""
    home = tmp_path_factory.mktemp("many")
    made = {millions: home / f"rows{millions}" for millions in (FEW, MILLIONS)}
    for millions, folder in made.items():
        bench_engines.write(folder, millions * 1_000_000, files=FEW)
    yield made
    shutil.rmtree(home)


@pytest.mark.long
@pytest.mark.parametrize("engine", ["local", pytest.param("spark", marks=pytest.mark.spark)])
def test_time_grows_with_the_rows_and_memory_does_not(engine, folders):
    few, many = (list(bench_engines.jobs_of(engine, folders[millions], later=1)) for millions in (FEW, MILLIONS))
    times = MILLIONS // FEW
    assert many[1]["counts"] == {name: [count * times for count in counts] for name, counts in few[1]["counts"].items()}
    assert many[2]["seconds"] < 1.3 * times * few[2]["seconds"], "more than linear"
    assert many[2]["driver"] < 1.1 * few[2]["driver"] + 20, "this process holds more"
    assert many[2]["worker"] < 1.1 * few[2]["worker"] + 20, "a worker holds more"
    print(*(f"{engine}, {line['job']}: {line['seconds']:.1f} CPU s, {line['driver']:.0f} and {line['worker']:.0f} MB" for line in (*few, *many)), sep="\n")
