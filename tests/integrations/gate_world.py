"""A registry behind the gate, in process, with a signer it trusts: what the gate's tests play in."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest
import sqlalchemy as sa
from tests.certificates import RULES, certificate, pinned

from keepfit.gate.certificate import sign, tree_digest
from keepfit.gate.chain import broken
from keepfit.gate.history import fold
from keepfit.gate.statement import stated
from keepfit.integrations import signing
from keepfit.integrations.journal import Journal
from keepfit.integrations.mlflow.artifacts import Artifacts
from keepfit.records import Request

LOADER = "def _load_pyfunc(path):\n    raise NotImplementedError\n"
MODEL = "flights-late"
CHAMPIONS = "select version from registered_model_aliases where name = :name and alias = 'champion'"
PRODUCTION = "select version from model_versions where name = :name and current_stage = 'Production'"


@dataclass
class World:
    """A registry behind the gate, in process, and a signer it trusts."""

    uri: str
    home: Path
    rules: Path
    key: signing.KeyPair
    nonce: int = 0

    def __post_init__(self):
        from mlflow import MlflowClient

        self.client = MlflowClient(tracking_uri=self.uri, registry_uri=f"keepfit:{self.uri}")
        self.stock = MlflowClient(tracking_uri=self.uri, registry_uri=self.uri)
        self.engine = sa.create_engine(self.uri)
        self.experiment = self.client.create_experiment(f"gate-{self.home.name}", artifact_location=str(self.home / "artifacts"))

    def register(self, model=MODEL, content="one"):
        """A version whose files lie in its run; returns its number."""
        if not self.client.search_registered_models(f"name = '{model}'"):
            self.client.create_registered_model(model)
        run = self.client.create_run(self.experiment)
        source = self.home / "src"
        shutil.rmtree(source, ignore_errors=True)
        (source / "data" / "candidate").mkdir(parents=True)
        (source / "data" / "candidate" / "estimator.joblib").write_text(content)
        (source / "MLmodel").write_text("flavors: {}\n")
        self.client.log_artifacts(run.info.run_id, str(source), "model")
        return str(self.client.create_model_version(model, f"{run.info.artifact_uri}/model", run.info.run_id).version)

    def files(self, version, model=MODEL):
        return Path(self.stock.get_model_version_download_uri(model, version))

    def digest(self, version, model=MODEL):
        return tree_digest(Artifacts().files(str(self.files(version, model))))

    def certificate(self, version, *, model=MODEL, champion=None, rows=None, **changes):
        pin = champion and pinned(model, champion, self.digest(champion, model))
        return certificate(model, version, self.digest(version, model), champion=pin, rows=rows, **changes)

    def certify(self, version, *, key=None, **about):
        made = self.certificate(version, **about)
        pair = key or self.key
        signed = sign(made, key=pair.public, by=pair.sign)
        self.upload(version, signed, model=about.get("model", MODEL))
        return made

    def upload(self, version, signed, *, model=MODEL):
        run = self.stock.get_model_version(model, version).run_id
        path = self.home / signed.file_name
        path.write_text(signed.statement.text)
        self.stock.log_artifact(run, str(path), "keepfit")

    def promote(self, version, *, model=MODEL, alias="champion"):
        self.client.set_registered_model_alias(model, alias, version)

    def champion(self, model=MODEL):
        return self.stock.get_registered_model(model).aliases.get("champion") and str(self.stock.get_registered_model(model).aliases["champion"])

    def journal(self):
        with self.engine.connect() as connection:
            return [tuple(found) for found in connection.execute(sa.text("select kind, version, previous from keepfit_journal where model <> '*' order by id"))]

    def chain(self, length):
        """Promote that many versions in a row; returns their numbers."""
        versions = []
        for _ in range(length):
            version = self.register()
            self.certify(version, champion=versions[-1] if versions else None)
            self.promote(version)
            versions.append(version)
        return versions

    # -- what people say ------------------------------------------------------------------------------------------------

    def ask(self, verb, version=None, *, model=MODEL, key=None, **about):
        """Send a signed request as `keepfit waive`, `gate adopt` and `retire` do."""
        pair = key or self.key
        values = {"workspace": "default", "reason": "because", "by": pair.name, "issued": datetime.now(UTC), "nonce": about.pop("nonce", str(self.nonce))}
        self.nonce += 1
        request = Request(verb=verb, model=model, version=version and str(version), **(values | about))
        self.send(verb, version, stated("request", request, key=pair.public, by=pair.sign).text, model=model)
        return request

    def send(self, verb, version, text, *, model=MODEL):
        if version is None:
            self.client.set_registered_model_tag(model, f"request-{verb}", text)
        else:
            self.client.set_model_version_tag(model, version, f"request-{verb}", text)

    def rule(self, text):
        """Add lines to the pattern's rules."""
        self.rules.write_text(self.rules.read_text().replace("    trust:", f"    {text}\n    trust:"))

    def stages(self, model=MODEL):
        return {found.current_stage: str(found.version) for found in self.stock.search_model_versions(f"name = '{model}'") if found.current_stage != "None"}

    def produce(self, version, *, model=MODEL):
        self.client.transition_model_version_stage(model, version, "Production")

    def pointers(self, model=MODEL):
        """Where the pair stands, as the database has it: the versions behind the champion's alias, and those in Production."""
        with self.engine.connect() as connection:
            return tuple([str(found) for found in connection.execute(sa.text(query), {"name": model}).scalars()] for query in (CHAMPIONS, PRODUCTION))

    def explained(self, model=MODEL):
        """Whether the pair stands where the fold of the journal leaves it."""
        said = fold(found for found in self.rows() if found.model == model)
        folded = tuple([said[pointer].version] if pointer in said else [] for pointer in ("alias champion", "stage Production"))
        return self.pointers(model) == folded

    def rows(self):
        return [link.row for link in self.links()]

    def links(self):
        from sqlalchemy.orm import Session

        with Session(self.engine) as session:
            return Journal().links(session)

    def chain_is_whole(self):
        return broken(self.links()) is None


def make_world(home, uri, *, rules=RULES):
    key = signing.new_key("ci", folder=home / "keys")
    path = home / "gate.yaml"
    path.write_text(rules % key.public)
    return World(uri, home, path, key)


def refused(match=""):
    from mlflow.exceptions import MlflowException

    return pytest.raises(MlflowException, match=match)
