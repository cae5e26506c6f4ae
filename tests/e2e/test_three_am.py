"""At three in the morning: the world turns around, one message arrives, and by the commands that it and what follows name, a better model serves.

Monitor, message, ticket, explanation, retraining, review, acceptance, and whether it helped once labels have come: one model on the shared gated server.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

import pytest
from tests.e2e.shop import Shop, open_shop
from tests.e2e.test_browser import champion, pin

from keepfit.integrations.yaml_files import put

pytestmark = pytest.mark.slow
INBOX = ".keepfit/night.jsonl"


@dataclass(frozen=True)
class Night:
    """What was left: what monitor told, the inbox after each step (by its name), what was made and accepted, and what was said of both."""

    shop: Shop
    told: dict
    inbox: dict[str, list[dict]]
    explained: str
    made: dict
    review: str
    accepted: dict
    worth: dict
    after: dict

    def heard(self, step: str) -> list[str]:
        return [event["kind"] for message in self.inbox[step] for event in message["events"]]


def inbox(shop: Shop) -> list[dict]:
    path = shop.root / INBOX
    return [json.loads(line) for line in path.read_text().splitlines()] if path.is_file() else []


def open_night(home: Path, server) -> Shop:
    """A shop whose first model serves, and whose person on call hears of everything."""
    shop = open_shop(home, "e2e-night", server)
    shop.run("keepfit", "certify", shop.model, "1")
    shop.run("keepfit", "promote", shop.model, "1")
    pin(shop)
    params = shop.root / "params.yaml"
    params.write_text(put(params.read_text(), "hooks.subscribers", {"on_call": {"hook": "file", "path": INBOX}}))
    shop.run("git", "commit", "-qam", "Who is on call hears of it")
    return shop


@pytest.fixture(scope="module")
def night(tmp_path_factory, gated_server):
    shop = open_night(tmp_path_factory.mktemp("night"), gated_server)
    run, found = shop.run, {}
    shop.append(4, lean=-1)
    told = shop.monitor(shop.append(5, lean=-1))
    found["monitor"] = inbox(shop)
    run("keepfit", "hooks", "run")
    found["again"] = inbox(shop)
    ticket = next(one["id"] for one in told["tickets"] if one["ground"] == "harm")
    explained = run("keepfit", "ticket", ticket) + run("keepfit", "explain", ticket)
    made = json.loads(run("keepfit", "improve", ticket, "--json"))
    review = run("git", "show", f"{made['branch']}:reports/REVIEW.md")
    accepted = json.loads(run("keepfit", "accept", ticket, "--yes", "--json"))
    run("keepfit", "hooks", "run")
    found["accepted"] = inbox(shop)
    after = shop.monitor(shop.append(6, lean=-1))
    worth = run.json("keepfit", "impact", shop.model, "--json")
    return Night(shop, told, found, explained, made, review, accepted, worth, after)


def test_one_message_arrives_of_one_ticket_and_names_what_to_type(night):
    assert night.heard("monitor").count("ticket_opened") == len(night.told["tickets"])
    assert night.inbox["again"] == night.inbox["monitor"]
    opened = next(one for one in night.inbox["monitor"] if one["events"][0]["ticket"] == night.made["ticket"])
    lines = opened["text"].splitlines()
    assert len(lines) <= 10
    assert any(f"keepfit improve {night.made['ticket']}" in line for line in lines)
    assert night.made["ticket"] in night.explained


def test_the_review_proposes_one_command_and_it_does_the_rest(night, gated_server):
    assert night.made["passed"], night.made
    assert night.made["next"][1] == f"keepfit accept {night.made['ticket']}"
    assert f"keepfit accept {night.made['ticket']}" in night.review
    assert (night.accepted["promoted"], night.accepted["why"]) == (True, "")
    assert [step["state"] for step in night.accepted["steps"]] == ["done"] * 7
    assert champion(gated_server, night.shop.model) == night.made["version"] == "2"
    assert json.loads((night.shop.root / "baseline.json").read_text())["champion"]["version"] == "2"
    assert night.shop.run("git", "log", "--format=%s", "--first-parent", "-1").strip() == "Pin e2e-night version 2"
    assert night.shop.run("git", "status", "--porcelain").strip() == ""


def test_everything_that_followed_was_heard_once_and_in_order(night):
    events = [event for message in night.inbox["accepted"] for event in message["events"]]
    assert len({event["key"] for event in events}) == len(events)
    assert [event["version"] for event in events if event["kind"] == "promoted"] == ["2"]
    of_ticket = [event["kind"] for event in events if event["ticket"] == night.made["ticket"] and event["kind"] != "ticket_grown"]
    assert of_ticket == ["ticket_opened", "candidate_ready", "ticket_closed"]


def test_once_labels_have_come_it_is_said_whether_it_helped(night):
    (week,) = [window for window in night.after["windows"] if window["champion"] == "2"]
    assert week["value"] > 0.7
    assert night.worth["promotions"], night.worth
