"""A gated server as somebody without any right sees it: two doors to its registry, files to change, certificates to write by hand."""

from __future__ import annotations

import hashlib
import sqlite3
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from uuid import uuid4

import requests
from tests.certificates import RULES, certificate, pinned
from tests.conftest import serving

from keepfit.gate.certificate import SignedCertificate, sign, tree_digest
from keepfit.integrations import signing
from keepfit.records import Certificate, ScoreRow

FILES = {"MLmodel": "flavors: {}\n", "data/candidate/estimator.joblib": "weights"}


@dataclass(frozen=True)
class Answer:
    """What the server said: HTTP status and sentence."""

    status: int
    said: str


OK = Answer(200, "")


@dataclass(frozen=True)
class Version:
    """A version that was registered: its number, its run, where its files are, and their digest then."""

    model: str
    number: str
    run: str
    source: str
    digest: str


def new_model(prefix: str = "flights") -> str:
    """A name that no other test has used; every `flights-*` is protected."""
    return f"{prefix}-{uuid4().hex[:10]}"


def green(version: Version, *, champion: Version | None = None, rows: tuple[ScoreRow, ...] = (), **changes) -> Certificate:
    """A certificate that meets every rule, with the digest of the version's files: nothing about it is wrong but who wrote it."""
    pin = champion and pinned(champion.model, champion.number, champion.digest)
    return certificate(version.model, version.number, version.digest, champion=pin, rows=rows, **changes)


def signed_by(key: signing.KeyPair, certificate: Certificate) -> SignedCertificate:
    return sign(certificate, key=key.public, by=key.sign)


class RestDoor:
    """The registry's verbs as raw requests."""

    def __init__(self, uri: str) -> None:
        self.uri = uri

    def __call__(self, method: str, path: str, body: object = None, *, base: str = "api/2.0/mlflow", **more) -> Answer:
        answer = requests.request(method, f"{self.uri}/{base}/{path}", json=body, timeout=60, **more)
        try:
            said = answer.json().get("message", "")
        except (ValueError, AttributeError):
            said = answer.text
        return Answer(answer.status_code, said)

    def set_alias(self, model, alias, version):
        return self("POST", "registered-models/alias", {"name": model, "alias": alias, "version": version})

    def delete_alias(self, model, alias):
        return self("DELETE", "registered-models/alias", {"name": model, "alias": alias})

    def stage(self, model, version, stage):
        body = {"name": model, "version": version, "stage": stage, "archive_existing_versions": False}
        return self("POST", "model-versions/transition-stage", body)

    def rename(self, model, new_name):
        return self("POST", "registered-models/rename", {"name": model, "new_name": new_name})

    def delete_version(self, model, version):
        return self("DELETE", "model-versions/delete", {"name": model, "version": version})

    def delete_model(self, model):
        return self("DELETE", "registered-models/delete", {"name": model})

    def tag_model(self, model, key, value):
        return self("POST", "registered-models/set-tag", {"name": model, "key": key, "value": value})

    def tag_version(self, model, version, key, value):
        return self("POST", "model-versions/set-tag", {"name": model, "version": version, "key": key, "value": value})

    def create_model(self, model, tags):
        return self("POST", "registered-models/create", {"name": model, "tags": [{"key": key, "value": value} for key, value in tags.items()]})

    def create_version(self, model, source, run, tags):
        listed = [{"key": key, "value": value} for key, value in tags.items()]
        return self("POST", "model-versions/create", {"name": model, "source": source, "run_id": run, "tags": listed})

    def copy(self, version: Version, to: str):
        return self.create_version(to, f"models:/{version.model}/{version.number}", version.run, {})


class PythonDoor:
    """The same verbs by MLflow's own client."""

    def __init__(self, uri: str) -> None:
        from mlflow import MlflowClient

        self.client = MlflowClient(uri, uri)

    def _ask(self, verb, *arguments, **named) -> Answer:
        from mlflow.exceptions import MlflowException

        try:
            verb(*arguments, **named)
        except MlflowException as bad:
            return Answer(bad.get_http_status_code(), bad.message.removeprefix(f"{bad.error_code}: "))
        return Answer(200, "")

    def set_alias(self, model, alias, version):
        return self._ask(self.client.set_registered_model_alias, model, alias, version)

    def delete_alias(self, model, alias):
        return self._ask(self.client.delete_registered_model_alias, model, alias)

    def stage(self, model, version, stage):
        return self._ask(self.client.transition_model_version_stage, model, version, stage)

    def rename(self, model, new_name):
        return self._ask(self.client.rename_registered_model, model, new_name)

    def delete_version(self, model, version):
        return self._ask(self.client.delete_model_version, model, version)

    def delete_model(self, model):
        return self._ask(self.client.delete_registered_model, model)

    def tag_model(self, model, key, value):
        return self._ask(self.client.set_registered_model_tag, model, key, value)

    def tag_version(self, model, version, key, value):
        return self._ask(self.client.set_model_version_tag, model, version, key, value)

    def create_model(self, model, tags):
        return self._ask(self.client.create_registered_model, model, tags)

    def create_version(self, model, source, run, tags):
        return self._ask(self.client.create_model_version, model, source, run, tags)

    def copy(self, version: Version, to: str):
        return self._ask(self.client.copy_model_version, f"models:/{version.model}/{version.number}", to)


@dataclass(frozen=True)
class Attacked:
    """A running server with rules that name the key `ci`; `root` is where it keeps artifacts."""

    uri: str
    home: Path
    root: Path
    key: signing.KeyPair

    @cached_property
    def rest(self) -> RestDoor:
        return RestDoor(self.uri)

    @cached_property
    def python(self) -> PythonDoor:
        return PythonDoor(self.uri)

    @property
    def client(self):
        return self.python.client

    def door(self, name: str) -> RestDoor | PythonDoor:
        return self.rest if name == "rest" else self.python

    def register(self, model: str, *, experiment: str = "0", folder: str = "model", files: dict[str, str] | None = None) -> Version:
        """A run with a model's files, and a version of them; `files` change or add contents."""
        contents = FILES | (files or {})
        self.rest.create_model(model, {})
        run = self.client.create_run(experiment).info
        for path, text in contents.items():
            self.client.log_text(run.run_id, text, f"{folder}/{path}")
        source = f"{run.artifact_uri}/{folder}"
        made = self.client.create_model_version(model, source, run.run_id)
        return Version(model, str(made.version), run.run_id, source, _digest(contents))

    def upload(self, version: Version, signed: SignedCertificate, *, name: str | None = None) -> None:
        """Put a certificate where the gate looks for it, as anybody can who knows the run."""
        self.client.log_text(version.run, signed.statement.text, f"keepfit/{name or signed.file_name}")

    def certify(self, version: Version, **about) -> Version:
        self.upload(version, signed_by(self.key, green(version, **about)))
        return version

    def champion(self, *, model: str | None = None, stage: bool = False) -> Version:
        """A first champion, promoted with evidence; with `stage` it is in Production too."""
        first = self.certify(self.register(model or new_model()))
        assert self.rest.set_alias(first.model, "champion", first.number) == OK
        if stage:
            assert self.rest.stage(first.model, first.number, "Production") == OK
        return first

    def certified(self) -> Version:
        """A version that only waits for the click."""
        return self.certify(self.register(new_model()))

    def experiment(self, place: str) -> str:
        """An experiment that keeps its artifacts where its maker likes."""
        made = requests.post(f"{self.uri}/api/2.0/mlflow/experiments/create", json={"name": uuid4().hex, "artifact_location": place}, timeout=60)
        made.raise_for_status()
        return str(made.json()["experiment_id"])

    def pointers(self, model: str) -> tuple[dict[str, str], list[str]]:
        """The aliases and the versions in Production, as a second client sees them."""
        from mlflow import MlflowClient

        second = MlflowClient(self.uri, self.uri)
        found = second.search_model_versions(f"name = '{model}'")
        aliases = {alias: str(number) for alias, number in second.get_registered_model(model).aliases.items()}
        return aliases, sorted(str(each.version) for each in found if each.current_stage == "Production")

    def journal(self, model: str) -> list[tuple[str, str, str, str]]:
        """(kind, version, target, text) of a model's rows."""
        with sqlite3.connect(f"file:{self.home}/.keepfit/server/mlflow.db?mode=ro", uri=True) as database:
            found = database.execute("select kind, version, target, text from keepfit_journal where model = ? order by id", (model,))
            return found.fetchall()

    @contextmanager
    def holding(self, model: str, *, rows: int = 1):
        """What is tried inside changes no pointer, and leaves that many rows in the journal, all of them refusals."""
        before, journal = self.pointers(model), len(self.journal(model))
        yield
        assert self.pointers(model) == before
        assert [kind for kind, *_ in self.journal(model)[journal:]] == ["refused"] * rows


@contextmanager
def attackable(home: Path, *options: str, root: Path):
    """A server to attack, for as long as the block."""
    key = signing.new_key("ci", folder=home / "keys")
    (home / "gate.yaml").write_text(RULES % key.public)
    with serving(home, *options) as server:
        attacked = Attacked(server.uri, home, root, key)
        attacked.champion()  # the journal is made with its first row
        yield attacked


def refused(answer: Answer, code: str) -> None:
    """A refusal is 403, names its code and is short enough for MLflow's dialog."""
    assert answer.status == 403, answer
    assert code in answer.said, answer
    assert len(answer.said) <= 400, answer


def _digest(contents: dict[str, str]) -> str:
    return tree_digest((path, hashlib.sha256(text.encode()).hexdigest()) for path, text in contents.items())
