"""The two versions that are compared: their files, brought here, the files' digest, and until when their training rows go, as far as that is known."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from keepfit.errors import KeepfitError, UnknownNameError
from keepfit.flows.retraining.adoption import description
from keepfit.gate.certificate import tree_digest
from keepfit.gate.rules import ModelRules
from keepfit.integrations.mlflow.artifacts import Artifacts
from keepfit.integrations.mlflow.client import Mlflow, Version
from keepfit.integrations.models.asked_process import trained_by_keepfit
from keepfit.integrations.models.scorer import read_meta
from keepfit.records import Adopted, Pin, from_json

ALIAS = "champion"


@dataclass(frozen=True, kw_only=True)
class Side:
    """A version with its files in `folder`; `trained_until` is None where nobody knows."""

    version: Version
    folder: Path
    digest: str
    trained_until: datetime | None

    @property
    def called(self) -> str:
        """What messages call it."""
        return f"{self.version.model} v{self.version.number}"

    @property
    def pin(self) -> Pin:
        """The version as the other side of a comparison."""
        return Pin(
            model=self.version.model,
            version=self.version.number,
            digest=self.digest,
            model_id=self.version.model_id,
            trained_until=self.trained_until,
            evaluated_until=None,
        )


def bring(registry: Mlflow, version: Version, *, to: Path) -> Side:
    """Copy a version's files below a folder and return what they are; their code is not run."""
    artifacts = Artifacts(registry.uri)
    to.mkdir(parents=True)
    folder = artifacts.copy(registry.download_uri(version.model, version.number), to=to)
    if not (folder / "MLmodel").is_file():
        raise KeepfitError(f"the files of {version.model} v{version.number} are no MLflow model", where="MLmodel", fix="log it with mlflow.<flavour>.log_model")
    return Side(version=version, folder=folder, digest=tree_digest(artifacts.files(str(folder))), trained_until=_trained_until(registry, version, folder))


def the_other(registry: Mlflow, model: str, version: str, *, against: str | None, held: ModelRules) -> Version | None:
    """Return the version to compare with: the one named by alias or number, else the champion; None if none stands.

    Raises `UnknownNameError` for an alias that is not there, `KeepfitError` for a version that would be compared with itself.
    """
    if against is not None and against.isdigit():
        number: str | None = against
    else:
        alias = against or next(iter(held.aliases), ALIAS)
        number = registry.alias(model, alias)
        if number is None and against is not None:
            raise UnknownNameError("alias", against, known=registry.aliases(model), where=model)
    if number is None:
        return None
    if int(number) == int(version):
        raise KeepfitError(f"{model} v{version} would be compared with itself", where="--against", fix="--against VERSION names another")
    return registry.version(model, number)


def _trained_until(registry: Mlflow, version: Version, folder: Path) -> datetime | None:
    """By keepfit's own meta inside the model, else by the description of an adopted one."""
    own = trained_by_keepfit(folder)
    if own is not None:
        return read_meta(own).trained_until
    found = description(registry, version)
    return None if found is None else from_json(Adopted, found[1], where=found[0]).meta.trained_until
