from __future__ import annotations

import base64
import json
from dataclasses import replace

import pytest

from keepfit.errors import KeepfitError
from keepfit.gate.statement import Statement, parse_statement, stated
from keepfit.records import Pin, canonical
from keepfit.records.envelope import NewerFormError

PIN = Pin(model="m", version="1", digest="sha256:Łódź", trained_until=None, evaluated_until=None)


def envelope(kind="application/vnd.keepfit.certificate.v2+json", payload=b"{}", **more):
    return json.dumps({"payloadType": kind, "payload": base64.b64encode(payload).decode(), "signatures": [], **more})


def test_a_statement_comes_back_as_it_was_written_and_says_what_it_said():
    made = stated("certificate", PIN, key="K", by=lambda message: base64.b64encode(message[:6]).decode())
    assert json.loads(made.text)["payloadType"] == "application/vnd.keepfit.certificate.v2+json"
    assert json.loads(made.text)["signatures"] == [{"keyid": "K", "sig": base64.b64encode(b"DSSEv1").decode()}]
    assert parse_statement(made.text, "certificate") == made
    assert made.says(Pin) == PIN
    assert made.payload == canonical(PIN)


def test_the_bytes_are_taken_as_they_lie_there_however_they_are_spelled():
    payload = b'{ "trained_until": null,\n "model": "m", "new here": [1, 2], "version": "1", "digest": "d", "evaluated_until": null}'
    read = parse_statement(envelope(payload=payload, remark="what DSSE does not know is passed over"), "certificate")
    assert read.payload == payload
    assert read.says(Pin) == replace(PIN, digest="d")
    assert parse_statement(read.text, "certificate") == read


def test_the_url_safe_alphabet_is_read_too():
    payload = bytes(range(240, 256))
    text = json.dumps({"payloadType": "application/vnd.keepfit.request.v2+json", "payload": base64.urlsafe_b64encode(payload).decode()})
    assert parse_statement(text, "request").payload == payload


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("please", "no certificate: not JSON"),
        ("{}", "not a SignedCertificateV1 record: certificate: Field required"),
        ("3", "not a SignedCertificateV1 record"),
        (envelope("application/vnd.keepfit.request.v2+json"), r"no certificate: the envelope's type is 'application/vnd\.keepfit\.request\.v2\+json'"),
        (envelope("application/vnd.keepfit.certificate.v1+json"), "no certificate: the envelope's type is"),
        (envelope("application/vnd.keepfit.certificate.v02+json"), "no certificate: the envelope's type is"),
        (envelope("Application/vnd.keepfit.certificate.v2+json"), "no certificate: the envelope's type is"),
        (envelope(""), "no certificate: the envelope's type is ''"),
        (envelope(payload=b"").replace('""', '"*"'), "the envelope's payload is no base64"),
        ('{"payloadType": "application/vnd.keepfit.certificate.v2+json"}', "not a Envelope record: payload: Field required"),
    ],
)
def test_what_is_no_certificate_is_refused_with_what_it_is(text, said):
    with pytest.raises(KeepfitError, match=said):
        parse_statement(text, "certificate")


def test_a_newer_form_is_read_as_bytes_and_refused_by_name_when_it_is_asked_what_it_says():
    read = parse_statement(envelope("application/vnd.keepfit.request.v3+json", b"\xff\x00 no JSON"), "request")
    assert (read.form, read.payload) == (3, b"\xff\x00 no JSON")
    with pytest.raises(NewerFormError) as refused:
        read.says(Pin)
    assert str(refused.value) == "the request has form v3; this keepfit reads forms up to v2\n  fix: upgrade keepfit here: pip install -U keepfit"


def test_a_payload_that_is_not_what_its_type_says_is_refused():
    with pytest.raises(KeepfitError, match="not a Pin record: model: Field required"):
        Statement(kind="certificate", form=2, payload=b"{}").says(Pin)
