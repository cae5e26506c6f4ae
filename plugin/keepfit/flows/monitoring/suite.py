"""What the suite of live rows says of a window: what blocks it, and the rows to set aside.

`monitor` and `backtest` both ask here, so a window that one of them cannot use the other cannot either.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from keepfit.flows.project import Project
from keepfit.monitor.evidence import quality_evidence
from keepfit.monitor.sound import Checked
from keepfit.records import Evidence, ExpectationOutcome, Window, WindowValidation
from keepfit.tables.columns import id_column
from keepfit.tables.frames import to_frame
from keepfit.tables.time_features import with_time_features
from keepfit.tables.written_targets import without_written

if TYPE_CHECKING:
    import pyarrow as pa

SUITE = "rows"


def suite_text(project: Project) -> str | None:
    """Return the suite of live rows as it is written, None if there is none."""
    path = project.suites / "data" / f"{SUITE}.json"
    return path.read_text(encoding="utf-8") if path.is_file() else None


def suite_broken(project: Project, table: pa.Table, window: Window, *, accepted: bool) -> Checked:
    """Return evidence on quality (none blocks if a person accepted the window), the ids of the rows to set aside, and what waits for labels."""
    text = suite_text(project)
    if text is None:
        return Checked()
    from keepfit.integrations.gx_suites import Roles, validate_suite

    params = project.params
    roles = Roles(id=id_column(params), target=params.model.target)
    frame = to_frame(without_written(with_time_features(table, params.data.derived)))
    result = validate_suite(text, SUITE, frame, window=window.id, min_rows=params.expect.min_rows, roles=roles)
    critical = {outcome.expectation for outcome in result.outcomes if outcome.severity == "critical"}
    aside = sorted({row for expectation, rows in result.unexpected_rows.items() if expectation in critical for row in rows})
    validation = WindowValidation(
        window=window.id,
        rows=table.num_rows,
        quarantined=len(aside),
        blocked=False,
        decision="accept" if accepted else None,
        outcomes=tuple(_of_window(outcome) for outcome in result.outcomes),
    )
    broken = tuple(_noted(one, accepted=accepted) for one in quality_evidence(validation))
    return Checked(broken=broken, aside=tuple(aside), waiting=result.waiting)


def _of_window(outcome: ExpectationOutcome) -> ExpectationOutcome:
    """What could not be measured is the whole window's trouble, even if it would have judged row by row."""
    return replace(outcome, level="batch") if outcome.status == "error" else outcome


def _noted(evidence: Evidence, *, accepted: bool) -> Evidence:
    return replace(evidence, detail=f"accepted: {evidence.detail}") if accepted else evidence
