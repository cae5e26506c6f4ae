"""Verdicts on a candidate of which everything is right but what a test changes."""

from __future__ import annotations

from datetime import UTC, datetime

from tests.certificates import row

from keepfit.gate.attestation import Attestation
from keepfit.gate.certificate import unsigned
from keepfit.gate.decide import decide
from keepfit.gate.rules import parse_rules
from keepfit.gate.standing import Standing
from keepfit.gate.version_evidence import VersionEvidence
from keepfit.records import Certificate, ExpectationOutcome, Pin, Scorecard

NOW = datetime(2026, 1, 10, tzinfo=UTC)
RULES = """
models:
  m:
    trust: self
    max_data_age_days: 30
    rules:
      overall: {kind: not_worse_than, metric: roc_auc, bound: 0.01}
      slices: {kind: no_proof_of_harm, metric: '*', slice: '*', bound: 0.05}
      floor: {kind: at_least, metric: roc_auc, bound: 0.6}
"""
PIN = Pin(model="m", version="1", digest="sha256:one", trained_until=None, evaluated_until=None)


GREEN = {"overall": row("not_worse_than", 0.01), "slices": row("no_proof_of_harm", 0.05, slice_="carrier=EV"), "floor": row("at_least", 0.6)}


def again(name, **changes):
    """A row of `GREEN` as an evaluation would have written it with another status or bound."""
    was = GREEN[name]
    return row(**{"rule": was.rule, "bound": was.bound, "status": was.status, "slice_": was.slice} | changes)


def outcome(status="fail", level="batch", severity="critical"):
    about = {"suite": "rows", "expectation": "weather_is_there", "type": "x", "column": None, "observed": "0 of 842", "unexpected": 0}
    return ExpectationOutcome(severity=severity, level=level, status=status, **about)


def verdict(*, rows=GREEN, here="default", standing=Standing(champion="1"), rules=RULES, now=NOW, attested="self", digest="sha256:two", **changes):  # noqa: B008 - frozen
    card = {"basis": "later", "champion": PIN, "expectations": (), "evaluated_until": datetime(2026, 1, 1), "shipped": None, "unseen": None}
    card |= {key: changes.pop(key) for key in list(changes) if key in card and key != "expectations"}
    card["expectations"] = changes.pop("model_expectations", ())
    scorecard = Scorecard(model="m", task="classification", metric="roc_auc", evaluated_from=None, n=500, rows=tuple(rows.values()), **card)
    values = {"version": "2", "model_id": None, "model_digest": "sha256:two", "expectations": (), "commit": "c" * 40, "merged": True, "expires": None}
    made = Certificate(model="m", train_md5="a", data={}, params="p", suites={}, scorecard=scorecard, issued=NOW, signer="self", **(values | changes))
    evidence = VersionEvidence(
        model="m",
        version="2",
        model_id=None,
        signed=unsigned(made),
        attestation=Attestation(by=attested, problem="no"),
        model_digest=digest,
        problem="gone",
        workspace=here,
    )
    return decide(evidence, standing, rules=parse_rules(rules), target="alias champion", now=now)


def refusing(found):
    return [reason.code for reason in found.reasons if reason.blocking]
