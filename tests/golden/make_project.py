"""The golden project: three months of parts, from the rows to a champion, a candidate with its scorecard, and the monitor's memory."""

from __future__ import annotations

import json
import os
import shutil
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import numpy as np
import pyarrow as pa
from pyarrow import csv
from tests.golden.make import dump

from keepfit.compose.holdout import in_holdout
from keepfit.flows.backtesting.cache import BacktestCache, key_of
from keepfit.flows.models.scoring import open_scorer
from keepfit.flows.models.training import train_once
from keepfit.flows.monitoring.monitor import monitor
from keepfit.flows.project import Project
from keepfit.flows.rows.windows import decide_window
from keepfit.flows.stages.compose import run_compose
from keepfit.flows.stages.evaluate import EvaluatePaths, run_evaluate
from keepfit.flows.stages.ingest import run_ingest
from keepfit.flows.stages.validate import run_validate
from keepfit.flows.tickets.tickets import acknowledge, ledger_of, list_tickets, note_branch, resolve
from keepfit.gate.certificate import tree_digest
from keepfit.integrations.ledger.transaction import LedgerTransaction
from keepfit.integrations.mlflow.artifacts import Artifacts
from keepfit.integrations.tables import read_table, write_parquet
from keepfit.monitor.compare import drift_of
from keepfit.profiles.profile import profile_table, total
from keepfit.records import (
    PREDICTION,
    Adopted,
    Baseline,
    Composition,
    Event,
    Evidence,
    GainInterval,
    Growth,
    Pin,
    Probation,
    ProbationWindow,
    PromiseKept,
    Reference,
    Ticket,
    canonical,
    digest,
    from_json,
    to_json,
)
from keepfit.tables.frames import to_frame
from keepfit.tables.row_ids import with_row_ids

WINDOW = "2026-02"
LATE_LABELS = 30
FEATURES = ("member", "zone", "city", "amount", "load")
PARAMS = """\
model: {name: parts, task: classification, target: failed}
data:
  live: rows.parquet
  time: at
  id: part
  window: month
  holdout_share: 0.3
  features: {member: categorical, zone: categorical, city: categorical, amount: numeric, load: numeric}
train: {estimator: ESTIMATOR, params: SETTINGS}
evaluate:
  metric: roc_auc
  metrics: [log_loss]
  slices: {city: {min_rows: 30}}
  min_rows: 30
  rules:
    not_worse: {kind: not_worse_than, metric: roc_auc, bound: 0.02}
    harm: {kind: no_proof_of_harm, metric: roc_auc, slice: '*', bound: 0.05}
    floor: {kind: at_least, metric: roc_auc, bound: 0.6}
monitor: {min_rows: 60}
update: {harm_margin: 0.1, max_age_days: null}
mlflow: {tracking_uri: "http://127.0.0.1:9"}
"""
NATIVE = PARAMS.replace("ESTIMATOR", "sklearn.ensemble.HistGradientBoostingClassifier").replace("SETTINGS", "{max_iter: 12, max_leaf_nodes: 7}")
ONE_HOT = PARAMS.replace("ESTIMATOR", "sklearn.linear_model.LogisticRegression").replace("SETTINGS", "{max_iter: 500}")
SUITE = {
    "name": "rows",
    "expectations": [
        {
            "type": "expect_column_values_to_be_between",
            "kwargs": {"column": "load", "max_value": 50},
            "severity": "critical",
            "meta": {"id": "a_sane_load", "level": "row"},
        },
        {
            "type": "expect_column_values_to_not_be_null",
            "kwargs": {"column": "amount", "mostly": 0.5},
            "severity": "warning",
            "meta": {"id": "amounts_are_known", "level": "batch"},
        },
    ],
}


def month_of(month: int, *, n: int = 240, turned: bool = False) -> pa.Table:
    """A month's rows: a flag, a zone's number, a city's name (with gaps), an amount (with gaps) and a load; `turned`: amounts mean the opposite."""
    rng = np.random.default_rng(month)
    member, zone, city = rng.random(n) < 0.4, rng.choice([1, 2, 7, 40], n), rng.choice(["Oslo", "Rome", "Łódź"], n)
    amount, load = rng.gamma(2.0, 30.0, n).round(2), rng.normal(size=n).round(3)
    if month == 2:
        load[:2] = 99.0  # two rows to be set aside
    chance = 1 / (1 + np.exp(-((-1 if turned else 1) * (amount - 60) / 20 + member + (zone == 7) - 0.5)))
    failed = (rng.random(n) < chance).astype(np.int64)
    at = [datetime(2026, month, 1) + timedelta(minutes=160 * row) for row in range(n)]
    return pa.table(
        {
            "part": [f"p{month}-{row:03d}" for row in range(n)],
            "at": pa.array(at, pa.timestamp("us")),
            "member": member,
            "zone": zone,
            "city": pa.array(city, mask=rng.random(n) < 0.05),
            "amount": pa.array(amount, mask=rng.random(n) < 0.1),
            "load": load,
            "failed": failed,
        }
    )


MONTHS = (month_of(1), month_of(2), month_of(3, turned=True))


def write_project(root: Path, out: Path) -> None:
    """Run the stages, the champion's first, then a candidate's, and the monitor; keep what they stored."""
    os.environ.pop("MLFLOW_TRACKING_URI", None)
    begin(root)
    compose_months(root, closed=1, until=None)
    train(root, NATIVE, "champion")
    pin(root)
    decide_window(Project(root), "2026-01", "accept", "looked at it", by="Tess Ter")
    compose_months(root, closed=3, until="2026-03-01T00:00:00")
    train(root, ONE_HOT, "candidate")
    (root / "params.yaml").write_text(NATIVE)
    paths = {"candidate": root / "models/candidate", "champion": root / "models/champion", "predictions": root / "build/predictions.parquet"}
    run_evaluate(root, EvaluatePaths(rows=root / "build/compose/evaluate.parquet", reports=root / "reports", **paths))
    _watch(root)
    _keep(root, out)


def begin(root: Path, params: str = NATIVE) -> None:
    """A project without a champion and without rows."""
    for folder in ("data/windows", "expectations/data", "expectations/model", "models/champion", "reports"):
        (root / folder).mkdir(parents=True)
    (root / "params.yaml").write_text(params)
    (root / "models/champion/NONE").touch()
    (root / "baseline.json").write_text(to_json(Baseline()))
    (root / "expectations/windows.yaml").write_text("{}\n")
    (root / "expectations/data/rows.json").write_text(json.dumps(SUITE))


def compose_months(root: Path, *, closed: int, until: str | None) -> None:
    """The stages before train, as decision.json asks for, with so many closed windows."""
    (root / "decision.json").write_text(json.dumps({"action": "improve", "target": until}, sort_keys=True, indent=2) + "\n")
    for number, table in enumerate(MONTHS[:closed], 1):
        write_parquet(table, root / f"data/windows/2026-{number:02d}.parquet")
    run_ingest(root, windows="data/windows", out="build/ingest")
    run_validate(root, ingest="build/ingest", out="build/validate", reports="reports")
    run_compose(root, ingest="build/ingest", validate="build/validate", out="build/compose", reports="reports")


def train(root: Path, params: str, name: str) -> None:
    """The stage train with these params, into models/NAME."""
    (root / "params.yaml").write_text(params)
    rows = to_frame(read_table(root / "build/compose/train.parquet"))
    composition = from_json(Composition, (root / "reports/composition.json").read_bytes())
    shutil.rmtree(root / "models" / name, ignore_errors=True)
    train_once(Project(root).params, rows, root / "models" / name, composition)


def pin(root: Path) -> None:
    """Make what was trained the champion, of rows up to February."""
    files = tree_digest(Artifacts().files(str(root / "models/champion")))
    times = {"trained_until": datetime(2026, 2, 1), "evaluated_until": datetime(2026, 2, 1)}
    pin = Pin(model="parts", version="1", digest=files, model_id="m-1", metric="roc_auc", value=0.85, **times)
    (root / "baseline.json").write_text(to_json(Baseline(champion=pin, previous=replace(pin, version="0", digest="sha256:00", model_id=None))))


def _watch(root: Path) -> None:
    """Judge February and March, then answer the tickets as people do."""
    shutil.rmtree(root / "data/windows")
    for labels_missing, until in ((LATE_LABELS, datetime(2026, 3, 1)), (0, datetime(2026, 4, 1))):
        write_parquet(pa.concat_tables([MONTHS[0], _without_labels(MONTHS[1], labels_missing), MONTHS[2]]), root / "rows.parquet")
        monitor(Project(root), until=until, say=lambda _line: None)
    project = Project(root)
    tickets = list_tickets(project)
    assert tickets, "the golden stream opens a ticket"
    acknowledge(project, tickets[0].id, until=datetime(2026, 6, 1), reason="known")
    note_branch(project, tickets[0].id, f"keepfit/{tickets[0].id}")
    for ticket in tickets[1:]:
        resolve(project, ticket.id, reason="done")
    with ledger_of(project) as ledger, ledger.transaction() as book:
        book.save_probation(_promise_kept(project.baseline))
        first = book.ticket("parts", tickets[0].id)
        assert first is not None
        book.save_ticket(replace(first, grown=(_growth(),)))
        _deliver(book, _event(first))


def _event(ticket: Ticket) -> Event:
    """An event with all that it can say."""
    about = {"ticket": ticket.id, "window": ticket.window, "version": "1", "branch": f"keepfit/{ticket.id}", "severity": "critical", "columns": ("load",)}
    says = {"changed": "load moved", "affected": "all rows", "bad": ".2 worse", "proposed": "a retraining", "otherwise": "nothing is promoted by itself"}
    more = {"slices": ("zone=north",), "commands": (f"keepfit ticket {ticket.id}",), "link": "http://mlflow/#/models/parts", "beside": "ticket_opened"}
    return Event(key=f"golden:{ticket.id}", kind="ticket_grown", model="parts", subject=ticket.id, at=datetime(2026, 4, 1), **about, **says, **more)


def _deliver(book: LedgerTransaction, event: Event) -> None:
    """One delivery of each status, as a worker and people leave them."""
    now, later = datetime(2026, 4, 1, 3), datetime(2026, 4, 1, 7)
    book.owe_event(event)
    book.fan_out(event, dict.fromkeys(("delivered", "dead", "dropped", "leased", "waiting"), later), last_attempt=20, now=now)
    delivered, dead, dropped, leased, _ = book.deliveries("parts")[-5:]
    for one in (delivered, dead, leased):
        book.lease([one], message=f"{event.key} {one.subscriber}", owner="host:1", until=later)
    delivered, dead, dropped, *_ = book.deliveries("parts")[-5:]
    book.taken([delivered], outcome="posted", now=later)
    book.give_up([dead], error="the receiver answered 410", now=later)
    book.drop([dropped], outcome="nobody is there", now=later)


def _growth() -> Growth:
    """What is new of a ticket that stands, with all that it can say."""
    harm = Evidence(kind="performance", subject="overall", detector="roc_auc", statistic=0.6, effect=-0.2, low=-0.25, high=-0.15, n=90, n_reference=0)
    return Growth(window="2026-03", severity="critical", also=("load",), slices=("zone=north",), harm=harm)


def _promise_kept(baseline: Baseline) -> Probation:
    """A promotion on probation, as a run leaves it once both models were there."""
    promised = GainInterval(gain=0.03, low=0.01, high=0.05, confidence=0.9, n=88, clusters=22)
    delivered = GainInterval(gain=0.02, low=-0.01, high=0.05, confidence=0.9, n=70, clusters=28)
    kept = (PromiseKept(unit="roc_auc", promised=promised, delivered=delivered), PromiseKept(unit="EUR", delivered=replace(delivered, confidence=0.95)))
    windows = (ProbationWindow(window="2026-02", labelled=70, arrivals=1, gain=0.02),)
    pairs = {"champion": baseline.champion.digest, "version": "1", "displaced": baseline.previous.digest, "displaced_version": "0", "against": "0"}
    return Probation(model="parts", wanted=3, windows=windows, kept=kept, **pairs)


def _without_labels(table: pa.Table, count: int) -> pa.Table:
    labels = pa.array(table["failed"].to_pylist(), mask=np.arange(table.num_rows) < count)
    return table.set_column(table.column_names.index("failed"), "failed", labels)


def _keep(root: Path, out: Path) -> None:
    for name in ("params.yaml", "baseline.json", "decision.json", "expectations/windows.yaml"):
        shutil.copy(root / name, out / Path(name).name)
    for name in ("composition.json", "validation.json", "scorecard.json"):
        shutil.copy(root / "reports" / name, out / name)
    shutil.copy(root / "build/compose/manifest.parquet", out / "manifest.parquet")
    shutil.copytree(root / "models/champion", out / "native")
    shutil.copytree(root / "models/candidate", out / "one_hot")
    shutil.copy(root / f".keepfit/windows/{WINDOW}.parquet", out / "window.parquet")
    shutil.copy(root / f".keepfit/labels/{WINDOW}.parquet", out / "late.parquet")
    csv.write_csv(read_table(out / "window.parquet"), out / "window.csv")
    dump(root / ".keepfit/ledger.db", out / "ledger.sql")
    (out / "said.json").write_text(json.dumps(_said(out), sort_keys=True, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    _write_cache(out)


def _said(out: Path) -> dict[str, object]:
    """What the files mean: digests, scores, and the comparison with the reference."""
    from importlib.metadata import version

    table = read_table(out / "window.parquet")
    rows, reference = to_frame(table), from_json(Reference, (out / "native/profile.json").read_bytes())
    adopted = Adopted(meta=open_scorer(out / "native").meta, reference=reference)
    scores = {name: open_scorer(out / name).score(rows) for name in ("native", "one_hot")}
    seen = rows[list(FEATURES)].assign(failed=rows["failed"].astype(float), **{PREDICTION: scores["native"]})
    learned = total(reference)
    profile = profile_table(pa.Table.from_pandas(seen, preserve_index=False), learned.columns, WINDOW)
    keys = rows["part"].tolist()
    (out / "adopted.json").write_bytes(canonical(adopted) + b"\n")
    (out / "profile.json").write_bytes(canonical(profile) + b"\n")
    (out / "drift.json").write_text(to_json(drift_of(learned, profile)), encoding="utf-8")
    return {
        "scikit-learn": version("scikit-learn"),
        "scores": {name: [float(score) for score in found] for name, found in scores.items()},
        "reference": digest(reference),
        "adopted": digest(adopted),
        "content ids": with_row_ids(table.drop_columns(["part"]), None, ignore=("failed",))["row_id"].to_pylist(),
        "holdout": [key for key, held in zip(keys, in_holdout(keys, share=0.3, salt="keepfit"), strict=True) if held],
    }


def _write_cache(out: Path) -> None:
    cache = BacktestCache(out / "backtest")
    reference = from_json(Reference, (out / "one_hot/profile.json").read_bytes())
    cache.values(key_of("value", ["native", 1]), lambda: (0.5, 0.25, 0.75))
    cache.values(key_of("value", ["native", 2]), lambda: None)
    cache.record(Reference, key_of("reference", {"of": "one_hot"}), lambda: Reference(profiles=reference.profiles[:2]))
