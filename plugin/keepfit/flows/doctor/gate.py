"""`keepfit doctor`: is the server at this address gated?

A client can tell without a trace and without special rights: it asks to let a protected alias stand on a version that no
version can be. The gate, which judges first, calls it `not a model version`; stock MLflow finds fault with the parameter.
Both answer 400 and neither writes anything, nor does the journal get a row.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from keepfit.flows.doctor.rules import Rules
from keepfit.gate.rules import ModelRules
from keepfit.integrations.mlflow.rest import Response, Rest
from keepfit.report.doctor import Check

NAME = "gate"
NO_VERSION = "keepfit-probe"
GATE_SAYS = ("not a model version", "keepfit", "[KF-G")
BAD_REQUEST, UNAUTHORIZED, FORBIDDEN, NOT_FOUND = 400, 401, 403, 404
ASKED_AT_MOST = 20
START = "keepfit server, or mlflow server --registry-store-uri keepfit:DATABASE"
Said = Literal["gate", "stock", "login", "rights", "else"]


@dataclass(frozen=True, kw_only=True)
class Probe:
    """A pointer of a model that may be protected (`alias champion`), asked to stand on what no version can be."""

    model: str
    target: str


def question(model: str, held: ModelRules) -> Probe | None:
    """Return how to ask for a model's first protected alias, or stage; None if the rules protect neither."""
    pointers = (*(f"alias {alias}" for alias in held.aliases), *(f"stage {stage}" for stage in held.stages))
    return Probe(model=model, target=pointers[0]) if pointers else None


def who_answers(answer: Response) -> Said:
    """Tell the gate's answer to a question from stock MLflow's, and both from a refusal to listen."""
    if answer.status == UNAUTHORIZED:
        return "login"
    ours = answer.message.replace(NO_VERSION, "")  # it may be quoted by anybody
    if answer.status in {BAD_REQUEST, FORBIDDEN} and any(words in ours for words in GATE_SAYS):
        return "gate"
    if answer.status == FORBIDDEN:
        return "rights"
    return "stock" if answer.status in {BAD_REQUEST, NOT_FOUND} else "else"


def gated(rest: Rest, rules: Rules, *, model: str | None = None) -> Check:
    """Whether the server judges who moves a protected pointer.

    Asked are the models that the rules here protect; without rules here the `model`, else those that the server has.
    """
    if rules.served is not None and not rules.served.models:
        return Check(name=NAME, status="warn", found="the rules protect nothing: a gated server answers like any other", fix="name a pattern under models:")
    asked = tuple(_of_the_rules(rules, model) if rules.served is not None else _of_the_server(rest, model))
    if not asked:
        return Check(name=NAME, status="unknown", found="the rules here protect no pointer to ask for", fix="keepfit doctor --model NAME")
    said = [(each, who_answers(rest.move(each.target, each.model, NO_VERSION))) for each in asked]
    return _judged(said, known=rules.place if rules.served is not None else None)


def _judged(said: Sequence[tuple[Probe, Said]], *, known: str | None) -> Check:
    by = {answer: [question for question, spoke in said if spoke == answer] for answer in ("gate", "stock", "login", "rights", "else")}
    if by["gate"] and (known is None or not by["stock"]):
        one = by["gate"][0]
        return Check(name=NAME, status="ok", found=f"the {one.target} of {one.model} moves with evidence only")
    if by["gate"]:
        one = by["stock"][0]
        found = f"the server is gated, but serves other rules: the {one.target} of {one.model} is not protected"
        return Check(name=NAME, status="fail", found=found, fix=f"keepfit server --rules {known}")
    if by["stock"]:
        one = by["stock"][0]
        or_else = "" if known else ", or its rules do not protect that name"
        found = f"not gated{or_else}: the {one.target} of {one.model} would move without evidence"
        return Check(name=NAME, status="fail", found=found, fix=START + ("" if known else "; keepfit doctor --model NAME asks about another"))
    if by["login"]:
        fix = "set MLFLOW_TRACKING_USERNAME and MLFLOW_TRACKING_PASSWORD"
        return Check(name=NAME, status="unknown", found="the server asks for credentials", fix=fix)
    if by["rights"]:
        found = f"this account may not move the {by['rights'][0].target} of {by['rights'][0].model}"
        return Check(name=NAME, status="unknown", found=found, fix="ask again with an account that has EDIT on the model")
    return Check(
        name=NAME, status="unknown", found="the server answers like no MLflow that is known here", fix="does MLFLOW_TRACKING_URI name an MLflow server?"
    )


def _of_the_rules(rules: Rules, model: str | None) -> Iterator[Probe]:
    """Ask for the named model, else for one of each pattern: the pattern itself with its wildcards filled."""
    served = rules.served
    assert served is not None
    names = [model] if model else [pattern.replace("*", "x").replace("?", "x") for pattern in sorted(served.models)]
    for name in names[:ASKED_AT_MOST]:
        held = served.of(name)
        found = question(name, held) if held is not None else None
        if found is not None:
            yield found


def _of_the_server(rest: Rest, model: str | None) -> Iterator[Probe]:
    """Ask for the named model, else for those the server has; an alias `champion` is what is protected by default."""
    held = ModelRules()
    names = [model] if model else rest.models(most=ASKED_AT_MOST) or [NO_VERSION]
    yield from filter(None, (question(name, held) for name in names))
