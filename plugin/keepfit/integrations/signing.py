"""Ed25519 keys: files `NAME.pem` in one folder, readable by their owner only.

The folder is `KEEPFIT_KEYS` or `~/.config/keepfit/keys`: outside the project, so that no commit and no training command's
work tree holds a private key.
"""

from __future__ import annotations

import base64
import binascii
import os
import re
from dataclasses import dataclass
from pathlib import Path

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat, load_pem_private_key

from keepfit.errors import KeepfitError

NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")


@dataclass(frozen=True)
class KeyPair:
    """A signing key and its public half."""

    name: str
    private: Ed25519PrivateKey

    @property
    def public(self) -> str:
        """The public key's 32 bytes as base64: what gate.yaml names."""
        return base64.b64encode(self.private.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)).decode()

    def sign(self, message: bytes) -> str:
        """Return the signature's 64 bytes as base64."""
        return base64.b64encode(self.private.sign(message)).decode()


def keys_folder() -> Path:
    """Return where key pairs lie: `KEEPFIT_KEYS`, else `~/.config/keepfit/keys`."""
    return Path(os.environ.get("KEEPFIT_KEYS") or Path.home() / ".config" / "keepfit" / "keys")


def new_key(name: str, *, folder: Path) -> KeyPair:
    """Make a key pair and write its private half (mode 0600); raises `KeepfitError` if the name is taken."""
    path = _path(name, folder)
    pair = KeyPair(name, Ed25519PrivateKey.generate())
    pem = pair.private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(pem)
    except FileExistsError as taken:
        raise KeepfitError(f"the key {name!r} exists already", where=str(path), fix="choose another name: an overwritten key cannot be had back") from taken
    except OSError as bad:
        raise KeepfitError(f"the key cannot be written: {bad.strerror}", where=str(path), fix="point KEEPFIT_KEYS to a folder of yours") from bad
    return pair


def load_key(name: str, *, folder: Path) -> KeyPair | None:
    """Read a key pair, None if there is none of that name; raises `KeepfitError` if others can read it or it is no key."""
    path = _path(name, folder)
    try:
        pem = path.read_bytes()
        mode = path.stat().st_mode
    except FileNotFoundError:
        return None
    except OSError as bad:
        raise KeepfitError(f"the key cannot be read: {bad.strerror}", where=str(path), fix="run as the key's owner") from bad
    if mode & 0o077:
        raise KeepfitError("other users can read the private key", where=str(path), fix=f"chmod 600 {path}; if others may have read it, make a new key")
    try:
        private = load_pem_private_key(pem, password=None)
    except (ValueError, TypeError, UnsupportedAlgorithm):
        private = None
    if not isinstance(private, Ed25519PrivateKey):
        raise KeepfitError("not an Ed25519 private key without password", where=str(path), fix="keepfit keys new makes one")
    return KeyPair(name, private)


def verify(key: str, signature: str, message: bytes) -> bool:
    """Tell if the signature (base64) over the message is by the private half of the public key (base64)."""
    try:
        public = Ed25519PublicKey.from_public_bytes(base64.b64decode(key, validate=True))
        public.verify(base64.b64decode(signature, validate=True), message)
    except (InvalidSignature, binascii.Error, ValueError):
        return False
    return True


def _path(name: str, folder: Path) -> Path:
    if not NAME.fullmatch(name):
        raise KeepfitError(f"{name!r} is not a name for a key", fix="letters, digits, '.', '_' and '-'")
    return folder / f"{name}.pem"
