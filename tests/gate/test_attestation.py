from __future__ import annotations

from dataclasses import replace

import pytest

from keepfit.gate.attestation import attestation
from keepfit.gate.statement import Statement, stated
from keepfit.integrations import signing
from keepfit.records import Pin, Signature

PIN = Pin(model="m", version="1", digest="sha256:d", trained_until=None, evaluated_until=None)
BARE = stated("certificate", PIN)


@pytest.fixture(scope="module")
def pairs(tmp_path_factory):
    folder = tmp_path_factory.mktemp("keys")
    return {name: signing.new_key(name, folder=folder) for name in ("ci", "second", "stranger")}


@pytest.fixture
def keys(pairs):
    return {name: pairs[name].public for name in ("ci", "second")}


def by(pair, *, keyid=None):
    return Signature(keyid=pair.public if keyid is None else keyid, sig=pair.sign(BARE.message))


def judged(keys, *signatures, self_attested=False, statement=BARE):
    return attestation(replace(statement, signatures=signatures), keys=keys, self_attested=self_attested, verify=signing.verify)


def test_a_signature_by_a_trusted_key_counts_under_its_name(pairs, keys):
    assert judged(keys, by(pairs["ci"])).by == "ci"
    assert judged(keys, by(pairs["second"])).by == "second"


@pytest.mark.parametrize("hint", ["", "a name", "nonsense!", "c2hvcnQ="])
def test_the_hint_at_the_key_is_only_a_hint(pairs, keys, hint):
    assert judged(keys, by(pairs["ci"], keyid=hint)).by == "ci"
    assert judged(keys, by(pairs["ci"], keyid=pairs["second"].public)).by == "ci"
    assert judged(keys, by(pairs["stranger"], keyid=hint)).problem == "the certificate's signature does not verify"
    assert judged(keys, by(pairs["stranger"], keyid=pairs["ci"].public)).problem == "the certificate's signature does not verify"


def test_a_strangers_signature_is_told_from_one_that_does_not_hold(pairs, keys):
    assert judged(keys, by(pairs["stranger"])).problem == "the certificate is signed with a key that gate.yaml does not name"
    broken = Signature(keyid=pairs["ci"].public, sig=by(pairs["second"]).sig)
    assert judged({"ci": keys["ci"]}, broken).problem == "the certificate's signature does not verify"


def test_one_trusted_signature_among_others_is_enough(pairs, keys):
    stranger, broken = by(pairs["stranger"]), Signature(keyid="x", sig="AAAA")
    assert judged(keys, stranger, broken, by(pairs["ci"])).by == "ci"
    assert judged(keys, stranger, broken).by is None


def test_self_trust_takes_the_unsigned_but_not_a_broken_signature(pairs):
    assert judged({}, self_attested=True).by == "self"
    assert judged({}, by(pairs["stranger"]), self_attested=True).by == "self"
    assert judged({}, Signature(keyid="K", sig="x"), self_attested=True).by is None
    assert judged({}, by(pairs["stranger"]), Signature(keyid="K", sig="x"), self_attested=True).by is None


def test_what_is_not_signed_counts_for_nobody_but_self(keys):
    assert judged(keys).problem == "the certificate is not signed"


def test_a_signature_of_version_1_is_over_the_payload_alone_and_no_other_counts(pairs, keys):
    old = Statement(kind="certificate", form=1, payload=BARE.payload)
    over_payload = Signature(keyid=pairs["ci"].public, sig=pairs["ci"].sign(BARE.payload))
    assert judged(keys, over_payload, statement=old).by == "ci"
    assert judged(keys, over_payload).problem == "the certificate's signature does not verify"
    assert judged(keys, by(pairs["ci"]), statement=old).problem == "the certificate's signature does not verify"


def test_a_signed_certificate_is_no_signed_request(pairs, keys):
    request = replace(BARE, kind="request")
    assert judged(keys, by(pairs["ci"]), statement=request).problem == "the request's signature does not verify"
