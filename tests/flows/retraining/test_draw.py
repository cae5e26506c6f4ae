"""A recipe's rows drawn from a table that stays with its engine, pinned beside the windows, and composed by the stages as from all rows in memory."""

from __future__ import annotations

import json
from datetime import datetime, timedelta

import numpy as np
import pyarrow as pa
import pytest
from click.testing import CliRunner
from tests.flows.projects import TICKET

from keepfit.cli.windows import window
from keepfit.compose.assemble import CompositionRequest, Sources
from keepfit.compose.assemble import compose as composed_of
from keepfit.compose.holdout import in_holdout
from keepfit.compose.recipe import recipe_of
from keepfit.errors import ParamsError, ProjectError
from keepfit.flows.project import Project
from keepfit.flows.rows.sources import live_rows
from keepfit.flows.rows.window_store import WindowStore
from keepfit.flows.stages.compose import run_compose
from keepfit.flows.stages.ingest import run_ingest
from keepfit.integrations.tables import read_table, write_parquet
from keepfit.integrations.yaml_files import put, put_or_add
from keepfit.records import Composition, Validation, from_json, to_json
from keepfit.tables.windows import parse_window_id

DRAWN = "## Drawn from the source"
ROWS, MONTHS, JUDGES = 6_000, (1, 2, 3), datetime(2013, 3, 1)
PARAMS = """\
model: {name: m, task: classification, target: y, positive: 'yes'}
data:
  live: {table: lake, engine: ENGINE}
  labels: labels.parquet
  sample_rows: 1000
  time: t
  id: id
  features: {x: numeric, carrier: categorical}
evaluate: {slices: {carrier: {min_rows: null}}}
compose:
  draws_from: source
  use: mine
  recipes: {mine: {rows: {carrier=HA: {at_least: 150}, 'carrier=*': {at_most: 1500}, class=1: {share: 0.5}}, max_rows: 2500}}
"""


def lake(root):
    """Three months in files that are cut by nothing that matters; every third label is in a table of its own."""
    chance, tables = np.random.default_rng(0), []
    for month in MONTHS:
        start = datetime(2013, month, 1)
        y = np.where(chance.uniform(size=ROWS) < 0.2, "yes", "no")
        tables.append(
            pa.table(
                {
                    "t": pa.array([start + timedelta(minutes=int(m)) for m in chance.integers(0, 28 * 24 * 60, ROWS)], pa.timestamp("us")),
                    "id": pa.array(range(month * ROWS, (month + 1) * ROWS)),
                    "carrier": chance.choice(["EV", "UA", "HA"], ROWS, p=[0.7, 0.27, 0.03]).tolist(),
                    "x": chance.normal(size=ROWS),
                    "y": pa.array([None if at % 3 == 0 else str(value) for at, value in enumerate(y)], pa.string()),
                }
            )
        )
        tables[-1] = tables[-1].append_column("known", pa.array(y.tolist()))
    whole = pa.concat_tables(tables)
    whole = whole.take(pa.array(chance.permutation(whole.num_rows)))
    for at in range(4):
        write_parquet(whole.slice(at * 4_500, 4_500).drop_columns("known"), root / "lake" / f"part-{at}.parquet")
    write_parquet(pa.table({"id": whole["id"], "y": whole["known"]}), root / "labels.parquet")


@pytest.fixture
def root(tmp_path):
    return project(tmp_path, "local")


def project(root, engine):
    lake(root)
    (root / "params.yaml").write_text(PARAMS.replace("ENGINE", engine))
    for folder in ("data/windows", "expectations", "models/champion", "reports"):
        (root / folder).mkdir(parents=True)
    (root / "models/champion/NONE").touch()
    (root / "baseline.json").write_text('{"champion": null}')
    (root / "expectations/windows.yaml").write_text("{}\n")
    write_parquet(pa.table({"window": pa.array([], pa.string()), "row_id": pa.array([], pa.string())}), root / "build/validate/quarantine.parquet")
    (root / "reports/validation.json").write_text(to_json(Validation(windows=(), suites={})))
    (root / "decision.json").write_text(json.dumps({"action": "improve", "target": JUDGES.isoformat()}))
    store = WindowStore(Project(root), None, datetime(2013, 4, 1))
    for one in store.windows:
        write_parquet(store.rows(one), root / "data/windows" / f"{one.id}.parquet")
    return root


def draw(root, monkeypatch, *options):
    monkeypatch.chdir(root)
    return CliRunner().invoke(window, ["draw", *options], catch_exceptions=False)


def composed(root):
    run_ingest(root, windows="data/windows", out="build/ingest")
    run_compose(root, ingest="build/ingest", validate="build/validate", out="build/compose", reports="reports")
    return from_json(Composition, (root / "reports/composition.json").read_bytes())


def in_memory(root):
    """The same recipe over windows that hold all rows of the lake, read here."""
    params = root / "params.yaml"
    before = params.read_text()
    params.write_text(before.replace("{table: lake, engine: local}", "lake"))
    here = Project(root)
    store = WindowStore(here, None, datetime(2013, 4, 1))
    tables = {f"2013-{month:02d}": store.live for month in MONTHS}
    tables = {name: table.filter(pa.compute.equal(pa.compute.month(table["t"]), int(name[-2:]))).sort_by("id") for name, table in tables.items()}
    sources = Sources(tables=tables, windows=[parse_window_id(name) for name in tables], quarantined=(), decisions={})
    asked = CompositionRequest(action="improve", target=JUDGES, champion=False, holds_back=True)
    found = composed_of(sources, asked, here.params, id_column="id", recipe=recipe_of(here.params.compose))
    params.write_text(before)
    return found


@pytest.mark.parametrize("engine", ["local", "duckdb", pytest.param("spark", marks=pytest.mark.spark)])
def test_what_the_stages_train_on_is_what_composing_from_the_whole_lake_in_memory_gives(root, monkeypatch, engine, request):
    if engine == "spark":
        request.getfixturevalue("spark")
    whole = in_memory(root)
    edit(root, "engine: local", f"engine: {engine}")
    told = json.loads(draw(root, monkeypatch, "--json").stdout)["drawn"]
    assert sum(one["drawn"] for one in told["windows"]) == whole.train.num_rows > 1000  # the rows of a window's sample
    composition = composed(root)
    assert read_table(root / "build/compose/train.parquet").equals(whole.train)
    assert [one for one in composition.strata if one.status is not None] != []
    drawn = {one["window"]: (one["trainable"], one["drawn"]) for one in told["windows"]}
    assert drawn.keys() == {"2013-01", "2013-02"}
    holdout = set(read_table(root / "build/compose/holdout.parquet")["id"].to_pylist())
    assert holdout
    assert holdout < set(whole.holdout["id"].to_pylist())
    report = (root / "reports/COMPOSITION.md").read_text()
    assert f"{whole.train.num_rows:,} of {sum(rows for rows, _ in drawn.values()):,} rows of lake that may train were drawn by the recipe mine." in report


def edit(root, before, after):
    text = (root / "params.yaml").read_text()
    assert before in text
    (root / "params.yaml").write_text(text.replace(before, after))


def windows_of(root):
    return {path.name: path.read_bytes() for path in (root / "data/windows").glob("*.parquet")}


def test_the_windows_stay_as_they_judged_and_twice_draws_the_same_bytes(root, monkeypatch):
    before = windows_of(root)
    said = draw(root, monkeypatch)
    first = {path.name: path.read_bytes() for path in (root / "data/windows/drawn").iterdir()}
    assert draw(root, monkeypatch).stdout == said.stdout
    assert {path.name: path.read_bytes() for path in (root / "data/windows/drawn").iterdir()} == first
    assert first.keys() == {"2013-01.parquet", "2013-02.parquet", "draw.json"}
    assert windows_of(root) == before
    assert said.stderr == "next: dvc add data/windows && git add data/windows.dvc && git commit, then dvc repro\n"


def test_rows_that_were_drawn_by_what_params_do_not_say_any_more_are_refused(root, monkeypatch):
    with pytest.raises(ProjectError, match="nothing was drawn from it"):
        composed(root)
    draw(root, monkeypatch)
    edit(root, "max_rows: 2500", "max_rows: 2400")
    with pytest.raises(ProjectError, match="drawn by the recipe mine as it was"):
        composed(root)
    edit(root, "max_rows: 2400", "max_rows: 2500, weights: {class_balance: {}}")
    composed(root)
    assert DRAWN in (root / "reports/COMPOSITION.md").read_text()
    (root / "decision.json").write_text(json.dumps({"action": "improve", "target": "2013-02-01"}))
    with pytest.raises(ProjectError, match="rows up to 2013-03-01 00:00 were drawn to train"):
        composed(root)


def test_who_draws_from_windows_again_has_nothing_left_that_was_drawn(root, monkeypatch):
    draw(root, monkeypatch)
    edit(root, "draws_from: source", "draws_from: windows")
    with pytest.raises(ProjectError, match=r"and compose\.draws_from says windows"):
        composed(root)
    assert json.loads(draw(root, monkeypatch, "--json").stdout) == {"drawn": None}
    assert not (root / "data/windows/drawn").exists()
    composed(root)
    assert DRAWN not in (root / "reports/COMPOSITION.md").read_text()


@pytest.mark.parametrize(
    ("before", "after", "says"),
    [
        ("{table: lake, engine: local}", "lake", "only an engine's table has rows that are not kept"),
        ("  sample_rows: 1000", "  history: flights", "the template's own history is not in the source"),
        ("labels: labels.parquet", "labels: {table: labels.parquet, engine: local}", "labels of an engine's table are joined to rows that come here"),
        (", max_rows: 2500", "", "the recipe mine has no max_rows"),
    ],
)
def test_what_cannot_be_drawn_is_one_sentence_and_leaves_nothing(root, monkeypatch, before, after, says):
    edit(root, before, after)
    with pytest.raises(ParamsError, match=says):
        draw(root, monkeypatch)
    assert sorted(path.name for path in (root / "data/windows").iterdir()) == ["2013-01.parquet", "2013-02.parquet", "2013-03.parquet"]


@pytest.mark.slow
@pytest.mark.long
@pytest.mark.timeout(900)
def test_improve_draws_from_the_lake_and_pins_what_it_drew_on_its_branch(promoted, tmp_path):
    small = promoted.copy(tmp_path)
    january = live_rows(small.project, start=datetime(2026, 1, 1), end=datetime(2026, 2, 1))
    ids = january["part"].to_pylist()
    more = [january.set_column(january.column_names.index("part"), "part", pa.array([f"{name}-{k}" for name in ids])) for k in range(9)]
    write_parquet(pa.concat_tables([live_rows(small.project, start=None, end=None), *more]), tmp_path / "lake" / "rows.parquet")
    params = small.root / "params.yaml"
    text = put(params.read_text(), "data.live", {"table": "../lake", "engine": "local"})
    for key, value in (("recipes", {"large": {"max_rows": 1200}}), ("use", "large"), ("draws_from", "source")):
        text = put_or_add(text, f"compose.{key}", value)
    params.write_text(text)
    small.git("commit", "-qam", "Draw from all rows of the lake")
    small.keepfit("improve", TICKET)
    branch = f"retrain/{TICKET}"
    report = small.git("show", f"{branch}:reports/COMPOSITION.md")
    held = {row for row, out in zip(ids, in_holdout(ids, share=0.2, salt="keepfit"), strict=True) if out}
    assert DRAWN in report
    assert "1,200 of " in report
    small.git("checkout", "-q", branch)
    small.dvc("checkout", "data/windows.dvc")
    drawn = read_table(small.root / "data/windows/drawn/2026-01.parquet")["part"].to_pylist()
    assert len(drawn) == 1200 + len(held)
    assert held < set(drawn)
    made = from_json(Composition, (small.root / "reports/composition.json").read_bytes())
    assert sum(part.rows for part in made.parts if part.part == "train") == 1200
    assert sorted(path.name for path in (small.root / "data/windows").glob("*.parquet")) == ["2026-01.parquet", "2026-02.parquet"]
