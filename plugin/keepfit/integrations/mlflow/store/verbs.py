"""MLflow's registry verbs, gated."""

from __future__ import annotations

import copy
import inspect
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from shlex import quote
from typing import TYPE_CHECKING, Any

from keepfit.gate.names import alike, canonical
from keepfit.gate.requests import PREFIX
from keepfit.gate.rules import ModelRules
from keepfit.integrations.mlflow.store.answering import Answering
from keepfit.integrations.mlflow.store.asked import APPROVE, REASON_TAG, VERDICT_TAG, Move, fails_closed, number_of, protects, reserved
from keepfit.integrations.mlflow.store.pointers import PROMPT_TAG
from keepfit.integrations.mlflow.store.spoken import speaks
from keepfit.report.verdict import without_verdict

if TYPE_CHECKING:
    from sqlalchemy.orm import Session


class GatedStore(Answering):
    """MLflow's registry verbs, gated. Verbs that are not here are the inner store's own."""

    # -- pointers ---------------------------------------------------------------------------------------------------------

    def set_registered_model_alias(self, name: str, alias: str, version: Any) -> None:
        """Set an alias; a protected one moves only with evidence."""
        stock = super().set_registered_model_alias  # type: ignore[misc]
        with fails_closed():
            move = self._alias_move(name, alias, version)
            if move is not None and self._set_on_prompt(move, partial(stock, name, alias, version)):
                return
        if move is None:
            stock(name, alias, version)
        else:
            self._moved(self._rightly_spelled(move), lambda: stock(name, alias, move.version), partial(self._follow, move))

    def delete_registered_model_alias(self, name: str, alias: str) -> None:
        """Delete an alias; a protected one is moved, never deleted."""

        def taken(session: Session, held: ModelRules) -> str | None:
            found = self._get_registered_model_alias(session, name, alias)
            protected = found is not None and found.alias in held.aliases and not self._is_prompt(session, name, found.version)
            return f"the protected alias {found.alias} stands on v{found.version}: move it to another version instead" if protected else None

        with self._untouched_pointers(name, taken):
            super().delete_registered_model_alias(name, alias)  # type: ignore[misc]

    def transition_model_version_stage(self, name: str, version: Any, stage: str, archive_existing_versions: bool) -> Any:
        """Move a version to a stage; a protected one is entered only with evidence, and then holds that version alone."""
        with fails_closed():
            move = self._stage_move(name, version, stage)
        if move is not None:
            stock = super().transition_model_version_stage  # type: ignore[misc]
            return self._moved(move, lambda: stock(name, move.version, move.name, True), partial(self._follow, move))

        def taken(session: Session, held: ModelRules) -> str | None:
            return self._held_by(session, name, version, held, kinds=("stage",))

        with self._untouched_pointers(name, taken):
            return super().transition_model_version_stage(name, version, stage, archive_existing_versions)  # type: ignore[misc]

    def _follow(self, move: Move, pointer: str) -> None:
        """Put the pair's other pointer on the version too, inside the move's transaction."""
        kind, _, name = pointer.partition(" ")
        if kind == "alias":
            super().set_registered_model_alias(move.model, name, move.version)  # type: ignore[misc]
        else:
            super().transition_model_version_stage(move.model, move.version, name, True)  # type: ignore[misc]

    # -- what would take a pointer away or along --------------------------------------------------------------------------

    def delete_model_version(self, name: str, version: Any) -> None:
        """Delete a version; not one behind a protected pointer."""

        def taken(session: Session, held: ModelRules) -> str | None:
            return self._held_by(session, name, version, held)

        with self._untouched_pointers(name, taken):
            super().delete_model_version(name, version)  # type: ignore[misc]

    def delete_registered_model(self, name: str) -> None:
        """Delete a model; not one with a protected pointer."""
        with self._untouched_pointers(name, lambda session, held: self._any_pointer(session, name, held)):
            super().delete_registered_model(name)  # type: ignore[misc]

    def rename_registered_model(self, name: str, new_name: str) -> Any:
        """Rename a model; no protected pointer goes along, and none arrives under a protected name.

        What arrives is seen after the renaming, in its transaction: before it, it could still be set.
        """
        with fails_closed():
            arriving = self._keepfit_gate.rules().of(new_name) if isinstance(new_name, str) else None
        stock = super().rename_registered_model  # type: ignore[misc]
        problem = None
        with self._untouched_pointers(name, lambda session, held: self._any_pointer(session, name, held)):
            if arriving is None:
                return stock(name, new_name)
            with self._transaction() as session:
                renamed = stock(name, new_name)
                with fails_closed():
                    problem = self._arrives(session, name, new_name, arriving)
                if problem is not None:
                    session.rollback()
        if problem is not None:
            said = f"renaming {name} to the protected name {new_name} would bring along: {problem}; take it away before you rename"
            self._refuse_plainly("KF-G004", name, None, said)
        return renamed

    # -- tags -------------------------------------------------------------------------------------------------------------

    def set_registered_model_tag(self, name: str, tag: Any) -> None:
        """Set a tag; the reserved ones and the mark of a prompt only by who may; a request to retire is carried out."""
        self._tags_allowed(name, [tag.key], prompts=True)
        held = self._listens(name, None, tag.key)
        if held is None or tag.key != f"{PREFIX}retire":
            super().set_registered_model_tag(name, tag)  # type: ignore[misc]
            return
        with fails_closed():
            self._carry_out("retire", name, None, str(tag.value), held)

    def delete_registered_model_tag(self, name: str, key: str) -> None:
        """Delete a tag; the reserved ones and the mark of a prompt stay."""
        self._tags_allowed(name, [key], prompts=True)
        super().delete_registered_model_tag(name, key)  # type: ignore[misc]

    def set_model_version_tag(self, name: str, version: Any, tag: Any) -> None:
        """Set a version's tag; not a reserved one. An approval is written down, a request carried out."""
        self._tags_allowed(name, [tag.key])
        held = self._listens(name, version, tag.key)
        stock = super().set_model_version_tag  # type: ignore[misc]
        if held is None:
            stock(name, version, tag)
            return
        with fails_closed():
            if tag.key == REASON_TAG:
                stock(name, version, self._signed_by_who_says_it(tag))
            elif tag.key == APPROVE:
                self._approval(name, number_of(version), tag.value, held, lambda: stock(name, version, tag))
            else:
                self._carry_out(tag.key.removeprefix(PREFIX), name, number_of(version), str(tag.value), held)

    def _signed_by_who_says_it(self, tag: Any) -> Any:
        """A reason may be used in the row of somebody else: it says whose it is."""
        from mlflow.entities.model_registry import ModelVersionTag

        return ModelVersionTag(tag.key, f"{self._keepfit_gate.who()[0]}: {tag.value}")

    def delete_model_version_tag(self, name: str, version: Any, key: str) -> None:
        """Delete a version's tag; not a reserved one. With the tag approve the approvals of the one who deletes it end."""
        self._tags_allowed(name, [key])
        stock = super().delete_model_version_tag  # type: ignore[misc]
        if key != APPROVE or self._listens(name, version, key) is None:
            stock(name, version, key)
            return
        with fails_closed():
            self._withdraw(name, number_of(version), lambda: stock(name, version, key))

    def create_registered_model(self, name: str, tags: Any = None, *arguments: Any, **named: Any) -> Any:
        """Create a model; its tags are not reserved ones, and none speaks to the gate."""
        self._tags_allowed(name, [tag.key for tag in tags or ()])
        return super().create_registered_model(name, self._mute(name, tags), *arguments, **named)  # type: ignore[misc]

    def create_model_version(self, name: str, source: str, run_id: str | None = None, tags: Any = None, *arguments: Any, **named: Any) -> Any:
        """Create a version; its tags are not reserved ones, and none speaks to the gate (nobody has looked at it yet).

        It rolls back in its own retries, so it never joins our transaction.
        """
        bound = inspect.signature(super().create_model_version).bind(name, source, run_id, tags, *arguments, **named)  # type: ignore[misc]
        with fails_closed():
            if isinstance(name, str) and self._keepfit_gate.rules().of(name) is not None:
                self._bare(name, bound.arguments)
        return super().create_model_version(*bound.args, **bound.kwargs)  # type: ignore[misc]

    def _bare(self, name: str, given: dict[str, Any]) -> None:
        """What a new version brings along: no reserved tag; a copy (which a server makes by creating) shows no verdict on another."""
        tags = [tag for tag in given["tags"] or () if not canonical(tag.key).startswith(VERDICT_TAG)]
        self._tags_allowed(name, [tag.key for tag in tags])
        if given["tags"] is not None:
            given["tags"] = [tag for tag in tags if not speaks(tag.key)]
        if isinstance(given.get("description"), str):
            given["description"] = without_verdict(given["description"])

    def copy_model_version(self, src_mv: Any, dst_name: str) -> Any:
        """Copy a version to another model: neither reserved tags nor the verdict on the source go along, and aliases never do."""
        bare = copy.copy(src_mv)
        with fails_closed():
            if isinstance(dst_name, str) and self._keepfit_gate.rules().of(dst_name) is not None:
                bare._tags = {key: value for key, value in src_mv.tags.items() if not reserved(key)}  # noqa: SLF001
        return super().copy_model_version(bare, dst_name)  # type: ignore[misc]

    def _listens(self, name: str, version: Any, key: object) -> ModelRules | None:
        """Return the rules if a tag with this key is for the gate: of a protected model that is no prompt."""
        if not speaks(key) or not isinstance(name, str):
            return None
        with fails_closed():
            held = self._keepfit_gate.rules().of(name)
            if held is None or version is None:
                return held
            with self._read() as session:
                return None if self._is_prompt(session, name, version) else held

    def _mute(self, name: str, tags: Any) -> Any:
        """Leave out the tags that would speak to the gate; those of an unprotected model are as they were given."""
        with fails_closed():
            if not any(speaks(tag.key) for tag in tags or ()) or not isinstance(name, str) or self._keepfit_gate.rules().of(name) is None:
                return tags
            return [tag for tag in tags if not speaks(tag.key)]

    # -- is it asked at all? ------------------------------------------------------------------------------------------------

    def _alias_move(self, name: str, alias: str, version: Any) -> Move | None:
        rules = self._keepfit_gate.rules()
        held = rules.of(name) if isinstance(name, str) and isinstance(alias, str) else None
        if held is None or not protects(held.aliases, alias):
            return None
        return Move(kind="alias", name=alias, model=name, version=number_of(version), held=held, rules=rules)

    def _set_on_prompt(self, move: Move, act: Callable[[], None]) -> bool:
        """Set a prompt's alias, which nobody judges; whether it is one is seen again under the lock: a model may have taken its name."""
        with self._read() as session:
            if not self._is_prompt(session, move.model, move.version):
                return False
        with self._locked(move.model) as session:
            prompt = self._is_prompt(session, move.model, move.version)
            if prompt:
                act()
        return prompt

    def _rightly_spelled(self, move: Move) -> Move:
        if move.name not in move.held.aliases:
            meant = next(alias for alias in move.held.aliases if alike(move.name, alias))
            said = f"the alias {move.name!r} looks like the protected {meant!r}: use that spelling"
            self._refuse_plainly("KF-G003", move.model, move.version, said)
        return move

    def _stage_move(self, name: str, version: Any, stage: str) -> Move | None:
        from mlflow.entities.model_registry.model_version_stages import get_canonical_stage

        rules = self._keepfit_gate.rules()
        held = rules.of(name) if isinstance(name, str) and isinstance(stage, str) else None
        if held is None:
            return None
        wanted = get_canonical_stage(stage)
        return Move(kind="stage", name=wanted, model=name, version=number_of(version), held=held, rules=rules) if wanted in held.stages else None

    # -- refused without evidence ------------------------------------------------------------------------------------------

    @contextmanager
    def _untouched_pointers(self, name: str, taken: Callable[[Session, ModelRules], str | None]) -> Iterator[None]:
        """Run a verb of a protected model under its lock, unless `taken` says which protected pointer it would take."""
        with fails_closed():
            held = self._keepfit_gate.rules().of(name) if isinstance(name, str) else None
        if held is None:
            yield
            return
        problem = None
        with self._locked(name) as session:
            with fails_closed():
                problem = taken(session, held)
            if problem is None:
                yield
        if problem is not None:
            self._refuse_plainly("KF-G004", name, None, f"{problem}{_way_out(name, problem)} (model {name})")

    def _arrives(self, session: Session, name: str, new_name: str, arriving: ModelRules) -> str | None:
        """What has come along under the new name and may not."""
        free = self._keepfit_gate.rules().of(name) is None
        return self._any_pointer(session, new_name, arriving) or (self._disguise(session, new_name) if free else None)

    def _disguise(self, session: Session, name: str) -> str | None:
        """What a model of a free name may carry and one of a protected name may not: the mark of a prompt, reserved tags."""
        from mlflow.store.model_registry.dbmodels.models import SqlModelVersionTag, SqlRegisteredModelTag

        if self._model_tag(session, name, PROMPT_TAG) is not None:
            return "a model marked as a prompt"
        keys = (row.key for table in (SqlRegisteredModelTag, SqlModelVersionTag) for row in self._get_query(session, table).filter(table.name == name))
        found = next((key for key in keys if reserved(key)), None)
        return None if found is None else f"the tag {found[:40]!r}, which is reserved for the gate"

    def _tags_allowed(self, name: str, keys: Sequence[str], *, prompts: bool = False) -> None:
        with fails_closed():
            touched = [key for key in keys if isinstance(key, str) and (reserved(key) or (prompts and key.strip() == PROMPT_TAG))]
            if not touched or not isinstance(name, str) or self._keepfit_gate.rules().of(name) is None:
                return
            if reserved(touched[0]):
                self._refuse_plainly("KF-G005", name, None, f"the tag {touched[0]!r} is reserved for the gate")
            self._refuse_plainly("KF-G006", name, None, "whether a model is a prompt is said when it is created, and not changed")


def _way_out(name: str, problem: str) -> str:
    """How a model gives up the protected pointers that are in the way."""
    return f"; keepfit retire {quote(name)} --reason … gives it up" if "stands on" in problem else ""
