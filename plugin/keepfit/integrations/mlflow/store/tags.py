"""Tags of protected models: which are the gate's own, which speak to it, and what a new version or a copy may bring along."""

from __future__ import annotations

import copy
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from keepfit.gate.names import canonical
from keepfit.gate.requests import PREFIX, REQUEST_MOVE, VERBS
from keepfit.gate.rules import ModelRules
from keepfit.integrations.mlflow.store.asked import APPROVE, REASON_TAG, REJECT, VERDICT_TAG, Gate, reserved
from keepfit.integrations.mlflow.store.fails_closed import fails_closed
from keepfit.integrations.mlflow.store.refusals import Refusals
from keepfit.integrations.mlflow.store.sessions import Sessions
from keepfit.integrations.mlflow.store.stored import PROMPT_TAG, Stored
from keepfit.report.verdict import without_verdict


@dataclass(frozen=True, kw_only=True)
class Tags:
    """Guards tags, and hears those that are meant for the gate."""

    gate: Gate
    sessions: Sessions
    stored: Stored
    refusals: Refusals

    def require_free(self, model: str, keys: Sequence[str], *, prompts: bool = False) -> None:
        """Refuse a reserved tag of a protected model and, with `prompts`, the mark of a prompt."""
        with fails_closed():
            touched = [key for key in keys if isinstance(key, str) and (reserved(key) or (prompts and key.strip() == PROMPT_TAG))]
            if not touched or not isinstance(model, str) or self.gate.rules().of(model) is None:
                return
            if reserved(touched[0]):
                self.refusals.refuse("KF-G005", model, None, f"the tag {touched[0]!r} is reserved for the gate")
            self.refusals.refuse("KF-G006", model, None, "whether a model is a prompt is said when it is created, and not changed")

    def listens(self, model: str, version: Any, key: object) -> ModelRules | None:
        """Return the rules if a tag with this key is for the gate: of a protected model that is no prompt."""
        if not speaks(key) or not isinstance(model, str):
            return None
        with fails_closed():
            held = self.gate.rules().of(model)
            if held is None or version is None:
                return held
            with self.sessions.read() as session:
                return None if self.stored.is_prompt(session, model, version) else held

    def signed_by_who_says_it(self, tag: Any) -> Any:
        """A reason may be used in the row of somebody else: it says whose it is."""
        from mlflow.entities.model_registry import ModelVersionTag

        return ModelVersionTag(tag.key, f"{self.gate.who()[0]}: {tag.value}")

    def mute(self, model: str, tags: Any) -> Any:
        """Leave out the tags that would speak to the gate; those of an unprotected model are as they were given."""
        with fails_closed():
            if not any(speaks(tag.key) for tag in tags or ()) or not isinstance(model, str) or self.gate.rules().of(model) is None:
                return tags
            return [tag for tag in tags if not speaks(tag.key)]

    def bare(self, model: str, given: dict[str, Any]) -> None:
        """What a new version brings along: no reserved tag; a copy (which a server makes by creating) shows no verdict on another."""
        with fails_closed():
            if not isinstance(model, str) or self.gate.rules().of(model) is None:
                return
            tags = [tag for tag in given["tags"] or () if not canonical(tag.key).startswith(VERDICT_TAG)]
            self.require_free(model, [tag.key for tag in tags])
            if given["tags"] is not None:
                given["tags"] = [tag for tag in tags if not speaks(tag.key)]
            if isinstance(given.get("description"), str):
                given["description"] = without_verdict(given["description"])

    def bare_copy(self, version: Any, model: str) -> Any:
        """Return the version as it may be copied to a model: neither reserved tags nor the verdict on the source go along."""
        bare = copy.copy(version)
        with fails_closed():
            if isinstance(model, str) and self.gate.rules().of(model) is not None:
                bare._tags = {key: value for key, value in version.tags.items() if not reserved(key)}  # noqa: SLF001
        return bare


def speaks(key: object) -> bool:
    """Whether a tag with this key is meant for the gate."""
    return isinstance(key, str) and (key in {APPROVE, REASON_TAG, REQUEST_MOVE, REJECT} or (key.startswith(PREFIX) and key.removeprefix(PREFIX) in VERBS))
