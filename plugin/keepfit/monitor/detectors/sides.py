"""The two sides that a detector compares: the same kind on one layout, and the evidence where nothing could be measured."""

from __future__ import annotations

from keepfit import plugins
from keepfit.errors import DataError
from keepfit.monitor.detectors.detector import ColumnKind
from keepfit.records import CategoricalProfile, ColumnProfile, Evidence, NumericProfile, TextProfile

WHERE = "params.yaml: monitor.columns"


def numbers_of(name: str, reference: ColumnProfile, current: ColumnProfile, column: str) -> tuple[NumericProfile, NumericProfile]:
    """Return both sides as numeric profiles on one layout; raises `DataError` for others (naming the detectors of them) and for two layouts."""
    if not (isinstance(reference, NumericProfile) and isinstance(current, NumericProfile)):
        raise _other_kind(name, "numbers", column, "numeric", (reference.kind, current.kind))
    if reference.edges != current.edges:
        raise two_layouts(column)
    return reference, current


def categories_of(name: str, reference: ColumnProfile, current: ColumnProfile, column: str) -> tuple[CategoricalProfile, CategoricalProfile]:
    """Return both sides as categorical profiles on one layout; raises `DataError` for others (naming the detectors of them) and for two layouts."""
    if not (isinstance(reference, CategoricalProfile) and isinstance(current, CategoricalProfile)):
        raise _other_kind(name, "categories", column, "categorical", (reference.kind, current.kind))
    if reference.categories != current.categories:
        raise two_layouts(column)
    return reference, current


def texts_of(name: str, reference: ColumnProfile, current: ColumnProfile, column: str) -> tuple[TextProfile, TextProfile]:
    """Return both sides as profiles of texts on one layout; raises `DataError` for others (naming the detectors of them) and for two layouts."""
    if not (isinstance(reference, TextProfile) and isinstance(current, TextProfile)):
        raise _other_kind(name, "texts", column, "text", (reference.kind, current.kind))
    if reference.known != current.known:
        raise two_layouts(column)
    return reference, current


def no_texts(column: str) -> DataError:
    """Return the refusal of a column of texts by a detector of bins and categories."""
    return DataError(f"{column!r} holds texts, which have no bins or categories to compare", where=WHERE, fix=_others("text"))


def _other_kind(name: str, compares: str, column: str, kind: ColumnKind, held: tuple[ColumnKind, ColumnKind]) -> DataError:
    other = next(each for each in held if each != kind)
    return DataError(f"the detector {name!r} compares {compares}, {column!r} is {other}", where=WHERE, fix=_others(other))


def _others(kind: ColumnKind) -> str:
    """The detectors that look at such a column."""
    known = {name: plugins.load("detectors", name) for name in plugins.BUILTIN["detectors"]}
    return f"one of {', '.join(name for name, detector in known.items() if kind in detector.kinds)}"


def two_layouts(column: str) -> DataError:
    """Return the error of a column that was counted on two layouts."""
    return DataError(f"{column!r} is counted on two different layouts", fix="profile both windows on one layout")


def unmeasured(detector: str, subject: str, *, n: int, n_reference: int, why: str = "no values on one side") -> Evidence:
    """Return the evidence of a detector that could measure nothing: statistic, effect and p are None, and the detail says why.

    >>> unmeasured("ks", "x", n=0, n_reference=90).detail
    'no values on one side'
    """
    return Evidence(kind="data", subject=subject, detector=detector, statistic=None, effect=None, n=n, n_reference=n_reference, detail=why)
