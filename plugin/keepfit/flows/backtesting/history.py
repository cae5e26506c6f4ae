"""The history that a backtest is over: the closed windows of the live source, each checked as `monitor` checks a new one.

Rows that row-level expectations set aside are left out from the start, for every policy. The windows after the first that are
blocked and nobody has decided on train no policy of ours, as those that `expectations/windows.yaml` excludes.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from keepfit.errors import DataError, ParamsError
from keepfit.flows.backtesting.cache import BacktestCache, key_of
from keepfit.flows.backtesting.identity import identity_of
from keepfit.flows.project import Project
from keepfit.flows.rows.people_labels import LabelsByThen
from keepfit.records import Evidence, Window

if TYPE_CHECKING:
    import pyarrow as pa

    from keepfit.tables.window_decisions import Decisions, WindowDecision


@dataclass(frozen=True, kw_only=True)
class PastCheck:
    """What a window's suite said: evidence (an effect above 0 blocks) and the ids of the rows to set aside; nothing of a window that is `left_out`."""

    evidence: tuple[Evidence, ...] = ()
    aside: tuple[str, ...] = ()
    left_out: bool = False

    @property
    def blocked(self) -> bool:
        """Whether the window waits for a person."""
        return any(one.effect for one in self.evidence)


@dataclass(frozen=True, kw_only=True)
class Past:
    """Windows in time order, the rows of each that were not set aside, as they judge, what its checks said, and a digest of the rows.

    `own` are the same rows with the labels that they came with, and `own_digests` theirs: what trains is what people had said by then (`people`).
    """

    windows: tuple[Window, ...]
    tables: tuple[pa.Table, ...]
    checks: tuple[PastCheck, ...]
    digests: tuple[str, ...]
    excluded: frozenset[str]
    own: tuple[pa.Table, ...]
    own_digests: tuple[str, ...]
    people: LabelsByThen

    @property
    def unusable(self) -> frozenset[str]:
        """The windows that a person excluded, and those after the first that are blocked."""
        blocked = (window.id for window, check in list(zip(self.windows, self.checks, strict=True))[1:] if check.blocked)
        return self.excluded | frozenset(blocked)

    def last_year(self, window: Window) -> tuple[pa.Table, ...]:
        """Return the rows of the usable windows that begin in the window's period last year."""
        from keepfit.monitor.rules.season import period_last_year

        period = period_last_year(window)
        return () if period is None else self._between(*period)

    def _between(self, start: datetime, end: datetime) -> tuple[pa.Table, ...]:
        known = zip(self.windows, self.tables, strict=True)
        return tuple(table for window, table in known if window.id not in self.unusable and window.start is not None and start <= window.start < end)


def past_of(project: Project, until: datetime | None, cache: BacktestCache) -> Past:
    """Return the history up to `until`; None closes the last window with its last row. Raises `DataError` when there are not two windows."""
    from keepfit.flows.rows.windows import window_decisions
    from keepfit.tables.columns import id_column
    from keepfit.tables.keyed import without_rows
    from keepfit.tables.window_decisions import excluded

    came, windows = _came(project, until)
    decisions = window_decisions(project)
    digests = [_digest(window, table) for window, table in zip(windows, came, strict=True)]
    checks = [_checked(project, *each, decisions.get(each[1].id), cache=cache) for each in zip(came, windows, digests, strict=True)]
    checks = _silent(project, came, windows if until is not None else windows[:-1], decisions, checks)
    own = tuple(without_rows(table, check.aside, id_column(project.params)) for table, check in zip(came, checks, strict=True))
    own_digests = tuple(_digest(window, table) if check.aside else digest for window, table, check, digest in zip(windows, own, checks, digests, strict=True))
    people = LabelsByThen(project)
    judging = people.known(None)
    tables = own if judging is None else tuple(judging.judging(table, project.params) for table in own)
    return Past(
        windows=windows,
        tables=tables,
        checks=tuple(checks),
        digests=own_digests if judging is None else tuple(_digest(window, table) for window, table in zip(windows, tables, strict=True)),
        excluded=excluded(decisions),
        own=own,
        own_digests=own_digests,
        people=people,
    )


def _came(project: Project, until: datetime | None) -> tuple[list[pa.Table], tuple[Window, ...]]:
    """The rows of each closed window of the live source, from the one that holds the first row."""
    from keepfit.flows.rows.sources import live_rows
    from keepfit.tables.by_time import closed_parts, span_of
    from keepfit.tables.windows import rows_per_window, window_of

    data = project.params.data
    if rows_per_window(data.window) is not None:
        raise ParamsError("a backtest needs windows of time", where="params.yaml: data.window", fix="month, week or day")
    table = live_rows(project, start=None, end=until)
    span = span_of(table, data.time)
    if span is None:
        raise DataError("the live source has no rows", where="params.yaml: data.live", fix="a later --until, or another source")
    closed = closed_parts(table, data.time, data.window, until or window_of(data.window, span[1]).end)
    if len(closed) < 2:
        raise DataError(f"{len(closed)} closed windows, a backtest needs two", where="params.yaml: data.window", fix="smaller windows, or a later --until")
    return [part for _, part in closed], tuple(window for window, _ in closed)


def _checked(project: Project, table: pa.Table, window: Window, digest: str, verdict: WindowDecision | None, *, cache: BacktestCache) -> PastCheck:
    """What monitor would find before it looks at a champion; a window that a person excluded, or of too few rows, it does not check."""
    from importlib.metadata import version

    from keepfit.flows.monitoring.suite import suite_broken, suite_text

    text = suite_text(project)
    if table.num_rows < project.params.monitor.min_rows or (verdict is not None and verdict.excludes):
        return PastCheck(left_out=True)
    if text is None:
        return PastCheck()
    accepted, expect = verdict is not None, identity_of("expect", project.params.expect)
    key = key_of("checked", digest, text, accepted, expect, version("great_expectations"))

    def check() -> PastCheck:
        found = suite_broken(project, table, window, accepted=accepted)
        return PastCheck(evidence=found.broken, aside=found.aside)

    return cache.record(PastCheck, key, check)


def _silent(project: Project, came: Sequence[pa.Table], windows: Sequence[Window], decisions: Decisions, checks: Sequence[PastCheck]) -> list[PastCheck]:
    """The checks, blocked where the source fell silent and nobody has decided; where nothing came there is nothing to check."""
    from keepfit.monitor.detectors.arrivals import Arrivals, missed
    from keepfit.tables.by_time import times_of

    silent = missed(Arrivals.of(times_of(came, project.params.data.time)), windows)
    found = list(checks)
    for number, window in enumerate(windows):
        if window.id in silent and window.id not in decisions and came[number].num_rows:
            found[number] = PastCheck(evidence=(silent[window.id],))
    return found


def _digest(window: Window, table: pa.Table) -> str:
    from keepfit.tables.digest import rows_digest

    return key_of(window.id, table.column_names, rows_digest(table))
