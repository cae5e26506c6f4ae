"""MLflow's registry verbs, gated: the one class in front of MLflow's, so that every internal call of a verb is gated too."""

from __future__ import annotations

import inspect
from functools import partial
from typing import Any

from keepfit.gate.requests import PREFIX, REQUEST_MOVE
from keepfit.integrations.mlflow.store.asked import APPROVE, REASON_TAG, REJECT, Gate
from keepfit.integrations.mlflow.store.book import Known
from keepfit.integrations.mlflow.store.fails_closed import fails_closed, number_of
from keepfit.integrations.mlflow.store.parts import Parts, put_together


class GatedStore:
    """MLflow's registry verbs, gated. Verbs that are not here are the inner store's own."""

    _keepfit: Parts

    @property
    def _keepfit_gate(self) -> Gate:
        """What the store was handed."""
        return self._keepfit.gate

    @_keepfit_gate.setter
    def _keepfit_gate(self, gate: Gate) -> None:
        known = self._keepfit.known if hasattr(self, "_keepfit") else Known()
        self._keepfit = put_together(self, super(), gate, known)

    # -- pointers ---------------------------------------------------------------------------------------------------------

    def set_registered_model_alias(self, name: str, alias: str, version: Any) -> None:
        """Set an alias; a protected one moves only with evidence."""
        stock, protection = super().set_registered_model_alias, self._keepfit.protection  # type: ignore[misc]
        with fails_closed():
            move = protection.alias_move(name, alias, version)
            if move is not None and protection.set_on_prompt(move, partial(stock, name, alias, version)):
                return
        if move is None:
            stock(name, alias, version)
        else:
            self._keepfit.promotion.moves(protection.rightly_spelled(move), lambda: stock(name, alias, move.version))

    def delete_registered_model_alias(self, name: str, alias: str) -> None:
        """Delete an alias; a protected one is moved, never deleted."""
        with self._keepfit.protection.untouched(name, self._keepfit.protection.alias_taken(name, alias)):
            super().delete_registered_model_alias(name, alias)  # type: ignore[misc]

    def transition_model_version_stage(self, name: str, version: Any, stage: str, archive_existing_versions: bool) -> Any:
        """Move a version to a stage; a protected one is entered only with evidence, and then holds that version alone."""
        stock, protection = super().transition_model_version_stage, self._keepfit.protection  # type: ignore[misc]
        with fails_closed():
            move = protection.stage_move(name, version, stage)
        if move is not None:
            return self._keepfit.promotion.moves(move, lambda: stock(name, move.version, move.name, True))
        with protection.untouched(name, protection.stage_taken(name, version)):
            return stock(name, version, stage, archive_existing_versions)

    def get_model_version_by_alias(self, name: str, alias: str) -> Any:
        """Look an alias up; one that is a question about a protected model is answered in a tag of the version that is returned."""
        answer = self._keepfit.answers.to(name, alias)
        return super().get_model_version_by_alias(name, alias) if answer is None else answer  # type: ignore[misc]

    # -- what would take a pointer away or along --------------------------------------------------------------------------

    def delete_model_version(self, name: str, version: Any) -> None:
        """Delete a version; not one behind a protected pointer."""
        with self._keepfit.protection.untouched(name, self._keepfit.protection.version_taken(name, version)):
            super().delete_model_version(name, version)  # type: ignore[misc]

    def delete_registered_model(self, name: str) -> None:
        """Delete a model; not one with a protected pointer."""
        with self._keepfit.protection.untouched(name, self._keepfit.protection.model_taken(name)):
            super().delete_registered_model(name)  # type: ignore[misc]

    def rename_registered_model(self, name: str, new_name: str) -> Any:
        """Rename a model; no protected pointer goes along, and none arrives under a protected name."""
        return self._keepfit.protection.renamed(name, new_name, partial(super().rename_registered_model, name, new_name))  # type: ignore[misc]

    # -- tags -------------------------------------------------------------------------------------------------------------

    def set_registered_model_tag(self, name: str, tag: Any) -> None:
        """Set a tag; the reserved ones and the mark of a prompt only by who may; a request to retire is carried out."""
        self._keepfit.tags.require_free(name, [tag.key], prompts=True)
        held = self._keepfit.tags.listens(name, None, tag.key)
        if held is None or tag.key != f"{PREFIX}retire":
            super().set_registered_model_tag(name, tag)  # type: ignore[misc]
            return
        with fails_closed():
            self._keepfit.requests.carry_out("retire", name, None, str(tag.value), held)

    def delete_registered_model_tag(self, name: str, key: str) -> None:
        """Delete a tag; the reserved ones and the mark of a prompt stay."""
        self._keepfit.tags.require_free(name, [key], prompts=True)
        super().delete_registered_model_tag(name, key)  # type: ignore[misc]

    def set_model_version_tag(self, name: str, version: Any, tag: Any) -> None:
        """Set a version's tag; not a reserved one. An approval, a request to move a pointer or its rejection is written down, a signed request carried out."""
        self._keepfit.tags.require_free(name, [tag.key])
        held = self._keepfit.tags.listens(name, version, tag.key)
        stock = super().set_model_version_tag  # type: ignore[misc]
        if held is None:
            stock(name, version, tag)
            return
        with fails_closed():
            if tag.key == REASON_TAG:
                stock(name, version, self._keepfit.tags.signed_by_who_says_it(tag))
            elif tag.key == APPROVE:
                self._keepfit.approvals.say(name, number_of(version), tag.value, held, lambda: stock(name, version, tag))
            elif tag.key == REQUEST_MOVE:
                self._keepfit.move_requests.say(name, number_of(version), tag.value, held, lambda: stock(name, version, tag))
            elif tag.key == REJECT:
                signed = self._keepfit.tags.signed_by_who_says_it(tag)
                self._keepfit.move_requests.reject(name, number_of(version), tag.value, held, lambda: stock(name, version, signed))
            else:
                self._keepfit.requests.carry_out(tag.key.removeprefix(PREFIX), name, number_of(version), str(tag.value), held)

    def delete_model_version_tag(self, name: str, version: Any, key: str) -> None:
        """Delete a version's tag; not a reserved one. With the tag approve the approvals of the one who deletes it end, with request-move the own request."""
        self._keepfit.tags.require_free(name, [key])
        stock = super().delete_model_version_tag  # type: ignore[misc]
        held = self._keepfit.tags.listens(name, version, key) if key in {APPROVE, REQUEST_MOVE} else None
        if held is None:
            stock(name, version, key)
            return
        with fails_closed():
            act = partial(stock, name, version, key)
            if key == APPROVE:
                self._keepfit.approvals.withdraw(name, number_of(version), act)
            else:
                self._keepfit.move_requests.withdraw(name, number_of(version), held, act)

    # -- what is made -----------------------------------------------------------------------------------------------------

    def create_registered_model(self, name: str, tags: Any = None, *arguments: Any, **named: Any) -> Any:
        """Create a model; its tags are not reserved ones, and none speaks to the gate."""
        self._keepfit.tags.require_free(name, [tag.key for tag in tags or ()])
        return super().create_registered_model(name, self._keepfit.tags.mute(name, tags), *arguments, **named)  # type: ignore[misc]

    def create_model_version(self, name: str, source: str, run_id: str | None = None, tags: Any = None, *arguments: Any, **named: Any) -> Any:
        """Create a version; its tags are not reserved ones, and none speaks to the gate (nobody has looked at it yet).

        It rolls back in its own retries, so it never joins our transaction.
        """
        bound = inspect.signature(super().create_model_version).bind(name, source, run_id, tags, *arguments, **named)  # type: ignore[misc]
        self._keepfit.tags.bare(name, bound.arguments)
        return super().create_model_version(*bound.args, **bound.kwargs)  # type: ignore[misc]

    def copy_model_version(self, src_mv: Any, dst_name: str) -> Any:
        """Copy a version to another model: neither reserved tags nor the verdict on the source go along, and aliases never do."""
        return super().copy_model_version(self._keepfit.tags.bare_copy(src_mv, dst_name), dst_name)  # type: ignore[misc]
