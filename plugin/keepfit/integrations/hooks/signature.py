"""How a message is signed, so that a receiver knows who sent it, when, and that nothing was changed (HMAC-SHA256, RFC 2104)."""

from __future__ import annotations

import hashlib
import hmac
from datetime import UTC, datetime
from urllib.parse import quote

KEY = "Idempotency-Key"
TIMESTAMP = "Keepfit-Timestamp"
SIGNATURE = "Keepfit-Signature"
LONGEST = 200


def signed(body: bytes, *, secret: str, now: datetime) -> dict[str, str]:
    """Return the headers that sign a body: `v1=` and the hex HMAC-SHA256, under the secret, of the timestamp (seconds since 1970, UTC), a dot and the body.

    >>> signed(b"{}", secret="0123456789abcdef", now=datetime(2026, 3, 1))["Keepfit-Timestamp"]
    '1772323200'
    """
    stamp = str(int((now.replace(tzinfo=UTC) if now.tzinfo is None else now).timestamp()))
    found = hmac.new(secret.encode(), stamp.encode() + b"." + body, hashlib.sha256).hexdigest()
    return {TIMESTAMP: stamp, SIGNATURE: f"v1={found}"}


def header_key(key: str) -> str:
    """Return a message's key as the value of a header: percent-encoded, and of one that is too long its SHA-256. The same key, the same value.

    >>> header_key("promoted:flights:7")
    'promoted:flights:7'
    """
    plain = quote(key, safe=":/@>")
    return plain if len(plain) <= LONGEST else "sha256:" + hashlib.sha256(key.encode("utf-8", "surrogatepass")).hexdigest()
