"""The registry as its clients see it: versions made once and found by key, their tags, and the aliases that stand on them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

from keepfit.gate.questions import ANSWER
from keepfit.integrations.mlflow.client.connection import Connection, code_of, refusals
from keepfit.integrations.mlflow.client.tags import KEY_TAG, stored


@dataclass(frozen=True, kw_only=True)
class Version:
    """A registered version of a model."""

    model: str
    number: str
    run_id: str | None
    model_id: str | None
    tags: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Registry(Connection):
    """Registered models; a name or version that is not there is a `ServerError` that names it."""

    # -- versions -------------------------------------------------------------------------------------------------------

    def ensure_model(self, name: str) -> None:
        """Create the registered model if it is missing."""
        with self.answers() as client:
            try:
                client.get_registered_model(name)
            except refusals() as missing:
                if code_of(missing) != "RESOURCE_DOES_NOT_EXIST":
                    raise
                client.create_registered_model(name)

    def versions(self, name: str) -> tuple[Version, ...]:
        """Return all versions of a model, oldest first."""
        found: list[Any] = []
        with self.answers() as client:
            token = None
            while True:
                page = client.search_model_versions(f"name = {_quoted(name)}", page_token=token)
                found.extend(page)
                token = page.token
                if not token:
                    break
        return tuple(sorted(map(_version, found), key=lambda version: int(version.number)))

    def find_version(self, name: str, key: str) -> Version | None:
        """Return the oldest version with this key, None if there is none."""
        return next((version for version in self.versions(name) if version.tags.get(KEY_TAG) == key), None)

    def create_version(self, name: str, key: str, *, model_id: str, run_id: str, tags: Mapping[str, str], description: str) -> Version:
        """Register a logged model as a version, with its key, tags and description in one call."""
        with self.answers() as client:
            made = client.create_model_version(
                name, source=f"models:/{model_id}", run_id=run_id, tags={**stored(tags), KEY_TAG: key}, description=description, model_id=model_id
            )
        return _version(made)

    def version(self, name: str, number: str) -> Version:
        """Return one version."""
        return _version(self.stored_version(name, number))

    def stored_version(self, name: str, number: str) -> Any:
        """Return MLflow's own record of a version: what the server's store judges."""
        with self.answers(f"{name} v{number}") as client:
            return client.get_model_version(name, number)

    def download_uri(self, name: str, number: str) -> str:
        """Return where a version's files lie."""
        with self.answers(f"{name} v{number}") as client:
            return str(client.get_model_version_download_uri(name, number))

    def tag_version(self, name: str, number: str, tags: Mapping[str, str]) -> None:
        """Set tags of a version."""
        with self.answers(f"{name} v{number}") as client:
            for key, value in stored(tags).items():
                client.set_model_version_tag(name, number, key, value)

    def ask(self, name: str, number: str | None, key: str, value: str) -> None:
        """Set one tag of a version, or of the model, that speaks to the gate; its refusal is a `RefusedError` with its sentence."""
        with self.answers(name if number is None else f"{name} v{number}") as client:
            if number is None:
                client.set_registered_model_tag(name, key, value)
            else:
                client.set_model_version_tag(name, number, key, value)

    def answer(self, name: str, alias: str) -> str | None:
        """Ask a gated server the question that an alias stands for; None from one that takes it for an alias that is not there."""
        with self.answers(name) as client:
            try:
                found = client.get_model_version_by_alias(name, alias)
            except refusals() as missing:
                if code_of(missing) in {"RESOURCE_DOES_NOT_EXIST", "INVALID_PARAMETER_VALUE"}:
                    return None
                raise
        return dict(found.tags).get(ANSWER)

    def model_names(self) -> tuple[str, ...]:
        """Return the names of the first registered models."""
        with self.answers() as client:
            return tuple(found.name for found in client.search_registered_models())

    def standing(self, alias: str) -> dict[str, str]:
        """Return the names of all models that have the alias, each with the number of the version that it stands on."""
        found, token = dict[str, str](), None
        with self.answers() as client:
            while token is None or token:
                page = client.search_registered_models(page_token=token)
                found |= {model.name: str(model.aliases[alias]) for model in page if alias in model.aliases}
                token = page.token or ""
        return found

    def tagged_models(self, key: str) -> tuple[str, ...]:
        """Return the names of the models of which a version has the tag, sorted."""
        found, token = set[str](), None
        with self.answers() as client:
            while token is None or token:
                page = client.search_model_versions(f"tags.`{key}` LIKE '%'", page_token=token)
                found |= {version.name for version in page}
                token = page.token or ""
        return tuple(sorted(found))

    def version_page(self, version: Version) -> str | None:
        """The address of a version's page in the UI; None without a server."""
        return f"{self.page}/models/{quote(version.model, safe='')}/versions/{version.number}" if self.page else None

    # -- aliases --------------------------------------------------------------------------------------------------------

    def champion(self, name: str, alias: str) -> Version | None:
        """Return the version the alias points to, None if the model or the alias is not there."""
        with self.answers() as client:
            try:
                return _version(client.get_model_version_by_alias(name, alias))
            except refusals() as missing:
                if code_of(missing) in {"RESOURCE_DOES_NOT_EXIST", "INVALID_PARAMETER_VALUE"}:
                    return None
                raise

    def alias(self, name: str, alias: str) -> str | None:
        """Return the number of the version that an alias stands on, None if nowhere; the model must be there."""
        with self.answers(name) as client:
            found = client.get_registered_model(name).aliases.get(alias)
        return None if found is None else str(found)

    def aliases(self, name: str) -> tuple[str, ...]:
        """Return the aliases of a model."""
        with self.answers(name) as client:
            return tuple(client.get_registered_model(name).aliases)

    def move_alias(self, name: str, alias: str, number: str) -> None:
        """Ask for an alias to stand on a version; the gate's refusal is a `RefusedError` with its sentence."""
        with self.answers(f"{name} v{number}") as client:
            client.set_registered_model_alias(name, alias, number)


def _version(version: Any) -> Version:
    """The model's id is not always stored beside the version, but its source `models:/m-…` names it."""
    source = str(version.source or "")
    named = source.startswith("models:/m-") and source.count("/") == 1  # models:/m-name/3 is version 3 of a model called m-name
    model_id = version.model_id or (source.removeprefix("models:/") if named else None)
    return Version(model=version.name, number=str(version.version), run_id=version.run_id or None, model_id=model_id, tags=dict(version.tags))


def _quoted(name: str) -> str:
    """MLflow's filters know two quotes and no escape."""
    return f'"{name}"' if "'" in name else f"'{name}'"
