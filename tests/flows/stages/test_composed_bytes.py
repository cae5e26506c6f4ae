"""What compose leaves is the same bytes whatever wrote its windows and however it was run, and all of it or nothing."""

from __future__ import annotations

import hashlib
import os
import resource
import subprocess
import sys
from contextlib import contextmanager
from datetime import datetime, timedelta

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from keepfit.compose.composed import Composed
from keepfit.errors import DataError
from keepfit.flows.stages.compose import run_compose
from keepfit.flows.stages.ingest import run_ingest
from keepfit.flows.stages.validate import run_validate

PARAMS = "model: {name: m, task: classification, target: y}\ndata: {live: rows.csv, time: t, id: id, features: {x: numeric, city: categorical}}\n"
ROWS = 400
FILES = ("train", "evaluate", "holdout", "manifest")
COMPOSE = "from pathlib import Path; from keepfit.flows.stages.compose import run_compose; run_compose(Path.cwd(), ingest=Path('build/ingest'), "
COMPOSE += "validate=Path('build/validate'), out=Path('build/compose'), reports=Path('reports'))"


def table(month):
    times = [datetime(2013, month, 1) + timedelta(minutes=30 * row) for row in range(ROWS)]
    ids = [f"{(row * 7919 + month) % 100_003:05d}" for row in range(ROWS)]
    cities = pa.array([None if row % 50 == 0 else ("Łódź", "Oslo", "Rome")[row % 3] for row in range(ROWS)])
    numbers = [float("nan") if row % 60 == 1 else row / 7 for row in range(ROWS)]
    return pa.table({"id": ids, "t": pa.array(times, pa.timestamp("us")), "x": numbers, "city": cities, "y": [float(row % 2) for row in range(ROWS)]})


def by_duckdb(rows, path):
    with duckdb.connect() as base:
        base.execute(f"copy (select * from rows order by x) to '{path}' (format parquet, row_group_size 2048, compression snappy)")


def with_city(kind):
    return lambda rows, path: pq.write_table(rows.set_column(3, "city", rows["city"].cast(kind)), path)


WRITERS = {
    "small row groups": lambda rows, path: pq.write_table(rows, path, row_group_size=17),
    "plain and old": lambda rows, path: pq.write_table(rows, path, use_dictionary=False, compression="none", data_page_version="2.0"),
    "another order": lambda rows, path: pq.write_table(rows.sort_by([("t", "descending")]), path),
    "codes": with_city(pa.dictionary(pa.int8(), pa.string())),
    "long texts, as polars": with_city(pa.large_string()),
    "views, as polars": with_city(pa.string_view()),
    "DuckDB": by_duckdb,
}


def project(root, write=pq.write_table):
    for folder in ("data/windows", "expectations/data", "models/champion", "reports"):
        (root / folder).mkdir(parents=True)
    texts = {"params.yaml": PARAMS, "baseline.json": '{"champion": null}', "expectations/windows.yaml": "{}\n", "models/champion/NONE": ""}
    for name, text in {**texts, "decision.json": '{"action": "improve", "target": null}'}.items():
        (root / name).write_text(text)
    for month in (1, 2, 3):
        write(table(month), root / f"data/windows/2013-{month:02d}.parquet")
    run_ingest(root, windows="data/windows", out="build/ingest")
    run_validate(root, ingest="build/ingest", out="build/validate", reports="reports")
    return root


def compose(root):
    run_compose(root, ingest="build/ingest", validate="build/validate", out="build/compose", reports="reports")
    return digests(root)


def digests(root):
    files = [*(root / "build/compose" / f"{name}.parquet" for name in FILES), root / "reports/composition.json", root / "reports/COMPOSITION.md"]
    return {file.name: hashlib.sha256(file.read_bytes()).hexdigest() for file in files}


@pytest.fixture
def once(tmp_path):
    return project(tmp_path / "once")


@pytest.mark.parametrize("name", WRITERS)
def test_windows_that_another_tool_wrote_give_the_same_bytes(tmp_path, once, name):
    assert compose(project(tmp_path / "elsewhere", WRITERS[name])) == compose(once)


def test_threads_and_a_second_run_change_no_byte(once):
    first, threads = compose(once), pa.cpu_count()
    try:
        for n in (1, 4):
            pa.set_cpu_count(n)
            assert compose(once) == first
    finally:
        pa.set_cpu_count(threads)


@pytest.mark.parametrize("seed", ["1", "4242"])
def test_python_s_hash_seed_changes_no_byte(once, seed):
    first = compose(once)
    subprocess.run([sys.executable, "-c", COMPOSE], cwd=once, check=True, env={**os.environ, "PYTHONHASHSEED": seed})
    assert digests(once) == first


@contextmanager
def files_no_larger_than(size):
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


@pytest.mark.parametrize("size", [4, 9_000])
def test_a_disk_that_takes_no_more_is_one_sentence_and_leaves_what_was_there(once, size):
    before = compose(once)
    with files_no_larger_than(size), pytest.raises(DataError, match="compose could not be written") as caught:
        compose(once)
    assert "what was there before is as it was" in str(caught.value)
    assert digests(once) == before
    assert sorted(path.name for path in (once / "build").iterdir()) == ["compose", "ingest", "validate"]


def test_what_a_killed_run_left_is_cleared_away(once):
    before = compose(once)
    for left in (".compose.new", ".compose.old"):
        (once / "build" / left).mkdir()
        (once / "build" / left / "train.parquet").write_bytes(b"half")
    assert compose(once) == before
    assert sorted(path.name for path in (once / "build").iterdir()) == ["compose", "ingest", "validate"]


def held_out(root, monkeypatch):
    """The bytes of `evaluate` and `holdout` as they are composed, and as each is written for itself."""
    compose(root)
    found = [(root / f"build/compose/{name}.parquet").read_bytes() for name in ("evaluate", "holdout")]
    monkeypatch.setattr(Composed, "judged_by_all_held", False)
    compose(root)
    return found, [(root / f"build/compose/{name}.parquet").read_bytes() for name in ("evaluate", "holdout")]


def test_rows_that_are_held_out_and_all_judge_are_written_once_and_copied(once, monkeypatch):
    copied, written = held_out(once, monkeypatch)
    assert copied == written
    assert copied[0] == copied[1]


def test_a_row_that_is_held_out_and_has_no_label_is_in_the_holdout_alone(tmp_path, monkeypatch):
    def some_without(rows, path):
        pq.write_table(rows.set_column(4, "y", pa.array([None if row % 3 == 0 else float(row % 2) for row in range(ROWS)])), path)

    copied, written = held_out(project(tmp_path / "some", some_without), monkeypatch)
    assert copied == written
    assert copied[0] != copied[1]
