"""Categories that the reference did not have."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import ClassVar

from keepfit.errors import DataError
from keepfit.monitor.detectors.proportions import fisher
from keepfit.records import CategoricalProfile, ColumnProfile, Evidence


@dataclass(frozen=True)
class NewCategory:
    """Do more rows hold a value that is none of the layout's categories? `statistic` is their share now, `effect` how much it grew (0 to 1).

    p is Fisher's exact test, two-sided, and 1 where the share did not grow. A column with more categories than the layout
    keeps has some such rows in the reference too; there new values and rare old ones cannot be told apart (`detail` says so).

    Blind to which value is new (a profile holds no values it has not learned) and to shifts among the known ones.

    >>> a = CategoricalProfile(categories=("x", "y"), counts=(60, 40), n=100, missing=0, other=0)
    >>> b = CategoricalProfile(categories=("x", "y"), counts=(50, 30), n=100, missing=0, other=20)
    >>> NewCategory().compare(a, b, "c").effect
    0.2
    """

    name: ClassVar[str] = "new_category"

    def compare(self, reference: ColumnProfile, current: ColumnProfile, column: str) -> Evidence:
        """Return the evidence; without a value on either side statistic, effect and p are None."""
        a, b = categories_of(self.name, reference, current, column)
        nothing = Evidence(kind="data", subject=column, detector=self.name, statistic=None, effect=None, n=b.n, n_reference=a.n, detail="no values on one side")
        if not (a.n and b.n):
            return nothing
        before, now = a.other / a.n, b.other / b.n
        p = fisher((a.other, b.other), (a.n, b.n)) if now > before else 1.0
        return replace(nothing, statistic=now, effect=max(now - before, 0.0), p_value=p, detail=_said(a, b))


def categories_of(name: str, reference: ColumnProfile, current: ColumnProfile, column: str) -> tuple[CategoricalProfile, CategoricalProfile]:
    """Return both sides as categorical profiles on one layout; raises `DataError` for numbers and for two layouts."""
    if not (isinstance(reference, CategoricalProfile) and isinstance(current, CategoricalProfile)):
        raise DataError(f"the detector {name!r} compares categories, {column!r} is numeric", where="params.yaml: monitor.columns", fix="ks or range")
    if reference.categories != current.categories:
        raise DataError(f"{column!r} is counted on two different layouts", fix="profile both windows on one layout")
    return reference, current


def _said(a: CategoricalProfile, b: CategoricalProfile) -> str:
    if not b.other:
        return ""
    if a.other:
        return f"outside the {len(a.categories)} most frequent values: {a.other / a.n:.1%} before, {b.other / b.n:.1%} now; new or rare cannot be told"
    return f"{b.other} rows ({b.other / b.n:.1%}) hold a value that the reference does not have"
