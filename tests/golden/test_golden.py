"""What older keepfits stored in a project and its ledger still loads and means the same; what they signed is in `test_gate_forms.py`.

A failure here means that people's ledgers or champions break with this change: change the code, not the file.
"""

from __future__ import annotations

import json
import shutil
import sqlite3
from contextlib import closing
from datetime import datetime
from importlib.metadata import version
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest
from tests.golden.make import main, versions
from tests.golden.make_project import FEATURES, LATE_LABELS, WINDOW

from keepfit.compose.holdout import in_holdout
from keepfit.flows.backtesting.cache import BacktestCache, key_of
from keepfit.flows.models.scoring import open_scorer
from keepfit.flows.project import Project
from keepfit.flows.rows.window_store import WindowStore
from keepfit.flows.rows.windows import window_decisions
from keepfit.flows.tickets.replay import replay
from keepfit.flows.tickets.tickets import ledger_of, list_tickets
from keepfit.integrations.ledger.outbox import Owed
from keepfit.integrations.models.scorer import read_meta
from keepfit.integrations.tables import read_table
from keepfit.monitor.compare import Drift, drift_of
from keepfit.profiles.identity import identity_of, identity_of_bytes
from keepfit.profiles.profile import profile_table, total
from keepfit.records import (
    PREDICTION,
    Adopted,
    Baseline,
    Composition,
    ModelMeta,
    Profile,
    Reference,
    Scorecard,
    Validation,
    Window,
    canonical,
    digest,
    from_json,
    to_data,
    to_json,
)
from keepfit.tables.frames import to_frame
from keepfit.tables.row_ids import with_row_ids

HERE = Path(__file__).resolve().parent
VERSIONS = versions("project")
PICKLED = [path for path in VERSIONS if json.loads((path / "said.json").read_text(encoding="utf-8"))["scikit-learn"] == version("scikit-learn")]
MODEL, CHAMPION = "parts", "sha256:3197e40e97a23216a2bf8e473be74f8aa6261b019f1aaa723351482519b81660"
SAME = {"rtol": 0, "atol": 1e-12}


@pytest.fixture(params=VERSIONS, ids=lambda path: path.name)
def golden(request) -> Path:
    return request.param


@pytest.fixture
def said(golden):
    return json.loads((golden / "said.json").read_text(encoding="utf-8"))


@pytest.fixture(params=versions("ledger"), ids=lambda path: f"ledger {path.name}")
def ledger_dump(request) -> Path:
    return request.param / "ledger.sql"


@pytest.fixture
def project(golden, ledger_dump, tmp_path) -> Project:
    """The golden project as monitor left it, with its memory in each form that it had."""
    root = tmp_path / "project"
    for place, name in {"windows": "window", "labels": "late"}.items():
        (root / ".keepfit" / place).mkdir(parents=True)
        shutil.copy(golden / f"{name}.parquet", root / ".keepfit" / place / f"{WINDOW}.parquet")
    (root / "expectations").mkdir()
    for name in ("params.yaml", "baseline.json"):
        shutil.copy(golden / name, root / name)
    shutil.copy(golden / "windows.yaml", root / "expectations" / "windows.yaml")
    restore(ledger_dump, root / ".keepfit" / "ledger.db")
    return Project(root)


def restore(dumped, database):
    with closing(sqlite3.connect(database)) as connection:
        connection.executescript(dumped.read_text(encoding="utf-8"))


def kept(written, now):
    """Whether all that was written is still there and the same; fields may have been added."""
    if isinstance(written, dict):
        return isinstance(now, dict) and all(name in now and kept(value, now[name]) for name, value in written.items())
    if isinstance(written, list):
        return isinstance(now, list) and len(written) == len(now) and all(map(kept, written, now))
    return written == now


@pytest.mark.parametrize("parts", [(), ("gate",), ("project",)])
def test_there_is_a_version_and_it_is_never_made_again(capsys, parts):
    assert VERSIONS[0].name == "v1"
    before = {path: path.read_bytes() for path in VERSIONS[0].rglob("*") if path.is_file()}
    assert main("v1", *parts) == 2
    assert "never written again" in capsys.readouterr().err
    assert {path: path.read_bytes() for path in VERSIONS[0].rglob("*") if path.is_file()} == before


# -- the ledger ---------------------------------------------------------------------------------------------------------


def test_a_ledgers_ticket_is_the_same(project):
    (ticket,) = list_tickets(project, every=True)
    assert (ticket.id, ticket.status, ticket.action, ticket.ground, ticket.cause) == ("2026-03-harm", "acknowledged", "improve", "harm", "harm:overall")
    assert (ticket.until, ticket.note, ticket.branch) == (datetime(2026, 6, 1), "known", "keepfit/2026-03-harm")
    assert (ticket.target, ticket.severity, ticket.root.kind) == ("2026-03-01T00:00:00", "critical", "concept")
    harm = ticket.root.harm
    assert (harm.subject, harm.n) == ("overall", 240)
    assert ticket.reasons[0].startswith("roc_auc of overall is 0.5")


def test_a_ledgers_windows_state_and_outbox_are_the_same(project, golden, ledger_dump):
    with ledger_of(project) as ledger, ledger.transaction() as book:
        state, under = book.state(MODEL)
        february, march = book.windows(MODEL, under)
        owed = {verb: [one.payload["window"] for one in book.owed(MODEL, verb)] for verb in ("log-run", "log-series")}
        assert not book.owe(Owed(model=MODEL, key="announce:parts:2026-03-harm", verb="announce", payload={}))
    assert (february.window.id, february.rows, february.labelled, len(february.quarantined), february.arrivals) == (WINDOW, 240, 238, 2, 1)
    assert (march.rows, march.decision.action, march.ticket, march.estimate.held) == (240, "improve", "2026-03-harm", False)
    assert (state.windows, state.harmed, state.last_improve) == (2, ("overall",), datetime(2026, 4, 1))
    assert (state.memory.windows, state.memory.rule.partition(" ")[0]) == (54, "e-detector")  # days
    assert {name: one.since for name, one in state.memory.incidents.items()}["errors"] == "2026-03"
    if ledger_dump.parent == golden:
        assert under == CHAMPION
        assert state.memory.reference == identity_of_bytes((golden / "native" / "profile.json").read_bytes()), "evidence over time goes on"
    assert owed == {"log-run": [WINDOW, WINDOW, "2026-03"], "log-series": [WINDOW, WINDOW, "2026-03"]}


def test_what_a_ledger_holds_is_kept_when_it_is_written_again(project):
    """The records are written as they are now: no field may be lost on the way."""
    with closing(sqlite3.connect(project.state / "ledger.db")) as connection:
        raw = {table: [json.loads(text) for (text,) in connection.execute(f"select record from {table}")] for table in ("keepfit_windows", "keepfit_tickets")}
    with ledger_of(project) as ledger, ledger.transaction() as book:
        now = {"keepfit_windows": book.windows(MODEL, None), "keepfit_tickets": book.tickets(MODEL)}
    for table, records in now.items():
        assert kept(raw[table], [to_data(one) for one in records])


def test_messages_stand_where_a_worker_left_them_and_an_older_ledger_has_none(project, ledger_dump):
    with ledger_of(project) as ledger, ledger.transaction() as book:
        found = {one.subscriber: (one.status, one.attempts, one.error, one.outcome) for one in book.deliveries(MODEL)}
        event, grown = book.event(MODEL, "golden:2026-03-harm"), book.ticket(MODEL, "2026-03-harm").grown
    if int(ledger_dump.parent.name[1:]) < 7:
        assert (found, event, grown) == ({}, None, ())
        return
    assert found == {
        "delivered": ("delivered", 1, None, "posted"),
        "dead": ("dead", 1, "the receiver answered 410", None),
        "dropped": ("dropped", 0, None, "nobody is there"),
        "leased": ("leased", 1, None, None),
        "waiting": ("waiting", 0, None, None),
    }
    assert (event.kind, event.slices, event.beside, event.commands) == ("ticket_grown", ("zone=north",), "ticket_opened", ("keepfit ticket 2026-03-harm",))
    assert [(one.window, one.severity, one.harm.effect) for one in grown] == [("2026-03", "critical", -0.2)]


def test_the_step_behind_a_ticket_is_taken_again_with_the_same_decision(project):
    again = replay(project, "2026-03-harm")
    assert (again.again.action, again.again.ground, again.again.cause, again.again.target) == ("improve", "harm", "harm:overall", "2026-03-01T00:00:00")
    assert again.same


# -- rows ---------------------------------------------------------------------------------------------------------------


def test_a_closed_window_is_completed_with_its_late_labels(project):
    store = WindowStore(project, since=datetime(2026, 2, 1), until=datetime(2026, 3, 1))
    window = Window(id=WINDOW, source="rows.parquet", start=datetime(2026, 2, 1), end=datetime(2026, 3, 1))
    assert read_table(store.file(window))["failed"].null_count == LATE_LABELS
    assert store.rows(window)["failed"].null_count == 0
    assert (store.late.arrivals(WINDOW), len(store.late.since(WINDOW, 0))) == (1, LATE_LABELS)


def test_rows_keep_their_ids_and_their_side_of_the_holdout(golden, said):
    table = read_table(golden / "window.parquet")
    ids = with_row_ids(table.drop_columns(["part"]), None, ignore=("failed",))["row_id"].to_pylist()
    assert ids == said["content ids"]
    keys = table["part"].to_pylist()
    sides = in_holdout(keys, share=0.3, salt="keepfit")
    assert [key for key, held_out in zip(keys, sides, strict=True) if held_out] == said["holdout"]


def test_a_persons_word_on_a_window_stands(project):
    assert {name: (one.verdict, one.reason) for name, one in window_decisions(project).items()} == {"2026-01": ("accept", "looked at it")}


# -- the champion -------------------------------------------------------------------------------------------------------


def test_a_version_has_champions_that_this_scikit_learn_can_load():
    assert PICKLED, f"no version was pickled by scikit-learn {version('scikit-learn')}: python tests/golden/make.py v{len(VERSIONS) + 1}"


@pytest.mark.parametrize("golden", PICKLED, ids=lambda path: path.name)
@pytest.mark.parametrize("name", ["native", "one_hot"])
@pytest.mark.parametrize("suffix", ["parquet", "csv"])
def test_a_champion_keeps_its_scores(golden, said, name, suffix):
    rows = to_frame(read_table(golden / f"window.{suffix}"))
    np.testing.assert_allclose(open_scorer(golden / name).score(rows), said["scores"][name], **SAME)


def test_what_is_known_of_a_champion_is_the_same(golden):
    native, one_hot = read_meta(golden / "native"), read_meta(golden / "one_hot")
    assert (native.model, native.task, native.target, native.flavor, native.classes) == (MODEL, "classification", "failed", "sklearn", ("0", "1"))
    assert dict(native.features) == {"member": "categorical", "zone": "categorical", "city": "categorical", "amount": "numeric", "load": "numeric"}
    assert (native.rows, native.trained_until, one_hot.trained_until) == (170, datetime(2026, 2, 1), datetime(2026, 3, 1))
    assert native.estimator.endswith("HistGradientBoostingClassifier")
    assert one_hot.estimator.endswith("LogisticRegression")


def test_a_reference_has_the_same_digest_and_a_window_is_counted_on_it_alike(golden, said):
    text = (golden / "native" / "profile.json").read_bytes()
    reference = from_json(Reference, text)
    assert digest(reference) == identity_of(reference) == identity_of_bytes(text) == said["reference"]
    assert canonical(reference) + b"\n" == text
    table = read_table(golden / "window.parquet")
    scores = pa.array(said["scores"]["native"])
    seen = table.select([*FEATURES, "failed"]).append_column(PREDICTION, scores)
    profile = profile_table(seen, total(reference).columns, WINDOW)
    assert canonical(profile) + b"\n" == (golden / "profile.json").read_bytes()
    assert (total(reference).rows, profile.rows, profile.columns["city"].missing) == (170, 240, table["city"].null_count)


def test_a_comparison_with_a_reference_finds_the_same(golden):
    then = from_json(Drift, (golden / "drift.json").read_bytes())
    reference = from_json(Reference, (golden / "native" / "profile.json").read_bytes())
    now = drift_of(total(reference), from_json(Profile, (golden / "profile.json").read_bytes()))
    assert (now.verdict, now.rows_reference, now.rows_current) == (then.verdict, 170, 240)
    assert [change.column for change in now.changes] == [change.column for change in then.changes]
    for before, after in zip(then.changes, now.changes, strict=True):
        np.testing.assert_allclose(after.effect, before.effect, **SAME)
        np.testing.assert_allclose([one.p_value for one in after.evidence], [one.p_value for one in before.evidence], **SAME)


def test_an_adopted_champions_description_has_the_same_digest(golden, said):
    text = (golden / "adopted.json").read_bytes()
    adopted = from_json(Adopted, text)
    assert digest(adopted) == said["adopted"]
    assert canonical(adopted) + b"\n" == text


# -- files of a project ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "record"),
    [
        ("baseline", Baseline),
        ("composition", Composition),
        ("scorecard", Scorecard),
        ("validation", Validation),
        ("native/composition", Composition),
        ("native/meta", ModelMeta),
        ("one_hot/meta", ModelMeta),
    ],
)
def test_a_projects_file_is_kept_when_it_is_written_again(golden, name, record):
    text = (golden / f"{name}.json").read_text(encoding="utf-8")
    assert kept(json.loads(text), json.loads(to_json(from_json(record, text))))


def test_a_projects_files_mean_the_same(golden):
    baseline = from_json(Baseline, (golden / "baseline.json").read_bytes())
    assert (baseline.champion.version, baseline.champion.digest, baseline.champion.value, baseline.previous.version) == ("1", CHAMPION, 0.85, "0")
    composition = from_json(Composition, (golden / "composition.json").read_bytes())
    assert (composition.action, composition.basis, composition.evaluated_until) == ("improve", "later", datetime(2026, 4, 1))
    assert {(part.window, part.part): part.rows for part in composition.parts}[(WINDOW, "out")] == 2
    card = from_json(Scorecard, (golden / "scorecard.json").read_bytes())
    assert {(row.rule, row.slice): row.status for row in card.rows} == {
        ("at_least", "overall"): "fail",
        ("not_worse_than", "overall"): "pass",
        ("no_proof_of_harm", "city=(missing)"): "undecided",
        ("no_proof_of_harm", "city=Oslo"): "undecided",
        ("no_proof_of_harm", "city=Rome"): "undecided",
        ("no_proof_of_harm", "city=Łódź"): "pass",
    }
    validation = from_json(Validation, (golden / "validation.json").read_bytes())
    assert [(one.window, one.quarantined, one.blocked) for one in validation.windows] == [("2026-01", 0, False), (WINDOW, 2, False), ("2026-03", 0, False)]
    assert json.loads((golden / "decision.json").read_text()) == {"action": "improve", "target": "2026-03-01T00:00:00"}


def test_a_manifest_has_the_digest_that_its_composition_names(golden):
    from keepfit.compose.manifest import manifest_digest

    manifest = read_table(golden / "manifest.parquet")
    assert manifest_digest(manifest) == from_json(Composition, (golden / "composition.json").read_bytes()).manifest
    assert manifest.num_rows == 720


def test_params_of_then_are_still_params(project):
    params = project.params
    assert (params.data.holdout_share, params.update.harm_margin, params.evaluate.rules["floor"].bound) == (0.3, 0.1, 0.6)


def test_what_a_backtest_kept_is_found_under_its_key(golden, tmp_path):
    shutil.copytree(golden / "backtest", tmp_path / "backtest")
    cache = BacktestCache(tmp_path / "backtest")
    assert cache.values(key_of("value", ["native", 1]), pytest.fail) == (0.5, 0.25, 0.75)
    assert cache.values(key_of("value", ["native", 2]), pytest.fail) is None
    found = cache.record(Reference, key_of("reference", {"of": "one_hot"}), pytest.fail)
    assert found.profiles == from_json(Reference, (golden / "one_hot" / "profile.json").read_bytes()).profiles[:2]
