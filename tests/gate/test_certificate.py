from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from keepfit.gate.attestation import attestation
from keepfit.gate.certificate import choose, chosen, issued_ahead, parse_certificate, parsed, sign, tree_digest, unsigned
from keepfit.gate.statement import Statement
from keepfit.records import Certificate, Scorecard, Signature, canonical, digest, from_data, from_json, to_data, to_json
from keepfit.records.envelope import NewerFormError
from keepfit.records.v1 import CertificateV1, SignedCertificateV1

CARD = Scorecard(
    model="m", task="regression", metric="mae", basis="later", champion=None, evaluated_from=None, evaluated_until=datetime(2013, 1, 1, 2, 3), n=3, rows=()
)


def certificate(version="1", day=1, **more):
    values = {"model_id": None, "model_digest": "sha256:d", "train_md5": "a.dir", "data": {"é": "1"}, "params": "p", "suites": {}, "scorecard": CARD}
    times = {"issued": datetime(2026, 1, day, tzinfo=UTC), "expires": None}
    return Certificate(model="m", version=version, expectations=(), commit="c", merged=None, signer="ci", **(values | times | more))


def told(key, signature, message):
    return signature == f"{key}|{message.hex()}"


def by(key):
    return lambda message: f"{key}|{message.hex()}"


def signed(made, key="K"):
    return sign(made, key=key, by=by(key))


def text(made, key="K"):
    return signed(made, key).statement.text


def judge(statement):
    return attestation(statement, keys={"ci": "K"}, self_attested=False, verify=told)


def of_version_1(**about):
    """The certificate as keepfit wrote it before there were envelopes, and its file's text."""
    made = from_data(CertificateV1, to_data(certificate(**about)) | {"schema": 1})
    return made, to_json(SignedCertificateV1(certificate=made, key="K", signature=by("K")(canonical(made))))


files = st.dictionaries(st.text(min_size=1, max_size=8), st.text("0123456789abcdef", min_size=1, max_size=4), max_size=5)


@given(files, st.randoms())
def test_the_order_of_files_does_not_count(tree, random):
    listed = list(tree.items())
    random.shuffle(listed)
    assert tree_digest(listed) == tree_digest(tree.items())


@given(files, files)
def test_other_files_have_another_digest(one, other):
    for tree in (one, other):
        tree.pop("registered_model_meta", None)
    assert (tree_digest(one.items()) == tree_digest(other.items())) == (one == other)


def test_a_signature_survives_the_file_and_no_change():
    read = parse_certificate(text(certificate()))
    assert read == signed(certificate())
    assert judge(read.statement).by == "ci"
    changed = replace(read.statement, payload=read.statement.payload.replace(b'"n":3', b'"n":4'))
    assert judge(parse_certificate(changed.text).statement).problem == "the certificate's signature does not verify"


def test_the_newest_trusted_certificate_about_the_version_is_chosen():
    texts = [
        text(certificate(day=1)),
        text(certificate(day=2)),
        unsigned(certificate(day=9)).statement.text,
        text(certificate("2", day=8)),
        text(certificate(day=1)),
    ]
    found, judged = choose([*texts, "junk"], model="m", version="1", judge=judge)
    assert (found.certificate.issued.day, judged.by) == (2, "ci")


def test_certificates_of_both_forms_lie_side_by_side_and_the_newest_counts():
    old, new = of_version_1(day=2)[1], text(certificate(day=3))
    for texts in ([old, new], [new, old]):
        found, judged = choose(texts, model="m", version="1", judge=judge)
        assert (found.certificate.issued.day, found.statement.form, judged.by) == (3, 2, "ci")
    found, judged = choose([of_version_1(day=4)[1], new], model="m", version="1", judge=judge)
    assert (found.certificate.issued.day, found.statement.form, judged.by) == (4, 1, "ci")


def test_no_certificate_is_said_to_be_none():
    found, judged = choose(["{}", "[]", '{"payloadType": 3}'], model="m", version="1", judge=judge)
    assert found is None
    assert judged.problem == "the version has no certificate"


def test_a_certificate_is_known_by_the_digest_of_the_bytes_that_are_stored():
    made = certificate()
    assert signed(made).identity == digest(made)
    payload = canonical(made)[:-1] + b',"mood":"calm"}'
    statement = Statement(kind="certificate", form=2, payload=payload)
    statement = replace(statement, signatures=(Signature(keyid="K", sig=by("K")(statement.message)),))
    read = parse_certificate(statement.text)
    assert judge(read.statement).by == "ci"
    assert read.certificate == made  # what is not known here is passed over
    assert read.statement.text == statement.text  # and kept
    assert read.identity == "sha256:" + hashlib.sha256(payload).hexdigest() != digest(made)
    assert read.file_name == f"certificate-{read.identity[7:19]}.json"


def newer(key):
    statement = Statement(kind="certificate", form=3, payload=b"whatever a newer keepfit says")
    return replace(statement, signatures=(Signature(keyid=key, sig=by(key)(statement.message)),)).text


def test_a_trusted_certificate_of_a_newer_form_is_refused_by_name_whatever_else_lies_there():
    with pytest.raises(NewerFormError, match=r"^the certificate has form v3; this keepfit reads forms up to v2\n  fix: upgrade keepfit here"):
        parsed([text(certificate()), newer("K")], judge=judge)


def test_a_strangers_certificate_of_a_newer_form_keeps_nobody_out():
    found, judged = choose([text(certificate()), newer("a stranger's")], model="m", version="1", judge=judge)
    assert (found, judged.by) == (signed(certificate()), "ci")


def test_a_certificate_of_version_1_keeps_its_identity_and_its_signature():
    made, written = of_version_1()
    read = parse_certificate(written)
    assert judge(read.statement).by == "ci"
    assert read.identity == digest(made) == "sha256:077f66655a362dd5e1979188b6218984f8d8181150ae6534849e6245f79c1cf5"
    assert replace(read.certificate, schema=2) == certificate()


def test_a_certificate_of_version_1_that_names_no_workspace_has_the_bytes_of_before_there_was_the_field():
    made, _ = of_version_1()
    assert b"workspace" not in canonical(made)
    assert from_json(CertificateV1, canonical(made)) == made
    named, written = of_version_1(workspace="a-team")
    assert b'"workspace":"a-team"' in canonical(named)
    assert digest(named) != digest(made)
    assert judge(parse_certificate(written).statement).by == "ci"


def test_who_adds_a_workspace_to_a_signed_certificate_breaks_its_signature():
    statement = signed(certificate()).statement
    changed = replace(statement, payload=statement.payload.replace(b'"workspace":null', b'"workspace":"a-team"'))
    of_1 = of_version_1()[1].replace('"version": "1"', '"version": "1", "workspace": "a-team"')
    for written in (changed.text, of_1):
        read = parse_certificate(written)
        assert read.certificate.workspace == "a-team"
        assert judge(read.statement).problem == "the certificate's signature does not verify"


def test_one_that_was_issued_in_the_future_comes_last_among_its_own():
    lying = parsed([text(certificate(day=day)) for day in (1, 2, 9)], judge=judge)
    fast = issued_ahead(lying, model="m", version="1", now=datetime(2026, 1, 3, tzinfo=UTC))
    assert fast == {digest(certificate(day=9))}
    assert chosen(lying, model="m", version="1", ahead=fast)[0].certificate.issued.day == 2
    assert chosen(lying[2:], model="m", version="1", ahead=fast)[0].certificate.issued.day == 9
    assert issued_ahead(lying, model="m", version="1", now=datetime(2026, 1, 8, 23, 59, 1, tzinfo=UTC)) == frozenset()
