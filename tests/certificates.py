"""Certificates as tests and benchmarks hand them to a gate: everything about them is right but what a test changes."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from keepfit.gate.certificate import SignedCertificate
from keepfit.records import Certificate, Pin, Scorecard, ScoreRow, canonical

NOW = datetime.now(UTC)
RULES = """
schema: 1
models:
  'flights-*':
    trust: {ci: "%s"}
    rules:
      overall: {kind: not_worse_than, metric: roc_auc, slice: overall, bound: 0.0}
      slices: {kind: no_proof_of_harm, metric: '*', slice: '*', bound: 0.05}
"""

SERVED = """
schema: 1
models:
  'flights-*':
    aliases: [champion]
    stages: [Production]
    trust: self
    block_severities: [critical]
    max_data_age_days: null
    rules:
      overall_not_worse: {kind: not_worse_than, metric: '*', slice: overall, bound: 0.0}
      no_slice_harmed: {kind: no_proof_of_harm, metric: '*', slice: '*', bound: 0.05}
"""
"""The rules of the servers that tests share, which do not change with the template's: those that the certificates here meet."""

GAINS = {"pass": 0.02, "fail": -0.03, "undecided": 0.0, "error": None}


def row(rule="not_worse_than", bound=0.0, status="pass", slice_="overall", **more):
    """A row as an evaluation writes it: its numbers are on the side of the bound that its status says."""
    gain = more.get("difference", GAINS[status])
    values = {"champion": 0.7, "challenger": 0.7 + (gain or 0), "difference": gain, "p_value": None, "n": 900, "detail": ""}
    values |= {"low": gain and gain - 0.01, "high": gain and gain + 0.01}
    if rule in {"at_least", "at_most"}:
        values |= {"challenger": (bound or 0) + (0.12 if (status == "pass") == (rule == "at_least") else -0.05), "low": None, "high": None}
    if (rule, status) == ("no_proof_of_harm", "fail"):
        values["p_value"] = bound / 10
    return ScoreRow(slice=slice_, metric="roc_auc", rule=rule, bound=bound, status=status, **(values | more))


GREEN = (row(), row("no_proof_of_harm", 0.05, slice_="carrier=EV"))
FIRST = (row("at_least", 0.6, champion=None, difference=None, low=None, high=None),)


def pinned(model, version, digest):
    return Pin(model=model, version=str(version), digest=digest, trained_until=None, evaluated_until=None)


def scorecard(model, *, champion=None, rows=None):
    """A scorecard with these rows, compared with a pinned champion (None: a first model); without rows, of one that meets `RULES`."""
    return Scorecard(
        model=model,
        task="classification",
        metric="roc_auc",
        basis="later" if champion else "same-period",
        champion=champion,
        evaluated_from=None,
        evaluated_until=datetime(2013, 2, 1),
        n=900,
        rows=rows or (GREEN if champion else FIRST),
    )


def certificate(model, version, digest, *, champion=None, rows=None, **changes):
    """A certificate that meets `RULES` for the files with this digest, compared with a pinned champion (None: a first model)."""
    made = Certificate(
        model=model,
        version=str(version),
        model_id=None,
        model_digest=digest,
        train_md5="a.dir",
        data={},
        params="sha256:p",
        suites={},
        scorecard=scorecard(model, champion=champion, rows=rows),
        expectations=(),
        commit="c" * 40,
        merged=True,
        issued=NOW,
        expires=NOW + timedelta(days=1),
        signer="ci",
    )
    return replace(made, **changes)


def resaid(signed, **changes):
    """Another text under the signatures of this one."""
    made = replace(signed.certificate, **changes)
    return SignedCertificate(certificate=made, statement=replace(signed.statement, payload=canonical(made)))
