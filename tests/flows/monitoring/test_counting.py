"""`keepfit monitor` where rows stay with an engine: what a local source says, byte for byte, and of larger windows what all rows say."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import datetime

import pandas as pd
import pyarrow as pa
import pytest
from tests.flows.monitoring.test_monitor import pin, rows_of, run

from keepfit.flows.project import Project
from keepfit.flows.rows.engine_windows import counts_of
from keepfit.integrations.tables import read_table, write_parquet
from keepfit.records import to_data

APRIL, MAY = datetime(2013, 4, 1), datetime(2013, 5, 1)


def lake(root, *months, name="lake"):
    """A folder of a file a month, its rows in no order of time."""
    for number, month in enumerate(months):
        shuffled = month.sample(frac=1.0, random_state=number)
        write_parquet(pa.Table.from_pandas(shuffled, preserve_index=False), root / name / f"{number}.parquet")


def stays(project, engine, **keys):
    """The project with its rows left with an engine."""
    params = project.root / "params.yaml"
    text = params.read_text().replace("  live: rows.csv", f"  live: {{table: lake, engine: {engine}}}")
    for key, value in keys.items():
        text = text.replace("  time: t\n", f"  time: t\n  {key}: {value}\n")
    params.write_text(text)
    return Project(project.root)


def read_here(project):
    params = project.root / "params.yaml"
    params.write_text(params.read_text().replace("  live: rows.csv", "  live: lake"))
    return Project(project.root)


def told(judged):
    return [to_data(one) for one in judged.windows]


def kept(project):
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in sorted((project.state / "windows").iterdir())}


def forgotten(project):
    (project.state / "ledger.db").unlink()
    for folder in ("windows", "labels", "monitor"):
        for file in (project.state / folder).glob("*"):
            file.unlink()


def plain(months, text):
    return months, text


def without_ids(months, text):
    bare = [month.drop(columns="id") for month in months]
    return [pd.concat([bare[0], bare[0].head(3)]), *bare[1:]], text.replace("  id: id\n", "  id_scheme: features\n")


def in_another_zone(months, text):
    return [month.assign(t=month["t"].dt.tz_localize("UTC")) for month in months], text.replace("  time: t\n", "  time: t\n  timezone: America/New_York\n")


@pytest.mark.parametrize(("engine", "written"), [("local", plain), ("duckdb", without_ids), ("duckdb", in_another_zone)])
def test_windows_of_few_rows_are_those_of_a_local_source_byte_for_byte(watched, engine, written):
    params = watched.root / "params.yaml"
    months, own = written([rows_of(2), rows_of(4, flipped=True)], params.read_text())
    lake(watched.root, *months)
    params.write_text(own)
    here = read_here(watched)
    judged = run(here, until=MAY)
    assert [one.window.id for one in judged.windows if one.rows > 10] == ["2013-02", "2013-04"]
    said = told(judged), kept(here)
    forgotten(here)
    params.write_text(own)
    there = stays(watched, engine)
    assert (told(run(there, until=MAY)), kept(there)) == said


# -- windows of more rows than come here --------------------------------------------------------------------------------

LARGE, DRAWN = 5_000, 1_000


@pytest.fixture(scope="module")
def large(tmp_path_factory, clicks):
    """Two months of 5,000 rows of which 1,000 come here, monitored once; March has other labels and another x."""
    from tests.flows.monitoring.test_monitor import PARAMS

    root = tmp_path_factory.mktemp("large")
    (root / "params.yaml").write_text(PARAMS.replace("update: {", "update: {scout: false, "))
    (root / "models").mkdir()
    (root / "models" / "champion").symlink_to(clicks)
    (root / "expectations" / "data").mkdir(parents=True)
    (root / "expectations" / "windows.yaml").write_text("{}\n")
    pin(root)
    march = rows_of(3, n=LARGE, flipped=True)
    march["x"] += 1
    lake(root, rows_of(1), rows_of(2, n=LARGE), march)
    said = []
    project = stays(Project(root), "local", sample_rows=DRAWN)
    return project, run(project, until=APRIL, said=said), said


def test_of_a_large_window_a_sample_comes_here_and_all_rows_are_counted(large):
    project, judged, said = large
    assert [(one.window.id, one.rows, one.labelled) for one in judged.windows] == [("2013-02", LARGE, DRAWN), ("2013-03", LARGE, DRAWN)]
    assert "1,000 of 5,000 rows were drawn" in " ".join(judged.windows[0].notes)
    assert "window 2013-02: 5,000 rows are counted where they are" in said
    assert read_table(project.state / "windows" / "2013-02.parquet").num_rows == DRAWN
    (drift,) = [one for one in judged.windows[1].evidence if one.subject == "x" and one.detector == "ks"]
    assert drift.n == LARGE
    (measured,) = [one for one in judged.windows[1].evidence if one.kind == "performance" and (one.subject, one.detector) == ("overall", "roc_auc")]
    assert measured.n == DRAWN


def test_what_is_counted_is_what_the_champion_counts_of_the_whole_window(large):
    from keepfit.flows.monitoring.champion import load_champion
    from keepfit.flows.rows.sources import live_rows

    project, _, _ = large
    whole = Project(project.root).with_params(project.params.model_copy(update={"data": project.params.data.model_copy(update={"sample_rows": 100_000})}))
    rows = live_rows(whole, start=datetime(2013, 2, 1), end=datetime(2013, 3, 1))
    served, counts = load_champion(project), counts_of(project, "2013-02")
    assert (rows.num_rows, counts.rows, counts.drawn) == (LARGE, LARGE, DRAWN)
    scores = served.scores(rows).values
    expected = [served.champion.profile(rows, scores, run_window()), *served.champion.steps(rows, scores, run_window())]
    counted = [counts.profile, *counts.steps]
    assert [one.window for one in counted] == [one.window for one in expected]
    assert len(counted) == 28
    for one, other in zip(counted, expected, strict=True):
        assert one.rows == other.rows
        assert {"x", "c", "prediction"} == one.columns.keys() == other.columns.keys() - {"y"}
        for name, column in one.columns.items():
            assert counts_in(column) == counts_in(other.columns[name]), (one.window, name)


def test_another_champions_window_is_counted_again_and_the_sample_stands_alone_where_the_rows_are_gone(large):
    from keepfit.flows.monitoring.closing import Closing
    from keepfit.flows.rows.engine_windows import keep_counts
    from keepfit.flows.rows.window_store import WindowStore

    project, _, _ = large
    said, known = [], counts_of(project, "2013-02")

    def counted(counts):
        store = WindowStore(project, since=None, until=APRIL)
        gatherer = Closing(project=project, pin=project.baseline.champion, memory=None, store=store, now=APRIL, say=said.append).gatherer
        return gatherer.counting.of(run_window(), counts)

    assert counted(known) == known
    assert said == []
    try:
        again = counted(replace(known, reference="sha256:another", profile=None, steps=()))
        assert (again, len(said)) == (known, 1)
    finally:
        keep_counts(project, known)
    gone = counted(replace(known, reference="sha256:another", rows=LARGE + 1))
    assert (gone.profile, gone.steps) == (None, ())
    assert gone.sentence.endswith("the source has them no more, so that nothing else was counted")


def test_labels_that_come_late_are_asked_for_the_rows_drawn_where_they_are(watched):
    february = rows_of(2, n=3 * DRAWN)
    waiting = february.assign(y=pd.array([None] * len(february), "Int64"))
    lake(watched.root, rows_of(1), waiting)
    lake(watched.root, february[["id", "y"]].head(10), name="answers")
    project = stays(watched, "local", sample_rows=DRAWN, labels="{table: answers, engine: local}")
    first = run(project, until=datetime(2013, 3, 1)).windows[0]
    assert (first.rows, first.labelled < 10, first.value) == (3 * DRAWN, True, None)
    lake(watched.root, february[["id", "y"]], name="answers")
    said = []
    second = run(project, until=datetime(2013, 3, 1), said=said).windows[0]
    assert (second.rows, second.labelled, second.arrivals) == (3 * DRAWN, DRAWN, 1)
    assert any(line.startswith(f"window 2013-02: {DRAWN - first.labelled:,} labels came late, it was scored again") for line in said)
    drawn = set(read_table(project.state / "windows" / "2013-02.parquet")["id"].to_pylist())
    kept_labels = read_table(project.state / "labels" / "2013-02.parquet")
    assert {*kept_labels["id"].to_pylist(), *february["id"].head(10)} >= drawn


def run_window():
    from keepfit.tables.windows import parse_window_id

    return parse_window_id("2013-02", source="lake")


def counts_in(column):
    return column.counts, column.n, column.missing


@pytest.mark.spark
def test_on_spark_the_same_rows_are_drawn_and_the_same_counts_are_judged(watched, spark):
    """A large window with labels that come late, in Spark's workers beside the model, and in this process."""
    months = [rows_of(1), rows_of(2, n=4 * DRAWN)]
    waiting = months[1].assign(y=months[1]["y"].where(months[1].index % 2 == 0).astype("Int64"))
    lake(watched.root, months[0], waiting.head(1_500), waiting.tail(-1_500))
    lake(watched.root, months[1].head(100)[["id", "y"]], name="answers")
    params = watched.root / "params.yaml"
    own, found = params.read_text(), {}
    for engine in ("local", "spark"):
        params.write_text(own)
        project = stays(watched, engine, sample_rows=DRAWN, labels=f"{{table: answers, engine: {engine}}}")
        first = told(run(project, until=datetime(2013, 3, 1)))
        lake(watched.root, months[1][["id", "y"]], name="answers")
        again = told(run(project, until=datetime(2013, 3, 1)))
        counts = counts_of(project, "2013-02")
        found[engine] = [first, again, kept(project)["2013-02.parquet"], [counts_in(one) for one in counts.profile.columns.values()], counts.scored_by]
        forgotten(project)
        lake(watched.root, months[1].head(100)[["id", "y"]], name="answers")
    assert found["spark"] == found["local"]
    ((first,), (again,)) = found["spark"][:2]
    assert (first["rows"], again["labelled"], again["arrivals"]) == (4 * DRAWN, DRAWN, 1)
    assert 0 < first["labelled"] < DRAWN
