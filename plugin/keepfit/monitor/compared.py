"""What a window is compared with (params.yaml: monitor.reference): the champion's training rows, or the same period last year."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

import pyarrow as pa

from keepfit.monitor.champion import Champion, Floats
from keepfit.monitor.compare import Drift
from keepfit.monitor.rules.rule import EvidenceRule
from keepfit.monitor.rules.season import FEWEST_PROFILES, Waiting, period_last_year
from keepfit.monitor.sound import schema_broken
from keepfit.profiles.identity import identity_of
from keepfit.records import Evidence, Profile, Window
from keepfit.tables.union import stacked


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


@dataclass(frozen=True, kw_only=True)
class LastYear:
    """The rows of the same period last year, as far as they are known: what may be compared with once the model has scored it.

    `missing` says why there is nothing to compare with; `rows` is None then.
    """

    window: Window
    period: tuple[datetime, datetime] | None = None
    rows: pa.Table | None = None
    missing: str = ""

    @classmethod
    def of(cls, champion: Champion, window: Window, tables: Sequence[pa.Table]) -> LastYear:
        """Look at the known rows of the window's period; `tables` are those of sound windows."""
        period = period_last_year(window)
        if period is None:
            return cls(window=window, missing="the window says no time")
        found = cls(window=window, period=period)
        rows = stacked(tables, where="data/windows") if tables else None
        if rows is None or rows.num_rows < champion.params.monitor.min_rows:
            return replace(found, missing=found.said(f"only {0 if rows is None else rows.num_rows} rows are known"))
        rows = rows.sort_by(champion.params.data.time)
        broken = schema_broken(champion, rows)
        if broken:
            return replace(found, missing=found.said(f"{broken[0].subject} cannot be compared with the rows"))
        return replace(found, rows=rows)

    def said(self, what: str) -> str:
        """Return why the period is no reference."""
        return what if self.period is None else f"{what} of the same period last year, {self.named}"

    @property
    def named(self) -> str:
        """The period in words."""
        return "" if self.period is None else f"{self.period[0]:%Y-%m-%d} to {self.period[1]:%Y-%m-%d} (monitor.reference: last_year)"


def compared(champion: Champion, season: LastYear | None, scores: Floats | None = None) -> Compared:
    """Return the champion as a window is compared with it: `season` is its period last year (None: the training rows are wanted) with the model's scores."""
    if season is None:
        return Compared(champion=champion)
    champion = replace(champion, stream=f"last_year:{champion.stream or identity_of(champion.reference)}")
    if season.rows is None or scores is None:
        return Compared(champion=champion, missing=season.missing)
    profiles = champion.steps(season.rows, scores, season.window)
    if len(profiles) < FEWEST_PROFILES:
        return Compared(champion=champion, missing=season.said(f"fewer than {FEWEST_PROFILES} days are known"))
    return Compared(champion=replace(champion, reference=replace(champion.reference, profiles=profiles)))
