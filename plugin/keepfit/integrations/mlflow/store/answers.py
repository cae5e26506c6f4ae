"""What the gate answers to who asks and changes nothing: what it would say to a move, its journal's rows of a model, the rules that hold for it, its requests.

A question arrives as an alias that is looked up; whoever may read the model may ask, and an answer leaves neither a row nor a tag.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from keepfit.gate.approvals import counted
from keepfit.gate.counted import counted_attempts
from keepfit.gate.decide import demands
from keepfit.gate.movers import NOT_A_MOVER
from keepfit.gate.pending import REASON, MoveRequest, open_requests
from keepfit.gate.questions import ANSWER, MOST_REQUESTS, MOST_ROWS, Question, asked
from keepfit.gate.reasons import blocking
from keepfit.gate.rules import GateRules, ModelRules
from keepfit.gate.standing import standing
from keepfit.gate.waivers import waivable
from keepfit.integrations.mlflow.store.asked import Gate, PointerMove
from keepfit.integrations.mlflow.store.book import Book
from keepfit.integrations.mlflow.store.fails_closed import fails_closed
from keepfit.integrations.mlflow.store.judging import Judging
from keepfit.records import Attempts, Explanation, PendingRequest, PendingRequests, ServedRules, Told, to_json

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
            if question.about == "requests":
                return _answer(model, self._requested(model, held, rules))
            if question.about == "explain":
                return _answer(model, self._explained(model, question, held, rules))
            return _answer(model, self._told(model) if question.about == "history" else self._counted(model))

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

    def _requested(self, model: str, held: ModelRules, rules: GateRules) -> str:
        """The newest open requests, each judged as if now somebody moved the pointer who may; of versions that are there still."""
        every = open_requests(self.book.known(model))
        found = tuple(self._open(model, one, held, rules) for one in every[-MOST_REQUESTS:])
        return to_json(PendingRequests(requests=tuple(one for one in found if one is not None), older=max(len(every) - MOST_REQUESTS, 0)))

    def _open(self, model: str, request: MoveRequest, held: ModelRules, rules: GateRules) -> PendingRequest | None:
        """What the gate would say to the move that is requested: approvals are counted without the one who requested it."""
        from mlflow.exceptions import MlflowException

        asked, now = request.asked, self.gate.now()
        kind, _, name = asked.target.partition(" ")
        move = PointerMove(kind=kind, name=name, model=model, version=int(asked.version), held=held, rules=rules)
        try:
            judged = self.judging.before(move, anew=True)
        except MlflowException as gone:
            if gone.error_code == "RESOURCE_DOES_NOT_EXIST":
                return None
            raise
        assert judged.evidence is not None
        where = standing(judged.seen, version=asked.version, evidence=judged.evidence, requester=asked.who, now=now, gone=self.gate.gone)
        every = demands(judged.evidence, where, rules=rules, now=now)
        reasons = tuple(reason for reason in blocking(every) if reason.code != NOT_A_MOVER)
        return PendingRequest(
            model=model,
            version=asked.version,
            target=asked.target,
            who=asked.who,
            at=asked.at,
            reason=asked.detail.get(REASON, ""),
            lapsed=where.request is None,
            movers=held.movers,
            approvers=counted(where, held),
            approvals=held.approvals,
            promote=not reasons,
            reasons=reasons,
        )

    def _counted(self, model: str) -> str:
        """Which models the journal counts on which rows."""
        return to_json(Attempts(counted=counted_attempts(self.book.known(model))))


def _answer(model: str, text: str) -> ModelVersion:
    from mlflow.entities.model_registry import ModelVersion, ModelVersionTag

    return ModelVersion(name=model, version="0", creation_timestamp=0, tags=[ModelVersionTag(ANSWER, text)])
