"""`keepfit request`, `reject` and `gate requests`: who may not move a pointer asks for the move, others answer, and what is open is listed.

Requests and rejections are tags that the server turns into journal rows, as approvals are; the list is the server's answer, judged as of now.
"""

from __future__ import annotations

from keepfit.errors import KeepfitError
from keepfit.flows.promotion.promote import the_registry
from keepfit.flows.promotion.server_answers import requests_by_server
from keepfit.records import PendingRequest

REQUEST, REJECT = "request-move", "reject"


def request(model: str, version: str, *, reason: str) -> str:
    """Ask for a version to become champion; returns the pointer. The server binds the request to the certificate that lies there, or refuses."""
    registry, alias = the_registry()
    registry.ask(model, version, REQUEST, f"{alias}: {_said(reason)}")
    return alias


def withdraw(model: str, version: str) -> None:
    """Take the own request back."""
    registry, _ = the_registry()
    registry.ask(model, version, REQUEST, "withdraw")


def reject(model: str, version: str, *, reason: str) -> None:
    """Reject the open request for a version; its certificate promotes nothing until somebody asks again."""
    registry, _ = the_registry()
    registry.ask(model, version, REJECT, _said(reason))


def open_requests(model: str | None = None) -> tuple[PendingRequest, ...]:
    """Return the open requests of a model, or of every model that the server protects, oldest first, with what the gate would say to each now.

    Raises `ServerError` for a model that the server does not judge. Without a model those are asked of whose versions carry the tag `request-move`.
    """
    registry, _ = the_registry()
    if model is not None:
        return requests_by_server(registry, model)
    found = (one for name in registry.tagged_models(REQUEST) for one in requests_by_server(registry, name, protected=False))
    return tuple(sorted(found, key=lambda one: one.at))


def _said(reason: str) -> str:
    if not reason.strip():
        raise KeepfitError("a request and its rejection need a reason", fix='--reason "why"')
    return " ".join(reason.split())
