"""The holdout: which side a key is on has not changed since the first release, and depends on nothing but the key."""

from __future__ import annotations

from hashlib import blake2b

import numpy as np
import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from keepfit.compose.holdout import in_holdout, key_hashes

KEYS = st.lists(st.none() | st.text(max_size=150) | st.sampled_from(["it's", 'say "no"', "a\\b", "tab\t", "é", "\x00", "", "a'b\"c"]), max_size=30)


def of_the_release(keys, share, salt):
    limit, key = round(share * 256**8), blake2b(salt.encode(), digest_size=32).digest()
    return [int.from_bytes(blake2b(repr(one).encode(), digest_size=8, key=key).digest(), "big") < limit for one in keys]


@given(KEYS, st.sampled_from([0.0, 0.2, 0.5, 1.0]), st.sampled_from(["keepfit", "a pinch"]))
def test_each_key_is_on_the_side_where_the_release_put_it(keys, share, salt):
    keys = [key if key is None or key.isascii() or key.isprintable() else key.encode("utf-8", "replace").decode() for key in keys]
    assert in_holdout(keys, share=share, salt=salt).tolist() == of_the_release(keys, share, salt)


def test_plain_ids_in_many_chunks_are_hashed_as_one_by_one():
    keys = [f"2013-01-{number:06d}" for number in range(20_000)] + ["it's", None]
    column = pa.chunked_array([keys[:3], keys[3:9_001], keys[9_001:]], pa.string())
    assert in_holdout(column, share=0.3, salt="keepfit").tolist() == of_the_release(keys, 0.3, "keepfit")


def test_texts_of_any_storage_have_one_hash():
    keys = ["a", "b", "it's"]
    small, large = (key_hashes(pa.chunked_array([keys], kind), salt="s") for kind in (pa.string(), pa.large_string()))
    assert np.array_equal(small, large)
