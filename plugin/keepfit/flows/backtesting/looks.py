"""What `monitor` would have seen of a window under a champion of the backtest: the same checks, profiles, comparison and rule over evidence.

A window's profile under a champion is kept with the models, so that a second backtest counts no row again.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from keepfit.flows.backtesting.cache import key_of
from keepfit.flows.monitoring.window_cause import CauseFinder
from keepfit.flows.monitoring.window_checks import schema_broken
from keepfit.flows.monitoring.window_evidence import Champion
from keepfit.flows.monitoring.window_judge import Finding
from keepfit.flows.monitoring.window_memory import weigh
from keepfit.flows.monitoring.window_reference import compared
from keepfit.records import EvidenceMemory, Profile, Reference
from keepfit.update.backtest import Look, Trained

if TYPE_CHECKING:
    from keepfit.flows.backtesting.trainings import Trainings


@dataclass(frozen=True, kw_only=True)
class Counted:
    """A window's profile under a champion, and those of its base windows."""

    profile: Profile
    steps: tuple[Profile, ...]


@dataclass(frozen=True)
class Looks:
    """Looks at the windows of a history, each champion with the reference that its training rows give."""

    trainings: Trainings

    def look(self, trained: Trained, window: int, memory: EvidenceMemory) -> Look:
        """Return what the window says of the champion, given what the rule over evidence remembers of the windows before."""
        check = self.trainings.past.checks[window]
        if check.left_out:
            return Look(memory=memory, status="left out")
        memory, loud, finding = weigh(memory, self._find(trained, window))
        params = self.trainings.project.params
        speaking = CauseFinder(params.monitor).loud(finding.evidence)
        return Look(memory=memory, status=finding.status, evidence=finding.evidence, loud=loud, speaking=speaking)

    def _find(self, trained: Trained, window: int) -> Finding:
        champion, table = self.champion(trained), self.trainings.past.tables[window]
        broken = schema_broken(champion, table) or self.trainings.past.checks[window].evidence
        if any(one.effect for one in broken):
            return Finding(status="blocked", rows=table.num_rows, evidence=broken)
        counted = self._counted(trained, window)
        against = compared(champion, self.trainings.past.windows[window], self.trainings.past.between)
        drift, told = against.drift(counted.profile)
        return Finding(rows=table.num_rows, evidence=(*broken, *told), drift=drift, profile=counted.profile, steps=counted.steps, rule=against.rule)

    def _counted(self, trained: Trained, window: int) -> Counted:
        past, champion = self.trainings.past, self.champion(trained)

        def count() -> Counted:
            table, scores = past.tables[window], champion.scorer.score(self.trainings.frame(window))
            return Counted(profile=champion.profile(table, scores, past.windows[window]), steps=champion.steps(table, scores, past.windows[window]))

        return self.trainings.cache.record(Counted, key_of("counted", self._reference_key(trained), past.digests[window]), count)

    def champion(self, trained: Trained) -> Champion:
        """Return a model of the backtest as the champion that monitor would have loaded."""
        if trained not in self._champions:
            params = self.trainings.project.params
            reference = self.trainings.cache.record(Reference, self._reference_key(trained), lambda: self._reference(trained))
            self._champions[trained] = Champion(params=params, scorer=self.trainings.scorer(trained), reference=reference, basis="later")
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
