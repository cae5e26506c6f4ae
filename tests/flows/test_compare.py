"""Door one: two files, one command, a sentence, a table, an exit code."""

import json
import os
import subprocess
import sys

import numpy as np
import pytest

HEADER = "age,city,when\n"
HEAVY = {"pandas", "scipy.stats", "sklearn", "mlflow", "dvc", "great_expectations", "sqlalchemy", "rich"}


def write(path, n, *, seed, shift=0.0, header=HEADER):
    rng = np.random.default_rng(seed)
    lines = [f"{rng.normal(40 + shift, 10):.2f},{rng.choice(['a', 'b'])},2013-01-01T00:00:00\n" for _ in range(n)]
    path.write_text(header + "".join(lines))
    return path


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    folder = tmp_path_factory.mktemp("compare")
    write(folder / "ref.csv", 500, seed=0)
    write(folder / "same.csv", 400, seed=1)
    write(folder / "moved.csv", 400, seed=2, shift=20)
    write(folder / "few.csv", 20, seed=3)
    write(folder / "empty.csv", 0, seed=4)
    write(folder / "renamed.csv", 400, seed=1, header="years,city,when\n")
    return folder


def keepfit(folder, *arguments, code=None):
    script = code or "from keepfit.cli import main; main()"
    return subprocess.run(
        [sys.executable, "-c", script, *arguments], cwd=folder, capture_output=True, text=True, check=False, env={**os.environ, "NO_COLOR": "1"}
    )


@pytest.mark.parametrize(
    ("current", "code", "verdict"),
    [
        ("same.csv", 0, "no drift: no change of 0.1 or more is shown in 2 columns"),
        ("moved.csv", 3, "drift: 1 of 2 columns changed by 0.1 or more, most of all age (ks 0."),
        ("renamed.csv", 3, "drift: a column removed or retyped (age)"),
        ("few.csv", 4, "too few rows to tell: 500 and 20, at least 100 on each side are needed"),
        ("empty.csv", 4, "too few rows to tell: 500 and 0, at least 100 on each side are needed"),
    ],
)
def test_the_exit_code_and_the_first_line_say_the_same(files, current, code, verdict):
    done = keepfit(files, "compare", "ref.csv", current)
    assert (done.returncode, done.stderr) == (code, "")
    assert done.stdout.startswith(f"**{verdict}")


def test_json_is_one_object_with_everything(files):
    done = keepfit(files, "compare", "ref.csv", "moved.csv", "--json", "--columns", "age")
    found = json.loads(done.stdout)
    assert (found["verdict"], found["exit_code"], [change["column"] for change in found["changes"]]) == ("drift", 3, ["age"])
    assert done.returncode == 3


def test_the_page_is_written_whole_and_again_byte_equal(files):
    for name in ("one.html", "two.html"):
        assert keepfit(files, "compare", "ref.csv", "moved.csv", "--html", name).returncode == 3
    assert (files / "one.html").read_bytes() == (files / "two.html").read_bytes()
    assert "http" not in (files / "one.html").read_text()
    assert [path.name for path in files.glob("tmp*")] == []


@pytest.mark.parametrize(
    ("arguments", "code", "sentence"),
    [
        (("ref.csv", "gone.csv"), 1, "keepfit: no file gone.csv"),
        (("ref.csv", "same.csv", "--columns", "agee"), 2, "keepfit: no column 'agee' (--columns)\n  fix: did you mean 'age'?"),
        (("ref.csv", "same.csv", "--columns", "when"), 1, "keepfit: no column can be compared"),
        (("ref.csv", "same.csv", "--html", "no/where.html"), 1, "keepfit: no folder no (--html)"),
    ],
)
def test_bad_input_is_one_sentence(files, arguments, code, sentence):
    done = keepfit(files, "compare", *arguments)
    assert done.returncode == code
    assert done.stderr.startswith(sentence)
    assert "Traceback" not in done.stderr


def test_it_loads_no_heavy_tool(files):
    code = (
        "import sys\nfrom pathlib import Path\nfrom keepfit.flows.compare import compare_files, text_report, write_html\n"
        "found = compare_files(Path('ref.csv'), Path('moved.csv'))\nwrite_html(found, Path('light.html'))\ntext_report(found, terminal=False)\n"
        f"print(sorted({HEAVY!r} & set(sys.modules)))"
    )
    done = keepfit(files, code=code)
    assert done.stdout.strip() == "[]", done.stderr


def test_parquet_and_csv_of_the_same_rows_do_not_differ(files):
    from pyarrow import csv, parquet

    parquet.write_table(csv.read_csv(files / "ref.csv"), files / "ref.parquet")
    done = keepfit(files, "compare", "ref.csv", "ref.parquet", "--json")
    assert [change["effect"] for change in json.loads(done.stdout)["changes"]] == [0, 0]


def test_a_terminal_gets_a_table_that_holds_the_same(files):
    from keepfit.flows.compare import compare_files, text_report

    found = compare_files(files / "ref.csv", files / "moved.csv")
    shown = text_report(found, terminal=True)
    assert shown.startswith("drift: 1 of 2 columns changed")
    assert "DRIFT" in shown
