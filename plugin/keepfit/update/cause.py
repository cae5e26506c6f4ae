"""The root cause of a judged window: the kind of change at once, where and since when only when a ticket is opened for it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from keepfit.monitor.champion import Champion
from keepfit.monitor.compare import Drift
from keepfit.monitor.contributions import contributions
from keepfit.monitor.evidence import drifting
from keepfit.monitor.measures import is_over_time
from keepfit.params import MonitorParams
from keepfit.records import Decision, Evidence, FoundSlice, GrownConfusion, JudgedWindow, RootCause, TextProfile
from keepfit.update.changed_texts import text_where
from keepfit.update.rootcause import located, root_cause, since

if TYPE_CHECKING:
    import pyarrow as pa


@dataclass(frozen=True)
class CauseFinder:
    """Finds causes with the thresholds of one project."""

    limits: MonitorParams

    def root(self, decision: Decision, evidence: Sequence[Evidence]) -> RootCause:
        """Return the most upstream change of the window."""
        return root_cause(decision, evidence, loud=self.loud(evidence))

    def located(
        self,
        root: RootCause,
        where: str,
        slices: Sequence[FoundSlice],
        *,
        earlier: Sequence[JudgedWindow],
        margin: float,
        confusions: Sequence[GrownConfusion] = (),
    ) -> RootCause:
        """Return the root cause with its slices, `where` in its column it lies, and its first window among the `earlier` (in the order of time).

        `margin` is how far performance may fall below its promise before it is harm; `confusions` are classes that are taken for others more than before.
        """
        found = located(root, where=where, slices=slices, confusions=confusions)
        return since(found, ((seen.window.id, seen.evidence, self.loud(seen.evidence)) for seen in reversed(earlier)), margin=margin)

    def loud(self, evidence: Sequence[Evidence]) -> tuple[Evidence, ...]:
        """Return what drifts: where evidence adds up over windows, what changed and stands; else by the fixed rule.

        Records of keepfits that knew no incidents say it by the promise.
        """
        told = [one for one in evidence if is_over_time(one)]
        if told:
            threshold = 1000 / self.limits.false_alerts_per_1000_windows
            return tuple(one for one in told if one.since or ((one.e_value or 0.0) >= threshold and (one.effect or 0.0) >= self.limits.min_effect))
        return drifting(evidence, alpha=self.limits.alpha, min_effect=self.limits.min_effect, min_rows=self.limits.min_rows)


def where_moved(root: RootCause, drift: Drift | None, champion: Champion | None, rows: pa.Table | None) -> str:
    """Return the value of the root's column whose share of the rows moved most; of texts what became of their words, the new ones named from the `rows`."""
    changes = () if drift is None else drift.changes
    change = next((one for one in changes if one.column == root.column), None)
    if change is None:
        return ""
    if isinstance(change.reference, TextProfile):
        layout = None if champion is None else champion.layout.get(change.column)
        return text_where(change, layout, rows, redacted=() if champion is None else champion.params.view.redact)
    moved = contributions(change.column, change.reference, change.current)
    return f"{moved[0].literal}: {moved[0].before:.1%} of the rows before, {moved[0].after:.1%} now" if moved else ""
