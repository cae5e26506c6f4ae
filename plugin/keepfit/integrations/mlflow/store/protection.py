"""What is protected: which verbs ask for a protected pointer to move, and which would take one away or along."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from shlex import quote
from typing import TYPE_CHECKING, Any

from keepfit.gate.names import alike
from keepfit.gate.rules import ModelRules
from keepfit.integrations.mlflow.store.asked import Gate, PointerMove, protects, reserved
from keepfit.integrations.mlflow.store.fails_closed import fails_closed, number_of
from keepfit.integrations.mlflow.store.pointers import Pointers
from keepfit.integrations.mlflow.store.refusals import Refusals
from keepfit.integrations.mlflow.store.sessions import Sessions
from keepfit.integrations.mlflow.store.stored import PROMPT_TAG, Stored

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

Taken = Callable[["Session", ModelRules], str | None]
"""Says which protected pointer a verb would take, None if it takes none; asked under the model's lock."""


@dataclass(frozen=True, kw_only=True)
class Protection:
    """Knows by the rules of now what is protected."""

    gate: Gate
    sessions: Sessions
    stored: Stored
    pointers: Pointers
    refusals: Refusals

    def of(self, model: Any) -> ModelRules | None:
        """Return the rules of a protected model; what is no name is MLflow's to refuse."""
        return self.gate.rules().of(model) if isinstance(model, str) else None

    # -- moves --------------------------------------------------------------------------------------------------------------

    def alias_move(self, model: str, alias: str, version: Any) -> PointerMove | None:
        """Return the move that setting this alias would be, None if it is not protected."""
        rules = self.gate.rules()
        held = rules.of(model) if isinstance(model, str) and isinstance(alias, str) else None
        if held is None or not protects(held.aliases, alias):
            return None
        return PointerMove(kind="alias", name=alias, model=model, version=number_of(version), held=held, rules=rules)

    def stage_move(self, model: str, version: Any, stage: str) -> PointerMove | None:
        """Return the move that entering this stage would be, None if it is not protected."""
        from mlflow.entities.model_registry.model_version_stages import get_canonical_stage

        rules = self.gate.rules()
        held = rules.of(model) if isinstance(model, str) and isinstance(stage, str) else None
        if held is None:
            return None
        wanted = get_canonical_stage(stage)
        return PointerMove(kind="stage", name=wanted, model=model, version=number_of(version), held=held, rules=rules) if wanted in held.stages else None

    def rightly_spelled(self, move: PointerMove) -> PointerMove:
        """Return the move, or refuse one of an alias that only looks like a protected one."""
        if move.name not in move.held.aliases:
            meant = next(alias for alias in move.held.aliases if alike(move.name, alias))
            said = f"the alias {move.name!r} looks like the protected {meant!r}: use that spelling"
            self.refusals.refuse("KF-G003", move.model, move.version, said)
        return move

    def set_on_prompt(self, move: PointerMove, act: Callable[[], None]) -> bool:
        """Set a prompt's alias, which nobody judges; whether it is one is seen again under the lock: a model may have taken its name."""
        with self.sessions.read() as session:
            if not self.stored.is_prompt(session, move.model, move.version):
                return False
        with self.sessions.locked(move.model) as session:
            prompt = self.stored.is_prompt(session, move.model, move.version)
            if prompt:
                act()
        return prompt

    # -- what would take a pointer away or along ----------------------------------------------------------------------------

    @contextmanager
    def untouched(self, model: str, taken: Taken) -> Iterator[None]:
        """Run a verb of a protected model under its lock, unless `taken` says which protected pointer it would take."""
        with fails_closed():
            held = self.of(model)
        if held is None:
            yield
            return
        problem = None
        with self.sessions.locked(model) as session:
            with fails_closed():
                problem = taken(session, held)
            if problem is None:
                yield
        if problem is not None:
            self.refusals.refuse("KF-G004", model, None, f"{problem}{_way_out(model, problem)} (model {model})")

    def alias_taken(self, model: str, alias: str) -> Taken:
        """Deleting an alias takes a protected one."""

        def taken(session: Session, held: ModelRules) -> str | None:
            found = self.stored.alias(session, model, alias)
            protected = found is not None and found.alias in held.aliases and not self.stored.is_prompt(session, model, found.version)
            return f"the protected alias {found.alias} stands on v{found.version}: move it to another version instead" if protected else None

        return taken

    def stage_taken(self, model: str, version: Any) -> Taken:
        """Moving a version elsewhere takes a stage that it holds."""

        def taken(session: Session, held: ModelRules) -> str | None:
            return self.pointers.on(session, model, version, held, kinds=("stage",))

        return taken

    def version_taken(self, model: str, version: Any) -> Taken:
        """Deleting a version takes whatever stands on it."""

        def taken(session: Session, held: ModelRules) -> str | None:
            return self.pointers.on(session, model, version, held)

        return taken

    def model_taken(self, model: str) -> Taken:
        """Deleting a model, or giving it another name, takes all its pointers."""

        def taken(session: Session, held: ModelRules) -> str | None:
            return self.pointers.any_of(session, model, held)

        return taken

    # -- a name that is taken -----------------------------------------------------------------------------------------------

    def renamed(self, model: str, new_name: str, rename: Callable[[], Any]) -> Any:
        """Rename a model by `rename`; no protected pointer goes along, and none arrives under a protected name.

        What arrives is seen after the renaming, in its transaction: before it, it could still be set.
        """
        with fails_closed():
            arriving = self.of(new_name)
        problem = None
        with self.untouched(model, self.model_taken(model)):
            if arriving is None:
                return rename()
            with self.sessions.transaction() as session:
                renamed = rename()
                with fails_closed():
                    problem = self._arrives(session, model, new_name, arriving)
                if problem is not None:
                    session.rollback()
        if problem is not None:
            said = f"renaming {model} to the protected name {new_name} would bring along: {problem}; take it away before you rename"
            self.refusals.refuse("KF-G004", model, None, said)
        return renamed

    def _arrives(self, session: Session, model: str, new_name: str, arriving: ModelRules) -> str | None:
        """What has come along under the new name and may not."""
        free = self.gate.rules().of(model) is None
        return self.pointers.any_of(session, new_name, arriving) or (self._disguise(session, new_name) if free else None)

    def _disguise(self, session: Session, model: str) -> str | None:
        """What a model of a free name may carry and one of a protected name may not: the mark of a prompt, reserved tags."""
        if self.stored.model_tag(session, model, PROMPT_TAG) is not None:
            return "a model marked as a prompt"
        found = next((key for key in self.stored.tag_keys(session, model) if reserved(key)), None)
        return None if found is None else f"the tag {found[:40]!r}, which is reserved for the gate"


def _way_out(model: str, problem: str) -> str:
    """How a model gives up the protected pointers that are in the way."""
    return f"; keepfit retire {quote(model)} --reason … gives it up" if "stands on" in problem else ""
