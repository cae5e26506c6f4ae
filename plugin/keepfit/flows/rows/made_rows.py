"""What the data suite says of rows that an augmentation made: the ones that break it, and whether all of them have to stay out."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from keepfit.expect.quarantine import set_aside
from keepfit.flows.project import Project
from keepfit.tables.columns import id_column

if TYPE_CHECKING:
    import pyarrow as pa

    from keepfit.compose.augment.made import Suite, SuiteAnswer
    from keepfit.integrations.gx_suites import SuiteResult
    from keepfit.records import ExpectationOutcome

SUITE = "rows"
MADE = "made"


def text_of_suite(project: Project) -> str | None:
    """Return the suite of live rows as it is written; None if there is none."""
    path = project.suites / "data" / f"{SUITE}.json"
    return path.read_text(encoding="utf-8") if path.is_file() else None


def suite_of_made(project: Project) -> Suite | None:
    """Return what looks over made rows by the suite of live rows; None where there is no suite."""
    text = text_of_suite(project)
    if text is None:
        return None

    def look_over(made: pa.Table, parents: pa.Table) -> SuiteAnswer:
        """Rows that fail a critical row-level expectation are broken; a critical failure of the batch refuses all, unless their parents fail it too."""
        from keepfit.compose.augment.made import SuiteAnswer

        found = _validated(project, text, made)
        broken = {one.row_id for one in set_aside(MADE, SUITE, found.outcomes, found.unexpected_rows)}
        failed = [one for one in found.outcomes if one.blocks]
        if failed:
            theirs = {one.expectation for one in _validated(project, text, parents).outcomes if one.blocks}
            failed = [one for one in failed if one.expectation not in theirs]
        return SuiteAnswer(broken=frozenset(broken), refused=_refusal(failed))

    return look_over


def _validated(project: Project, text: str, rows: pa.Table) -> SuiteResult:
    from keepfit.integrations.gx_suites import Roles, validate_suite
    from keepfit.tables.frames import to_frame
    from keepfit.tables.time_features import with_time_features
    from keepfit.tables.written_targets import without_written

    params = project.params
    frame = to_frame(without_written(with_time_features(rows, params.data.derived)))
    roles = Roles(id=id_column(params), target=params.model.target)
    return validate_suite(text, SUITE, frame, window=MADE, min_rows=params.expect.min_rows, roles=roles)


def _refusal(failed: Sequence[ExpectationOutcome]) -> str:
    """The first expectation that they break and their parents meet, in a sentence."""
    if not failed:
        return ""
    first = failed[0]
    said = ", ".join(text for text in (first.observed, first.detail) if text)
    return f"they break {SUITE}/{first.expectation}{f' on {first.column}' if first.column else ''}, which their parents meet: {said}"
