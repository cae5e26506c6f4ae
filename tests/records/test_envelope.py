"""The envelope against what DSSE publishes: the vector of its protocol, and those of its test vectors that say what a verifier must do."""

from __future__ import annotations

import base64

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256

from keepfit.errors import KeepfitError
from keepfit.integrations.signing import verify
from keepfit.records import Envelope, from_json, to_json
from keepfit.records.envelope import body_of, pae, sealed, standard

# secure-systems-lab/dsse, protocol.md, "Test Vectors"
PROTOCOL = """
{"payload": "aGVsbG8gd29ybGQ=",
 "payloadType": "http://example.com/HelloWorld",
 "signatures": [{"sig": "A3JqsQGtVsJ2O2xqrI5IcnXip5GToJ3F+FnZ+O88SjtR6rDAajabZKciJTfUiHqJPcIAriEGAHTVeCUjW2JIZA=="}]}
"""
X = 46950820868899156662930047687818585632848591499744589407958293238635476079160
Y = 5640078356564379163099075877009565129882514886557779369047442380624545832820

# secure-systems-lab/dsse, testvectors/vectors.json; the key is that of RFC 8032, section 7.1, TEST 1
KEY = base64.b64encode(bytes.fromhex("d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a")).decode()
STATEMENT, IN_TOTO = "eyJfdHlwZSI6Imh0dHBzOi8vaW4tdG90by5pby9TdGF0ZW1lbnQvdjEifQ==", "application/vnd.in-toto+json"
SIGNED = "2WAfaHm5jluo0w+0rk8uVkluELJYWjSmU9x7EUzx+AyteDGJ4/nqyJXfmAUVFIAoQafWm7AxBZNw5M9ixNHiCA=="
VECTORS = {
    "single signature": (IN_TOTO, STATEMENT, SIGNED, True),
    "URL-safe base64": (IN_TOTO, "-_-_Pj8=", "P-_KHICeR7tI6S_YyejJTRtrXhcQyQ2LYPaL8h90KjC9qN8HU_svOQ6TuDOT1HIrsGW886DbWNWcCmX5twLrAw==", True),
    "payload type swapped": ("application/vnd.example.other+json", STATEMENT, SIGNED, False),
    "payload type beyond ASCII": (
        "application/vnd.exämple+json",
        STATEMENT,
        "xmSk/ug66ysT7ayhkCIjhAq42zgZXSsEWuzUaNL7w2eGAdF/NU6/fRXPtmfN+5DNSAs5/i2lUnHjbbjPsu0tAw==",
        True,
    ),
    "empty payload": (IN_TOTO, "", "gSggCAaTLTYyRH6FIDBem6meyIynsYy8RTHVzwx9tnTb7Bg/1jMWnuVgI/gffqmbsC2VX5/jHfkkDqsj7CDbDg==", True),
}


def test_the_published_envelope_is_read_and_its_signature_holds():
    envelope = from_json(Envelope, PROTOCOL)
    message = pae(envelope.payloadType, body_of(envelope))
    assert message == b"DSSEv1 29 http://example.com/HelloWorld 11 hello world"
    raw = base64.b64decode(envelope.signatures[0].sig)
    der = encode_dss_signature(int.from_bytes(raw[:32]), int.from_bytes(raw[32:]))
    key = ec.EllipticCurvePublicNumbers(X, Y, ec.SECP256R1()).public_key()
    key.verify(der, message, ec.ECDSA(SHA256()))
    with pytest.raises(InvalidSignature):
        key.verify(der, message + b"!", ec.ECDSA(SHA256()))


@pytest.mark.parametrize(("kind", "payload", "signature", "holds"), VECTORS.values(), ids=VECTORS)
def test_a_published_signature_holds_for_its_type_and_payload_alone(kind, payload, signature, holds):
    body = body_of(Envelope(payloadType=kind, payload=payload))
    assert verify(KEY, standard(signature), pae(kind, body)) == holds
    assert not verify(KEY, standard(signature), pae(kind, body + b"!"))
    assert not verify(KEY, standard(signature), body)


def test_any_bytes_come_back_as_they_went():
    body = bytes(range(256))
    envelope = from_json(Envelope, to_json(sealed("application/vnd.keepfit.test", body)))
    assert body_of(envelope) == body


def test_a_payload_that_is_no_base64_is_one_sentence():
    with pytest.raises(KeepfitError, match="the envelope's payload is no base64"):
        body_of(Envelope(payloadType="x", payload="not base64!"))
