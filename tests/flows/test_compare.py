"""Door one: two files, one command, a sentence, a table, an exit code."""

import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner

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
    assert done.stdout.startswith(verdict)


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


def test_a_page_never_replaces_what_is_no_file(files):
    (files / "pipe").unlink(missing_ok=True)
    os.mkfifo(files / "pipe")
    done = keepfit(files, "compare", "ref.csv", "same.csv", "--html", "pipe")
    assert (done.returncode, done.stderr) == (1, "keepfit: pipe is there and is no file (--html)\n  fix: name a file to write\n")
    assert (files / "pipe").is_fifo()


def test_a_full_disk_is_one_sentence_and_leaves_the_old_page(files):
    assert keepfit(files, "compare", "ref.csv", "moved.csv", "--html", "kept.html").returncode == 3
    before = (files / "kept.html").read_bytes()
    small = "import resource; resource.setrlimit(resource.RLIMIT_FSIZE, (4096, 4096)); from keepfit.cli import main; main()"
    done = keepfit(files, "compare", "ref.csv", "same.csv", "--html", "kept.html", code=small)
    assert (done.returncode, done.stderr.count("\n"), "Traceback" in done.stderr) == (1, 2, False), done.stderr
    assert "cannot be written: File too large\n  fix: make room" in done.stderr
    assert ((files / "kept.html").read_bytes(), list(files.glob("tmp*"))) == (before, [])


def test_output_that_finds_no_room_is_one_sentence(files):
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(
            [sys.executable, "-m", "keepfit", "compare", "ref.csv", "same.csv"], cwd=files, stdout=full, stderr=subprocess.PIPE, text=True, check=False
        )
    assert done.returncode == 1
    assert done.stderr == "keepfit: the output cannot be written: No space left on device\n  fix: make room, and run the same command again\n"


@pytest.mark.parametrize("suffix", ["csv", "parquet"])
def test_it_loads_no_heavy_tool(files, suffix):
    from pyarrow import csv, parquet

    for name in ("ref", "moved"):
        parquet.write_table(csv.read_csv(files / f"{name}.csv"), files / f"{name}.parquet")
    code = (
        "import sys\nfrom pathlib import Path\nfrom keepfit.flows.compare import compare_files, write_html\n"
        "from keepfit.cli.output import show\nfrom keepfit.report.drift import drift_markdown\n"
        f"found = compare_files(Path('ref.{suffix}'), Path('moved.{suffix}'))\nwrite_html(found, Path('light.html'))\nshow(drift_markdown(found))\n"
        f"print(sorted({HEAVY!r} & set(sys.modules)))"
    )
    done = keepfit(files, code=code)
    assert done.stdout.splitlines()[-1] == "[]", done.stderr


def test_parquet_and_csv_of_the_same_rows_do_not_differ(files):
    from pyarrow import csv, parquet

    parquet.write_table(csv.read_csv(files / "ref.csv"), files / "ref.parquet")
    done = keepfit(files, "compare", "ref.csv", "ref.parquet", "--json")
    assert [change["effect"] for change in json.loads(done.stdout)["changes"]] == [0, 0]


def test_a_csv_file_is_compared_the_same_in_blocks_and_whole_also_where_its_types_change(files, tmp_path, monkeypatch):
    from keepfit.flows.compare import compare_files
    from keepfit.integrations import streams

    (tmp_path / "ref.csv").write_text("x,c\n" + "1,a\n2,b\n" * 400)
    (tmp_path / "cur.csv").write_text("x,c\n" + "2,a\n" * 400)
    (tmp_path / "wider.csv").write_text("x,c\n" + "2,a\n" * 400 + "2.5,a\n")
    expected = [compare_files(tmp_path / "ref.csv", tmp_path / name) for name in ("cur.csv", "wider.csv")]
    monkeypatch.setattr(streams, "CSV_AT_ONCE", 0)
    monkeypatch.setattr(streams, "BLOCK", 512)
    assert [compare_files(tmp_path / "ref.csv", tmp_path / name) for name in ("cur.csv", "wider.csv")] == expected


BAD_FILES = {
    "bom.csv": (b"\xef\xbb\xbfx,c\n" + b"1,a\n" * 200, None),
    "nul.csv": (b"x,c\n1,\0\n", "nul.csv is not text: it holds NUL bytes"),
    "ragged.csv": (b"x,c\n1,a\n1\n", "ragged.csv is not readable CSV"),
    "mixed.csv": (b"x,c\n" + b"1,a\n" * 200 + b"one,a\n", None),
    "nothing.csv": (b"", "nothing.csv is empty"),
    "header.csv": (b"x,c\n", None),
    "one_row.csv": (b"x,c\n1,a\n", None),
    "cut.parquet": (b"PAR1" + b"x" * 50, "cut.parquet is not readable Parquet"),
}


@pytest.mark.parametrize("at_once", [1 << 25, 0])
@pytest.mark.parametrize("name", BAD_FILES)
def test_a_bad_file_is_one_sentence_or_a_verdict(tmp_path, name, at_once, monkeypatch):
    from keepfit.errors import KeepfitError
    from keepfit.flows.compare import compare_files, exit_code
    from keepfit.integrations import streams

    content, says = BAD_FILES[name]
    monkeypatch.setattr(streams, "CSV_AT_ONCE", at_once)
    (tmp_path / "ref.csv").write_text("x,c\n" + "1,a\n2,b\n" * 100)
    (tmp_path / name).write_bytes(content)
    for sides in (("ref.csv", name), (name, "ref.csv")):
        if says is None:
            assert exit_code(compare_files(*(tmp_path / side for side in sides))) in (0, 3, 4)
            continue
        with pytest.raises(KeepfitError, match=says):
            compare_files(*(tmp_path / side for side in sides))


@pytest.mark.parametrize(
    "column",
    [[None] * 300, [1.0] * 300, ["a"] * 300, [f"id{i}" for i in range(300)], [float("nan")] * 300, [float("inf")] * 300],
    ids=["all null", "constant", "one category", "all different", "NaN", "infinite"],
)
def test_an_odd_column_does_not_drift_from_itself(tmp_path, column):
    import pyarrow as pa
    from pyarrow import parquet

    from keepfit.flows.compare import compare_files

    parquet.write_table(pa.table({"x": column, "y": list(range(300))}), tmp_path / "a.parquet")
    found = compare_files(tmp_path / "a.parquet", tmp_path / "a.parquet")
    assert (found.verdict, [one.effect or 0 for one in found.changes]) == ("no drift", [0, 0])


def test_two_thousand_columns_are_compared(tmp_path):
    import pyarrow as pa
    from pyarrow import parquet

    from keepfit.flows.compare import compare_files

    rng = np.random.default_rng(0)
    parquet.write_table(pa.table({f"x{i}": rng.normal(size=200) for i in range(2_000)}), tmp_path / "a.parquet")
    found = compare_files(tmp_path / "a.parquet", tmp_path / "a.parquet")
    assert (len(found.changes), found.verdict) == (2_000, "no drift")


@pytest.mark.parametrize("flags", [(), ("--slices", "--pairs", "--rows", "mmd,c2st")], ids=["columns", "everything"])
@pytest.mark.parametrize(
    ("current", "code", "said"),
    [
        ({"x": "dropped"}, 3, "drift: a column removed or retyped (x)"),
        ({"x": "texts"}, 3, "drift: a column removed or retyped (x)"),
        ({"more": "numbers"}, 0, "no drift"),
        ({"x": "all null", "c": "all null"}, 3, "drift: 2 of 2 columns changed"),
        ({"t": "aware"}, 0, "no drift"),
        ({"t": "texts"}, 3, "drift: a column removed or retyped (t)"),
        ({"c": "all different"}, 3, "drift: 1 of 2 columns changed by 0.1 or more, most of all c"),
    ],
    ids=lambda value: str(value) if isinstance(value, dict) else "",
)
def test_odd_columns_have_a_verdict_with_every_option(tmp_path, current, code, said, flags):
    from pyarrow import parquet

    from keepfit.cli.watch import compare

    sides = {tmp_path / "ref.parquet": odd_table({}), tmp_path / "cur.parquet": odd_table(current)}
    for path, table in sides.items():
        parquet.write_table(table, path)
    done = CliRunner().invoke(compare, [*map(str, sides), *flags])
    assert done.exit_code == code, done.output
    assert done.stdout.startswith(said)


def odd_table(changes, n=400):
    import pyarrow as pa

    rng = np.random.default_rng(len(changes))
    times = pa.array(np.arange(n) * 3_600_000_000, pa.timestamp("us"))
    columns = {"x": pa.array(rng.normal(size=n)), "c": pa.array(rng.choice(list("ab"), n)), "t": times}
    odd = {
        "texts": pa.array([f"v{i % 5}" for i in range(n)]),
        "numbers": pa.array(range(n)),
        "all null": pa.nulls(n),
        "aware": times.cast(pa.timestamp("us", "UTC")),
        "all different": pa.array([f"id{i}" for i in range(n)]),
    }
    columns |= {name: odd[kind] for name, kind in changes.items() if kind != "dropped"}
    return pa.table({name: values for name, values in columns.items() if changes.get(name) != "dropped"})


@pytest.mark.slow
def test_a_million_categories_are_compared_in_bounded_memory(tmp_path):
    import pyarrow as pa
    from pyarrow import parquet

    table = pa.table({"id": pa.array(np.arange(1_000_000)).cast(pa.string()), "x": np.random.default_rng(0).normal(size=1_000_000)})
    parquet.write_table(table, tmp_path / "a.parquet")
    code = (
        "from pathlib import Path\nfrom keepfit.flows.compare import compare_files, look_at_slices\na = Path('a.parquet')\n"
        "found = look_at_slices(compare_files(a, a), a, a)\n"
        "peak = next(line for line in Path('/proc/self/status').read_text().splitlines() if line.startswith('VmHWM'))\n"
        "print(found.verdict, int(peak.split()[1]) // 1024)"  # ru_maxrss would hold what the test's own process had when it forked
    )
    done = keepfit(tmp_path, code=code)
    verdict, megabytes = done.stdout.rsplit(maxsplit=1)
    assert verdict == "no drift", done.stderr
    assert int(megabytes) < 700


def test_slices_are_searched_on_demand(files):
    lines = (files / "same.csv").read_text().splitlines()
    turned = [line.replace(",b,", ",a,") if n % 3 else line for n, line in enumerate(lines[1:])]
    (files / "slices.csv").write_text("\n".join([lines[0], *turned]) + "\n")
    done = keepfit(files, "compare", "ref.csv", "slices.csv", "--slices", "--json", "--html", "slices.html")
    assert done.returncode == 3, done.stderr
    assert {one["slice"] for one in json.loads(done.stdout)["slices"]} == {"city=a", "city=b"}
    assert "<td>city=a</td><td>DRIFT</td>" in (files / "slices.html").read_text()
    told = keepfit(files, "compare", "ref.csv", "slices.csv", "--slices").stdout
    assert ["city=a", "DRIFT"] in [line.split()[:2] for line in told.splitlines()]
    assert json.loads(keepfit(files, "compare", "ref.csv", "same.csv", "--slices", "--json").stdout)["slices"] == []


def test_whole_rows_are_compared_on_demand(files):
    done = keepfit(files, "compare", "ref.csv", "moved.csv", "--rows", "mmd,c2st", "--html", "rows.html")
    assert done.returncode == 3, done.stderr
    assert "whole rows changed (c2st" in done.stdout.splitlines()[0]
    assert "- rows: mmd 0." in done.stdout
    assert "<p>rows: c2st" in (files / "rows.html").read_text()
    again = keepfit(files, "compare", "ref.csv", "moved.csv", "--rows", "mmd,c2st")
    assert again.stdout == done.stdout
    quiet = keepfit(files, "compare", "ref.csv", "same.csv", "--rows", "mmd,c2st", "--json")
    assert [one["detector"] for one in json.loads(quiet.stdout)["joint"]] == ["mmd", "c2st"]
    assert quiet.returncode == 0


def test_correlations_are_compared_on_demand(tmp_path):
    rng = np.random.default_rng(5)
    x, y = rng.normal(size=(2, 1000))
    for name, second in (("ref.csv", y), ("cur.csv", x + 0.2 * y)):
        np.savetxt(tmp_path / name, np.column_stack([x, second / second.std()]), delimiter=",", header="x,y", comments="")
    assert keepfit(tmp_path, "compare", "ref.csv", "cur.csv").returncode == 0
    done = keepfit(tmp_path, "compare", "ref.csv", "cur.csv", "--pairs")
    assert done.returncode == 3, done.stderr
    assert done.stdout.startswith("drift: x with y changed (correlation ")


WORDS = ("None", "<NA>", "#N/A", "n/a")
CELLS = {"dollars": '"${:,.2f}"', "reais": '"R$ {:,.2f}"', "crowns": "{:.2f} kr", "thousands": '"{:,.1f}"'}
CUTS = {"semicolon": ";", "tab": "\t", "pipe": "|", "decimal comma": ";"}
STYLES = [*WORDS, *CELLS, *CUTS, "total", "quoted decimal comma", "sep line", "last delimiter", "index", "mac", "windows"]


def dressed(mean, seed, *, style, n=2_000):
    """A CSV file of amounts around the mean, written in one of the styles."""
    rng = np.random.default_rng(seed)
    amounts, cats, joint = rng.normal(mean, 200, n), rng.choice(["a", "b"], n), CUTS.get(style, ",")
    cells = [style if style in WORDS and i % 50 == 0 else CELLS.get(style, "{:.2f}").format(value) for i, value in enumerate(amounts)]
    if "decimal comma" in style:
        cells = [text.replace(".", ",") for text in cells]
    if style.startswith("quoted"):
        cells = [f'"{text}"' for text in cells]
    table = [f"amount{joint}cat", *(f"{text}{joint}{cat}" for text, cat in zip(cells, cats, strict=True)), *([f"TOTAL{joint}"] if style == "total" else [])]
    if style == "last delimiter":
        table = [f"{line}{joint}" for line in table]
    if style == "index":
        table = [f"{i or ''}{joint}{line}" for i, line in enumerate(table)]
    return ("sep=,\n" if style == "sep line" else "") + "\n".join(table) + "\n"


@pytest.mark.parametrize("at_once", [1 << 25, 0])
@pytest.mark.parametrize("style", STYLES)
def test_a_moved_amount_is_drift_and_the_same_amount_is_none_however_the_file_is_written(tmp_path, style, at_once, monkeypatch):
    from keepfit.flows.compare import compare_files, exit_code
    from keepfit.integrations import streams

    monkeypatch.setattr(streams, "CSV_AT_ONCE", at_once)
    monkeypatch.setattr(streams, "BLOCK", 1 << 12)
    for name, mean, seed in (("ref", 1_000, 0), ("moved", 2_000, 1), ("same", 1_000, 2)):
        end = {"mac": "\r", "windows": "\r\n"}.get(style, "\n")
        (tmp_path / f"{name}.csv").write_text(dressed(mean, seed, style=style), newline=end)
    moved, same = (compare_files(tmp_path / "ref.csv", tmp_path / f"{name}.csv") for name in ("moved", "same"))
    assert (exit_code(moved), [(one.column, one.drifts) for one in moved.changes], moved.columns) == (3, [("amount", True), ("cat", False)], ())
    assert (exit_code(same), [one.column for one in same.changes if one.reference.kind == "numeric"], same.columns) == (0, ["amount"], ())
    assert moved.changes[0].effect > 0.95


def test_unreadable_values_are_shown_in_text_json_and_on_the_page(tmp_path):
    for name, mean, seed in (("ref", 1_000, 0), ("same", 1_000, 2)):
        (tmp_path / f"{name}.csv").write_text(dressed(mean, seed, style="total"))
    done = keepfit(tmp_path, "compare", "ref.csv", "same.csv", "--html", "page.html")
    said = "unreadable: amount is compared as numbers; 1 of 2,001 values before and 1 of 2,001 now are none, counted as missing ('TOTAL')"
    assert (done.returncode, said in done.stdout) == (0, True)
    assert "amount is compared as numbers" in (tmp_path / "page.html").read_text()
    found = json.loads(keepfit(tmp_path, "compare", "ref.csv", "same.csv", "--json").stdout)
    assert found["unreadable"] == {"amount": {"reference": 1, "current": 1, "examples": ["TOTAL"]}}


def test_parquet_with_numbers_as_text_is_compared_as_numbers(tmp_path):
    import pyarrow as pa
    from pyarrow import parquet

    rng = np.random.default_rng(0)
    for name, mean in (("ref", 1_000), ("moved", 2_000), ("same", 1_000)):
        parquet.write_table(pa.table({"amount": [f"${x:,.2f}" for x in rng.normal(mean, 200, 2_000)]}), tmp_path / f"{name}.parquet")
    assert keepfit(tmp_path, "compare", "ref.parquet", "moved.parquet").returncode == 3
    assert keepfit(tmp_path, "compare", "ref.parquet", "same.parquet").returncode == 0


@pytest.mark.parametrize("at_once", [1 << 25, 0])
def test_postcodes_of_a_csv_file_are_categories(tmp_path, at_once, monkeypatch):
    from keepfit.flows.compare import compare_files
    from keepfit.integrations import streams

    monkeypatch.setattr(streams, "CSV_AT_ONCE", at_once)
    rng = np.random.default_rng(0)
    for name in ("ref", "cur"):
        (tmp_path / f"{name}.csv").write_text("zip,n\n" + "".join(f"{rng.integers(990, 1_010):05d},{rng.integers(100)}\n" for _ in range(1_000)))
    found = compare_files(tmp_path / "ref.csv", tmp_path / "cur.csv")
    kinds = {one.column: one.reference.kind for one in found.changes}
    assert (kinds, found.verdict) == ({"zip": "categorical", "n": "numeric"}, "no drift")
    assert "00990" in next(one for one in found.changes if one.column == "zip").reference.categories


def test_a_delimiter_that_is_none_of_the_four_is_refused_by_name(tmp_path):
    (tmp_path / "ref.csv").write_text("amount^cat\n" + "1.5^a\n" * 200)
    done = keepfit(tmp_path, "compare", "ref.csv", "ref.csv")
    assert done.returncode == 1
    assert done.stderr.startswith("keepfit: ref.csv: the fields are set apart by '^', not by one of , ; tab |")


def test_a_comparison_that_rests_on_nothing_is_undecided(tmp_path):
    (tmp_path / "ref.csv").write_text("text\n" + "".join(f"{i} pieces\n" for i in range(2_000)))
    done = keepfit(tmp_path, "compare", "ref.csv", "ref.csv")
    assert done.returncode == 4
    assert done.stdout.startswith("nothing could be compared: nearly every text occurs too rarely to be told apart (text)\n")
