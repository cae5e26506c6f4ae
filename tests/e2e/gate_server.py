"""A gated server with users, as a team runs it, and the pages that they click in: what the browser's claims about the gate play in."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote

import pytest
import sqlalchemy as sa
from tests.flows.servers import running
from tests.integrations.gate_world import World

from keepfit.gate.certificate import tree_digest
from keepfit.integrations import signing
from keepfit.integrations.journal import Journal
from keepfit.integrations.mlflow_evidence import Artifacts

SCREENSHOTS = Path(__file__).resolve().parents[2] / "build" / "screenshots"
WAIT_MS = 60_000
LOOKS = 5
SETTLE_MS = 500  # until a page has taken in an answer that it does not show
SAID = re.compile(r"keepfit refused.*", re.DOTALL)
ADMIN = ("admin", "a-long-first-password")
CI, RITA, PAUL = (("ci", "the-pipelines-password"), ("rita", "ritas-long-password"), ("paul", "pauls-long-password"))
USERS = """[mlflow]
default_permission = EDIT
database_uri = sqlite:///{home}/users.db
admin_username = {admin[0]}
admin_password = {admin[1]}
authorization_function = mlflow.server.auth:authenticate_request_basic_auth
"""
RULES = """schema: 1
models:
  'flights-*':
    trust: {ci: "%s"}
    approvals: 1
    rules:
      overall: {kind: not_worse_than, metric: roc_auc, slice: overall, bound: 0.0}
      slices: {kind: no_proof_of_harm, metric: '*', slice: '*', bound: 0.05}
"""


@dataclass
class ServedWorld(World):
    """The gate's world behind a server: what it registers goes over HTTP as the pipeline's user `ci`, which holds the key."""

    digests: dict[tuple[str, str], str] = field(default_factory=dict)

    def __post_init__(self):
        from mlflow import MlflowClient

        self.client = self.stock = MlflowClient(self.uri, self.uri)
        self.experiment = self.client.create_experiment("flights")

    def register(self, model, content="one"):
        version = super().register(model, content)
        self.digests[model, version] = tree_digest(Artifacts().files(str(self.home / "src")))
        return version

    def digest(self, version, model):
        return self.digests[model, str(version)]

    def candidate(self, model, *, champion=None, **about):
        """A certified version; returns its number."""
        version = self.register(model, content=f"{model} after {champion}")
        self.certify(version, model=model, champion=champion, **about)
        return version

    def served(self, model, *, champion=None):
        """A version that is champion: Paul approves and Rita promotes, without a browser."""
        version = self.candidate(model, champion=champion)
        asks(self.uri, "model-versions/set-tag", {"name": model, "version": version, "key": "approve", "value": "champion"}, by=PAUL)
        asks(self.uri, "registered-models/alias", {"name": model, "alias": "champion", "version": version}, by=RITA)
        return version

    def told(self, model):
        """(what, version, by whom) of the model's rows, read where the server keeps them: the journal as people remember it."""
        from sqlalchemy.orm import Session

        engine = sa.create_engine(f"sqlite:///{self.home}/.keepfit/server/mlflow.db")
        try:
            with Session(engine) as session:
                return [(row.kind, row.version, row.who) for row in Journal().rows(session, model, workspace="default")]
        finally:
            engine.dispose()


@contextmanager
def served_world(home: Path) -> Iterator[ServedWorld]:
    """Start `keepfit server --auth basic-auth` with its users and yield the world behind it."""
    key = signing.new_key("ci", folder=home / "keys")
    rules = home / "gate.yaml"
    rules.write_text(RULES % key.public)
    (home / "users.ini").write_text(USERS.format(home=home, admin=ADMIN))
    env = {"MLFLOW_FLASK_SERVER_SECRET_KEY": "the same after a restart", "MLFLOW_AUTH_CONFIG_PATH": str(home / "users.ini")}
    with running(["keepfit", "server", "--auth", "basic-auth"], home, env=env) as uri, pytest.MonkeyPatch.context() as patch:
        for name, password in (CI, RITA, PAUL):
            asks(uri, "users/create", {"username": name, "password": password}, by=ADMIN)
        patch.setenv("MLFLOW_TRACKING_USERNAME", CI[0])
        patch.setenv("MLFLOW_TRACKING_PASSWORD", CI[1])
        yield ServedWorld(uri, home, rules, key)


def asks(uri, path, body, *, by):
    import requests

    requests.post(f"{uri}/api/2.0/mlflow/{path}", json=body, auth=by, timeout=60).raise_for_status()


class VersionPage:
    """A version's page in MLflow, as somebody who is logged in sees it."""

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
    page.screenshot(path=SCREENSHOTS / f"gate-{name}.png", full_page=True)


@contextmanager
def logged_in(browser, world, who, model, version):
    """A browser of somebody's own, at a version's page."""
    credentials = {"username": who[0], "password": who[1], "origin": world.uri}
    context = browser.new_context(http_credentials=credentials, viewport={"width": 1400, "height": 1000})
    context.set_default_timeout(WAIT_MS)
    try:
        yield VersionPage(context.new_page(), world.uri, model, version)
    finally:
        context.close()
