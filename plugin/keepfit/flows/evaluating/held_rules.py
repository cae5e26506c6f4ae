"""The gate's rules that an evaluation answers: those named, else those that lie here, else the server's own."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from keepfit.errors import ProjectError
from keepfit.flows.promotion.server_answers import rules_of_server
from keepfit.flows.rules.file import read_file, where_rules_lie
from keepfit.flows.rules.served import VARIABLE
from keepfit.gate.rules import ModelRules
from keepfit.integrations.mlflow.client import Mlflow


@dataclass(frozen=True, kw_only=True)
class HeldRules:
    """What holds for a model, the digest of the file that says it, and where that was read."""

    held: ModelRules
    digest: str
    place: str


def rules_for(registry: Mlflow, model: str, named: str | None) -> HeldRules:
    """Return the rules that hold for a model.

    Raises `ProjectError` where none do, or they demand nothing of a scorecard: there is nothing to judge by then; `ServerError` for a server without a gate.
    """
    place = where_rules_lie(named)
    if place is None:
        if not registry.is_server:
            raise ProjectError("by which rules is it judged? none lie here", where=registry.uri, fix=f"--rules gate.yaml, or set {VARIABLE}")
        served = rules_of_server(registry, model)
        found = HeldRules(held=ModelRules.model_validate_json(served.held), digest=served.rules, place="the server's own")
    else:
        file = read_file(place, here=Path.cwd())
        held = file.rules.of(model)
        if held is None:
            raise ProjectError(f"no pattern of these rules matches {model}: nothing is demanded of it", where=file.place, fix="keepfit rules check")
        found = HeldRules(held=held, digest=file.rules.digest, place=file.place)
    if not found.held.demanded:
        fix = "add a preset, such as preset: {name: prove, bound: 0.01}, or rules (docs/trust.md)"
        raise ProjectError(f"these rules demand nothing of a scorecard of {model}: there is nothing to judge by", where=found.place, fix=fix)
    return found
