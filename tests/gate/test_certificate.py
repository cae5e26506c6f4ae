from __future__ import annotations

from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from keepfit.gate.certificate import attestation, choose, chosen, issued_ahead, parsed, sign, tree_digest, unsigned
from keepfit.records import Certificate, Scorecard, SignedCertificate, canonical, digest, from_json, to_json

CARD = Scorecard(
    model="m", task="regression", metric="mae", basis="later", champion=None, evaluated_from=None, evaluated_until=datetime(2013, 1, 1, 2, 3), n=3, rows=()
)


def certificate(version="1", day=1, **more):
    values = {"model_id": None, "model_digest": "sha256:d", "train_md5": "a.dir", "data": {"é": "1"}, "params": "p", "suites": {}, "scorecard": CARD}
    times = {"issued": datetime(2026, 1, day, tzinfo=UTC), "expires": None}
    return Certificate(model="m", version=version, expectations=(), commit="c", merged=None, signer="ci", **(values | times | more))


def told(key, signature, message):
    return signature == f"{key}|{message.hex()}"


def signed(made, key="K"):
    return sign(made, key=key, by=lambda message: f"{key}|{message.hex()}")


def judge(one):
    return attestation(one.key, one.signature, canonical(one.certificate), keys={"ci": "K"}, self_attested=False, verify=told)


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
    read = from_json(SignedCertificate, to_json(signed(certificate())))
    assert judge(read).by == "ci"
    changed = from_json(SignedCertificate, to_json(signed(certificate())).replace('"n": 3', '"n": 4'))
    assert judge(changed).problem == "the certificate's signature does not verify"


def test_self_trust_takes_the_unsigned_but_not_a_broken_signature():
    def lenient(one):
        return attestation(one.key, one.signature, canonical(one.certificate), keys={}, self_attested=True, verify=told)

    assert lenient(unsigned(certificate())).by == "self"
    assert lenient(SignedCertificate(certificate=certificate(), key="K", signature="x")).by is None


def test_the_newest_trusted_certificate_about_the_version_is_chosen():
    texts = [
        to_json(one)
        for one in (
            signed(certificate(day=1)),
            signed(certificate(day=2)),
            unsigned(certificate(day=9)),
            signed(certificate("2", day=8)),
            signed(certificate(day=1)),
        )
    ]
    found, judged = choose([*texts, "junk"], model="m", version="1", judge=judge)
    assert (found.certificate.issued.day, judged.by) == (2, "ci")


def test_no_certificate_is_said_to_be_none():
    found, judged = choose(["{}"], model="m", version="1", judge=judge)
    assert found is None
    assert judged.problem == "the version has no certificate"


def test_a_certificate_that_names_no_workspace_has_the_bytes_of_before_there_was_the_field():
    assert b"workspace" not in canonical(certificate())
    assert from_json(Certificate, canonical(certificate())) == certificate()
    assert digest(certificate()) == "sha256:077f66655a362dd5e1979188b6218984f8d8181150ae6534849e6245f79c1cf5"
    assert b'"workspace":"default"' in canonical(certificate(workspace="default"))
    assert digest(certificate(workspace="default")) != digest(certificate())
    assert judge(from_json(SignedCertificate, to_json(signed(certificate(workspace="a-team"))))).by == "ci"


def test_who_adds_a_workspace_to_a_signed_certificate_breaks_its_signature():
    text = to_json(signed(certificate())).replace('"version": "1"', '"version": "1", "workspace": "a-team"')
    assert judge(from_json(SignedCertificate, text)).problem == "the certificate's signature does not verify"


def test_one_that_was_issued_in_the_future_comes_last_among_its_own():
    lying = parsed([to_json(signed(certificate(day=day))) for day in (1, 2, 9)], judge=judge)
    fast = issued_ahead(lying, model="m", version="1", now=datetime(2026, 1, 3, tzinfo=UTC))
    assert fast == {digest(certificate(day=9))}
    assert chosen(lying, model="m", version="1", ahead=fast)[0].certificate.issued.day == 2
    assert chosen(lying[2:], model="m", version="1", ahead=fast)[0].certificate.issued.day == 9
    assert issued_ahead(lying, model="m", version="1", now=datetime(2026, 1, 8, 23, 59, 1, tzinfo=UTC)) == frozenset()
