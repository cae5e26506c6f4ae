"""Read the past windows of a project for suggestions: the template's history and all closed ones, with what people and suites said of each."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import TYPE_CHECKING

from keepfit.errors import DataError
from keepfit.expect.suggest.condition import condition_of, rows_of_slice
from keepfit.expect.suggest.facts import FactsAsked, facts_of
from keepfit.expect.suggest.past import PastWindows
from keepfit.flows.project import Project
from keepfit.flows.rows.closed_windows import closed_windows, timed
from keepfit.flows.rows.late_labels import LateLabels
from keepfit.flows.rows.windows import failed_windows, window_decisions
from keepfit.flows.stages.ingest import history_windows
from keepfit.flows.tickets.tickets import ledger_of
from keepfit.integrations.ledger.view import LedgerView
from keepfit.records import Window
from keepfit.slices.name import Slice
from keepfit.tables.columns import id_column
from keepfit.tables.targets import as_listed
from keepfit.tables.window_decisions import unsound
from keepfit.tables.windows import is_of_size, rows_per_window
from keepfit.tables.written_targets import without_written

if TYPE_CHECKING:
    import pyarrow as pa

EVERY_ROW = Slice()


def past_windows(project: Project, *, incidents: Collection[str] = (), where: Slice = EVERY_ROW) -> PastWindows:
    """Return what is known of the past windows' rows (of those of a slice); `incidents` are windows that count as such whatever people decided on them.

    So do windows that a person excluded, and those that are blocked and nobody has decided on. Raises `DataError` where no window is closed yet.
    """
    params, aside = project.params, {*unsound_windows(project), *incidents}
    asked = _asked(project)
    facts = [(window, facts_of(rows_of_slice(rows, where), window, asked)) for window, rows in windows_of(project)]
    if not facts:
        raise DataError("no window is closed yet", where=".keepfit/windows", fix="keepfit monitor closes windows; suggest when there are five")
    return PastWindows(
        accepted=tuple(found for window, found in facts if window.id not in aside and found.rows),
        incidents=tuple(found for window, found in facts if window.id in aside),
        size=params.data.window,
        key=params.data.id,
        target=params.model.target,
        condition=condition_of(where),
        of="" if where == EVERY_ROW else f" where {where.name}",
    )


def unsound_windows(project: Project) -> frozenset[str]:
    """Return the windows that a person excluded, and those that are blocked and nobody has decided on."""
    with ledger_of(project) as ledger, ledger.reading() as book:
        blocked = LedgerView.of(book, project.params.model.name).blocked
    return unsound({*blocked, *(one.window for one in failed_windows(project) if one.blocked)}, window_decisions(project))


def windows_of(project: Project) -> Iterator[tuple[Window, pa.Table]]:
    """Return the past windows of the present size in the order of time, each with its rows as the suite of rows is given them."""
    from keepfit.integrations.tables import read_table

    params, files, late = project.params, closed_windows(project), LateLabels(project)
    before = history_windows(params)
    closed = {window.id for window in files}
    every = [*files, *(timed(name, None, params.data) for name in before if name not in closed)]
    for window in sorted((one for one in every if _of_the_size(one, params.data.window)), key=lambda one: one.order):
        rows = as_listed(late.complete(window.id, read_table(files[window])), params) if window in files else before[window.id]
        yield window, without_written(rows)


def _of_the_size(window: Window, size: str) -> bool:
    """Whether a window is one of the present size: windows that were closed under another one lie beside them."""
    return is_of_size(window.id, size) if rows_per_window(size) is None else window.number is not None


def _asked(project: Project) -> FactsAsked:
    params = project.params
    key = id_column(params)
    features = (params.data.time, *params.data.features)
    return FactsAsked(
        left_out=frozenset({key, params.data.time}),
        categories=frozenset(name for name, kind in params.data.features.items() if kind == "categorical"),
        hidden=frozenset({*params.view.redact, *(name for name, kind in params.data.features.items() if kind == "text")}),
        keys=((key,), features) if params.data.id else (features,),
    )
