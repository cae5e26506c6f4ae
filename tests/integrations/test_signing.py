from __future__ import annotations

import pytest

from keepfit.errors import KeepfitError
from keepfit.integrations.signing import load_key, new_key, verify


def test_what_a_key_signs_its_public_half_verifies_and_nothing_else(tmp_path):
    pair = new_key("ci", folder=tmp_path)
    signature = load_key("ci", folder=tmp_path).sign(b"message")
    assert verify(pair.public, signature, b"message")
    assert not verify(pair.public, signature, b"another message")
    assert not verify(new_key("other", folder=tmp_path).public, signature, b"message")
    assert not verify("junk", signature, b"message")
    assert not verify(pair.public, "junk", b"message")


def test_a_private_key_is_readable_by_its_owner_only(tmp_path):
    new_key("ci", folder=tmp_path / "keys")
    path = tmp_path / "keys" / "ci.pem"
    assert path.stat().st_mode & 0o777 == 0o600
    path.chmod(0o644)
    with pytest.raises(KeepfitError, match="other users can read"):
        load_key("ci", folder=tmp_path / "keys")


def test_a_key_is_never_overwritten(tmp_path):
    before = new_key("ci", folder=tmp_path).public
    with pytest.raises(KeepfitError, match="exists already"):
        new_key("ci", folder=tmp_path)
    assert load_key("ci", folder=tmp_path).public == before


@pytest.mark.parametrize("name", ["../ci", "", ".hidden", "a/b"])
def test_a_keys_name_stays_in_the_folder(tmp_path, name):
    with pytest.raises(KeepfitError, match="is not a name"):
        new_key(name, folder=tmp_path)


def test_there_may_be_no_key(tmp_path):
    assert load_key("ci", folder=tmp_path) is None


def test_a_file_that_is_no_key_is_said_to_be_none(tmp_path):
    (tmp_path / "ci.pem").write_text("hello")
    (tmp_path / "ci.pem").chmod(0o600)
    with pytest.raises(KeepfitError, match="not an Ed25519 private key"):
        load_key("ci", folder=tmp_path)
