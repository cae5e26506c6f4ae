"""The golden signatures: a certificate, every privileged request, a verdict; and a journal in which every verb was said."""

from __future__ import annotations

import os
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from tests.certificates import NOW, row
from tests.golden.make import dump
from tests.integrations.gate_world import MODEL, World, make_world, refused

from keepfit.gate.attestation import Attestation
from keepfit.gate.certificate import SignedCertificate, sign, tree_digest, unsigned
from keepfit.gate.decide import decide
from keepfit.gate.rules import parse_rules
from keepfit.gate.standing import Standing
from keepfit.gate.statement import stated
from keepfit.gate.version_evidence import VersionEvidence
from keepfit.integrations import signing
from keepfit.integrations.mlflow.artifacts import Artifacts
from keepfit.records import (
    Attempt,
    Baseline,
    Certificate,
    Confirmation,
    Impact,
    RefitReport,
    Request,
    Scorecard,
    Shipped,
    Validation,
    digest,
    from_json,
    to_json,
)

ISSUED = datetime(2026, 4, 2, 9, 30, tzinfo=UTC)
RULES = """\
schema: 1
models:
  parts:
    trust: {ci: "%s"}
    max_data_age_days: 30
    require_merged: true
    approvals: 1
    waivers: {rules: [harm], max_days: 14}
    rollback: {allowed: true, reason_required: true}
    rules:
      not_worse: {kind: not_worse_than, metric: roc_auc, slice: overall, bound: 0.02}
      harm: {kind: no_proof_of_harm, metric: '*', slice: '*', bound: 0.05}
"""
JUDGED = Attempt(rows="sha256:" + "8" * 64, model="sha256:" + "9" * 64, until=datetime(2026, 4, 1))
"""What the golden scorecard judged, and what the journal counts."""


def write_gate(scratch: Path, out: Path, *, project: Path) -> None:
    """Sign what the golden project left, with a key that is thrown away; `gate.yaml` names its public half."""
    key = signing.new_key("ci", folder=scratch / "keys")
    (out / "gate.yaml").write_text(RULES % key.public)
    made = _certificate(project)
    signed = sign(made, key=key.public, by=key.sign)
    (out / "certificate.json").write_text(signed.statement.text, encoding="utf-8")
    (out / "certificate-evaluated.json").write_text(sign(_evaluated(made), key=key.public, by=key.sign).statement.text, encoding="utf-8")
    (out / "certificate-unsigned.json").write_text(unsigned(replace(made, signer="self")).statement.text, encoding="utf-8")
    (out / "requests").mkdir()
    for request in _requests(signed.identity, made.model_digest):
        text = stated("request", request, key=key.public, by=key.sign).text
        (out / "requests" / f"{request.verb}.json").write_text(text, encoding="utf-8")
    (out / "verdict.json").write_text(to_json(verdict(out, signed, project=project)), encoding="utf-8")


def _certificate(project: Path) -> Certificate:
    validation = from_json(Validation, (project / "validation.json").read_bytes())
    return Certificate(
        model="parts",
        version="2",
        model_id="m-2",
        model_digest=tree_digest(Artifacts().files(str(project / "one_hot"))),
        train_md5="0123456789abcdef0123456789abcdef.dir",
        data={"data/windows": "fedcba9876543210fedcba9876543210.dir"},
        params="sha256:" + "5" * 64,
        suites=validation.suites,
        scorecard=_priced(_confirmed(_refitted(from_json(Scorecard, (project / "scorecard.json").read_bytes())))),
        expectations=tuple(outcome for window in validation.windows for outcome in window.outcomes),
        commit="c" * 40,
        merged=True,
        issued=ISSUED,
        expires=ISSUED + timedelta(days=30),
        signer="ci",
    )


def _evaluated(made: Certificate) -> Certificate:
    """The same outside a project: of a table that a person named, and no commit."""
    card = replace(made.scorecard, shipped=None, unseen="unknown")
    return replace(made, commit="", merged=None, train_md5="", data={"march.csv": "sha256:" + "6" * 64}, suites={}, expectations=(), scorecard=card)


def _refitted(card: Scorecard) -> Scorecard:
    """The golden scorecard, of a version that holds the refit of what was judged."""
    judged_until, trained_until = card.evaluated_from, card.evaluated_until
    said = "judged: the model trained on rows before 2026-03-01; shipped: its refit on rows before 2026-04-01"
    shipped = Shipped(refit=True, text=said, judged_until=judged_until, trained_until=trained_until, notes=("provisional until its first labelled window",))
    gained = {"challenger": 0.86, "champion": 0.81, "difference": 0.05, "low": 0.02, "high": 0.08, "p_value": 0.999, "n": 88}
    wide = {"challenger": 0.74, "champion": 0.73, "difference": 0.01, "low": -0.05, "high": 0.07, "p_value": 0.6, "n": 88, "detail": "not enough labels"}
    undecided = row(rule="not_shown_worse", bound=0.02, status="undecided", slice_="city=Oslo", confidence=0.95, undecided="approve", **wide)
    card = replace(card, rows=(*card.rows, undecided))
    return RefitReport(shipped=shipped, rows=(row(bound=0.05, rule="no_proof_of_harm", basis="smoke", **gained),)).beside(card)


def _confirmed(card: Scorecard) -> Scorecard:
    """The scorecard with which rows and which model it is of, and the gain on rows that no rule saw."""
    held = "the permanent holdout of 2026-03"
    found = Confirmation(rows=44, metric="roc_auc", text=held, gain=0.04, low=-0.01, high=0.09, confidence=0.95, clusters=9)
    return replace(card, judged_digest=JUDGED.rows, judged_model=JUDGED.model, attempt=1, confidence=0.95, confirmation=found)


def _priced(card: Scorecard) -> Scorecard:
    """The same, of a candidate whose answers have a price."""
    gained = {"gain": 0.5, "low": -0.1, "high": 1.1, "confidence": 0.95, "n": 88, "clusters": 22, "design": 1.5, "rows_a_window": 110.0}
    said = ("the threshold is best where probabilities are calibrated, which is assumed",)
    priced = {"price": 120.0, "horizon": 3, "threshold": 0.1111, "verdict": "cannot tell", "labels": 2200, "notes": said}
    return replace(card, impact=Impact(unit="EUR", measure="costs", **gained, **priced))


def _requests(certificate: str, files: str) -> tuple[Request, ...]:
    about = {"workspace": "default", "model": "parts", "reason": "the slice is known, Łódź", "by": "ci", "issued": ISSUED}
    until = ISSUED + timedelta(days=7)
    return (
        Request(verb="waive", version="2", nonce="0a" * 16, rule="harm", until=until, certificate=certificate, **about),
        Request(verb="adopt", version="1", nonce="0b" * 16, model_digest=files, profile="sha256:" + "7" * 64, **about),
        Request(verb="retire", version=None, nonce="0c" * 16, **about),
        Request(verb="evaluate", version="2", nonce="0d" * 16, certificate=certificate, evaluated=JUDGED, **about),
    )


def verdict(out: Path, signed: SignedCertificate, *, project: Path):
    """The gate's answer to the golden certificate, an hour after it was issued, by the golden rules."""
    pin = from_json(Baseline, (project / "baseline.json").read_bytes()).champion
    evidence = VersionEvidence(
        model="parts", version="2", model_id="m-2", signed=signed, attestation=Attestation(by="ci"), model_digest=signed.certificate.model_digest
    )
    waived = {"harm": "ci until 2026-04-09 09:30: the slice is known"}
    standing = Standing(champion="1", champion_digest=pin.digest, requester="paul", approvers=("rita",), waivers=waived)
    rules = parse_rules((out / "gate.yaml").read_text(encoding="utf-8"))
    return decide(evidence, standing, rules=rules, target="alias champion", now=ISSUED + timedelta(hours=1))


def write_journal(home: Path, out: Path) -> None:
    """Say every verb to a registry behind the gate, and keep its journal."""
    from mlflow.store.model_registry.sqlalchemy_store import SqlAlchemyStore

    home.mkdir()
    os.environ["KEEPFIT_GATE"] = str(home / "gate.yaml")
    SqlAlchemyStore(f"sqlite:///{home / 'mlflow.db'}").engine.dispose()
    world = make_world(home, f"sqlite:///{home / 'mlflow.db'}")
    _say_everything(world)
    assert world.chain_is_whole()
    dump(home / "mlflow.db", out / "journal.sql", only="keepfit_")


def _say_everything(world: World) -> None:
    first = world.register()
    world.stock.set_registered_model_alias(MODEL, "champion", first)
    world.ask("adopt", first, model_digest=world.digest(first))
    second = world.register(content="two")
    with refused("KF-G002"):
        world.promote(second)
    world.certify(second, champion=first)
    world.promote(second)
    world.promote(first)  # a rollback
    third = world.register(content="three")
    rows = (row(), row("no_proof_of_harm", 0.05, "fail", "carrier=EV", difference=-0.03))
    made = world.certify(third, champion=first, rows=rows)
    world.rule("approvals: 1")
    world.ask("evaluate", third, evaluated=JUDGED, certificate=digest(made))
    _request(world, third)
    _as(world, "rita")
    world.client.set_model_version_tag(MODEL, third, "approve", "champion")
    world.client.delete_model_version_tag(MODEL, third, "approve")
    world.client.set_model_version_tag(MODEL, third, "approve", "champion")
    _as(world, "paul")
    world.ask("waive", third, rule="slices", until=NOW + timedelta(days=2), certificate=digest(made))
    world.client.transition_model_version_stage(MODEL, third, "Production")
    world.promote(third)
    world.ask("retire", model=MODEL)


def _request(world: World, version: str) -> None:
    """A request that is rejected, made again, taken back, and made for good."""
    for who, key, value in (
        ("paul", "request-move", "champion: better on long flights"),
        ("rita", "reject", "Łódź is not in it"),
        ("paul", "request-move", "champion: it is in it now"),
        ("paul", "request-move", "withdraw"),
        ("paul", "request-move", "champion: the right report"),
    ):
        _as(world, who)
        world.client.set_model_version_tag(MODEL, version, key, value)


def _as(world: World, name: str) -> None:
    store = world.client._get_registry_client().store
    store._keepfit_gate = replace(store._keepfit_gate, who=lambda: (name, "server"))
