"""Which columns of a table can be features, of which kind, and why the others cannot: constants, times, ids and free text."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping

import pandas as pd
import pyarrow as pa
from pandas.api.types import is_bool_dtype, is_datetime64_any_dtype, is_float_dtype, is_numeric_dtype

from keepfit.errors import DataError
from keepfit.params import FeatureKind
from keepfit.params.own_names import OWN_NAMES
from keepfit.tables.features import number_columns, taken_apart, with_numbers
from keepfit.tables.free_text import first_texts, is_free_text, usual_words

ID_NAME = re.compile(r"^(id|row_id|uuid|key|.*_(id|uuid|key))$", re.IGNORECASE)
MANY_DISTINCT = 0.5
SLICE_VALUES = range(2, 21)
SLICES = 3
SAMPLE = 1_000


def id_like(frame: pd.DataFrame, taken: Collection[str]) -> str | None:
    """Return a column named like an id, none of `taken`, whose values are all there and all different; None without one."""
    names = [name for name in frame.columns if ID_NAME.match(name) and name not in taken]
    return next((name for name in names if frame[name].notna().all() and frame[name].is_unique), None)


def numbers_read(table: pa.Table, taken: Collection[str | None]) -> pa.Table:
    """Return the table with text that is numbers as numbers, but for the columns `taken` and those named like ids."""
    names = [name for name in number_columns(table) if name not in taken and not ID_NAME.match(name)]
    return taken_apart(with_numbers(table, names))[0]


def features_of(frame: pd.DataFrame, taken: Collection[str]) -> tuple[dict[str, FeatureKind], dict[str, str]]:
    """Sort the columns that are not `taken` into numeric and categorical features and texts, or leave them out with the reason.

    Raises `DataError` where no column is left.
    """
    features: dict[str, FeatureKind] = {}
    left_out: dict[str, str] = {}
    for name in (name for name in frame.columns if name not in taken):
        if name not in OWN_NAMES and holds_texts(frame[name]):
            features[name] = "text"
            continue
        reason = _useless(str(name), frame[name])
        if reason:
            left_out[name] = reason
        else:
            features[name] = _kind(frame[name])
    if not features:
        raise DataError("no column is left to learn from", where="--data", fix="columns that differ from row to row, beside time, target and ids")
    return features, left_out


def holds_texts(column: pd.Series[float]) -> bool:
    """Whether a column is free text, to be read as words."""
    known = column.dropna()
    if is_numeric_dtype(column) or is_datetime64_any_dtype(column) or not len(known) or not known.head(SAMPLE).map(lambda value: isinstance(value, str)).all():
        return False
    return is_free_text(pa.array(known.head(SAMPLE).tolist(), pa.string()))


def text_said(column: pd.Series[float]) -> str:
    """Return why a column is taken for text, for a person to check."""
    usual = usual_words(first_texts(pa.array(column.dropna().head(SAMPLE).tolist(), pa.string())))
    return f"holds free text of about {usual:,.0f} words, nearly all different: read by its words (categorical, if these are names of things)"


def slices_of(frame: pd.DataFrame, features: Mapping[str, FeatureKind]) -> tuple[str, ...]:
    """Return the first three categorical features with few enough values to slice by."""
    few = (name for name, kind in features.items() if kind == "categorical" and frame[name].nunique() in SLICE_VALUES)
    return tuple(few)[:SLICES]


def _useless(name: str, column: pd.Series[float]) -> str | None:
    if name in OWN_NAMES:
        return f"keepfit watches {OWN_NAMES[name]} under this name; rename it to make it a feature"
    distinct, known = column.nunique(), int(column.notna().sum())
    if distinct <= 1:
        return "always the same"
    if is_datetime64_any_dtype(column):
        return "a time"
    if is_bool_dtype(column):
        return None
    if distinct == known and (ID_NAME.match(name) or not is_float_dtype(column)) and known > max(SLICE_VALUES):
        return "different in every row: an id"
    if ID_NAME.match(name) and not is_float_dtype(column):
        return "named like an id"
    if not is_numeric_dtype(column) and distinct > MANY_DISTINCT * known:
        return "different in most rows: an id or free text"
    return None


def _kind(column: pd.Series[float]) -> FeatureKind:
    return "numeric" if is_numeric_dtype(column) and not is_bool_dtype(column) else "categorical"
