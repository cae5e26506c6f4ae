"""What people do on a version's page in MLflow: set an alias or a stage, tag, read the verdict."""

from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import quote

SCREENSHOTS = Path(__file__).resolve().parents[2] / "build" / "screenshots"
WAIT_MS = 60_000
LOOKS = 5
SETTLE_MS = 500  # until a page has taken in an answer that it does not show
SAID = re.compile(r"keepfit refused.*", re.DOTALL)


class VersionPage:
    """A version's page in MLflow, open."""

    def __init__(self, page, uri, model, version):
        self.page, self.address = page, f"{uri}/#/models/{quote(model, safe='')}/versions/{version}"
        self.aliases = page.get_by_text("Aliases", exact=True)
        self.field = page.get_by_placeholder("Name", exact=True)
        self.open(lambda: page.goto(self.address))

    def open(self, act):
        """Go there and wait until all is loaded: an alias dialog that is opened before asks for an alias of a model without a name."""
        with self.page.expect_response(lambda answer: "registered-models/get?" in answer.url):
            act()
        self.page.get_by_text("Registered At", exact=True).wait_for()
        self.page.wait_for_timeout(SETTLE_MS)

    def reload(self):
        self.open(self.page.reload)

    def set_champion(self):
        """The pencil (or Add) beside Aliases, `champion`, Save; returns the dialog, which closes if the server agrees."""
        self.aliases.locator("xpath=following::button[1]").click()
        dialog = self.page.get_by_role("dialog")
        field = dialog.locator("input").first
        field.click()
        field.type("champion")
        field.press("Enter")
        dialog.get_by_role("button", name="Save aliases").click()
        return dialog

    def refused_in(self, place):
        """Wait for the refusal in a dialog or on the page and return its words."""
        said = place.get_by_text(SAID).first
        said.wait_for()
        self.page.wait_for_timeout(SETTLE_MS)  # a toast slides in
        return SAID.search(said.inner_text()).group()

    def to_production(self):
        """The old pages' stage menu: the switch, whose dialog asks why, then Stage, Production, OK."""
        self.page.get_by_role("switch").click()
        self.page.get_by_role("button", name="Disable").click()
        self.page.get_by_text("None", exact=True).first.click()
        self.page.get_by_role("menuitem").filter(has_text="Production").click()
        self.page.get_by_role("dialog").get_by_role("button", name="OK").click()

    def tag(self, key, value):
        """Tags, name, value, Add."""
        if not self.field.is_visible():
            self.page.get_by_role("button", name="Tags", exact=True).click()
        self.field.fill(key)
        self.page.get_by_placeholder("Value", exact=True).fill(value)
        self.page.get_by_role("button", name="Add", exact=True).last.click()

    def tag_again(self, key):
        """The pencil of a tag that is there already, Save: the form refuses to add it a second time."""
        if not self.field.is_visible():
            self.page.get_by_role("button", name="Tags", exact=True).click()
        row = self.page.get_by_role("row").filter(has=self.page.get_by_role("cell", name=key, exact=True))
        row.get_by_role("button").first.click()
        with self.page.expect_response(lambda answer: "model-versions/set-tag" in answer.url):
            self.page.get_by_role("button", name="Save", exact=True).click()

    def verdict(self, words):
        """The verdict's block on the page as soon as it says these words: it is written after the answer."""
        block = self.page.locator("strong", has_text="keepfit gate: ").locator("xpath=../..").filter(has_text=words)
        for _ in range(LOOKS):
            if block.count():
                break
            self.reload()
        block.wait_for()
        return block

    def screenshot(self, name):
        screenshot(self.page, name)


def screenshot(page, name):
    SCREENSHOTS.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=SCREENSHOTS / f"{name}.png", full_page=True)
