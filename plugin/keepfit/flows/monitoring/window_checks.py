"""Is a window's data sound? Its columns first, then its suite: what blocks the window, and the rows to set aside.

`monitor` and `backtest` both ask here, so a window that one of them cannot use the other cannot either.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from keepfit.flows.project import Project
from keepfit.records import Evidence, ExpectationOutcome, Window, WindowValidation
from keepfit.tables.columns import id_column
from keepfit.tables.written_targets import without_written

if TYPE_CHECKING:
    import pyarrow as pa

    from keepfit.flows.monitoring.window_evidence import Champion

SUITE = "rows"
SHOWN = 5


@dataclass(frozen=True, kw_only=True)
class Checked:
    """Whether a window's data is sound: evidence (an effect above 0 blocks), ids of rows to set aside, expectations that wait for labels."""

    broken: tuple[Evidence, ...] = ()
    aside: tuple[str, ...] = ()
    waiting: tuple[str, ...] = ()


def schema_broken(champion: Champion, table: pa.Table) -> tuple[Evidence, ...]:
    """Return what keeps the rows from being compared with the champion's: features that are gone, or that are something else now."""
    from keepfit.profiles.schema import schema_evidence

    read = champion.read(table)
    known = {one.subject for one in read.retyped}
    features = {name: column for name, column in champion.layout.items() if name in champion.meta.features and name not in known}
    return (*read.retyped, *schema_evidence(features, read.table))


def unreadable_noted(table: pa.Table) -> tuple[Evidence, ...]:
    """Return evidence on each numeric column with values that are no numbers: how many, their share as the effect, and some of them.

    Where more of the window's values are none than are numbers, the column is retyped.
    """
    from keepfit.tables.unreadable import unreadable_in

    return tuple(_unreadable(name, list(texts.values()), table[name]) for name, texts in sorted(unreadable_in(table).items()) if name in table.column_names)


def _unreadable(name: str, texts: list[str], column: pa.ChunkedArray) -> Evidence:
    shown = ", ".join(repr(text[:40]) for text in list(dict.fromkeys(texts))[:SHOWN])
    said = f"{len(texts):,} of {len(column):,} values are no numbers"
    retyped = len(texts) > len(column) - column.null_count
    return Evidence(
        kind="schema",
        subject=name,
        detector="retyped" if retyped else "unreadable",
        statistic=float(len(texts)),
        effect=1.0 if retyped else len(texts) / len(column),
        n=len(column),
        n_reference=0,
        detail=f"was number, is text: {said} ({shown})" if retyped else f"{said}, taken as missing ({shown})",
    )


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
    from keepfit.monitor.evidence import quality_evidence
    from keepfit.tables.frames import to_frame

    params = project.params
    roles = Roles(id=id_column(params), target=params.model.target)
    result = validate_suite(text, SUITE, to_frame(without_written(table)), window=window.id, min_rows=params.expect.min_rows, roles=roles)
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
