"""What `monitor` would have seen of a window under a champion of the backtest: the same checks, profiles, comparison and rule over evidence.

A window's profile under a champion is kept with the models, so that a second backtest counts no row again.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING

from keepfit.flows.backtesting.cache import key_of
from keepfit.flows.monitoring.champion import scored
from keepfit.monitor.champion import Champion
from keepfit.monitor.compared import Compared, LastYear, compared
from keepfit.monitor.sound import schema_broken
from keepfit.records import Profile, Reference
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

    def look(self, trained: Trained, window: int) -> Found | None:
        """Return what the window says of the champion before its labels do; None for one that a person excluded, or of too few rows."""
        past = self.trainings.past
        if past.checks[window].left_out:
            return None
        champion, table = self.champion(trained), past.tables[window]
        name, model = str(trained.until), self.trainings.project.params.model.name
        found = Found(judged=nothing_found(past.windows[window], model=model, champion=name, version=name, rows=table.num_rows))
        broken = schema_broken(champion, table) or past.checks[window].evidence
        if any(one.effect for one in broken):
            return found.having(status="blocked", evidence=broken)
        counted, against = self._counted(trained, window), self._compared(trained, window)
        drift, told = against.drift(counted.profile)
        found = replace(found, drift=drift, profile=counted.profile, steps=counted.steps, rule=against.rule)
        return found.having(evidence=(*broken, *told))

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
            self._champions[trained] = Champion(params=params, meta=self.trainings.scorer(trained).meta, reference=reference, basis="later")
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
