"""`keepfit.compare`: whatever holds the tables, the numbers are those of `keepfit compare` on the same rows in files."""

from __future__ import annotations

import json
import subprocess
import sys

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from pyarrow import parquet
from tests.api.frames import SHAPES, frame

import keepfit
from keepfit.errors import KeepfitError, ParamsError, UnknownNameError

OPTIONS = {"target": "late", "slices": True, "pairs": True, "rows": ["mmd"]}


@pytest.fixture(scope="module")
def told(tmp_path_factory):
    """What the command line prints, and writes, of two frames in Parquet files."""
    folder = tmp_path_factory.mktemp("files")
    for name, made in (("reference", frame()), ("current", frame(seed=1, shift=8))):
        made.to_parquet(folder / f"{name}.parquet", index=False)
    arguments = ["compare", "reference.parquet", "current.parquet", "--target", "late", "--slices", "--pairs", "--rows", "mmd", "--json", "--html", "page.html"]
    done = subprocess.run([sys.executable, "-m", "keepfit", *arguments], cwd=folder, capture_output=True, text=True, check=False)
    assert done.returncode == 3, done.stderr
    return folder, json.loads(done.stdout)


@pytest.mark.parametrize("shape", SHAPES)
def test_every_kind_of_table_gives_the_command_lines_json(told, shape):
    made = (SHAPES[shape](one) for one in (frame(), frame(seed=1, shift=8)))
    found = keepfit.compare(*made, **OPTIONS)
    expected = {**told[1], "reference": "reference", "current": "current"}  # files are called by their names
    assert found.to_dict() == json.loads(json.dumps(expected).replace(".parquet", ""))
    assert (found.verdict, found.passed) == ("drift", False)
    assert {one["kind"] for one in found.to_dict()["changes"] if one["column"] == "late"} == {"target"}


def test_paths_give_the_very_record_and_the_very_page_of_the_command_line(told, tmp_path, monkeypatch):
    folder, expected = told
    monkeypatch.chdir(folder)
    found = keepfit.compare("reference.parquet", folder.joinpath("current.parquet").relative_to(folder), **OPTIONS)
    assert found.to_dict() == expected
    assert found.to_html(tmp_path / "page.html") == tmp_path / "page.html"
    assert (tmp_path / "page.html").read_bytes() == (folder / "page.html").read_bytes()


@pytest.mark.slow
def test_rows_in_memory_are_counted_as_a_file_that_is_read_in_batches(tmp_path):
    """More rows than the sample that edges are learned from, more batches than one, and a text of more values than are kept."""
    for seed, name in enumerate(("reference", "current")):
        rng = np.random.default_rng(seed)
        made = pd.DataFrame(
            {"x": rng.normal(seed / 50, 1, 230_000), "many": rng.integers(0, 9_000, 230_000).astype(str), "few": rng.choice(["a", "b"], 230_000)}
        )
        made["many"] = "k" + made["many"]
        made.to_parquet(tmp_path / f"{name}.parquet", index=False)
    files = [tmp_path / f"{name}.parquet" for name in ("reference", "current")]
    frames = [pd.read_parquet(file) for file in files]
    by_files, by_frames = (keepfit.compare(*pair, slices=True, rows=["mmd"]).to_dict() for pair in (files, frames))
    assert {key: value for key, value in by_frames.items() if key not in ("reference", "current")} == {
        key: value for key, value in by_files.items() if key not in ("reference", "current")
    }


def test_equal_rows_pass_and_too_few_to_tell_do_not():
    same, few = keepfit.compare(frame(), frame(seed=1)), keepfit.compare(frame(), frame(20))
    assert (same.passed, same.verdict) == (True, "no drift")
    assert (few.passed, few.verdict) == (False, "too few rows")
    empty = keepfit.compare(frame(), frame().iloc[:0])
    assert (empty.passed, empty.verdict) == (False, "too few rows")


def test_columns_and_thresholds_are_those_that_were_asked_for():
    found = keepfit.compare(frame(), frame(seed=1, shift=8), columns=["age"], target="late", min_effect=0.9, alpha=0.01)
    assert sorted(one.column for one in found.drift.changes) == ["age", "late"]
    assert (found.drift.min_effect, found.drift.alpha, found.passed) == (0.9, 0.01, True)


@pytest.mark.parametrize(
    ("asked", "kind", "said"),
    [
        ({"columns": ["agee"]}, UnknownNameError, "no column 'agee' (columns=)\n  fix: did you mean 'age'?"),
        ({"target": "lat"}, UnknownNameError, "no column 'lat' (target=)\n  fix: did you mean 'late'?"),
        ({"prediction": "score"}, UnknownNameError, "no column 'score' (prediction=)"),
        ({"rows": ["mmdd"]}, UnknownNameError, "no row detector 'mmdd' (rows=)\n  fix: did you mean 'mmd'?"),
        ({"alpha": 1.0}, ParamsError, "alpha is 1.0, not between 0 and 1 (alpha)\n  fix: alpha=0.001 is the default"),
        ({"min_effect": -1}, ParamsError, "min_effect is -1, not from 0 to 1"),
        ({"min_effect": float("nan")}, ParamsError, "min_effect is nan"),
    ],
)
def test_what_is_asked_and_does_not_fit_is_refused_in_pythons_words(asked, kind, said):
    with pytest.raises(kind) as refused:
        keepfit.compare(frame(), frame(), **asked)
    assert str(refused.value).startswith(said)
    assert isinstance(refused.value, KeepfitError)


def test_nothing_is_printed(capfd):
    keepfit.compare(frame(), frame(seed=1, shift=8), **OPTIONS)
    assert capfd.readouterr() == ("", "")


def test_the_tables_stay_as_they_were():
    before = frame()
    kept = before.copy(deep=True)
    keepfit.compare(before, pa.Table.from_pandas(frame(seed=1), preserve_index=False))
    pd.testing.assert_frame_equal(before, kept)


def test_a_path_may_be_a_folder_of_files(tmp_path):
    (tmp_path / "ref").mkdir()
    made = pa.Table.from_pandas(frame(), preserve_index=False)
    for name, part in (("a", made.slice(0, 200)), ("b", made.slice(200))):
        parquet.write_table(part, tmp_path / "ref" / f"{name}.parquet")
    assert keepfit.compare(tmp_path / "ref", frame(seed=1)).drift.rows_reference == 600
