"""A comparison in a notebook's cell: a fragment whose style reaches nothing outside it, in the colours of the page around it."""

from __future__ import annotations

from collections.abc import Sequence

from keepfit.monitor.compare import Drift
from keepfit.report.drift import drift_values
from keepfit.report.pages import render

ROWS, FIGURES = 20, 6


def drift_cell(drift: Drift, *, remarks: Sequence[str] = ()) -> str:
    """Return the comparison as a self-contained `<div>`: verdict, the largest changes and the distributions of what drifts.

    Text takes the cell's own colour and the ground stays as it is, so that it reads on light and on dark.
    """
    values = drift_values(drift)
    rows, figures = list(values["rows"]), [one for one in values["figures"] if one[0].drifts]  # type: ignore[call-overload, attr-defined]
    shown = {**values, "rows": rows[:ROWS], "left_off": max(len(drift.changes) - ROWS, 0), "figures": figures[:FIGURES], "remarks": remarks}
    return render("drift_cell.html", **shown)
