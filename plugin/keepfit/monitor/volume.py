"""How many rows a window brought, against the windows that closed before it: told on its page, never a ground to act.

That the source fell silent is one (`monitor/detectors/silence.py`); fewer rows may be a quiet month. What must not be missed is an expectation's
(`expect_table_row_count_to_be_between`), which blocks.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from keepfit import plugins
from keepfit.monitor.detectors.detector import WindowDetector
from keepfit.records import Evidence

RECENT = 20
SUBJECT = "rows"


def volume_evidence(before: Sequence[int], rows: int) -> tuple[Evidence, ...]:
    """Return what the number of a window's rows says beside those of the windows closed `before` it, in the order of time; nothing with fewer than three.

    The evidence is of the kind quality with the effect 0: told, not blocking; `statistic` is rows / expected.
    """
    found = [detector.compare(before, rows, SUBJECT) for detector in _detectors()]
    return tuple(replace(one, kind="quality", effect=0.0) for one in found if one.effect is not None)


def _detectors() -> list[WindowDetector]:
    """Every one that is installed."""
    return [plugins.make("window_detectors", name, where="keepfit.window_detectors") for name in plugins.names("window_detectors")]


def surprises(evidence: Sequence[Evidence], *, alpha: float) -> tuple[str, ...]:
    """Return the sentence on a number of rows that earlier windows hardly explain, if it is one."""
    loud = [one for one in evidence if one.p_value is not None and one.p_value < alpha]
    return tuple(f"unusual number of rows: {one.detail}" for one in loud)
