"""Bad input through the public commands: one clear sentence, the right exit code, nothing lost.

Commands run in this process where another one adds nothing; signals, locks and DVC get processes of their own.
"""

from __future__ import annotations

import os
import runpy
import signal
import socket
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path

import pyarrow as pa
import pytest
from tests.flows.projects import TICKET, Small, make_project, promote_first, write_table

from keepfit.cli import main
from keepfit.flows.tickets.tickets import list_tickets
from keepfit.integrations.ledger.ledger import Ledger
from keepfit.integrations.tables import read_table, write_parquet

pytestmark = pytest.mark.slow
FEBRUARY = ("monitor", "--until", "2026-03-01")
NOBODY = "http://127.0.0.1:9"
JANUARY = "data/windows/2026-01.parquet"


@pytest.fixture(scope="module")
def trained(tmp_path_factory) -> Small:
    """A first model stands in the registry, nothing is pinned; copied, never changed."""
    small = make_project(tmp_path_factory.mktemp("bad input"))
    promote_first(small)
    return small


@pytest.fixture(scope="module")
def pinned(trained, tmp_path_factory) -> Small:
    """The champion is pinned: monitor has something to watch."""
    small = trained.copy(tmp_path_factory.mktemp("pinned"))
    small.keepfit("sync")
    small.git("commit", "-qam", "Pin")
    for kept in (small.root / ".keepfit" / "windows").iterdir():
        kept.unlink()
    return small


@pytest.fixture
def first(trained, tmp_path) -> Small:
    return trained.copy(tmp_path)


@pytest.fixture
def small(pinned, tmp_path) -> Small:
    """A project whose table is its own; that its first model falls in February (a margin of 1), and that it is young (no debt), is no news here."""
    copy = pinned.copy(tmp_path)
    params(copy, "grounds: [harm, debt, age]", "grounds: [harm, age]")
    params(copy, f"live: {live(copy)}", "live: ../rows.csv")
    params(copy, "harm_margin: null", "harm_margin: 1.0")
    write_table(copy.root.parent / "rows.csv")
    copy.git("commit", "-qam", "An own table")
    return copy


@pytest.fixture
def say(monkeypatch, capfd):
    """Run `keepfit …` here, in a folder; give the exit code and what it said on stderr."""

    def run(folder: Path, *arguments: str, script: str | None = None) -> tuple[int, str]:
        monkeypatch.chdir(folder)
        monkeypatch.setattr(sys, "argv", ["keepfit", *arguments])
        capfd.readouterr()
        code = 0
        try:
            runpy.run_path(script, run_name="__main__") if script else main()
        except SystemExit as end:
            code = int(end.code or 0)
        return code, capfd.readouterr().err

    return run


@pytest.fixture
def stage(say):
    return lambda small, name: say(small.root, script=f"stages/{name}.py")


def live(small: Small) -> str:
    return next(line.split(": ")[1].split(" #")[0].strip() for line in (small.root / "params.yaml").read_text().splitlines() if line.startswith("  live: "))


def params(small: Small, old: str, new: str) -> None:
    path = small.root / "params.yaml"
    assert old in path.read_text()
    path.write_text(path.read_text().replace(old, new, 1))


def assert_sentence(told: tuple[int, str], sentence: str, *, code: int = 1, fix: str = "") -> None:
    """The last two lines are a sentence and its fix, both of bounded length; nothing looks like a traceback."""
    got, err = told
    lines = err.splitlines()
    assert "Traceback" not in err
    assert got == code, err
    assert lines[-2].startswith(f"keepfit: {sentence}"), err
    assert lines[-1].startswith("  fix: "), err
    assert fix in lines[-1]
    assert max(map(len, lines)) < 700


def changed_rows(path: Path, change) -> None:
    """Rewrite February's lines of a CSV: `change(number, fields) -> fields`."""
    head, *lines = path.read_text().splitlines()
    path.write_text("\n".join([head, *(",".join(change(n, line.split(","))) if line.startswith("p2-") else line for n, line in enumerate(lines))]) + "\n")


def processes_in(folder: Path) -> list[str]:
    """The command lines of the running processes that stand in a folder or name it."""
    found = []
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            state = (entry / "stat").read_text().rpartition(")")[2].split()[0]
            words, place = (entry / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace"), str((entry / "cwd").readlink())
        except OSError:
            continue
        if state != "Z" and int(entry.name) != os.getpid() and (place.startswith(str(folder)) or str(folder) in words):
            found.append(words)
    return found


# -- init: a table that cannot be learned from --------------------------------------------------------------------------

ROWS = [f"p{n},2026-01-{n % 28 + 1:02d}T00:00:00,{n % 7}.5,{n % 2}" for n in range(300)]
HEAD = "part,at,heat,failed"


def table(rows=ROWS, head=HEAD) -> bytes:
    return ("\n".join([head, *rows]) + "\n").encode()


@pytest.mark.parametrize(
    ("content", "options", "code", "sentence"),
    [
        (None, (), 1, "no file rows.csv ("),
        (b"", (), 1, "rows.csv is empty"),
        (table([]), (), 1, "the table has no rows"),
        (b"\0\1\2", (), 1, "rows.csv is not text: it holds NUL bytes"),
        ("part,at,failed\nä".encode("latin-1"), (), 1, "rows.csv is not text in UTF-8"),
        (table(["a,2026-01-01"]), (), 1, "rows.csv is not readable CSV"),
        (table(head="part,at,at,failed"), (), 1, "rows.csv: the column 'at' is there twice"),
        (table(), ("--time", "att"), 2, "no column 'att' (--time)"),
        (table(), ("--target", "faild"), 2, "no column 'faild' (--target)"),
        (table(), ("--model", "a/b"), 2, "a model name has no '/'"),
        (table(), ("--window", "fortnight"), 2, "'fortnight' is not a calendar window"),
        (table([*ROWS, *ROWS[:2]]), ("--id", "part"), 1, "2 ids in 'part' are there more than once: p0, p1"),
        (table([row.replace("00:00,", "00:00+01:00,") if n % 2 else row for n, row in enumerate(ROWS)]), (), 1, "the time column 'at' mixes times with"),
        (table([row.replace("2026-", "26/") for row in ROWS]), (), 1, "the time column 'at' is not ISO 8601"),
        (table([row[:-1] + "1" for row in ROWS]), (), 1, "the target 'failed' has one value only, '1'"),
        (table([row[:-1] for row in ROWS]), (), 1, "the target 'failed' has no value in any row"),
        (table(ROWS[:2]), (), 1, "2026-01-01 to 2026-01-02 closes 1 windows"),
    ],
)  # fmt: skip
def test_init_refuses_a_table_it_cannot_learn_from_and_writes_nothing(say, tmp_path, content, options, code, sentence):
    if content is not None:
        (tmp_path / "rows.csv").write_bytes(content)
    given = {"--data": "rows.csv", "--time": "at", "--target": "failed", "--model": "parts", **dict(zip(options[::2], options[1::2], strict=True))}
    assert_sentence(say(tmp_path, "init", "new", *(word for pair in given.items() for word in pair)), sentence, code=code)
    assert not (tmp_path / "new").exists()


def test_init_takes_infinities_spaces_and_any_script_and_the_stages_follow(say, stage, tmp_path):
    rows = [
        f"r{n},2026-01-{n % 28 + 1:02d} 00:00:00,{'inf' if n % 50 == 0 else n % 7},{'Zürich ☂' if n % 3 else 'a,b'!r},{'ja' if n % 7 > 3 else 'nein'}"
        for n in range(600)
    ]
    rows = [row.replace("'a,b'", '"a, b"').replace("'", "") for row in rows]
    folder = tmp_path / "ein Ordner mit ü"
    folder.mkdir()
    (folder / "meine daten.csv").write_bytes(table(rows, head="Nr.,Zeit punkt,größe: m,Ort [Stadt],kaputt?"))
    made = say(folder, "init", "p", "--data", "meine daten.csv", "--time", "Zeit punkt", "--target", "kaputt?", "--model", "größen modell", "--id", "Nr.")
    assert made[0] == 0, made[1]
    assert "Infinity" not in (folder / "p/expectations/data/rows.json").read_text()
    small = Small(folder / "p", folder)
    for name in ("ingest", "validate", "compose", "train", "evaluate", "refit"):
        assert stage(small, name) == (0, ""), name


RECIPE = "compose:\n  use: mine\n  recipes: {mine: %s}\n"
HALF_LIFE = RECIPE % "{weights: {recency: {half_life_windows: 0}}}"
ONE_CLASS = RECIPE % "{rows: {class=1: {at_most: 0}}}"
TOO_LITTLE = RECIPE % "{rows: {line=*: {at_most: 0.3}}}"


# -- params.yaml that names what is not there ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "old", "new", "code", "sentence", "fix"),
    [
        ("ingest", "reviews_a_year: 4", "reviws_a_year: 4", 2, "no key 'reviws_a_year' (params.yaml: update.reviws_a_year)", "'reviews_a_year'"),
        ("ingest", "model:", "model: [", 2, "not YAML: ", "that line"),
        ("ingest", "heat: numeric", "heta: numeric", 2, "no column 'heta' (params.yaml: data.features.heta)", "'heat'"),
        ("ingest", "time: at", "time: att", 2, "no column 'att' (params.yaml: data.time)", "'at'"),
        ("ingest", "id: part", "id: prt", 2, "no column 'prt' (params.yaml: data.id)", "'part'"),
        ("compose", "target: failed", "target: faild", 2, "no column 'faild' (params.yaml: model.target)", "'failed'"),
        ("compose", "sampler: recent ", "sampler: recnt ", 2, "no sampler 'recnt' (params.yaml: compose.sampler)", "'recent'"),
        ("compose", "compose:\n", "compose:\n  use: lst3\n", 2, "no recipe 'lst3' (params.yaml: compose.use)", "'last3'"),
        ("ingest", "compose:\n", HALF_LIFE, 2, "Input should be greater than 0, got '0' (params.yaml: compose.recipes.mine.weights.recency.", "docs/params"),
        ("compose", "compose:\n", ONE_CLASS, 2, "the recipe mine leaves only rows whose label is 0", "quotas"),
        ("compose", "compose:\n", TOO_LITTLE, 2, "at most 60% of the training rows may be of the 2", "100 %"),
        ("train", "GradientBoostingC", "GradientBostingC", 1, "no estimator 'sklearn.ensemble.HistGradientBosting", "HistGradientBoostingClassifier"),
        ("train", "max_iter: 10", "max_itr: 10", 1, "HistGradientBoostingClassifier takes no 'max_itr'", "'max_iter'"),
        ("evaluate", "line: {", "lin: {", 2, "no column 'lin' (params.yaml: evaluate.slices.lin)", "'line'"),
        ("evaluate", "metric: roc_auc  ", "metric: roc_auk  ", 2, "no metric 'roc_auk' (params.yaml: evaluate.metric)", "'roc_auc'"),
        ("evaluate", "metric: roc_auc  ", "metric: mae  ", 2, "mae does not measure classification", "task"),
    ],
)
def test_a_stage_names_what_params_misspell(stage, first, name, old, new, code, sentence, fix):
    params(first, old, new)
    assert_sentence(stage(first, name), sentence, code=code, fix=fix)


@pytest.mark.parametrize(
    ("old", "new", "code", "sentence"),
    [
        ("time: at", "time: att", 2, "no column 'att' (params.yaml: data.time)"),
        ("target: failed", "target: faild", 2, "no column 'faild' (params.yaml: model.target)"),
        ("positive: null", "positive: yess", 2, "no value of 'failed' 'yess' (params.yaml: model.positive)"),
        ("detector: auto", "detector: kss", 2, "no detector 'kss' (params.yaml: monitor.columns.*.detector)"),
        ("metric: roc_auc  ", "metric: roc_auk  ", 2, "no metric 'roc_auk' (params.yaml: evaluate.metric)"),
        ("live: ../rows.csv", "live: ../rosw.csv", 1, "no file rosw.csv ("),
    ],
)
def test_monitor_names_what_params_misspell_and_remembers_nothing(say, small, old, new, code, sentence):
    params(small, old, new)
    assert_sentence(say(small.root, *FEBRUARY), sentence, code=code)
    assert seen(small) == []
    assert not list((small.root / ".keepfit/windows").glob("*"))


def seen(small: Small) -> list[str]:
    with Ledger(small.project.ledger_uri).transaction() as book:
        return [one.window.id for one in book.windows("parts", small.project.baseline.champion.digest)]


# -- rows that cannot be used -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (lambda n, row: [*row[:-1], "inf" if n % 9 == 0 else row[-1]], "the target 'failed' is not 0 and 1: 0, 1, inf"),
        (lambda n, row: [*row[:-1], "2" if n % 9 == 0 else row[-1]], "the target 'failed' is not 0 and 1: 0, 1, 2"),
        (lambda n, row: ["p2-0", *row[1:]], "1 ids in 'part' are there more than once: p2-0"),
        (lambda n, row: [row[0], row[1] + ("Z" if n % 2 else ""), *row[2:]], "rows.csv: the time column 'at' mixes times with and without a zone"),
    ],
)
def test_monitor_refuses_rows_it_cannot_use_and_takes_them_once_mended(say, small, change, sentence):
    rows = small.root.parent / "rows.csv"
    good = rows.read_text()
    changed_rows(rows, change)
    assert_sentence(say(small.root, *FEBRUARY), sentence)
    assert seen(small) == []
    rows.write_text(good)
    assert say(small.root, *FEBRUARY)[0] == 0
    assert seen(small) == ["2026-02"]


def test_labels_that_are_no_numbers_are_inspected_and_counted_once_mended(say, small):
    rows = small.root.parent / "rows.csv"
    good = rows.read_text()
    changed_rows(rows, lambda n, row: [*row[:-1], "maybe" if n % 9 == 0 else row[-1]])
    code, err = say(small.root, *FEBRUARY)
    assert (code, labelled(small)) == (3, {"2026-02": 284})
    assert "2026-02-schema asks to inspect: failed: 36 of 320 values are no numbers, taken as missing ('maybe')" in err
    rows.write_text(good)
    code, err = say(small.root, *FEBRUARY)
    assert (code, labelled(small)) == (3, {"2026-02": 320})
    assert "2026-02-schema still asks to inspect" in err


def labelled(small: Small) -> dict[str, int]:
    with Ledger(small.project.ledger_uri).transaction() as book:
        return {one.window.id: one.labelled for one in book.windows("parts", small.project.baseline.champion.digest)}


@pytest.mark.parametrize(
    "change",
    [
        lambda n, row: [*row[:-1], ""],
        lambda n, row: [*row[:-1], "1"],
        lambda n, row: [*row[:-1], "nan" if n % 3 else row[-1]],
        lambda n, row: [*row[:2], "inf" if n % 9 == 0 else row[2], *row[3:]],
    ],
    ids=["no label yet", "one class", "labels that are NaN", "infinite values"],
)
def test_monitor_judges_what_can_be_judged(say, small, change):
    changed_rows(small.root.parent / "rows.csv", change)
    code, err = say(small.root, *FEBRUARY)
    assert (code, "Traceback" in err, seen(small)) == (0, False, ["2026-02"])


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (lambda good: good[: len(good) // 2] + b"p2-x,2026-02-05T00:00:00\n", "rows.csv is not readable CSV"),
        (lambda good: good + b"p2-x,2026-02-05T00:00:00,1.0,\0,a,0\n", "rows.csv is not text: it holds NUL bytes"),
        (lambda good: b"", "rows.csv is empty"),
        (lambda good: good + "p2-x,2026-02-05T00:00:00,1.0,1.0,ä,0\n".encode("latin-1"), "rows.csv is not text in UTF-8"),
    ],
    ids=["ragged", "NUL", "empty", "another encoding"],
)
def test_a_live_file_that_cannot_be_read_is_one_sentence_and_judged_once_mended(say, small, content, sentence):
    rows = small.root.parent / "rows.csv"
    good = rows.read_bytes()
    rows.write_bytes(content(good))
    assert_sentence(say(small.root, *FEBRUARY), sentence)
    assert seen(small) == []
    rows.write_bytes(b"\xef\xbb\xbf" + good)  # as some editors save it
    assert say(small.root, *FEBRUARY)[0] == 0
    assert seen(small) == ["2026-02"]


def test_a_truncated_parquet_stream_is_one_sentence(say, small):
    rows = small.root.parent / "rows.parquet"
    write_parquet(read_table(small.root.parent / "rows.csv"), rows)
    params(small, "live: ../rows.csv", "live: ../rows.parquet")
    good = rows.read_bytes()
    rows.write_bytes(good[: len(good) * 2 // 3])
    assert_sentence(say(small.root, *FEBRUARY), "rows.parquet is not readable Parquet")
    rows.write_bytes(good)
    assert say(small.root, *FEBRUARY)[0] == 0


@pytest.mark.parametrize("change", [lambda name: "", lambda name: f"{name}2"], ids=["removed", "renamed"])
def test_a_feature_that_is_gone_is_a_cause_of_the_schema(say, small, change):
    rows = small.root.parent / "rows.csv"
    head, *lines = rows.read_text().splitlines()
    names = head.split(",")
    at = names.index("load")
    names[at] = change("load")
    kept = [place for place, name in enumerate(names) if name]
    rows.write_text("\n".join(",".join([*line.split(",")][place] for place in kept) for line in [",".join(names), *lines]) + "\n")
    code, err = say(small.root, *FEBRUARY)
    (ticket,) = [one for one in list_tickets(small.project) if one.id != TICKET]
    assert (code, "Traceback" in err, ticket.ground, ticket.root.kind, ticket.root.column) == (3, False, "schema", "schema", "load")


def test_a_feature_that_became_text_is_a_cause_of_the_schema(say, small):
    changed_rows(small.root.parent / "rows.csv", lambda n, row: [*row[:3], "high" if n % 9 == 0 else row[3], *row[4:]])
    assert say(small.root, *FEBRUARY)[0] == 3
    (ticket,) = [one for one in list_tickets(small.project) if one.id != TICKET]
    assert (ticket.ground, ticket.root.column) == ("schema", "load")


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (lambda lines: lines[::-1], 0),
        (lambda lines: [line.replace("T00:00:00", "T02:30:00") for line in lines], 0),
        (lambda lines: [line for line in lines if not line.startswith("p2-") or line.startswith("p2-7,")], 3),
        (lambda lines: [",".join([*line.split(",")[:3], "", *line.split(",")[4:]]) if line.startswith("p2-") else line for line in lines], 0),
    ],
    ids=["out of order", "an hour that DST skips or repeats", "one row", "a column without values"],
)
def test_monitor_takes_rows_as_they_come(say, small, change, code):
    rows = small.root.parent / "rows.csv"
    head, *lines = rows.read_text().splitlines()
    rows.write_text("\n".join([head, *change(lines)]) + "\n")
    got, err = say(small.root, *FEBRUARY)
    assert (got, "Traceback" in err, seen(small)) == (code, False, ["2026-02"]), err


def test_a_disk_that_fills_up_is_one_sentence_and_the_window_is_judged_once_there_is_room(small):
    script = "import resource; resource.setrlimit(resource.RLIMIT_FSIZE, (2048, 2048)); from keepfit.cli import main; main()"
    done = subprocess.run([sys.executable, "-c", script, *FEBRUARY], cwd=small.root, env=small.env, capture_output=True, text=True, check=False)
    assert (done.returncode, "Traceback" in done.stderr) == (1, False), done.stderr
    assert done.stderr.splitlines()[-1].startswith("  fix: ")
    assert seen(small) == []
    assert small.keepfit(*FEBRUARY).returncode == 0
    assert seen(small) == ["2026-02"]


def test_a_window_that_is_empty_so_far_is_waited_for(say, small):
    rows = small.root.parent / "rows.csv"
    for kept in (rows.read_text().splitlines()[:1], [line for line in rows.read_text().splitlines() if not line.startswith(("p2-", "p3-"))]):
        rows.write_text("\n".join(kept) + "\n")
        assert say(small.root, *FEBRUARY)[0] == 0
    assert seen(small) == []


@pytest.mark.parametrize(
    ("labels", "sentence"),
    [(lambda _: 1.0, "all "), (lambda _: None, "no labelled row may train"), (lambda n: float("inf") if n % 9 == 0 else float(n % 2), "")],
    ids=["one class", "no label", "infinite"],
)
def test_compose_refuses_labels_that_nothing_can_be_learned_from(stage, first, labels, sentence):
    relabel(first, labels)
    assert stage(first, "ingest") == (0, "")
    assert_sentence(stage(first, "compose"), sentence)


def relabel(small: Small, labels) -> None:
    path = small.root / JANUARY
    rows = read_table(path)
    path.unlink()  # a link into DVC's cache would be written through
    write_parquet(rows.set_column(rows.column_names.index("failed"), "failed", pa.array(map(labels, range(rows.num_rows)), pa.float64())), path)


def test_dvc_repro_shows_the_sentence_and_what_was_committed_can_be_had_back(first):
    relabel(first, lambda _: 1.0)
    first.dvc("repro", "ingest")
    said = first.dvc("repro", "--single-item", "compose", check=False)
    assert "keepfit: all " in said
    assert "  fix: compose more windows" in said
    assert "Traceback" not in said
    first.git("checkout", "-q", ".")
    first.dvc("checkout", "--force")
    assert first.git("status", "--porcelain") == ""
    assert "up to date" in first.dvc("status", "evaluate")


@pytest.mark.parametrize(
    ("path", "content", "name", "sentence"),
    [
        (JANUARY, b"torn", "ingest", "2026-01.parquet"),
        ("data/windows/notes.txt", b"x", "ingest", "'notes' is no window's id"),
        ("decision.json", b"{", "compose", "decision.json cannot be read"),
        ("decision.json", b'{"action": "inspect", "target": null}', "compose", "the decision says inspect"),
        ("decision.json", b'{"action": "improve", "target": "2020-01-01"}', "compose", "no labelled row may train: none is before the target 2020-01-01"),
        ("baseline.json", b"{", "compose", "not a Baseline record"),
        ("build/compose/train.parquet", None, "train", "no file train.parquet"),
        ("decision.json", b"{", "refit", "decision.json cannot be read"),
        ("models/candidate/composition.json", None, "refit", "composition.json cannot be read: No such file"),
        ("reports/scorecard.json", b"{", "refit", "not a Scorecard record"),
    ],
)
def test_a_stage_names_the_file_it_cannot_use(stage, first, path, content, name, sentence):
    (first.root / path).unlink(missing_ok=True)
    if content is not None:
        (first.root / path).write_bytes(content)
    assert_sentence(stage(first, name), sentence)


def test_beside_a_champion_one_window_cannot_both_train_and_judge(stage, small):
    assert_sentence(stage(small, "compose"), "no labelled row may train: beside a champion the newest window judges", fix="keepfit improve")


# -- git, DVC and servers that are not there ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("gone", "command", "sentence"),
    [
        (".git", ("improve", TICKET), "no git repository here"),
        (".git", ("certify", "parts", "1"), "no git repository here"),
        (".dvc", ("improve", TICKET), "DVC is not initialised here"),
        (None, ("improve", "2026-02-ham"), "no ticket '2026-02-ham'"),
    ],
)
def test_without_git_or_dvc_nothing_is_begun(say, first, monkeypatch, gone, command, sentence):
    monkeypatch.setenv("MLFLOW_TRACKING_URI", NOBODY)
    if gone:
        (first.root / gone).rename(first.root.parent / "gone")
    assert_sentence(say(first.root, *command), sentence)
    assert not (first.root / ".keepfit/worktrees").exists()


def test_a_dirty_tree_is_refused_and_kept(say, first, monkeypatch):
    monkeypatch.setenv("MLFLOW_TRACKING_URI", NOBODY)
    params(first, "reviews_a_year: 4", "reviews_a_year: 5")
    before = (first.root / "params.yaml").read_bytes()
    assert_sentence(say(first.root, "improve", TICKET), "dirty git tree: the candidate would not see your uncommitted changes of params.yaml", fix="git commit")
    assert (first.root / "params.yaml").read_bytes() == before


@pytest.mark.parametrize(
    "command", [("improve", TICKET), ("sync",), ("promote", "parts", "1"), ("rollback", "parts", "--reason", "x"), ("gate", "explain", "parts", "1")]
)
def test_a_server_that_is_away_is_one_sentence(say, first, monkeypatch, command):
    monkeypatch.setenv("MLFLOW_TRACKING_URI", NOBODY)
    assert_sentence(say(first.root, *command), "the MLflow server", fix="keepfit server")
    assert first.git("status", "--porcelain") == ""


def test_register_without_a_server_keeps_what_it_registered_before(stage, first, monkeypatch):
    monkeypatch.setenv("MLFLOW_TRACKING_URI", NOBODY)
    assert_sentence(stage(first, "register"), f"the MLflow server at {NOBODY} does not answer", fix="keepfit server")
    assert first.git("status", "--porcelain") == ""


@contextmanager
def taken_port():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        yield taken.getsockname()[1]


def test_a_port_in_use_is_one_sentence(say, first, tmp_path):
    with taken_port() as port:
        assert_sentence(say(first.root, "server", "--port", str(port)), f"the port {port} is in use", fix="--port")
        assert_sentence(say(tmp_path, "demo", "--port", str(port)), f"the port {port} is in use", fix="--port")
        assert not (tmp_path / "keepfit-demo").exists()
    assert_sentence(say(first.root, "server", "--host", "256.0.0.1"), "cannot listen on 256.0.0.1:5000", fix="--host")
    assert_sentence(say(first.root, "server", "--rules", "none.yaml"), "no rules for the gate")


# -- signals, and two at once -------------------------------------------------------------------------------------------


def begin(folder: Path, *arguments: str, env: dict[str, str]) -> subprocess.Popen[str]:
    words = [sys.executable, "-m", "keepfit", *arguments]
    return subprocess.Popen(words, cwd=folder, env=env, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, start_new_session=True)


def until(process: subprocess.Popen[str], *words: str) -> str:
    """Read stderr up to the first line with one of the words."""
    said = []
    for line in process.stderr:
        said.append(line)
        if any(word in line for word in words):
            return "".join(said)
    pytest.fail("".join(said))


def interrupted(process: subprocess.Popen[str], *, group: bool) -> None:
    """Ctrl-C: the terminal signals the group, `kill -INT` the process alone."""
    (os.killpg if group else os.kill)(process.pid, signal.SIGINT)
    _, err = process.communicate(timeout=90)
    assert process.returncode == 130, err
    assert "Traceback" not in err
    assert err.splitlines()[-1] == "keepfit: interrupted; run the same command again to go on"


def test_ctrl_c_in_improve_leaves_nothing_behind_and_two_reruns_at_once_are_one_answer(first):
    process = begin(first.root, "improve", TICKET, env=first.env)
    until(process, "Running stage", "Stage '")
    interrupted(process, group=True)
    assert processes_in(first.root) == []
    assert len(first.git("worktree", "list").splitlines()) == 1
    assert first.git("branch", "--list", "retrain/*") == ""
    assert not (first.root / ".keepfit/worktrees" / TICKET).exists()
    both = [begin(first.root, "improve", TICKET, env=first.env) for _ in range(2)]
    said = [process.communicate(timeout=300)[1] for process in both]
    assert [process.returncode for process in both] == [0, 0], said
    assert first.git("rev-list", "--count", f"main..retrain/{TICKET}") == "1\n"
    assert len(first.runs.versions("parts")) == 2
    assert first.git("status", "--porcelain") == ""


def test_a_monitor_killed_in_a_window_and_two_at_once_leave_the_window_judged_once(small):
    process = begin(small.root, *FEBRUARY, env=small.env)
    until(process, "window 2026-02")
    os.killpg(process.pid, signal.SIGKILL)
    process.communicate(timeout=30)
    both = [begin(small.root, *FEBRUARY, env=small.env) for _ in range(2)]
    said = [process.communicate(timeout=120)[1] for process in both]
    assert [process.returncode for process in both] == [0, 0], said
    assert seen(small) == ["2026-02"]
    assert sorted(text.count("window 2026-02 (") for text in said) == [0, 1]


def test_ctrl_c_in_the_demo_leaves_no_process_and_a_rerun_begins(tmp_path):
    for group in (False, True):
        process = begin(tmp_path, "demo", "--until", "2013-03-01", env=dict(os.environ))
        said = until(process, "dvc repro")
        assert ("starting afresh" in said) == group  # the second run clears what the first one left
        interrupted(process, group=group)
        assert processes_in(tmp_path) == []
