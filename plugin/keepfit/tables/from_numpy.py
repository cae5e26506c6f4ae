"""NumPy arrays as Arrow arrays over the same memory; `pa.array` would import pandas."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa


def from_numpy(values: npt.NDArray[Any]) -> pa.Array:
    """Return integers, floats or booleans as an Arrow array without NULLs; NaN stays NaN.

    >>> from_numpy(np.array([True, False, True])).to_pylist(), from_numpy(np.array([1.5, 2.0])).type
    ([True, False, True], DataType(double))
    """
    if values.dtype == np.bool_:
        return pa.Array.from_buffers(pa.bool_(), len(values), [None, pa.py_buffer(np.packbits(values, bitorder="little"))])
    whole = np.ascontiguousarray(values)
    return pa.Array.from_buffers(pa.from_numpy_dtype(whole.dtype), len(whole), [None, pa.py_buffer(whole)])


def texts(codes: npt.NDArray[Any], names: pa.Array) -> pa.Array:
    """Return the name that each code stands for.

    >>> texts(np.array([1, 0]), pa.array(["a", "b"])).to_pylist()
    ['b', 'a']
    """
    return names.take(from_numpy(codes))
