"""Where a model's protected pointers stand, read in the session that will move them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from keepfit.gate.history import pointers, unexplained
from keepfit.gate.rules import ModelRules
from keepfit.integrations.mlflow.store.asked import PointerMove, protects
from keepfit.integrations.mlflow.store.fails_closed import number_of
from keepfit.integrations.mlflow.store.sessions import Sessions
from keepfit.integrations.mlflow.store.stored import PROMPT_TAG, Stored
from keepfit.records import JournalRow

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

Kind = Literal["alias", "stage"]
BOTH: tuple[Kind, ...] = ("alias", "stage")


@dataclass(frozen=True, kw_only=True)
class Placed:
    """Where a model's pointers stand.

    All its aliases, which of them are protected, the versions in each protected stage (ascending), and when those versions were
    registered, in ms since 1970.
    """

    aliases: Mapping[str, str]
    protected: frozenset[str]
    stages: Mapping[str, tuple[str, ...]]
    created: Mapping[str, str]

    def pointed(self, kind: str, name: str) -> str | None:
        """Return the version that a pointer stands on; a stage's newest version is what MLflow serves."""
        return self.aliases.get(name) if kind == "alias" else next(reversed(self.stages.get(name, ())), None)

    def champion(self, move: PointerMove) -> str | None:
        """Return what the move replaces: the pointer's own version, else (it stands nowhere) another protected pointer's."""
        return self.replaced(move.kind, move.name, move.held)

    def replaced(self, kind: str, name: str, rules: ModelRules) -> str | None:
        """Return what a move of this pointer would replace."""
        held = (*(("alias", alias) for alias in rules.aliases), *(("stage", stage) for stage in rules.stages))
        found = (self.pointed(kind, name) for kind, name in ((kind, name), *held))
        return next((version for version in found if version is not None), None)

    def pointers(self) -> Iterator[tuple[str, str, str]]:
        """Yield (kind, name, version) of the protected pointers that stand somewhere."""
        yield from (("alias", alias, version) for alias, version in self.aliases.items() if alias in self.protected)
        yield from (("stage", stage, version) for stage, versions in self.stages.items() for version in versions)

    def standing(self) -> dict[str, tuple[str, ...]]:
        """Return which versions hold each protected pointer, by its name in words; the last is the newest, which is served."""
        aliases = {f"alias {alias}": (version,) for alias, version in self.aliases.items() if alias in self.protected}
        return aliases | {f"stage {stage}": versions for stage, versions in self.stages.items()}

    def strange(self, held: ModelRules, rows: Sequence[JournalRow]) -> Iterator[tuple[str, str]]:
        """Yield where the registry and its journal part, of the pointers that are protected now: the pointer and a sentence."""
        protected = held.pointers
        said = [row for row in rows if protected & set(pointers(row))]
        standing = {pointer: versions for pointer, versions in self.standing().items() if pointer in protected}
        return (found for found in unexplained(standing, said, created=self.created) if found[0] in protected)

    def partner(self, move: PointerMove) -> str | None:
        """Return the other pointer of the pair, if the move is of one and another version holds the other."""
        if move.target not in move.held.pair:
            return None
        standing = self.standing()
        others = (pointer for pointer in move.held.pair if pointer != move.target)
        return next((pointer for pointer in others if set(standing.get(pointer, ())) - {str(move.version)}), None)


@dataclass(frozen=True)
class Pointers:
    """Looks where pointers stand."""

    sessions: Sessions
    stored: Stored

    def placed(self, session: Session, model: str, held: ModelRules) -> Placed:
        """Look once where a model's aliases and protected stages stand; pointers on prompts are not protected."""
        aliases, protected, stages, created = {}, set(), dict[str, tuple[str, ...]](), {}
        for alias, version, at, mark in self._aliased(session, model):
            aliases[alias], created[str(version)] = str(version), str(at)
            if protects(held.aliases, alias) and (mark is None or not self.stored.is_prompt(session, model, version)):
                protected.add(alias)
        for stage, version, at in self._staged(session, model, held):
            stages[stage], created[str(version)] = (*stages.get(stage, ()), str(version)), str(at)
        return Placed(aliases=aliases, protected=frozenset(protected), stages=stages, created=created)

    def any_of(self, session: Session, model: str, held: ModelRules) -> str | None:
        """Return a sentence on a protected pointer of the model that stands somewhere, None if there is none."""
        found = next(self.placed(session, model, held).pointers(), None)
        return None if found is None else f"the protected {found[0]} {found[1]} stands on v{found[2]}"

    def on(self, session: Session, model: str, version: Any, held: ModelRules, *, kinds: Sequence[Kind] = BOTH) -> str | None:
        """Return a sentence on a protected pointer that stands on the version, None if there is none."""
        number = str(number_of(version))
        found = next((pointer for pointer in self.placed(session, model, held).pointers() if pointer[2] == number and pointer[0] in kinds), None)
        return None if found is None else f"the protected {found[0]} {found[1]} stands on v{number}: move it to another version instead"

    def _aliased(self, session: Session, model: str) -> Sequence[Any]:
        """Each alias with its version, when that was registered, and the mark of a prompt that the model may carry."""
        import sqlalchemy as sa
        from mlflow.store.model_registry.dbmodels.models import SqlModelVersion as Version
        from mlflow.store.model_registry.dbmodels.models import SqlRegisteredModelAlias as Alias
        from mlflow.store.model_registry.dbmodels.models import SqlRegisteredModelTag as Tag

        marked = sa.and_(Tag.workspace == Alias.workspace, Tag.name == Alias.name, Tag.key == PROMPT_TAG)
        same = sa.and_(Version.workspace == Alias.workspace, Version.name == Alias.name, Version.version == Alias.version)
        every: sa.Select[Any, Any, Any, Any] = sa.select(Alias.alias, Alias.version, Version.creation_time, Tag.value)
        joined = every.outerjoin(Version, same).outerjoin(Tag, marked)
        return session.execute(joined.where(Alias.workspace == self.sessions.workspace, Alias.name == model)).all()

    def _staged(self, session: Session, model: str, held: ModelRules) -> Sequence[Any]:
        """Each version in a protected stage, ascending, and when it was registered."""
        import sqlalchemy as sa
        from mlflow.store.model_registry.dbmodels.models import SqlModelVersion as Version

        every: sa.Select[Any, Any, Any] = sa.select(Version.current_stage, Version.version, Version.creation_time)
        mine = every.where(Version.workspace == self.sessions.workspace, Version.name == model, Version.current_stage.in_(held.stages))
        return session.execute(mine.order_by(Version.version)).all()
