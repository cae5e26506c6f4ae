"""Live tables as people have them: dressed numbers, odd columns, times in every form, folders with one odd file. The windows stay what they are."""

from __future__ import annotations

import json
import uuid
from datetime import datetime

import pandas as pd
import pyarrow as pa
import pytest
from pyarrow import parquet
from tests.flows.monitoring.test_monitor import by_window, rows_of, run, write_rows

from keepfit.errors import DataError
from keepfit.flows.project import Project
from keepfit.flows.rows.sources import live_rows
from keepfit.integrations.tables import read_table
from keepfit.report.monitoring import monitored_json
from keepfit.tables.unreadable import unreadable_in

MAY = datetime(2013, 5, 1)
MONTHS = {month: rows_of(month) for month in (1, 2, 3, 4)}


@pytest.fixture
def project(watched):
    """February to April, as good as January."""
    write_rows(watched.root, *MONTHS.values())
    return watched


def live(project, place):
    """Name another live source."""
    params = project.root / "params.yaml"
    params.write_text(params.read_text().replace("live: rows.csv", f"live: {place}"))
    return Project(project.root)


def folder(project, **changed):
    """A Parquet file a month; `m3` is written in place of March's."""
    (project.root / "in").mkdir()
    for month, rows in MONTHS.items():
        changed.get(f"m{month}", rows).to_parquet(project.root / "in" / f"2013-{month:02d}.parquet", index=False)
    return live(project, "in")


def told_of(told):
    return [(seen.window.id, seen.rows, seen.labelled, seen.status, round(seen.value, 12)) for seen in told.windows]


@pytest.fixture
def plain(project):
    """What monitor says of the plain table."""
    expected = told_of(run(project, until=MAY))
    (project.state / "ledger.db").unlink()
    for file in (project.state / "windows").glob("*"):
        file.unlink()
    return expected


DRESSES = {
    "dollars": lambda x: x.map(lambda value: f"${value:,.4f}"),
    "accountants": lambda x: x.map(lambda value: f"({-value:.4f})" if value < 0 else f"{value:.4f}"),
    "decimal comma": lambda x: x.map(lambda value: f"{value:.4f}".replace(".", ",")),
    "per cent": lambda x: x.map(lambda value: f"{value:.4f} %"),
}


@pytest.mark.parametrize("dress", DRESSES)
def test_dressed_numbers_are_the_numbers(project, plain, dress):
    write_rows(project.root, *(rows.assign(x=DRESSES[dress](rows["x"])) for rows in MONTHS.values()))
    told = run(project, until=MAY)
    assert (told_of(told), told.exit_code) == (plain, 0)


def test_what_is_no_number_is_missing_evidence_and_a_note_and_blocks_nothing(project, plain):
    march = MONTHS[3].assign(x=MONTHS[3]["x"].astype(str).where(MONTHS[3].index % 100 != 7, "n.v."))
    write_rows(project.root, MONTHS[1], MONTHS[2], march, MONTHS[4])
    told = run(project, until=MAY)
    seen = by_window(told)["2013-03"]
    found = [(one.kind, one.subject, one.statistic, one.effect, one.detail) for one in seen.evidence if one.detector == "unreadable"]
    detail = "4 of 400 values are no numbers, taken as missing ('n.v.')"
    assert found == [("schema", "x", 4.0, 0.0, detail)]
    assert f"x: {detail}" in seen.notes
    assert (seen.status, seen.rows, told_of(told)[0], told_of(told)[2]) == ("seen", 400, plain[0], plain[2])
    kept = read_table(project.state / "windows" / "2013-03.parquet")
    assert (kept["x"].type, unreadable_in(kept)) == (pa.float64(), {"x": {f"3-{i}": "n.v." for i in (7, 107, 207, 307)}})
    assert unreadable_in(read_table(project.state / "windows" / "2013-02.parquet")) == {}


def test_more_cells_that_hold_no_number_than_min_effect_are_inspected(project):
    march = MONTHS[3].assign(x=MONTHS[3]["x"].astype(str).where(MONTHS[3].index % 20 != 7, "n.v."))
    write_rows(project.root, MONTHS[1], MONTHS[2], march, MONTHS[4])
    seen = by_window(run(project, until=MAY))["2013-03"]
    assert [(one.subject, one.effect) for one in seen.evidence if one.detector == "unreadable"] == [("x", 0.05)]
    assert (seen.status, seen.decision.action, seen.decision.ground, seen.decision.cause) == ("seen", "inspect", "schema", "schema:x")


def test_a_feature_that_is_words_is_retyped_as_before(project):
    write_rows(project.root, *(rows.assign(x="word") for rows in MONTHS.values()))
    seen = by_window(run(project, until=MAY))["2013-02"]
    assert (seen.status, [(one.detector, one.subject) for one in seen.evidence if one.kind == "schema"]) == ("blocked", [("retyped", "x")])


@pytest.mark.parametrize("words", [201, 199])
def test_a_window_with_more_words_than_numbers_is_retyped_though_its_file_is_mostly_numbers(project, words):
    march = MONTHS[3].assign(x=MONTHS[3]["x"].astype(str).where(MONTHS[3].index >= words, "n.v."))
    write_rows(project.root, MONTHS[1], MONTHS[2], march, MONTHS[4])
    seen = by_window(run(project, until=MAY))["2013-03"]
    assert (seen.status, [one.detector for one in seen.evidence if one.kind == "schema"]) == (
        ("blocked", ["retyped"]) if words > 200 else ("seen", ["unreadable"])
    )


# -- folders ------------------------------------------------------------------------------------------------------------


def test_a_folder_of_months_is_the_table(project, plain):
    assert told_of(run(folder(project), until=MAY)) == plain


@pytest.mark.parametrize("odd", ["words", "list", "cut", "empty", "no time", "bad time"])
def test_one_odd_file_is_named_and_holds_back_its_own_window_only(project, plain, odd):
    project = folder(project)
    path = project.root / "in" / "2013-03.parquet"
    good = path.read_bytes()
    changed = {
        "words": lambda: MONTHS[3].assign(x="word"),
        "list": lambda: MONTHS[3].assign(x=[[1.5]] * 400),
        "no time": lambda: MONTHS[3].drop(columns="t"),
        "bad time": lambda: MONTHS[3].assign(t="soon"),
    }
    path.write_bytes(good[:200] if odd == "cut" else b"")
    if odd in changed:
        changed[odd]().to_parquet(path, index=False)
    told = run(project, until=MAY)
    assert told_of(told) == [plain[0], plain[2]]
    assert told.exit_code == 3
    assert told.hints[0].startswith("keepfit: 2013-03.parquet")
    assert told.hints[0].endswith("; it was left out, and 2013-03 stays open until it can be read")
    path.write_bytes(good)
    again = run(project, until=MAY)
    assert (sorted(told_of(again)), again.exit_code) == (plain, 0)


def test_the_last_file_holds_back_its_own_window_too(project, plain):
    project = folder(project)
    (project.root / "in" / "2013-04.parquet").write_bytes(b"PAR1")
    told = run(project, until=MAY)
    assert (told_of(told), told.exit_code) == (plain[:2], 3)


def test_a_file_that_stores_its_numbers_otherwise_is_not_odd(project, plain):
    project = folder(
        project, m2=MONTHS[2].assign(x=DRESSES["dollars"](MONTHS[2]["x"])), m3=MONTHS[3].assign(c=MONTHS[3]["c"].astype("category"), more=[[1]] * 400)
    )
    (project.root / "in" / "2013-04.parquet").unlink()
    MONTHS[4].assign(x=DRESSES["decimal comma"](MONTHS[4]["x"])).to_csv(project.root / "in" / "2013-04.csv", sep=";", index=False)
    told = run(project, until=MAY)
    assert (told_of(told), told.exit_code) == (plain, 0)


def test_a_partitioned_folder_is_read_with_its_partitions_as_text(project, plain):
    for month, rows in MONTHS.items():
        for c, part in rows.groupby("c"):
            place = project.root / "in" / f"m={month:02d}" / f"c={c}"
            place.mkdir(parents=True)
            part.drop(columns="c").to_parquet(place / "part.parquet", index=False)
    project = live(project, "in")
    assert told_of(run(project, until=MAY)) == plain
    table = live_rows(project, start=None, end=MAY)
    assert (set(table["m"].to_pylist()), set(table["c"].to_pylist())) == ({"01", "02", "03", "04"}, {"a", "b"})


def test_an_odd_file_of_labels_stops_nothing_and_its_labels_come_late(project, plain):
    write_rows(project.root, *(rows if month == 1 else rows.drop(columns="y") for month, rows in MONTHS.items()))
    params = project.root / "params.yaml"
    params.write_text(params.read_text().replace("data:\n", "data:\n  labels: labels\n"))
    (project.root / "labels").mkdir()
    for month in (2, 3, 4):
        MONTHS[month][["id", "y"]].to_csv(project.root / "labels" / f"{month}.csv", index=False)
    good = (project.root / "labels" / "3.csv").read_bytes()
    (project.root / "labels" / "3.csv").write_bytes(b"id,y\n1\n")
    told = run(project, until=MAY)
    assert ([seen.labelled for seen in told.windows], told.exit_code) == ([400, 0, 400], 3)
    assert told.hints[0].startswith("keepfit: 3.csv is not readable CSV")
    (project.root / "labels" / "3.csv").write_bytes(good)
    assert told_of(run(project, until=MAY)) == plain


def test_labels_of_rows_in_an_odd_file_are_no_unmatched_labels(project, plain):
    project = folder(project, **{f"m{month}": rows.drop(columns="y") for month, rows in MONTHS.items() if month > 1})
    params = project.root / "params.yaml"
    params.write_text(params.read_text().replace("data:\n", "data:\n  labels: labels.csv\n"))
    pd.concat(MONTHS[month][["id", "y"]] for month in (2, 3, 4)).to_csv(project.root / "labels.csv", index=False)
    path = project.root / "in" / "2013-03.parquet"
    good = path.read_bytes()
    path.write_bytes(b"")
    told = run(project, until=MAY)
    assert (told.unmatched.count, told_of(told), told.tickets) == (0, [plain[0], plain[2]], ())
    path.write_bytes(good)
    assert sorted(told_of(run(project, until=MAY))) == plain


# -- columns and times --------------------------------------------------------------------------------------------------


def test_columns_that_are_no_features_may_be_of_any_type(project, plain):
    n = sum(map(len, MONTHS.values()))
    odd = {
        "uuid": pa.ExtensionArray.from_storage(pa.uuid(), pa.array([uuid.UUID(int=i).bytes for i in range(n)], pa.binary(16))),
        "map": pa.array([[("a", 1)]] * n, pa.map_(pa.string(), pa.int64())),
        "list": pa.array([[1]] * n),
        "struct": pa.array([{"a": 1}] * n),
        "bytes": pa.array([b"\xff"] * n),
        "view": pa.array(["a"] * n, pa.string_view()),
        "half": pa.array([1] * n, pa.float16()),
        "duration": pa.array([1] * n, pa.duration("s")),
        "time of day": pa.array([1] * n, pa.time32("s")),
    }
    table = pa.Table.from_pandas(pd.concat(MONTHS.values()))  # with pandas' __index_level_0__
    for name, values in odd.items():
        table = table.append_column(name, values)
    parquet.write_table(table, project.root / "rows.parquet")
    project = live(project, "rows.parquet")
    told = run(project, until=MAY)
    assert (told_of(told), told.exit_code) == (plain, 0)
    params = project.root / "params.yaml"
    params.write_text(params.read_text().replace("  id: id\n", ""))  # ids from all columns
    assert live_rows(Project(project.root), start=None, end=MAY).num_rows == n


TIMES = {
    "seconds": lambda t: (t - pd.Timestamp(1970, 1, 1)) // pd.Timedelta(seconds=1),
    "milliseconds": lambda t: (t - pd.Timestamp(1970, 1, 1)) // pd.Timedelta(milliseconds=1),
    "nine digits": lambda t: t.dt.strftime("%Y-%m-%dT%H:%M:%S.%f") + "789",
    "category": lambda t: t.dt.strftime("%Y-%m-%dT%H:%M:%S").astype("category"),
    "category of times": lambda t: t.astype("category"),
    "fourteen digits": lambda t: t.dt.strftime("%Y%m%d%H%M%S").astype("int64"),
    "days": lambda t: t.dt.strftime("%Y%m%d").astype("int64"),
    "days as text": lambda t: t.dt.strftime("%Y%m%d"),
}


@pytest.mark.parametrize("form", TIMES)
def test_times_in_any_form_cut_the_same_windows(project, plain, form):
    rows = pd.concat(MONTHS.values(), ignore_index=True)
    rows.assign(t=TIMES[form](rows["t"])).to_parquet(project.root / "rows.parquet", index=False)
    told = run(live(project, "rows.parquet"), until=MAY)
    assert (told_of(told), told.exit_code) == (plain, 0)


# -- rows without a time ------------------------------------------------------------------------------------------------

TOTAL = "rows.csv: 1 row has no time ('TOTAL') and lies in no window"


def with_total(project):
    with (project.root / "rows.csv").open("a") as file:
        file.write("TOTAL,TOTAL,123.4,,\n")


def test_a_line_of_totals_lies_in_no_window_and_is_named_with_the_windows_that_are_new(project, plain):
    with_total(project)
    said = []
    told = run(project, until=MAY, said=said)
    assert (told_of(told), told.exit_code, told.untimed, said.count(TOTAL)) == (plain, 0, (TOTAL,), 1)
    again = run(project, until=MAY, said=(quiet := []))
    assert (again.exit_code, again.untimed, quiet.count(TOTAL)) == (0, (TOTAL,), 0)


def test_each_file_of_a_folder_may_have_its_line_of_totals(project, plain):
    project = folder(project, m2=pd.concat([MONTHS[2], pd.DataFrame({"id": ["TOTAL"], "x": [9e9]})]))
    told = run(project, until=MAY)
    assert (told_of(told), told.exit_code, told.odd) == (plain, 0, ())
    assert told.untimed == ("2013-02.parquet: 1 row has no time and lies in no window",)


def test_a_source_that_often_has_no_time_is_refused(project):
    march = MONTHS[3].assign(t=MONTHS[3]["t"].where(MONTHS[3].index % 10 != 7))
    write_rows(project.root, MONTHS[1], MONTHS[2], march, MONTHS[4])
    with pytest.raises(DataError, match="40 of 1600 rows have no time in 't'"):
        run(project, until=MAY)


def test_json_names_files_that_were_left_out_rows_without_a_time_and_windows_that_could_not_be_judged():
    empty, lost = "2013-03.csv is empty; it was left out", "the model cannot score these rows: boom (window 2013-04)"
    found = json.loads(monitored_json((), (), left_out=(empty,), untimed=(TOTAL,), remarks=(BEGINS,), failed=(lost,)))
    assert (found["left_out_files"], found["rows_without_time"], found["not_judged"], found["remarks"]) == ([empty], [TOTAL], [lost], [BEGINS])


BEGINS = "the column 'x' begins with 2013-02.parquet: it is NULL in the file before"


def test_a_feature_that_begins_in_a_later_file_is_told_with_the_next_windows_and_only_then(project, plain):
    project = folder(project, m1=MONTHS[1].drop(columns="x"))
    said = []
    told = run(project, until=MAY, said=said)
    assert (told_of(told), told.remarks, said.count(BEGINS)) == (plain, (BEGINS,), 1)
    again = run(project, until=MAY, said=(quiet := []))
    assert (again.remarks, quiet.count(BEGINS)) == ((BEGINS,), 0)
