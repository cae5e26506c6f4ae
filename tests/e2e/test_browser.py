"""Two promotions in a row by clicks in MLflow's own pages, with only printed commands between; then a refusal that stays."""

from __future__ import annotations

import json
import re
from contextlib import contextmanager

import pytest
from tests.e2e.shop import open_shop
from tests.e2e.version_page import WAIT_MS, VersionPage

from keepfit.integrations.yaml_files import put

pytestmark = [pytest.mark.slow, pytest.mark.browser]
FINDING = re.compile(r"overall roc_auc (at_least|not_worse_than): .*?-?\d+(\.\d+)?.*?, bound -?\d")  # rule, value, bound


@contextmanager
def looking_at(browser, server, shop, version):
    page = browser.new_page(viewport={"width": 1400, "height": 1000})
    page.set_default_timeout(WAIT_MS)
    try:
        yield VersionPage(page, server.uri, shop.model, version)
    finally:
        page.close()


def champion(server, model):
    """The alias as a second client sees it."""
    from mlflow import MlflowClient

    return MlflowClient(server.uri, server.uri).get_model_version_by_alias(model, "champion").version


def promote_by_clicks(browser, server, shop, version):
    with looking_at(browser, server, shop, version) as page:
        page.set_champion().wait_for(state="hidden")
        page.page.get_by_text("champion", exact=False).first.wait_for()
        page.screenshot(f"v{version}-promoted")
    assert champion(server, shop.model) == version


def pin(shop):
    """What `keepfit sync` prints to type next: git add and commit."""
    printed = shop.run("keepfit", "sync")
    shop.printed(line.strip() for line in printed.split("next:\n")[1].splitlines() if line.strip())


def clicked_instead(commands, model):
    """The printed commands up to the promotion, which is clicked."""
    at = next(index for index, command in enumerate(commands) if command.startswith(f"keepfit promote {model}"))
    return commands[:at]


def floor_for_all(shop):
    """From now on the floor is asked of every model: one that is as bad as its champion in a changed world is refused."""
    params = shop.root / "params.yaml"
    params.write_text(put(params.read_text(), "evaluate.rules.floor.first_only", False))
    shop.run("git", "commit", "-qam", "The floor holds for every model")


@pytest.fixture(scope="module")
def story(tmp_path_factory, gated_server, browser):
    """The whole story up to the third candidate; the tests look at what it left."""
    shop = open_shop(tmp_path_factory.mktemp("clicks"), "e2e-clicks", gated_server)
    shop.run("keepfit", "certify", shop.model, "1")
    promote_by_clicks(browser, gated_server, shop, "1")
    pin(shop)
    for ticket in shop.monitor(shop.append(4, lean=-1))["tickets"]:
        shop.run("keepfit", "resolve", ticket["id"], "--reason", "wait for a week of the new world to train on")
    second = json.loads(shop.run("keepfit", "improve", shop.ticket(shop.append(5, lean=-1)), "--json"))
    shop.printed(clicked_instead(second["by_hand"], shop.model))
    promote_by_clicks(browser, gated_server, shop, second["version"])
    pin(shop)
    floor_for_all(shop)
    third = json.loads(shop.run("keepfit", "improve", shop.ticket(shop.append(6, lean=0)), "--json"))
    shop.printed(command for command in third["next"] if command.startswith("keepfit certify"))
    return shop, second, third


def test_the_second_promotion_replaced_the_first(story, gated_server):
    _, second, third = story
    assert (second["version"], third["version"]) == ("2", "3")
    assert champion(gated_server, story[0].model) == "2"


def test_the_third_candidate_is_compared_with_the_second_champion(story):
    shop, _, third = story
    card = shop.run.json("git", "show", f"{third['branch']}:reports/scorecard.json")
    assert (card["champion"]["version"], card["basis"]) == ("2", "later")


def test_a_refusal_names_rule_value_and_bound_and_stays_after_a_reload(story, gated_server, browser):
    shop, _, third = story
    assert not third["passed"]
    with looking_at(browser, gated_server, shop, third["version"]) as page:
        dialog = page.set_champion()
        refusal = dialog.get_by_text(re.compile("keepfit refused"))
        try:
            refusal.wait_for()
        finally:
            page.screenshot("v3-refused")
        said = refusal.inner_text()
        assert FINDING.search(said), said
        page.reload()
        page.verdict("refused.")
        page.screenshot("v3-reloaded")
        body = page.page.locator("body").inner_text()
        assert "failed on overall roc_auc" in body
        assert FINDING.search(body)
    assert champion(gated_server, shop.model) == "2"


def test_the_checkout_is_clean_and_pinned_to_the_second(story):
    shop, _, _ = story
    assert shop.run("git", "status", "--porcelain").strip() == ""
    assert json.loads((shop.root / "baseline.json").read_text())["champion"]["version"] == "2"
