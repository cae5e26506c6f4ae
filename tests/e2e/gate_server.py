"""A gated server with users, as a team runs it, and the pages that they click in: what the browser's claims about the gate play in."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest
import sqlalchemy as sa
from tests.e2e.version_page import WAIT_MS, VersionPage
from tests.flows.servers import running
from tests.integrations.gate_world import World

from keepfit.gate.certificate import tree_digest
from keepfit.integrations import signing
from keepfit.integrations.journal import Journal
from keepfit.integrations.mlflow.artifacts import Artifacts

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
    trust: {ci: "%(key)s"}
    approvals: 1
    rules:
      overall: {kind: not_worse_than, metric: roc_auc, slice: overall, bound: 0.0}
      slices: {kind: no_proof_of_harm, metric: '*', slice: '*', bound: 0.05}
  'asked-*':
    trust: {ci: "%(key)s"}
    movers: [ci]
    approvals: 1
    approvers: [paul]
    rules:
      overall: {kind: not_worse_than, metric: roc_auc, slice: overall, bound: 0.0}
  'small-*':
    trust: {ci: "%(key)s"}
    rules:
      overall: {kind: not_worse_than, metric: roc_auc, slice: overall, bound: 0.0, undecided: approve}
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
    rules.write_text(RULES % {"key": key.public})
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
