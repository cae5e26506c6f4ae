"""Late labels on real flights: weeks of February and March, the model of January, arrivals known by parts in a folder of their own."""

from __future__ import annotations

import shutil
from datetime import datetime

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pytest
from tests.conftest import REPOSITORY
from tests.flows.monitoring.test_monitor import pin, run

from keepfit.flows.models.training import train_once
from keepfit.flows.project import Project
from keepfit.flows.tickets.tickets import ledger_of
from keepfit.integrations.flights import flights_table
from keepfit.integrations.tables import write_parquet
from keepfit.integrations.yaml_files import put
from keepfit.tables.frames import to_frame

pytestmark = pytest.mark.slow
JANUARY_ENDS, UNTIL = datetime(2013, 2, 1), datetime(2013, 3, 5)
WEEKS = ("2013-W06", "2013-W07", "2013-W08", "2013-W09")
CHANGES = {
    "model.name": "clicks",  # what `pin` pins
    "data.history": None,
    "data.live": "live",
    "data.labels": "labels",
    "data.window": "week",
    "train.params.max_iter": 20,
    "update.scout": False,
    "monitor.min_rows": 60,
    "mlflow.tracking_uri": "http://127.0.0.1:9",
}


@pytest.fixture(scope="module")
def flights():
    """Every eighth flight up to March; the labels of those that were cancelled never come."""
    table = flights_table(start=None, end=UNTIL)
    return table.take(pa.array(range(0, table.num_rows, 8)))


@pytest.fixture(scope="module")
def january(flights, tmp_path_factory):
    root = tmp_path_factory.mktemp("january")
    text = (REPOSITORY / "params.yaml").read_text(encoding="utf-8")
    for key, value in CHANGES.items():
        text = put(text, key, value)
    (root / "params.yaml").write_text(text)
    train_once(Project(root).params, to_frame(flights.filter(pc.less(flights["time"], pa.scalar(JANUARY_ENDS)))), root / "champion")
    return root


@pytest.fixture
def project(january, flights, tmp_path, monkeypatch):
    """January's rows have their labels, the others wait."""
    monkeypatch.delenv("MLFLOW_TRACKING_URI", raising=False)
    shutil.copy(january / "params.yaml", tmp_path)
    for folder in ("models", "expectations/data", "live", "labels"):
        (tmp_path / folder).mkdir(parents=True)
    (tmp_path / "models" / "champion").symlink_to(january / "champion")
    (tmp_path / "expectations" / "windows.yaml").write_text("{}\n")
    pin(tmp_path)
    later = pc.greater_equal(flights["time"], pa.scalar(JANUARY_ENDS))
    waiting = flights.set_column(flights.column_names.index("late"), "late", pc.if_else(later, pa.scalar(None, flights["late"].type), flights["late"]))
    write_parquet(waiting, tmp_path / "live" / "flights.parquet")
    bring(tmp_path, "0", flights.filter(pc.invert(later)))
    return Project(tmp_path)


def bring(root, name, flights):
    """Put what is known of some flights into the folder of labels."""
    write_parquet(flights.select(["row_id", "late"]).drop_null(), root / "labels" / f"{name}.parquet")


def part(flights, *, share, after=0.0):
    """A share of the flights, the same at every call."""
    place = np.random.default_rng(0).permutation(flights.num_rows) / flights.num_rows
    return flights.filter(pa.array((place >= after) & (place < share)))


def turned(flights):
    return flights.set_column(flights.column_names.index("late"), "late", pc.subtract(1, flights["late"]))


def state(project):
    with ledger_of(project) as ledger, ledger.transaction() as book:
        return book.state("clicks")[0]


def known(flights, week):
    """How many flights of a week have ever arrived."""
    return flights.filter(pc.equal(pc.strftime(flights["time"], "%G-W%V"), week))["late"].drop_null().length()


def measured(seen):
    """What the labels of a week say, but for the evidence that adds up over arrivals."""
    return [one for one in seen.evidence if one.kind == "performance" and one.detector != "e-detector"]


def test_labels_that_come_by_parts_end_where_labels_that_come_at_once_do(project, flights, tmp_path):
    before = run(project, until=UNTIL)
    assert [seen.window.id for seen in before.windows][-4:] == list(WEEKS)
    assert {seen.labelled for seen in before.windows} == {0}
    for number, (share, after) in enumerate([(0.4, 0.0), (1.0, 0.3)], start=1):
        new = part(flights, share=share, after=after)
        bring(project.root, str(number), new if number == 1 else pa.concat_tables([turned(part(flights, share=0.4, after=0.3)), new]))
        told = run(project, until=UNTIL)
        assert [seen.arrivals for seen in told.windows] == [number] * len(told.windows)
        kept = state(project)
        assert run(project, until=UNTIL).windows == told.windows, "the same labels twice change nothing"
        assert state(project) == kept
    assert [seen.labelled for seen in told.windows][-4:] == [known(flights, week) for week in WEEKS]
    assert all(seen.labelled < seen.rows for seen in told.windows), "cancelled flights wait for ever"
    assert (kept.windows, len(kept.memory.labelled) >= 8) == (len(told.windows), True)

    shutil.rmtree(project.state)
    bring(project.root, "1", flights)
    (project.root / "labels" / "2.parquet").unlink()
    at_once = run(project, until=UNTIL)
    assert [(seen.window.id, seen.value, seen.low, seen.high, measured(seen)) for seen in told.windows] == [
        (seen.window.id, seen.value, seen.low, seen.high, measured(seen)) for seen in at_once.windows
    ]
    assert {seen.arrivals for seen in at_once.windows} == {0}


def test_what_was_estimated_before_the_labels_is_held_against_them_when_they_come(project, flights):
    first = flights.filter(pc.less(flights["time"], pa.scalar(datetime(2013, 2, 11))))
    bring(project.root, "1", first)
    before = {seen.window.id: seen.estimate for seen in run(project, until=UNTIL).windows}
    assert [(before[week].status, before[week].truth) for week in WEEKS[1:]] == [("estimated", None)] * 3
    bring(project.root, "2", flights)
    after = {seen.window.id: seen.estimate for seen in run(project, until=UNTIL).windows}
    for week in WEEKS[1:]:
        assert (after[week].value, after[week].low) == (before[week].value, before[week].low)
        assert (after[week].labelled, after[week].held is not None) == (known(flights, week), True)


def test_flights_that_come_after_their_week_was_closed_are_counted_once_and_judged_nowhere(project, flights):
    bring(project.root, "1", flights)
    before = {seen.window.id: seen for seen in run(project, until=UNTIL).windows}
    week = flights.filter(pc.equal(pc.strftime(flights["time"], "%G-W%V"), "2013-W07")).slice(0, 31)
    late = week.set_column(week.column_names.index("row_id"), "row_id", pc.binary_join_element_wise(week["row_id"], "late", "-"))
    write_parquet(late, project.root / "live" / "late.parquet")
    said = []
    after = {seen.window.id: seen for seen in run(project, until=UNTIL, said=said).windows}
    assert "window 2013-W07: 31 rows came after it was closed; they are judged nowhere" in said
    assert {name: seen.late_rows for name, seen in after.items() if seen.late_rows} == {"2013-W07": 31}
    assert (after["2013-W07"].rows, after["2013-W07"].value) == (before["2013-W07"].rows, before["2013-W07"].value)
    said = []
    run(project, until=UNTIL, said=said)
    assert not [line for line in said if "came after" in line]
