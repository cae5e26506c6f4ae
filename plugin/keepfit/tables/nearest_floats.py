"""Numbers as the float64 that is nearest, decimals too, as a CSV file, DuckDB and Python read them.

Arrow's own cast multiplies a decimal by a power of ten: one cent in seven comes out a step too high, so that .35 of a decimal column lies above the edge .35
that a column of floats was given.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pyarrow as pa

EXACT, SMALL = 2**53, 15
"""A float64 holds every whole number up to the first, and so all of so many digits."""
EXACT_POWERS = 22  # 10**22 is the last power of ten that a float64 holds
BLOCK = 1 << 14


def nearest_floats(values: pa.ChunkedArray | pa.Array) -> pa.Array:
    """Return numbers of any type as one array of float64: NULL stays NULL, booleans are 0 and 1.

    >>> from decimal import Decimal
    >>> prices = pa.array([Decimal("0.35"), None])
    >>> nearest_floats(prices).to_pylist(), prices.cast(pa.float64()).to_pylist()
    ([0.35, None], [0.35000000000000003, None])
    """
    if pa.types.is_decimal(values.type):
        return _nearest(values.combine_chunks() if isinstance(values, pa.ChunkedArray) else values)
    if pa.types.is_boolean(values.type):
        values = values.cast(pa.int8())
    floats = values.cast(pa.float64(), safe=False)
    return floats.combine_chunks() if isinstance(floats, pa.ChunkedArray) else floats


def _nearest(decimals: pa.Array) -> pa.Array:
    """By one division of two floats that are exact, of which IEEE 754 gives the nearest; by the digits as text where one is too large for that."""
    scale = decimals.type.scale
    if pa.types.is_decimal256(decimals.type) or not 0 <= scale <= EXACT_POWERS:
        return decimals.cast(pa.string()).cast(pa.float64())
    if not pa.types.is_decimal128(decimals.type):
        decimals = decimals.cast(pa.decimal128(decimals.type.precision, scale))
    validity, data = decimals.buffers()
    if data is None or not len(decimals):
        return pa.nulls(len(decimals), pa.float64())
    inset = decimals.offset % 8  # a bitmap is cut at whole bytes
    start = decimals.offset - inset
    halves = np.frombuffer(data, np.int64, count=2 * (inset + len(decimals)), offset=16 * start).reshape(-1, 2)
    floats = _divided(halves, 10.0**scale, small=decimals.type.precision <= SMALL)
    if floats is None:
        return decimals.cast(pa.string()).cast(pa.float64())
    known = None if validity is None else validity.slice(start // 8)
    return pa.Array.from_buffers(pa.float64(), len(decimals), [known, pa.py_buffer(floats)], offset=inset)


def _divided(halves: npt.NDArray[np.int64], power: float, *, small: bool) -> npt.NDArray[np.float64] | None:
    """Numbers of 128 bits, the lower half first, divided by a power of ten; None where one may be beyond 2**53 (`small`: none is)."""
    floats = np.empty(len(halves))
    for start in range(0, len(halves), BLOCK):
        low, high = halves[start : start + BLOCK, 0].copy(), halves[start : start + BLOCK, 1]
        if not small and (low.max() > EXACT or low.min() < -EXACT or not np.array_equal(low >> 63, high)):
            return None
        np.divide(low, power, out=floats[start : start + BLOCK])
    return floats
