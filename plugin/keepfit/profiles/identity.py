"""What a reference goes by, in the memory of a rule over evidence: a digest that no later field changes.

A reference that lies in a file goes by the file's bytes. One that lies nowhere goes by the fields that its form 1 has, by name; a field that comes
later is no part of it. Both are the same for every reference that a keepfit wrote as it knew it.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from keepfit.records import ColumnProfile, NumericProfile, Profile, Reference, ShareCount, TextProfile


def identity_of_bytes(text: bytes) -> str:
    r"""Return what a stored reference goes by: `sha256:` of its file, without the line end.

    >>> identity_of_bytes(b"{}\n") == identity_of_bytes(b"{}")
    True
    """
    return "sha256:" + hashlib.sha256(text.rstrip(b"\r\n")).hexdigest()


def identity_of(reference: Reference) -> str:
    """Return what a reference goes by that was not read from a file."""
    named = {"profiles": [_profile(profile) for profile in reference.profiles], "schema": 1}
    return identity_of_bytes(json.dumps(named, sort_keys=True, allow_nan=False, ensure_ascii=False, separators=(",", ":")).encode())


def _profile(profile: Profile) -> Mapping[str, Any]:
    return {
        "columns": {name: _column(column) for name, column in profile.columns.items()},
        "rows": profile.rows,
        "schema": 1,
        "shares": {name: _share(share) for name, share in profile.shares.items()},
        "window": profile.window,
    }


def _column(column: ColumnProfile) -> Mapping[str, Any]:
    if isinstance(column, NumericProfile):
        return {
            "counts": column.counts,
            "edges": column.edges,
            "high": column.high,
            "kind": "numeric",
            "low": column.low,
            "missing": column.missing,
            "n": column.n,
            "nonfinite": column.nonfinite,
            "total": column.total,
            "total_squared": column.total_squared,
        }
    if isinstance(column, TextProfile):
        return _texts(column)
    return {
        "categories": column.categories,
        "counts": column.counts,
        "kind": "categorical",
        "missing": column.missing,
        "n": column.n,
        "new": column.new,
        "other": column.other,
        "rare": column.rare,
    }


def _texts(column: TextProfile) -> Mapping[str, Any]:
    return {
        "buckets": column.buckets,
        "cut": column.cut,
        "kind": "text",
        "known": column.known,
        "lengths": _column(column.lengths),
        "missing": column.missing,
        "n": column.n,
        "unknown": _column(column.unknown),
        "unseen": column.unseen,
        "words": column.words,
    }


def _share(share: ShareCount) -> Mapping[str, Any]:
    return {"group": share.group, "n": share.n, "yes": share.yes}
