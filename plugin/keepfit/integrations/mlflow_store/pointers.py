"""Where a model's protected pointers stand, read in the session that will move them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from keepfit.gate.history import pointers, unexplained
from keepfit.gate.rules import ModelRules
from keepfit.integrations.mlflow_store.asked import Move, number_of, protects
from keepfit.records import JournalRow

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

PROMPT_TAG = "mlflow.prompt.is_prompt"
PROMPT_SOURCES = ("prompt-template", "dummy-source")  # what MLflow's store and its client put where a model would lie


class Pointers:
    """The inner store's private readers; `gate_store` has made sure that they are there."""

    _get_active_workspace: Any
    _get_query: Any
    _get_registered_model_alias: Any
    _get_registered_model_tag: Any

    def _pointed(self, session: Session, move: Move) -> str | None:
        """Return the version the move's own pointer stands on; a stage's newest version is what MLflow serves."""
        return self._alias_version(session, move.model, move.name) if move.kind == "alias" else self._stage_version(session, move.model, move.name)

    def _champion(self, session: Session, move: Move, pointed: str | None) -> str | None:
        """Return what the move replaces: the pointer's own version, else (it stands nowhere) another protected pointer's."""
        if pointed is not None:
            return pointed
        aliases = (self._alias_version(session, move.model, alias) for alias in move.held.aliases)
        stages = (self._stage_version(session, move.model, stage) for stage in move.held.stages)
        return next((version for version in (*aliases, *stages) if version is not None), None)

    def _alias_version(self, session: Session, model: str, alias: str) -> str | None:
        found = self._get_registered_model_alias(session, model, alias)
        return None if found is None else str(found.version)

    def _stage_version(self, session: Session, model: str, stage: str) -> str | None:
        import sqlalchemy as sa
        from mlflow.store.model_registry.dbmodels.models import SqlModelVersion as Version

        newest: sa.Select[Any] = sa.select(sa.func.max(Version.version)).where(
            Version.workspace == self._get_active_workspace(),
            Version.name == model,
            Version.current_stage == stage,
        )
        number = session.execute(newest).scalar()
        return None if number is None else str(number)

    def _pointers(self, session: Session, name: str, held: ModelRules) -> Iterator[tuple[str, str, str]]:
        """Yield (kind, name, version) of the protected pointers of a model that stand somewhere; those on prompts don't count."""
        from mlflow.store.model_registry.dbmodels.models import SqlModelVersion, SqlRegisteredModelAlias

        for row in self._get_query(session, SqlRegisteredModelAlias).filter(SqlRegisteredModelAlias.name == name):
            if protects(held.aliases, row.alias) and not self._is_prompt(session, name, row.version):
                yield "alias", row.alias, str(row.version)
        staged = self._get_query(session, SqlModelVersion).filter(SqlModelVersion.name == name)
        for row in staged.filter(SqlModelVersion.current_stage.in_(held.stages)):
            yield "stage", row.current_stage, str(row.version)

    def _standing_pointers(self, session: Session, name: str, held: ModelRules) -> dict[str, tuple[str, ...]]:
        """Return which versions hold each protected pointer, by its name in words; the last is the newest, which is served."""
        found: dict[str, list[str]] = {}
        for kind, pointer, version in self._pointers(session, name, held):
            found.setdefault(f"{kind} {pointer}", []).append(version)
        return {pointer: tuple(sorted(versions, key=int)) for pointer, versions in found.items()}

    def _strange(self, session: Session, name: str, held: ModelRules, rows: Sequence[JournalRow]) -> Iterator[tuple[str, str]]:
        """Yield where the registry and its journal part, of the pointers that are protected now: the pointer and a sentence."""
        protected = held.pointers
        said = [row for row in rows if protected & set(pointers(row))]
        standing = {pointer: versions for pointer, versions in self._standing_pointers(session, name, held).items() if pointer in protected}
        return (found for found in unexplained(standing, said) if found[0] in protected)

    def _partner(self, session: Session, move: Move) -> str | None:
        """Return the other pointer of the pair, if the move is of one and another version holds the other."""
        if move.target not in move.held.pair:
            return None
        standing = self._standing_pointers(session, move.model, move.held)
        others = (pointer for pointer in move.held.pair if pointer != move.target)
        return next((pointer for pointer in others if set(standing.get(pointer, ())) - {str(move.version)}), None)

    def _any_pointer(self, session: Session, name: str, held: ModelRules) -> str | None:
        found = next(self._pointers(session, name, held), None)
        return None if found is None else f"the protected {found[0]} {found[1]} stands on v{found[2]}"

    def _held_by(self, session: Session, name: str, version: Any, held: ModelRules, *, kinds: Sequence[str] = ("alias", "stage")) -> str | None:
        number = str(number_of(version))
        found = next((pointer for pointer in self._pointers(session, name, held) if pointer[2] == number and pointer[0] in kinds), None)
        return None if found is None else f"the protected {found[0]} {found[1]} stands on v{number}: move it to another version instead"

    def _is_prompt(self, session: Session, name: str, version: Any) -> bool:
        """Whether this version holds no model at all: made by MLflow's prompt verbs, in a model created as a prompt."""
        from mlflow.store.model_registry.dbmodels.models import SqlModelVersion

        if (self._model_tag(session, name, PROMPT_TAG) or "").lower() != "true":
            return False
        found = self._get_query(session, SqlModelVersion).filter(SqlModelVersion.name == name, SqlModelVersion.version == number_of(version)).first()
        return found is not None and found.source in PROMPT_SOURCES and found.storage_location in {None, *PROMPT_SOURCES} and not found.run_id

    def _model_tag(self, session: Session, name: str, key: str) -> str | None:
        found = self._get_registered_model_tag(session, name, key)
        return None if found is None else str(found.value)
