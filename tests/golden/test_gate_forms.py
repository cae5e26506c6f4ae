"""What older keepfits signed, and the journals that their servers wrote, still verify and mean the same.

A failure here means that people's certificates, approvals, waivers and journals break with this change: change the code, not the file.
"""

from __future__ import annotations

import sqlite3
import threading
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session
from tests.golden.make import versions
from tests.golden.make_gate import ISSUED, JUDGED, verdict

from keepfit.gate.attestation import attestation
from keepfit.gate.certificate import choose, parse_certificate, tree_digest
from keepfit.gate.chain import broken
from keepfit.gate.counted import counted_attempts
from keepfit.gate.history import approvals, approvers, fold, nonces, told, waivers
from keepfit.gate.pending import pending
from keepfit.gate.requests import RequestContext, admitted
from keepfit.gate.rules import parse_rules
from keepfit.gate.statement import parse_statement
from keepfit.integrations import signing
from keepfit.integrations.journal import Journal
from keepfit.integrations.mlflow.artifacts import Artifacts
from keepfit.records import JournalRow, Verdict, canonical, from_json, to_json
from keepfit.records.v1 import SignedCertificateV1, SignedRequestV1

VERSIONS = versions("gate")
PROJECT = versions("project")[0]
MODEL, CHAMPION = "parts", "sha256:3197e40e97a23216a2bf8e473be74f8aa6261b019f1aaa723351482519b81660"
IDENTITIES = {
    "v1": "sha256:10e2a99d4191f01d901e129a61969dc3dc77f89e200d18fa08a9bbc8d2a2a4bd",
    "v2": "sha256:2c3891abc9279292b365950c3f76a3fd364bcffa6fdc4fd210047f69b7dd17f7",
    "v3": "sha256:afe2d33d24b5f08c43e848b1a72938857c96dcf3d9e396d21ea611dbe7b867a4",
    "v4": "sha256:76f2bcf35aa316efe34bc10918d4d410e391c58f1a2af96f0491a4b8d0b9daac",
    "v6": "sha256:4a4115fa792dfef0a99a0c2b4066785a5d20f66533136a127fe1dcf1e50d4710",
}
FIRST, SECOND, THIRD = "1", "2", "3"
REQUESTS = [(kind, THIRD) for kind in ("requested", "rejected", "requested", "request withdrawn", "requested")]
WITHOUT_REQUESTS = {"v1", "v2", "v3", "v4"}


def requests_in(golden):
    """What was requested in the golden journal: nothing before requests were known."""
    return [] if golden.name in WITHOUT_REQUESTS else REQUESTS


@pytest.fixture(params=VERSIONS, ids=lambda path: path.name)
def golden(request) -> Path:
    return request.param


def evaluated_in(golden):
    """The row of a journal since attempts are counted."""
    return [("evaluated", THIRD)] if (golden / "requests" / "evaluate.json").is_file() else []


def restore(dumped, database):
    with closing(sqlite3.connect(database)) as connection:
        connection.executescript(dumped.read_text(encoding="utf-8"))


# -- what is signed -----------------------------------------------------------------------------------------------------


def held(golden):
    return parse_rules((golden / "gate.yaml").read_text(encoding="utf-8")).of(MODEL)


def text_of(golden, name="certificate"):
    return (golden / f"{name}.json").read_text(encoding="utf-8")


def judged(golden, statement, *, self_attested=False):
    return attestation(statement, keys=held(golden).keys, self_attested=self_attested, verify=signing.verify)


def test_a_certificate_verifies_and_speaks_for_the_same_files(golden):
    signed = parse_certificate(text_of(golden))
    made = signed.certificate
    assert judged(golden, signed.statement).by == "ci"
    assert (made.model, made.version, made.model_id, made.merged, made.signer) == (MODEL, "2", "m-2", True, "ci")
    assert (made.issued, made.expires) == (ISSUED, ISSUED + timedelta(days=30))
    assert made.model_digest == tree_digest(Artifacts().files(str(PROJECT / "one_hot")))
    assert made.scorecard.champion.digest == tree_digest(Artifacts().files(str(PROJECT / "native"))) == CHAMPION
    assert signed.identity == IDENTITIES[golden.name]
    assert signed.file_name == f"certificate-{IDENTITIES[golden.name][7:19]}.json"


def test_a_certificate_says_which_bytes_are_shipped_since_there_are_refits(golden):
    card = parse_certificate(text_of(golden)).certificate.scorecard
    assert (card.shipped is not None and card.shipped.refit) is (golden.name not in ("v1", "v2"))
    assert {row.basis for row in card.judged_rows} == {None}
    assert {row.basis for row in card.smoke_rows} == ({"smoke"} if card.shipped else set())


def test_a_row_says_what_may_be_approved_and_how_sure_its_interval_is_since_it_can(golden):
    rows = parse_certificate(text_of(golden)).certificate.scorecard.rows
    assert {(row.undecided, row.confidence) for row in rows} == {(None, None)} | (set() if golden.name in ("v1", "v2") else {("approve", 0.95)})


def test_a_scorecard_says_which_rows_judged_which_model_since_they_are_counted(golden):
    card = parse_certificate(text_of(golden)).certificate.scorecard
    grown = golden.name not in ("v1", "v2", "v3", "v4")
    assert (bool(card.judged_digest), bool(card.judged_model), card.confirmation is not None) == (grown, grown, grown)


def test_a_certificate_of_no_project_names_the_table_since_there_is_one(golden):
    if golden.name in ("v1", "v2", "v3", "v4"):
        assert not (golden / "certificate-evaluated.json").exists()
        return
    signed = parse_certificate(text_of(golden, "certificate-evaluated"))
    made = signed.certificate
    assert judged(golden, signed.statement).by == "ci"
    assert (made.commit, made.merged, made.data, made.scorecard.unseen) == ("", None, {"march.csv": "sha256:" + "6" * 64}, "unknown")


@pytest.mark.parametrize("name", ["certificate", "certificate-unsigned"])
def test_the_text_of_a_certificate_is_what_would_be_written_again(golden, name):
    text, statement = text_of(golden, name), parse_statement(text_of(golden, name), "certificate")
    assert (to_json(from_json(SignedCertificateV1, text)) if statement.form == 1 else statement.text) == text


def test_what_was_changed_in_a_certificate_does_not_verify(golden):
    statement = parse_statement(text_of(golden), "certificate")
    changed = statement.payload.replace(b'"status":"fail"', b'"status":"pass"')
    assert changed != statement.payload
    assert judged(golden, replace(statement, payload=changed)).problem == "the certificate's signature does not verify"


def test_a_certificate_of_version_1_that_was_changed_in_its_file_does_not_verify():
    text = text_of(VERSIONS[0]).replace('"status": "fail"', '"status": "pass"')
    assert judged(VERSIONS[0], parse_statement(text, "certificate")).problem == "the certificate's signature does not verify"


def test_an_unsigned_certificate_counts_with_trust_self_alone(golden):
    statement = parse_statement(text_of(golden, "certificate-unsigned"), "certificate")
    assert judged(golden, statement, self_attested=True).by == "self"
    assert judged(golden, statement).problem == "the certificate is not signed"


def test_the_gate_chooses_and_judges_a_certificate_as_it_did(golden):
    texts = [text_of(golden, name) for name in ("certificate-unsigned", "certificate")]
    signed, by = choose(texts, model=MODEL, version="2", judge=lambda one: judged(golden, one))
    assert (signed, by.by) == (parse_certificate(texts[1]), "ci")
    then, now = from_json(Verdict, (golden / "verdict.json").read_bytes()), verdict(golden, signed, project=PROJECT)
    assert (now.kind, now.promote, now.certificate, now.rules) == (then.kind, then.promote, then.certificate, then.rules)
    assert [(one.code, one.rule, one.slice, one.blocking) for one in now.reasons] == [(one.code, one.rule, one.slice, one.blocking) for one in then.reasons]
    assert [one.code for one in then.reasons if one.blocking] == ["KF-G021"]


@pytest.mark.parametrize(
    ("verb", "about"),
    [
        ("waive", {"version": "2", "nonce": "0a" * 16, "rule": "harm", "until": ISSUED + timedelta(days=7)}),
        ("adopt", {"version": "1", "nonce": "0b" * 16, "profile": "sha256:" + "7" * 64}),
        ("retire", {"version": None, "nonce": "0c" * 16}),
        ("evaluate", {"version": "2", "nonce": "0d" * 16, "evaluated": JUDGED}),
    ],
)
def test_a_signed_request_is_admitted(golden, verb, about):
    if verb == "evaluate" and not evaluated_in(golden):
        return
    text = (golden / "requests" / f"{verb}.json").read_text(encoding="utf-8")
    asked = RequestContext(workspace="default", model=MODEL, version=about["version"], verb=verb, spent=(), now=ISSUED + timedelta(minutes=1))
    request, by = admitted(text, asked, held=held(golden), verify=signing.verify)
    assert by == "ci"
    assert request.reason == "the slice is known, Łódź"
    assert {name: getattr(request, name) for name in about} == about
    assert verb != "waive" or request.certificate == IDENTITIES[golden.name]
    statement = parse_statement(text, "request")
    assert (canonical(from_json(SignedRequestV1, text)).decode() if statement.form == 1 else statement.text) == text


# -- the journal --------------------------------------------------------------------------------------------------------


@pytest.fixture
def untouched(golden, tmp_path):
    """The journal's database as the server of then left it."""
    restore(golden / "journal.sql", tmp_path / "mlflow.db")
    made = sa.create_engine(f"sqlite:///{tmp_path / 'mlflow.db'}")
    yield made
    made.dispose()


@pytest.fixture
def engine(untouched):
    """It again, opened as a server of today does, which starts four workers at once."""
    threads = [threading.Thread(target=Journal().prepare, args=(untouched,)) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return untouched


def links_of(engine):
    with Session(engine) as session:
        return Journal().links(session), Journal().head(session)


def rows_of(engine):
    return [link.row for link in links_of(engine)[0]]


def test_a_journal_verifies_and_holds_every_verb(engine, golden):
    links, head = links_of(engine)
    rows = [link.row for link in links]
    assert broken(links) is None
    assert (head.length, head.hash) == (len(rows), rows[-1].hash)
    assert [(row.kind, row.version) for row in rows] == [
        ("adopted", FIRST),
        ("rules changed", "-"),
        ("refused", SECOND),
        ("promoted", SECOND),
        ("rolled back", FIRST),
        *evaluated_in(golden),
        *requests_in(golden),
        ("approved", THIRD),
        ("withdrawn", THIRD),
        ("approved", THIRD),
        ("waived", THIRD),
        ("rules changed", "-"),
        ("promoted", THIRD),
        ("retired", THIRD),
    ]


def test_a_journal_that_may_only_be_read_verifies_as_it_lies_there(untouched, golden):
    links, head = links_of(untouched)
    assert broken(links) is None
    assert head.length == len(links) == 12 + len(evaluated_in(golden)) + len(requests_in(golden))


def test_what_the_server_reads_of_a_model_is_what_lies_there(engine):
    with Session(engine) as session:
        rows = Journal().rows(session, "flights-late", workspace="default")
    assert list(rows) == [row for row in rows_of(engine) if row.model != "*"]


def test_a_journal_folds_to_the_same_history(engine):
    mine = [row for row in rows_of(engine) if row.model != "*"]
    assert fold(mine) == {}
    before = fold(mine[:-1])
    assert {pointer: row.version for pointer, row in before.items()} == {"alias champion": THIRD, "stage Production": THIRD}
    assert {number: headline for number, (headline, _row) in told(mine).items()} == {
        SECOND: "replaced: alias champion",
        FIRST: "replaced: alias champion",
        THIRD: "retired: alias champion, stage Production",
    }
    promoted = mine[-2]
    assert promoted.detail["approvers"] == "rita"
    assert promoted.detail["waived"] == "slices"


def test_a_journals_approvals_waivers_and_nonces_still_count(engine, golden):
    rows = rows_of(engine)
    promoted = rows[-2]
    assert [row.who for row in approvals(rows, version=THIRD)] == ["rita"]
    assert approvers(rows, version=THIRD, certificate=promoted.certificate) == ("rita",)
    assert list(waivers(rows, version=THIRD, certificate=promoted.certificate, now=promoted.at)) == ["slices"]
    assert waivers(rows, version=THIRD, certificate=promoted.certificate, now=promoted.at + timedelta(days=3)) == {}
    assert nonces(rows) == {str(number) for number in range(3 + len(evaluated_in(golden)))}


def test_a_journal_counts_the_models_that_rows_judged(engine, golden):
    assert counted_attempts(rows_of(engine)) == ((JUDGED,) if evaluated_in(golden) else ())


def test_a_journal_goes_on(engine, golden):
    row = JournalRow(at=datetime(2030, 1, 1, tzinfo=UTC), kind="promoted", model="m", version="1", target="alias champion", who="t", via="client", text="said")
    with Session(engine) as session:
        Journal().append(session, row)
        session.commit()
    links, head = links_of(engine)
    assert broken(links) is None
    assert (links[-1].row.kind, head.length) == ("promoted", 13 + len(evaluated_in(golden)) + len(requests_in(golden)))


def test_a_journals_requests_still_count(engine, golden):
    rows = [row for row in rows_of(engine) if row.model != "*"]
    promoted = rows[-2]
    before = pending(rows[:-2], version=THIRD, certificate=promoted.certificate)
    assert (before and (before.asked.who, before.is_open, before.asked.detail)) == (
        ("paul", True, {"reason": "the right report"}) if requests_in(golden) else None
    )
    assert pending(rows, version=THIRD, certificate=promoted.certificate) is None
    assert promoted.detail.get("requested by") == ("paul" if requests_in(golden) else None)


def test_what_is_done_to_an_old_row_is_still_seen(engine):
    with engine.begin() as connection:
        connection.execute(sa.text("update keepfit_journal set who = 'somebody else' where id = 4"))
    assert broken(links_of(engine)[0]) == "row 4 was changed after it was written"
