"""What `monitor` would have seen of a window under a champion of the backtest: the same checks, profiles, comparison and rule over evidence.

A window's profile under a champion is kept with the models, so that a second backtest counts no row again.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING

from keepfit.flows.backtesting.cache import key_of
from keepfit.flows.backtesting.history import PastCheck
from keepfit.flows.monitoring.champion import scored
from keepfit.monitor.champion import Champion
from keepfit.monitor.compared import Compared, LastYear, compared
from keepfit.monitor.sound import schema_broken
from keepfit.records import CategoricalProfile, ColumnProfile, Evidence, NumericProfile, Profile, Reference
from keepfit.update.found import Found, nothing_found

if TYPE_CHECKING:
    from keepfit.flows.backtesting.trainings import Trainings
    from keepfit.update.backtest import Trained


@dataclass(frozen=True, kw_only=True)
class WindowProfiles:
    """A window's profile under a champion, and those of its base windows."""

    profile: Profile
    steps: tuple[Profile, ...]


@dataclass(frozen=True)
class Looks:
    """Looks at the windows of a history, each champion with the reference that its training rows give."""

    trainings: Trainings

    def look(self, trained: Trained, window: int, *, drift: bool) -> Found | None:
        """Return what the window says of the champion before its labels do, drift only if it is asked for.

        None for a window that a person excluded, or of too few rows.
        """
        past = self.trainings.past
        if past.checks[window].left_out:
            return None
        name, model = str(trained.until), self.trainings.project.params.model.name
        found = Found(judged=nothing_found(past.windows[window], model=model, champion=name, version=name, rows=past.tables[window].num_rows))
        broken = self._schema(trained, window) or past.checks[window].evidence
        if any(one.effect for one in broken):
            return found.having(status="blocked", evidence=broken)
        if not drift:
            return found.having(evidence=broken)
        counted, against = self._counted(trained, window), self._compared(trained, window)
        changes, told = against.drift(counted.profile)
        found = replace(found, drift=changes, profile=counted.profile, steps=counted.steps, rule=against.rule)
        return found.having(evidence=(*broken, *told))

    def _schema(self, trained: Trained, window: int) -> tuple[Evidence, ...]:
        """What keeps the window from being compared with what the model learned from: told by its columns alone, no row of which is counted."""
        past = self.trainings.past

        def broken() -> PastCheck:
            return PastCheck(evidence=schema_broken(self._columns_of(trained), past.tables[window]))

        key = (trained, window)
        if key not in self._broken:
            self._broken[key] = self.trainings.cache.record(
                PastCheck, key_of("schema", self.trainings.model_key(trained), past.digests[window]), broken
            ).evidence
        return self._broken[key]

    def _columns_of(self, trained: Trained) -> Champion:
        """A model with what is known of its columns, in place of a reference."""
        params, meta = self.trainings.project.params, self.trainings.meta(trained)
        seen = Profile(window=self.trainings.past.windows[trained.until].id, rows=0, columns={name: _uncounted(kind) for name, kind in meta.features.items()})
        return Champion(params=params, meta=meta, reference=Reference(profiles=(seen,)), basis="later")

    @cached_property
    def _broken(self) -> dict[tuple[Trained, int], tuple[Evidence, ...]]:
        return {}

    def _compared(self, trained: Trained, window: int) -> Compared:
        """The champion with the reference that monitor would hold the window to."""
        champion, past = self.champion(trained), self.trainings.past
        if champion.params.monitor.reference == "training":
            return compared(champion, None)
        season = LastYear.of(champion, past.windows[window], past.last_year(past.windows[window]))
        scores = None if season.rows is None else scored(self.trainings.scorer(trained), champion.read(season.rows).table).values
        return compared(champion, season, scores)

    def _counted(self, trained: Trained, window: int) -> WindowProfiles:
        past, champion = self.trainings.past, self.champion(trained)

        def count() -> WindowProfiles:
            table, scores = past.tables[window], self.trainings.scorer(trained).score(self.trainings.frame(window))
            return WindowProfiles(profile=champion.profile(table, scores, past.windows[window]), steps=champion.steps(table, scores, past.windows[window]))

        return self.trainings.cache.record(WindowProfiles, key_of("counted", self._reference_key(trained), past.digests[window]), count)

    def champion(self, trained: Trained) -> Champion:
        """Return a model of the backtest as the champion that monitor would have loaded."""
        if trained not in self._champions:
            params = self.trainings.project.params
            reference = self.trainings.cache.record(Reference, self._reference_key(trained), lambda: self._reference(trained))
            self._champions[trained] = Champion(params=params, meta=self.trainings.meta(trained), reference=reference, basis="later")
        return self._champions[trained]

    def _reference(self, trained: Trained) -> Reference:
        from keepfit.flows.models.training import reference_for
        from keepfit.tables.labels import labelled

        params = self.trainings.project.params
        return reference_for(params, labelled(params, self.trainings.rows(trained)), self.trainings.folder(trained), self.trainings.repo)

    def _reference_key(self, trained: Trained) -> str:
        monitor = self.trainings.project.params.monitor
        return key_of("reference", self.trainings.model_key(trained), monitor.bins, monitor.max_categories)

    @cached_property
    def _champions(self) -> dict[Trained, Champion]:
        return {}


def _uncounted(kind: str) -> ColumnProfile:
    """A column of which no value was counted."""
    if kind == "categorical":
        return CategoricalProfile(categories=(), counts=(), n=0, missing=0, other=0)
    return NumericProfile(edges=(), counts=(0,), n=0, missing=0, nonfinite=0, total=0.0, total_squared=0.0, low=None, high=None)
