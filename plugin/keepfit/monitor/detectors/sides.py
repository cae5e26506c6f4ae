"""The two sides that a detector compares: the same kind on one layout, and the evidence where nothing could be measured."""

from __future__ import annotations

from keepfit.errors import DataError
from keepfit.records import CategoricalProfile, ColumnProfile, Evidence, NumericProfile


def numbers_of(name: str, reference: ColumnProfile, current: ColumnProfile, column: str, *, instead: str) -> tuple[NumericProfile, NumericProfile]:
    """Return both sides as numeric profiles on one layout; raises `DataError` for categories (`instead` names a detector for them) and for two layouts."""
    if not (isinstance(reference, NumericProfile) and isinstance(current, NumericProfile)):
        raise DataError(f"the detector {name!r} compares numbers, {column!r} is categorical", where="params.yaml: monitor.columns", fix=instead)
    if reference.edges != current.edges:
        raise two_layouts(column)
    return reference, current


def categories_of(name: str, reference: ColumnProfile, current: ColumnProfile, column: str) -> tuple[CategoricalProfile, CategoricalProfile]:
    """Return both sides as categorical profiles on one layout; raises `DataError` for numbers and for two layouts."""
    if not (isinstance(reference, CategoricalProfile) and isinstance(current, CategoricalProfile)):
        raise DataError(f"the detector {name!r} compares categories, {column!r} is numeric", where="params.yaml: monitor.columns", fix="ks or range")
    if reference.categories != current.categories:
        raise two_layouts(column)
    return reference, current


def two_layouts(column: str) -> DataError:
    """Return the error of a column that was counted on two layouts."""
    return DataError(f"{column!r} is counted on two different layouts", fix="profile both windows on one layout")


def unmeasured(detector: str, subject: str, *, n: int, n_reference: int, why: str = "no values on one side") -> Evidence:
    """Return the evidence of a detector that could measure nothing: statistic, effect and p are None, and the detail says why.

    >>> unmeasured("ks", "x", n=0, n_reference=90).detail
    'no values on one side'
    """
    return Evidence(kind="data", subject=subject, detector=detector, statistic=None, effect=None, n=n, n_reference=n_reference, detail=why)
