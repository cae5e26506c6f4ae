"""An own table, no code: rows are appended, and the loop goes round once."""

from __future__ import annotations

import json

import pytest
from tests.e2e.shop import ROWS_A_WEEK, open_shop

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def lived(tmp_path_factory, gated_server):
    """The shop after its world turned around in week 4, a retraining was asked for in week 5, and the candidate was promoted."""
    shop = open_shop(tmp_path_factory.mktemp("own"), "e2e-own-table", gated_server)
    run = shop.run
    run("keepfit", "certify", shop.model, "1")
    run("keepfit", "promote", shop.model, "1")
    run("keepfit", "sync")
    run.commit("Pin version 1")
    over = shop.append(4, lean=-1)
    for ticket in shop.monitor(over)["tickets"]:
        run("keepfit", "resolve", ticket["id"], "--reason", "wait for a week of the new world to train on")
    ticket = shop.ticket(shop.append(5, lean=-1))
    notes = shop.root / "notes.txt"
    notes.write_text("mine, not committed")
    before = state(shop)
    made = json.loads(run("keepfit", "improve", ticket, "--json"))
    after = state(shop)
    notes.unlink()
    shop.printed(made["by_hand"])
    return shop, made, before, after


def state(shop):
    """What a person would notice in the own checkout."""
    files = {path: path.stat().st_mtime_ns for path in shop.root.rglob("*") if path.is_file() and not {".git", ".keepfit", ".dvc"} & set(path.parts)}
    return shop.run("git", "status", "--porcelain"), shop.run("git", "rev-parse", "HEAD"), shop.run("git", "branch", "--show-current"), files


def test_the_candidate_passed_on_later_rows(lived):
    _, made, _, _ = lived
    assert made["passed"], made


def test_the_manifest_holds_the_appended_rows(lived, tmp_path):
    from keepfit.integrations.tables import read_table

    shop, made, _, _ = lived
    shop.run("dvc", "get", "-q", ".", "build/compose/manifest.parquet", "--rev", made["branch"], "-o", str(tmp_path / "manifest.parquet"))
    manifest = read_table(tmp_path / "manifest.parquet").to_pylist()
    parts = {week: {row["part"] for row in manifest if row["row_id"].startswith(f"o{week}-")} for week in (4, 5)}
    assert parts == {4: {"train", "holdout"}, 5: {"evaluate", "holdout"}}
    assert sum(row["row_id"].startswith("o5-") for row in manifest) == ROWS_A_WEEK


def test_the_users_checkout_was_not_touched_by_improve(lived):
    _, _, before, after = lived
    assert before == after


def test_the_printed_commands_promoted_it(lived):
    shop, made, _, _ = lived
    champion = json.loads((shop.root / "baseline.json").read_text())
    assert (champion["champion"]["version"], champion["previous"]["version"]) == (made["version"], "1")


def test_what_serves_is_the_refit_with_the_week_that_judged_it_and_the_promise_is_what_was_judged(lived):
    shop, made, _, _ = lived
    pin = json.loads((shop.root / "baseline.json").read_text())["champion"]
    composition = json.loads((shop.root / "models/champion/composition.json").read_text())
    judged = json.loads(shop.run("git", "show", f"{made['branch']}:reports/scorecard.json"))
    report = json.loads(shop.run("git", "show", f"{made['branch']}:reports/refit.json"))
    assert (composition["sibling_until"], composition["trained_until"], pin["trained_until"]) == ("2026-02-02T00:00:00", *["2026-02-09T00:00:00"] * 2)
    assert pin["value"] == next(row["challenger"] for row in judged["rows"] if (row["slice"], row["metric"]) == ("overall", judged["metric"]))
    assert (report["shipped"]["refit"], {row["status"] for row in report["rows"]} & {"fail", "error"}) == (True, set())
    assert "its refit" in shop.run("git", "show", f"{made['branch']}:reports/REVIEW.md")


def test_the_new_champion_is_watched_from_the_next_week_on(lived):
    shop, made, _, _ = lived
    shop.run.commit("Pin version 2")
    windows = shop.monitor(shop.append(6, lean=-1))["windows"]
    assert [(window["window"], window["champion"]) for window in windows] == [("2026-W07", made["version"])]
    assert windows[0]["value"] > 0.7
    assert f"v{made['version']} is a refit: this is the first labelled window that judges its own bytes" in windows[0]["reasons"]
