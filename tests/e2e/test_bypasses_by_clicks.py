"""Ways to a protected pointer by clicks in MLflow's pages, and names that would be code on them."""

from __future__ import annotations

import re
from contextlib import contextmanager
from dataclasses import replace
from urllib.parse import quote
from uuid import uuid4

import pytest
from tests.certificates import GREEN
from tests.e2e.attacked import green, new_model, refused
from tests.waiting import version_saying

from keepfit.gate.certificate import unsigned

pytestmark = [pytest.mark.slow, pytest.mark.browser]
WAIT_MS = 60_000
OLD_PAGES = "localStorage.setItem('_mlflow_user_setting_dismiss_next_model_registry_ui', 'true')"  # the switch that brings the stages back
REFUSED = re.compile(r"keepfit refused.*\[KF-G\d{3}\]")


@contextmanager
def version_page(browser, attacked, version, *, script=""):
    """A version's page in a browser of its own, so that no setting or open dialog is left to the next."""
    context = browser.new_context(viewport={"width": 1400, "height": 1000})
    try:
        context.add_init_script(script)
        page = context.new_page()
        with page.expect_response(lambda answer: "registered-models/get?" in answer.url, timeout=WAIT_MS):  # before it the dialog knows no model
            page.goto(f"{attacked.uri}/#/models/{quote(version.model, safe='')}/versions/{version.number}")
        page.get_by_text("Registered At", exact=True).wait_for(timeout=WAIT_MS)
        yield page
    finally:
        context.close()


def aliases_dialog(page):
    page.get_by_text("Aliases", exact=True).locator("xpath=following::button[1]").click()
    dialog = page.get_by_role("dialog")
    dialog.locator("input").first.click()
    return dialog, dialog.locator("input").first


def the_refusal(inside, code):
    said = inside.get_by_text(REFUSED)
    said.first.wait_for(timeout=WAIT_MS)
    text = said.first.inner_text().removeprefix("PERMISSION_DENIED: ")
    assert code in text
    assert len(text) <= 400


@pytest.fixture
def rivals(proxied):
    """A champion in Production, and a version without evidence.

    The dialog of a version's page knows the first 100 models of the registry alone (MLflow 3), so this one's name comes before the others'.
    """
    first = proxied.champion(model=new_model("flights-0"), stage=True)
    return first, proxied.register(first.model)


def test_the_alias_dialog_does_not_move_the_champion(proxied, browser, rivals):
    first, second = rivals
    with proxied.holding(first.model), version_page(browser, proxied, second) as page:
        dialog, field = aliases_dialog(page)
        field.type("champion")
        field.press("Enter")
        dialog.get_by_role("button", name="Save aliases").click()
        the_refusal(dialog, "KF-G002")


def test_the_alias_dialog_does_not_take_the_alias_from_the_champion(proxied, browser, rivals):
    first, _ = rivals
    with proxied.holding(first.model), version_page(browser, proxied, first) as page:
        dialog, field = aliases_dialog(page)
        field.press("Backspace")
        dialog.get_by_role("button", name="Save aliases").click()
        the_refusal(dialog, "KF-G004")


def test_the_alias_dialogs_deletes_and_sets_are_each_judged(proxied, browser, rivals):
    """One save removes `champion` and adds another alias: MLflow sends both, and the refused half must not stick."""
    first, _ = rivals
    with version_page(browser, proxied, first) as page:
        dialog, field = aliases_dialog(page)
        field.press("Backspace")
        field.type("former")
        field.press("Enter")
        dialog.get_by_role("button", name="Save aliases").click()
        the_refusal(dialog, "KF-G004")
    assert proxied.pointers(first.model)[0]["champion"] == first.number


def test_the_stage_menu_does_not_move_production(proxied, browser, rivals):
    first, second = rivals
    with proxied.holding(first.model), version_page(browser, proxied, second, script=OLD_PAGES) as page:
        page.get_by_text("None", exact=True).first.click()
        page.get_by_role("menuitem").filter(has_text="Production").click()
        page.get_by_role("dialog").last.get_by_role("button", name="OK").click()
        the_refusal(page, "KF-G002")


def test_promote_model_copies_and_promotes_nothing(proxied, browser, rivals):
    """MLflow's button of that name makes a version of another model; its evidence does not go along."""
    first, _ = rivals
    target = proxied.champion()
    with proxied.holding(target.model, rows=0), version_page(browser, proxied, first) as page:
        page.get_by_role("button", name="Promote model").click()
        dialog = page.get_by_role("dialog")
        dialog.locator("input").first.type(target.model)
        page.locator(".ant-select-item-option, [role=option], [title]").filter(has_text=target.model).last.click()
        dialog.get_by_role("button", name="Promote", exact=True).click()
        page.wait_for_url(f"**/models/{target.model}/versions/2", timeout=WAIT_MS)
    with proxied.holding(target.model):
        refused(proxied.rest.set_alias(target.model, "champion", "2"), "KF-G014")


def test_the_menu_does_not_delete_the_champion(proxied, browser):
    first = proxied.champion()
    with proxied.holding(first.model), version_page(browser, proxied, first) as page:
        page.get_by_role("button", name="Open header dropdown menu").click()
        page.get_by_role("menuitem", name="Delete").click()
        page.get_by_role("dialog").last.get_by_role("button", name="Delete").click()
        the_refusal(page, "KF-G004")


# -- names that would be code -------------------------------------------------------------------------------------------------

NAMES = (
    "<img src=x onerror=alert(1)>",
    "](javascript&colon;alert(1))|`<b>",
    "a\n\n# heading\n\n| a | b |\n|-|-|\n",
    "``` <svg onload=alert(1)> ~~~",
    "--><script>alert(1)<\\script><iframe srcdoc=x>",
)
WORDS = (
    *NAMES,
    "[x](javascript:alert(1))",
    "![x](x' onerror='alert(1))",
    "<a href='javascript:alert(1)'>x</a>",
    "<!-- /keepfit:verdict --><script>alert(1)</script>",
    "https://evil.example",
    "\u202eevil\u202c",
)
TAGS = {"P", "STRONG", "TABLE", "THEAD", "TBODY", "TR", "TH", "TD", "CODE"}  # what the block is made of


@pytest.mark.parametrize("name", NAMES, ids=["image", "link", "table", "fence", "script"])
def test_names_in_a_refusal_are_text_on_the_page(proxied, browser, name):
    first = proxied.champion(model=f"flights-{name}{uuid4().hex[:6]}")
    version = proxied.register(first.model)
    rows = tuple(replace(GREEN[1], slice=word, metric=word, status="fail", detail=word) for word in WORDS)
    proxied.upload(version, unsigned(green(version, champion=first, rows=rows)))
    refused(proxied.rest.set_alias(version.model, "champion", version.number), "KF-G010")
    version_saying(proxied.client, version.model, version.number, "keepfit gate: refused")
    spoken = []
    with version_page(browser, proxied, version, script="window.alert = () => { window.hacked = true }") as page:
        page.on("dialog", lambda dialog: (spoken.append(dialog.message), dialog.dismiss()))
        page.get_by_text("keepfit gate: refused").first.wait_for(timeout=WAIT_MS)
        block = page.locator("strong", has_text="keepfit gate: refused").locator("xpath=../..")  # a strong one: rendered, not shown as source
        assert set(block.evaluate("block => [...block.querySelectorAll('*')].map(each => each.tagName)")) <= TAGS | {"A"}
        links = block.evaluate("block => [...block.querySelectorAll('a')].map(each => each.getAttribute('href'))")
        assert [link.rpartition("/artifacts/")[2] for link in links] == ["gate/verdict.html"]  # our own alone
        assert block.locator("tbody tr").count() > len(WORDS)
        assert page.locator("[onerror], [onload], [srcdoc], img[src=x], a[href^='javascript'], a[href*='evil']").count() == 0
        assert page.evaluate("window.hacked") is None
    assert spoken == []


def repr_start(text):
    return repr(text[:12])


@pytest.mark.parametrize(
    "text",
    [
        "```\nopen",
        "<!-- open",
        "<details><summary>x",
        "<div style='display:none'>",
        "<template>",
        "<script>",
        "<style>",
        "<textarea>",
    ],
    ids=repr_start,
)
def test_what_an_author_leaves_open_does_not_hide_the_verdict(proxied, browser, text):
    version = proxied.register(new_model())
    proxied.client.update_model_version(version.model, version.number, text)
    refused(proxied.rest.set_alias(version.model, "champion", version.number), "KF-G002")
    version_saying(proxied.client, version.model, version.number, "keepfit gate: refused")
    with version_page(browser, proxied, version) as page:
        page.get_by_text("kf.verdict.text").wait_for(timeout=WAIT_MS)
        assert page.locator("strong:visible", has_text="keepfit gate: refused").count() == 1
