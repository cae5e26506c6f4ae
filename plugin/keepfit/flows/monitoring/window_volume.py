"""How many rows a window brought, against the windows that closed before it: told on its page, never a ground to act.

That the source fell silent is one (`flows/monitoring/window_silence.py`); fewer rows may be a quiet month.

The earlier windows are taken as they arrived (their files' row counts), not from the champion's reference: a holdout, a cap or a
quarantine took rows away there. What must not be missed is an expectation's (`expect_table_row_count_to_be_between`), which blocks.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from keepfit import plugins
from keepfit.flows.project import Project
from keepfit.flows.rows.window_store import closed_files
from keepfit.integrations.tables import rows_in_parquet
from keepfit.records import Evidence, Window

if TYPE_CHECKING:
    from keepfit.monitor.detectors.detector import WindowDetector

RECENT = 20
SUBJECT = "rows"


def volume_evidence(project: Project, window: Window, rows: int) -> tuple[Evidence, ...]:
    """Return what the number of a window's rows says beside the 20 closed before it; nothing with fewer than three, and for windows cut by count.

    The evidence is of the kind quality with the effect 0: told, not blocking; `statistic` is rows / expected.
    """
    from keepfit.tables.windows import rows_per_window

    if rows_per_window(project.params.data.window) is not None:
        return ()
    earlier = _rows_before(project, window)
    found = [detector.compare(earlier, rows, SUBJECT) for detector in _detectors()]
    return tuple(replace(one, kind="quality", effect=0.0) for one in found if one.effect is not None)


def _detectors() -> list[WindowDetector]:
    """Every one that is installed."""
    return [plugins.make("window_detectors", name, where="keepfit.window_detectors") for name in plugins.names("window_detectors")]


def surprises(evidence: tuple[Evidence, ...], *, alpha: float) -> tuple[str, ...]:
    """Return the sentence on a number of rows that earlier windows hardly explain, if it is one."""
    loud = [one for one in evidence if one.p_value is not None and one.p_value < alpha]
    return tuple(f"unusual number of rows: {one.detail}" for one in loud)


def _rows_before(project: Project, window: Window) -> list[int]:
    """The rows of the newest closed windows of this size before the window, in the order of time."""
    from keepfit.tables.windows import is_of_size

    files, size = closed_files(project), project.params.data.window
    before = sorted(name for name in files if name < window.id and is_of_size(name, size))
    return [rows_in_parquet(files[name]) for name in before[-RECENT:]]
