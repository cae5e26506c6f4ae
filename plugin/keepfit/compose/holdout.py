"""The permanent holdout: a share of the rows of every window, chosen by hash, that never trains any model.

A row's side depends on its group (or id) and the salt alone: not on the other rows, on their order or on the day it is asked.

>>> keys = [f"row {number}" for number in range(100_000)]
>>> round(float(in_holdout(keys, share=0.2, salt="keepfit").mean()), 2)
0.2
"""

from __future__ import annotations

from collections.abc import Iterable
from hashlib import blake2b

import numpy as np
import numpy.typing as npt

BYTES = 8


def in_holdout(keys: Iterable[str | None], *, share: float, salt: str) -> npt.NDArray[np.bool_]:
    """Return for each key (a row's group, or its id) whether it belongs to the holdout of `share`; NULL is a key like others.

    Rows of one key are on one side. Blind to sizes: with few, large groups the share of *rows* may be far from `share`.
    """
    limit = round(share * 256**BYTES)
    if limit <= 0:
        return np.zeros(sum(1 for _ in keys), dtype=np.bool_)
    prefix = blake2b(salt.encode(), digest_size=32).digest()
    hashes = (blake2b(repr(key).encode(), digest_size=BYTES, key=prefix).digest() for key in keys)
    return np.fromiter((int.from_bytes(digest, "big") < limit for digest in hashes), dtype=np.bool_)
