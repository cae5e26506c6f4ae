"""The parts of a gated store, put together: each has what it needs, and none knows the store."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import Any

from keepfit.integrations.mlflow.store.answers import Answers
from keepfit.integrations.mlflow.store.approvals import Approvals
from keepfit.integrations.mlflow.store.asked import Gate
from keepfit.integrations.mlflow.store.book import Book, Known
from keepfit.integrations.mlflow.store.judging import Judging
from keepfit.integrations.mlflow.store.move_requests import MoveRequests
from keepfit.integrations.mlflow.store.pages import Pages
from keepfit.integrations.mlflow.store.pointers import Pointers
from keepfit.integrations.mlflow.store.promotion import Promotion
from keepfit.integrations.mlflow.store.protection import Protection
from keepfit.integrations.mlflow.store.refusals import Refusals
from keepfit.integrations.mlflow.store.sessions import Sessions
from keepfit.integrations.mlflow.store.signed_requests import SignedRequests
from keepfit.integrations.mlflow.store.stock import Stock
from keepfit.integrations.mlflow.store.stored import Stored
from keepfit.integrations.mlflow.store.tags import Tags


@dataclass(frozen=True, kw_only=True)
class Parts:
    """What the verbs of a gated store ask."""

    gate: Gate
    known: Known
    protection: Protection
    tags: Tags
    promotion: Promotion
    approvals: Approvals
    move_requests: MoveRequests
    requests: SignedRequests
    answers: Answers


def put_together(store: Any, verbs: Any, gate: Gate, known: Known) -> Parts:
    """Build the parts for a store; `verbs` are its own, as they are without the gate, and `known` is what it has learned before."""
    sessions, stored, stock, announce = Sessions(store), Stored(store), Stock(verbs), partial(gate.announce, store)
    pointers, book = Pointers(sessions, stored), Book(gate, sessions, known)
    refusals, pages = Refusals(sessions, stored, book), Pages(gate, sessions, stored, book)
    judging = Judging(gate, sessions, stored, pointers, book)
    return Parts(
        gate=gate,
        known=known,
        protection=Protection(gate=gate, sessions=sessions, stored=stored, pointers=pointers, refusals=refusals),
        tags=Tags(gate=gate, sessions=sessions, stored=stored, refusals=refusals),
        promotion=Promotion(gate=gate, sessions=sessions, stored=stored, stock=stock, judging=judging, book=book, pages=pages, announce=announce),
        approvals=Approvals(gate=gate, sessions=sessions, stored=stored, stock=stock, judging=judging, book=book, refusals=refusals),
        move_requests=MoveRequests(
            gate=gate,
            sessions=sessions,
            stored=stored,
            pointers=pointers,
            judging=judging,
            book=book,
            pages=pages,
            refusals=refusals,
        ),
        requests=SignedRequests(
            gate=gate,
            sessions=sessions,
            stock=stock,
            pointers=pointers,
            judging=judging,
            book=book,
            pages=pages,
            refusals=refusals,
            announce=announce,
        ),
        answers=Answers(gate=gate, judging=judging, book=book),
    )
