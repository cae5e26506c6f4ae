"""`keepfit compare --engine`: the result on stdout is the same, what was chosen and why stands on stderr."""

import numpy as np
import pyarrow as pa
import pytest
from click.testing import CliRunner
from pyarrow import parquet

from keepfit.cli.watch import compare


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    folder = tmp_path_factory.mktemp("compare")
    for seed, name in enumerate(("reference.parquet", "current.parquet")):
        rng = np.random.default_rng(seed)
        parquet.write_table(pa.table({"x": rng.normal(seed, 1, 400), "c": rng.choice(["a", "b"], 400)}), folder / name)
    return [str(folder / name) for name in ("reference.parquet", "current.parquet")]


def run(*arguments):
    return CliRunner().invoke(compare, arguments)


def test_without_the_option_nothing_is_said_and_local_is_the_same_to_the_byte(files):
    plain, local = run(*files, "--json"), run(*files, "--json", "--engine", "local")
    assert (plain.exit_code, plain.stderr) == (3, "")
    assert (local.exit_code, local.stderr, local.stdout) == (3, "", plain.stdout)


def test_auto_says_what_it_took_and_why_and_duckdb_gives_the_same_object(files):
    auto, duckdb = run(*files, "--json", "--engine", "auto"), run(*files, "--json", "--engine", "duckdb")
    assert auto.stderr.startswith("keepfit: engine: local (")
    assert "Parquet of" in auto.stderr
    assert len(auto.stderr.splitlines()) == 1
    assert duckdb.stderr == ""
    assert auto.stdout == duckdb.stdout == run(*files, "--json").stdout


def test_an_engine_that_is_none_is_a_wrong_use(files):
    done = run(*files, "--engine", "duck")
    assert done.exit_code == 2
    assert "'duck' is not one of 'auto'" in done.stderr
