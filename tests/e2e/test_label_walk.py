"""A drop in a slice, fifty labels of a person, a quota, a retraining, its review, and a promotion by a click: the whole way, by printed commands.

Its pictures are left in build/screenshots; `tests/e2e/walk_pictures.py` makes those of docs/labelling.md of them.
"""

from __future__ import annotations

import csv
import json
import re
from dataclasses import dataclass
from pathlib import Path

import pytest
from tests.e2e.label_world import RECIPE, arrive, fill_in, open_label_shop, week_of
from tests.e2e.shop import Shop
from tests.e2e.test_browser import champion, clicked_instead, looking_at, pin, promote_by_clicks
from tests.e2e.version_page import screenshot

pytestmark = [pytest.mark.slow, pytest.mark.browser]
SLICE = "channel=phone"
ASKED = 50
QUOTA = "{windows: {last: 1}, rows: {channel=phone: {at_least: 100, weight: 3}}}"


@dataclass(frozen=True)
class Walk:
    """What was left on the way: the ticket of the drop, the sheet, what its import told, and what the retraining made."""

    shop: Shop
    ticket: dict
    sheet: Path
    taken: dict
    made: dict

    def left(self, path: str) -> str:
        """A file of the retraining's branch."""
        return self.shop.run("git", "show", f"{self.made['branch']}:{path}")

    def manifest(self, folder: Path) -> list[dict]:
        from keepfit.integrations.tables import read_table

        out = folder / "manifest.parquet"
        self.shop.run("dvc", "get", "-q", ".", "build/compose/manifest.parquet", "--rev", self.made["branch"], "-o", str(out))
        return read_table(out).to_pylist()


def dropped(shop: Shop, over: str) -> dict:
    """The one ticket that says that the model became worse; what else is new is put off."""
    tickets = shop.monitor(over)["tickets"]
    (harm,) = [ticket for ticket in tickets if ticket["ground"] == "harm"]
    for ticket in tickets:
        if ticket["id"] != harm["id"]:
            shop.run("keepfit", "resolve", ticket["id"], "--reason", "the drop goes first")
    return harm


def ask(shop: Shop, ticket: str, sheet: Path) -> dict:
    """Rows of the ticket's slice are asked of a person, who answers them; the answers are committed."""
    shop.run("keepfit", "label", "export", "--ticket", ticket, "--rows", str(ASKED), "--out", str(sheet))
    fill_in(sheet, week=4)
    taken = shop.run.json("keepfit", "label", "import", str(sheet), "--annotator", "tess", "--json")
    shop.run("git", "add", "labels")
    shop.run("git", "commit", "-qm", "Labels of 50 returns by telephone")
    return taken


def give_a_quota(shop: Shop) -> None:
    params = shop.root / "params.yaml"
    text = params.read_text()
    assert RECIPE in text
    params.write_text(text.replace(RECIPE, QUOTA))
    shop.run("git", "commit", "-qam", "Returns by telephone weigh three times as much")


@pytest.fixture(scope="module")
def walk(tmp_path_factory, gated_server, browser):
    home = tmp_path_factory.mktemp("walk")
    shop = open_label_shop(home, "e2e-labels", gated_server)
    shop.run("keepfit", "certify", shop.model, "1")
    shop.run("keepfit", "promote", shop.model, "1")
    pin(shop)
    ticket = dropped(shop, arrive(shop, 4))
    shop.run("keepfit", "explain", ticket["id"], "--html", str(home / "ticket.html"))
    picture(browser, home / "ticket.html", "walk-1-ticket")
    taken = ask(shop, ticket["id"], home / "phone.csv")
    give_a_quota(shop)
    later = [one["id"] for one in shop.monitor(arrive(shop, 5))["tickets"]]
    made = json.loads(shop.run("keepfit", "improve", later[0] if later else ticket["id"], "--json"))
    shop.printed(clicked_instead(made["by_hand"], shop.model))
    with looking_at(browser, gated_server, shop, made["version"]) as page:
        page.screenshot("walk-3-candidate")
    promote_by_clicks(browser, gated_server, shop, made["version"])
    with looking_at(browser, gated_server, shop, made["version"]) as page:
        page.verdict("promoted.")
        page.screenshot("walk-4-promoted")
    return Walk(shop, ticket, home / "phone.csv", taken, made)


def picture(browser, path: Path, name: str) -> None:
    page = browser.new_page(viewport={"width": 1100, "height": 800})
    try:
        page.goto(path.as_uri())
        screenshot(page, name)
    finally:
        page.close()


def test_monitor_reported_the_drop_and_the_slice_that_it_comes_from(walk):
    assert walk.ticket["window"] == "2026-W05"
    assert [one["slice"] for one in walk.ticket["root"]["slices"]] == [SLICE]
    assert "worse than promised" in walk.ticket["reasons"][0]


def test_the_sheet_asked_about_fifty_orders_of_the_slice_that_nobody_had_answered(walk):
    with walk.sheet.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file, delimiter=";"))
    orders = {order.id: order for order in week_of(4)}
    assert len(rows) == ASKED
    assert {row["channel"] for row in rows} == {"phone"}
    assert not any(orders[row["row"]].heard_of for row in rows)


def test_the_import_took_all_of_them_and_says_how_each_was_selected(walk):
    assert (walk.taken["taken"], walk.taken["refused"]) == (ASKED, [])
    lines = list(csv.DictReader((walk.shop.root / walk.taken["file"]).open(encoding="utf-8", newline="")))
    assert sorted({line["selected"] for line in lines}) == ["random", "ticket"]
    assert {line["annotator"] for line in lines} == {"tess"}
    assert all(0 < float(line["probability"]) < 1 for line in lines)


def test_they_train_with_their_origin_and_the_quota_and_none_that_was_chosen_judges(walk, tmp_path):
    lines = {row["row_id"]: row for row in walk.manifest(tmp_path)}
    with (walk.shop.root / walk.taken["file"]).open(encoding="utf-8", newline="") as file:
        answered = {line["row"]: line["selected"] for line in csv.DictReader(file)}
    assert {lines[row]["label_origin"] for row in answered} == {"annotator"}
    parts = {row: lines[row]["part"] for row in answered}
    assert {part for row, part in parts.items() if answered[row] == "ticket"} == {"train"}, "none is of the holdout"
    assert {part for row, part in parts.items() if answered[row] == "random"} <= {"train", "holdout"}
    assert sum(part == "train" for part in parts.values()) > 40
    assert "| channel=phone | at least 100 rows, weight 3 | met |" in walk.left("reports/COMPOSITION.md")


def test_the_review_says_what_the_labels_changed_in_the_rows_that_train(walk):
    said = walk.left("reports/REVIEW.md")
    assert "Rows that train, beside those of the base:" in said
    assert re.search(r"Labels of rows that train, by whose word they are: annotators 4\d, the source's own \d+\.", said)
    assert QUOTA in walk.left("params.yaml")
    assert f"labels/{walk.sheet.stem}.csv" in walk.shop.run("git", "diff", "--name-only", "HEAD~3", "HEAD")


def test_the_candidate_is_better_where_the_drop_was(walk):
    card = json.loads(walk.left("reports/scorecard.json"))
    (phone,) = [row for row in card["rows"] if row["slice"] == SLICE and row["metric"] == card["metric"]]
    assert phone["challenger"] > 0.8 > 0.3 > phone["champion"]
    assert walk.made["passed"]


def test_the_click_made_it_champion(walk, gated_server):
    assert champion(gated_server, walk.shop.model) == walk.made["version"]
