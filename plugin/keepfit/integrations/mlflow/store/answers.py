"""What the gate answers to who asks and changes nothing: what it would say to a move, its journal's rows of a model, and the rules that hold for it.

A question arrives as an alias that is looked up; whoever may read the model may ask, and an answer leaves neither a row nor a tag.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from keepfit.gate.decide import demands
from keepfit.gate.questions import ANSWER, MOST_ROWS, Question, asked
from keepfit.gate.rules import GateRules, ModelRules
from keepfit.gate.waivers import waivable
from keepfit.integrations.mlflow.store.asked import Gate, PointerMove
from keepfit.integrations.mlflow.store.book import Book
from keepfit.integrations.mlflow.store.fails_closed import fails_closed
from keepfit.integrations.mlflow.store.judging import Judging
from keepfit.records import Explanation, ServedRules, Told, to_json

if TYPE_CHECKING:
    from mlflow.entities.model_registry import ModelVersion


@dataclass(frozen=True, kw_only=True)
class Answers:
    """Answers questions about protected models."""

    gate: Gate
    judging: Judging
    book: Book

    def to(self, model: str, alias: str) -> ModelVersion | None:
        """Return the answer, in a tag of a version that is none; None if nothing is asked of the gate, or of a model that it protects."""
        question = asked(alias) if isinstance(alias, str) and isinstance(model, str) else None
        if question is None:
            return None
        with fails_closed():
            rules = self.gate.rules()
            held = rules.of(model)
            if held is None or not held.pointers:
                return None
            if question.about == "rules":
                return _answer(model, to_json(ServedRules(rules=rules.digest, held=held.model_dump_json())))
            return _answer(model, self._explained(model, question, held, rules) if question.about == "explain" else self._told(model))

    def _explained(self, model: str, question: Question, held: ModelRules, rules: GateRules) -> str:
        """What would come of moving the first protected pointer to the version, judged as if it were asked for now."""
        kind, pointer = ("alias", held.aliases[0]) if held.aliases else ("stage", next(iter(held.stages), ""))
        move = PointerMove(kind=kind, name=pointer, model=model, version=int(question.version or 0), held=held, rules=rules)
        judged = self.judging.before(move, anew=True)
        assert judged.evidence is not None
        assert judged.verdict is not None
        evidence, standing, now = judged.evidence, judged.standing, self.gate.now()
        every, names = demands(evidence, standing, rules=rules, now=now), waivable(evidence, standing, held, now=now)
        return to_json(Explanation(verdict=judged.verdict, demands=every, asker=standing.requester, waivable=names))

    def _told(self, model: str) -> str:
        """The newest of the model's rows in this workspace, with the changes of rules between them."""
        rows = self.book.with_rules(model)
        return to_json(Told(rows=tuple(rows[-MOST_ROWS:]), older=max(len(rows) - MOST_ROWS, 0)))


def _answer(model: str, text: str) -> ModelVersion:
    from mlflow.entities.model_registry import ModelVersion, ModelVersionTag

    return ModelVersion(name=model, version="0", creation_timestamp=0, tags=[ModelVersionTag(ANSWER, text)])
