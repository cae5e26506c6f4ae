"""MLflow's own verbs, past the gate: what the gate itself does to pointers and tags once it has decided, in its open transaction."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

ARCHIVED = "Archived"


@dataclass(frozen=True)
class Stock:
    """The inner store's verbs, as they are without the gate."""

    verbs: Any

    def put(self, pointer: str, model: str, version: int) -> None:
        """Let a pointer (`alias champion`, `stage Production`) stand on a version; a stage holds that version alone then."""
        kind, _, name = pointer.partition(" ")
        if kind == "alias":
            self.verbs.set_registered_model_alias(model, name, version)
        else:
            self.verbs.transition_model_version_stage(model, version, name, True)

    def take_away(self, pointer: str, model: str, version: int) -> None:
        """Delete an alias, or archive the version that a stage holds."""
        kind, _, name = pointer.partition(" ")
        if kind == "alias":
            self.verbs.delete_registered_model_alias(model, name)
        else:
            self.verbs.transition_model_version_stage(model, version, ARCHIVED, False)

    def untag(self, model: str, version: int, key: str) -> None:
        """Delete a version's tag."""
        self.verbs.delete_model_version_tag(model, version, key)
