"""What a gated server says of its own judgement, journal and rules, asked as any client may who can read the model."""

from __future__ import annotations

from keepfit.errors import ServerError
from keepfit.gate.questions import HISTORY, REQUESTS, RULES, explaining
from keepfit.integrations.mlflow.client import Mlflow
from keepfit.records import Explanation, PendingRequest, PendingRequests, ServedRules, Told, from_json


def explained_by_server(registry: Mlflow, model: str, version: str) -> Explanation:
    """Return what the server would say to a move to the version, by its rules, journal and clock; raises `ServerError` if it does not judge the model."""
    number = registry.version(model, version).number
    return from_json(Explanation, _asked(registry, model, explaining(number), f"keepfit gate explain {model} {version} --rules PLACE"), where=registry.uri)


def told_by_server(registry: Mlflow, model: str) -> Told:
    """Return the newest rows of a model in the server's journal; raises `ServerError` if it does not judge the model."""
    return from_json(Told, _asked(registry, model, HISTORY, f"keepfit history {model} --store URI"), where=registry.uri)


def rules_of_server(registry: Mlflow, model: str) -> ServedRules:
    """Return the rules that the server judges a model by; raises `ServerError` if it does not judge the model."""
    return from_json(ServedRules, _asked(registry, model, RULES, "--rules PLACE"), where=registry.uri)


def requests_by_server(registry: Mlflow, model: str, *, protected: bool = True) -> tuple[PendingRequest, ...]:
    """Return the open requests of a model, judged by the server now; raises `ServerError` for a model that it does not judge, if that is `protected`."""
    text = _asked(registry, model, REQUESTS, f"keepfit history {model} --store URI") if protected else registry.answer(model, REQUESTS)
    return () if text is None else from_json(PendingRequests, text, where=registry.uri).requests


def _asked(registry: Mlflow, model: str, alias: str, instead: str) -> str:
    answer = registry.answer(model, alias)
    if answer is None:
        what = f"the server does not judge {model}: it has no gate, an older one, or rules that do not protect this name"
        raise ServerError(what, where=registry.uri, fix=f"keepfit doctor --model {model} tells; or without the server: {instead}")
    return answer
