"""Certificates as tests and benchmarks hand them to a gate: everything about them is right but what a test changes."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from keepfit.records import Certificate, Pin, Scorecard, ScoreRow

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


def row(rule="not_worse_than", bound=0.0, status="pass", slice_="overall", **more):
    values = {"champion": 0.7, "challenger": 0.72, "difference": 0.02, "low": 0.01, "high": 0.03, "p_value": None, "n": 900, "detail": ""} | more
    return ScoreRow(slice=slice_, metric="roc_auc", rule=rule, bound=bound, status=status, **values)


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
