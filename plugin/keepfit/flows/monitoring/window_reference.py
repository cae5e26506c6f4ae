"""What a window is compared with (params.yaml: monitor.reference): the champion's training rows, or the same period last year."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from keepfit.flows.monitoring.window_checks import schema_broken
from keepfit.monitor.rules.season import FEWEST_PROFILES, Waiting, period_last_year
from keepfit.profiles.identity import identity_of
from keepfit.records import Reference, Window

if TYPE_CHECKING:
    import pyarrow as pa

    from keepfit.flows.monitoring.known_windows import KnownWindows
    from keepfit.flows.monitoring.window_evidence import Champion
    from keepfit.flows.project import Project
    from keepfit.monitor.compare import Drift
    from keepfit.monitor.rules.rule import EvidenceRule
    from keepfit.records import Evidence, Profile

LONGEST = timedelta(days=31)
Between = Callable[[datetime, datetime], Sequence["pa.Table"]]


@dataclass(frozen=True, kw_only=True)
class Compared:
    """The champion with the reference of one window; `missing` says why there is none, then the comparison is only shown, not judged."""

    champion: Champion
    missing: str = ""

    @property
    def rule(self) -> EvidenceRule:
        """What calls a change drift."""
        return Waiting(self.champion.rule, dict(self.champion.kinds), self.missing) if self.missing else self.champion.rule

    def drift(self, profile: Profile) -> tuple[Drift, tuple[Evidence, ...]]:
        """Return the comparison to show, and the evidence that it is."""
        drift = self.champion.drift(profile)
        return drift, () if self.missing else tuple(one for change in drift.changes for one in change.evidence)

    @property
    def notes(self) -> tuple[str, ...]:
        """What a reader of the window has to know."""
        return (f"drift is not judged: {self.missing}; shown beside the training rows",) if self.missing else ()


def compared(champion: Champion, window: Window, between: Between) -> Compared:
    """Return the champion as `monitor.reference` wants it compared; `between` gives the sound rows of a period, as they are known by now."""
    if champion.params.monitor.reference == "training":
        return Compared(champion=champion)
    champion = replace(champion, stream=f"last_year:{champion.stream or identity_of(champion.reference)}")
    period = period_last_year(window)
    if period is None:
        return Compared(champion=champion, missing="the window says no time")
    said = f"{period[0]:%Y-%m-%d} to {period[1]:%Y-%m-%d} (monitor.reference: last_year)"
    profiles, missing = _profiles(champion, window, between(*period))
    if missing:
        return Compared(champion=champion, missing=f"{missing} of the same period last year, {said}")
    return Compared(champion=replace(champion, reference=Reference(profiles=profiles)))


def known_rows(project: Project, known: KnownWindows) -> Between:
    """Return what gives the rows of a period: the windows that are known, where there is none what the live source still holds."""

    def between(start: datetime, end: datetime) -> Sequence[pa.Table]:
        return known.between(start, end) or _live_rows(project, start, end, unsound=known.unsound)

    return between


def _live_rows(project: Project, start: datetime, end: datetime, *, unsound: Collection[str]) -> Sequence[pa.Table]:
    """The rows of a period that the live source still holds, without those of unsound windows."""
    import pyarrow.compute as pc

    from keepfit.flows.rows.sources import live_rows
    from keepfit.tables.windows import rows_per_window, windows_covering

    data, rows = project.params.data, live_rows(project, start=start, end=end, odd=[])
    if rows_per_window(data.window) is not None:
        return (rows,)
    # the longest window, a month, may begin in the period and end after it
    sound = (window for window in windows_covering(data.window, start, end + LONGEST) if window.id not in unsound)
    return [rows.filter(pc.and_(pc.greater_equal(rows[data.time], window.start), pc.less(rows[data.time], window.end))) for window in sound]


def _profiles(champion: Champion, window: Window, tables: Sequence[pa.Table]) -> tuple[tuple[Profile, ...], str]:
    """The period's profiles on the champion's bins, in the order of time; or what is missing."""
    from keepfit.tables.frames import to_frame
    from keepfit.tables.union import stacked

    rows = stacked(tables, where="data/windows") if tables else None
    if rows is None or rows.num_rows < champion.params.monitor.min_rows:
        return (), f"only {0 if rows is None else rows.num_rows} rows are known"
    rows = rows.sort_by(champion.params.data.time)
    broken = schema_broken(champion, rows)
    if broken:
        return (), f"{broken[0].subject} cannot be compared with the rows"
    found = champion.steps(rows, champion.scorer.score(to_frame(champion.read(rows).table)), window)
    return (found, "") if len(found) >= FEWEST_PROFILES else ((), f"fewer than {FEWEST_PROFILES} days are known")
