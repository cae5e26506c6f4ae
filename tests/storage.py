"""The same values in other storage: what a table may come as without losing anything."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal

import pyarrow as pa

WORDS = {"True": str, "true": lambda value: str(value).lower(), "TRUE": lambda value: str(value).upper()}
Value = bool | int | float | str | None


def storages(values: Sequence[Value]) -> dict[str, pa.Array]:
    """Every way we know to store these values (one Python type and None) so that each still is what it was, by name."""
    known = [value for value in values if value is not None]
    if not known:
        return {"null": pa.nulls(len(values)), "bool": pa.array(values, pa.bool_()), "string": pa.array(values, pa.string())}
    kind = type(known[0])
    return {bool: _booleans, int: _integers, float: _numbers, str: _texts}[kind](values)


def _booleans(values: Sequence[Value]) -> dict[str, pa.Array]:
    whole = [None if value is None else int(value) for value in values]
    words = {f"{word} as {name}": array for word in ("True", "true", "TRUE") for name, array in _texts(_written(values, WORDS[word])).items()}
    codes = {"dictionary of bool": pa.DictionaryArray.from_arrays(pa.array(whole, pa.int8()), pa.array([False, True]))}
    return {"bool": pa.array(values, pa.bool_()), **codes, **words, **_integers(whole)}


def _integers(values: Sequence[Value]) -> dict[str, pa.Array]:
    exact = all(value is None or abs(value) <= 2**53 for value in values)
    floats = {"double": pa.array(values, pa.float64()), **_floated(values)} if exact else {}
    small = {"int8": pa.array(values, pa.int8())} if all(value is None or abs(value) < 128 for value in values) else {}
    decimals = [None if value is None else Decimal(value) for value in values]
    coded = {"dictionary of int64": pa.array(values, pa.int64()).dictionary_encode()}
    return {
        "int64": pa.array(values, pa.int64()),
        "decimal(20,0)": pa.array(decimals, pa.decimal128(20, 0)),
        "decimal(24,2)": pa.array(decimals, pa.decimal128(24, 2)),
        **floats,
        **small,
        **coded,
        **{f"digits as {name}": array for name, array in _texts(_written(values, str)).items()},
        **{f"1.0 as {name}": array for name, array in _texts(_written(values, "{}.0".format)).items()},
    }


def _floated(values: Sequence[Value]) -> dict[str, pa.Array]:
    return {"NaN for NULL": pa.array([float("nan") if value is None else float(value) for value in values], pa.float64())}


def _numbers(values: Sequence[Value]) -> dict[str, pa.Array]:
    """Numbers of quarters: decimals hold them too."""
    decimals = [None if value is None else Decimal(str(value)) for value in values]
    return {
        "double": pa.array(values, pa.float64()),
        "decimal(20,2)": pa.array(decimals, pa.decimal128(20, 2)),
        "float": pa.array(values, pa.float32()),
        **_floated(values),
        **{f"numbers as {name}": array for name, array in _texts(_written(values, str)).items()},
        **{f"1.50 as {name}": array for name, array in _texts(_written(values, "{:.2f}".format)).items()},
    }


def _texts(values: Sequence[Value]) -> dict[str, pa.Array]:
    text = pa.array(values, pa.string())
    return {
        "string": text,
        "large_string": text.cast(pa.large_string()),
        "string_view": text.cast(pa.string_view()),
        "dictionary": text.dictionary_encode(),
    }


def _written(values: Sequence[Value], write) -> list[str | None]:
    return [None if value is None else write(value) for value in values]


NAMED: Mapping[str, Sequence[Value]] = {
    "boolean": [True, False, None, True, False, True],
    "small integer": [1, 2, None, 3, 2, 1],
    "0 and 1": [1, 0, None, 0, 1, 1],
    "integer above 2**53": [2**53, 2**53 + 1, None, -(2**53) - 1, 5, 2**53 + 1],
    "number": [1.5, 2.0, None, 0.25, 2.0, -1.0],
    "text": ["EV", "UA", None, "EV", "01", "n/a"],
}
