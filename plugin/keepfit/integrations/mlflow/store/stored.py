"""MLflow's rows of models and versions, read in a session of the gate's: all that it knows of MLflow's tables and private readers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from keepfit.integrations.mlflow.store.fails_closed import number_of

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

PROMPT_TAG = "mlflow.prompt.is_prompt"
PROMPT_SOURCES = ("prompt-template", "dummy-source")  # what MLflow's store and its client put where a model would lie
READERS = ("_get_query", "_get_sql_model_version", "_get_registered_model_alias", "_get_registered_model_tag", "_get_model_version_tag")


@dataclass(frozen=True)
class Stored:
    """What the inner store has stored; `gate_store` has made sure that its private readers are there."""

    store: Any

    # -- versions -----------------------------------------------------------------------------------------------------------

    def version(self, session: Session, model: str, version: int, *, eager: bool = False) -> Any:
        """Return MLflow's row of a version, with its tags if `eager`."""
        return self.store._get_sql_model_version(session, model, version, eager=eager)  # noqa: SLF001

    def version_tag(self, session: Session, model: str, version: int, key: str) -> Any:
        """Return MLflow's row of a version's tag, None if there is none."""
        return self.store._get_model_version_tag(session, model, version, key)  # noqa: SLF001

    def live(self, session: Session, model: str, numbers: Sequence[int]) -> Iterable[Any]:
        """Return the rows of the versions with these numbers that are not deleted."""
        from mlflow.entities.model_registry.model_version_stages import STAGE_DELETED_INTERNAL
        from mlflow.store.model_registry.dbmodels.models import SqlModelVersion as Version

        if not numbers:
            return ()
        there: Iterable[Any] = self._query(session, Version).filter(
            Version.name == model, Version.version.in_(numbers), Version.current_stage != STAGE_DELETED_INTERNAL
        )
        return there

    def tags(self, session: Session, model: str, numbers: Sequence[int], keys: Sequence[str]) -> Sequence[Any]:
        """Return the rows of these tags of these versions."""
        from mlflow.store.model_registry.dbmodels.models import SqlModelVersionTag as Tag

        found: Sequence[Any] = self._query(session, Tag).filter(Tag.name == model, Tag.key.in_(keys), Tag.version.in_(numbers)).all()
        return found

    def put_tags(self, session: Session, stored: Any, tags: Mapping[str, str]) -> None:
        """Set tags on a version's row: past the gate's own guard, and at a fifth of what as many of MLflow's calls cost."""
        from mlflow.store.model_registry.dbmodels.models import SqlModelVersionTag

        for key, value in tags.items():
            session.merge(SqlModelVersionTag(workspace=stored.workspace, name=stored.name, version=stored.version, key=key, value=value))

    # -- models -------------------------------------------------------------------------------------------------------------

    def is_there(self, session: Session, model: str) -> bool:
        """Whether there is such a model."""
        from mlflow.store.model_registry.dbmodels.models import SqlRegisteredModel

        return self._query(session, SqlRegisteredModel).filter(SqlRegisteredModel.name == model).first() is not None

    def alias(self, session: Session, model: str, alias: str) -> Any:
        """Return MLflow's row of an alias, None if there is none."""
        return self.store._get_registered_model_alias(session, model, alias)  # noqa: SLF001

    def model_tag(self, session: Session, model: str, key: str) -> str | None:
        """Return a model's tag, None if it has none."""
        found = self.store._get_registered_model_tag(session, model, key)  # noqa: SLF001
        return None if found is None else str(found.value)

    def tag_keys(self, session: Session, model: str) -> Iterable[str]:
        """Yield the keys of all tags of a model and its versions."""
        from mlflow.store.model_registry.dbmodels.models import SqlModelVersionTag, SqlRegisteredModelTag

        return (row.key for table in (SqlRegisteredModelTag, SqlModelVersionTag) for row in self._query(session, table).filter(table.name == model))

    def is_prompt(self, session: Session, model: str, version: Any) -> bool:
        """Whether this version holds no model at all: made by MLflow's prompt verbs, in a model created as a prompt."""
        from mlflow.store.model_registry.dbmodels.models import SqlModelVersion

        if (self.model_tag(session, model, PROMPT_TAG) or "").lower() != "true":
            return False
        found = self._query(session, SqlModelVersion).filter(SqlModelVersion.name == model, SqlModelVersion.version == number_of(version)).first()
        return found is not None and found.source in PROMPT_SOURCES and found.storage_location in {None, *PROMPT_SOURCES} and not found.run_id

    def _query(self, session: Session, table: Any) -> Any:
        return self.store._get_query(session, table)  # noqa: SLF001


def registration(stored: Any) -> tuple[Any, ...]:
    """What tells a version from another that was put under its name and number while it was judged."""
    return stored.creation_time, stored.source, stored.storage_location, stored.run_id
