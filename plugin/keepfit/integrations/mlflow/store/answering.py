"""What the gate answers to who asks and changes nothing: what it would say to a move, and its journal's rows of a model.

A question arrives as an alias that is looked up; whoever may read the model may ask, and an answer leaves neither a row nor a tag.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from keepfit.gate.decide import demands
from keepfit.gate.history import DEFAULT_WORKSPACE, EVERY_MODEL, with_changes
from keepfit.gate.questions import ANSWER, MOST_ROWS, Question, asked
from keepfit.gate.rules import GateRules, ModelRules
from keepfit.gate.waivers import waivable
from keepfit.integrations.mlflow.store.asked import Move, fails_closed
from keepfit.integrations.mlflow.store.spoken import Spoken
from keepfit.records import Explanation, Told, to_json

if TYPE_CHECKING:
    from mlflow.entities.model_registry import ModelVersion


class Answering(Spoken):
    """Questions about protected models; every other alias is the inner store's."""

    def get_model_version_by_alias(self, name: str, alias: str) -> Any:
        """Look an alias up; one that is a question about a protected model is answered in a tag of the version that is returned."""
        question = asked(alias) if isinstance(alias, str) and isinstance(name, str) else None
        if question is not None:
            with fails_closed():
                rules = self._keepfit_gate.rules()
                held = rules.of(name)
                if held is not None and held.pointers:
                    return _answer(name, self._explained(name, question, held, rules) if question.about == "explain" else self._told(name))
        return super().get_model_version_by_alias(name, alias)  # type: ignore[misc]

    def _explained(self, name: str, question: Question, held: ModelRules, rules: GateRules) -> str:
        """What would come of moving the first protected pointer to the version, judged as if it were asked for now."""
        kind, pointer = ("alias", held.aliases[0]) if held.aliases else ("stage", next(iter(held.stages), ""))
        move = Move(kind=kind, name=pointer, model=name, version=int(question.version or 0), held=held, rules=rules)
        judged = self._judged(move, anew=True)
        assert judged.evidence is not None
        assert judged.verdict is not None
        evidence, standing, now = judged.evidence, judged.standing, self._keepfit_gate.now()
        every, names = demands(evidence, standing, rules=rules, now=now), waivable(evidence, standing, held, now=now)
        return to_json(Explanation(verdict=judged.verdict, demands=every, asker=standing.requester, waivable=names))

    def _told(self, name: str) -> str:
        """The newest of the model's rows in this workspace, with the changes of rules between them."""
        mine = self._known(name)
        with self._read() as session:
            rows = with_changes(mine, self._keepfit_gate.journal.rows(session, EVERY_MODEL, workspace=DEFAULT_WORKSPACE))
        return to_json(Told(rows=tuple(rows[-MOST_ROWS:]), older=max(len(rows) - MOST_ROWS, 0)))


def _answer(name: str, text: str) -> ModelVersion:
    from mlflow.entities.model_registry import ModelVersion, ModelVersionTag

    return ModelVersion(name=name, version="0", creation_timestamp=0, tags=[ModelVersionTag(ANSWER, text)])
