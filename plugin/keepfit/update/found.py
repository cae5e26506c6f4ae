"""A window as it was found, before the policy has seen it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from keepfit.records import Decision, Evidence, JudgedWindow, Profile, Window

if TYPE_CHECKING:
    from keepfit.monitor.compare import Drift
    from keepfit.monitor.rules.rule import EvidenceRule
    from keepfit.tables.label_delay import AwaitedLabels

EXAMPLES = 5


@dataclass(frozen=True, kw_only=True)
class Found:
    """What was found in a window: its record (which says to continue as long as nothing was decided), and what the fold takes its step on.

    `undecided`: too few rows to judge anything. The `rule` over evidence steps on `profile`, in `steps` (the base windows it is the sum of);
    without a rule the policy goes by the evidence alone. `drift` is the comparison to show.
    """

    judged: JudgedWindow
    undecided: bool = False
    drift: Drift | None = None
    profile: Profile | None = None
    steps: tuple[Profile, ...] = ()
    rule: EvidenceRule | None = None

    @property
    def evidence(self) -> tuple[Evidence, ...]:
        """All evidence on the window."""
        return self.judged.evidence

    @property
    def window(self) -> Window:
        """Which window it is."""
        return self.judged.window

    def having(self, **changes: Any) -> Found:
        """Return it with other values in its record."""
        return replace(self, judged=replace(self.judged, **changes))


def nothing_found(window: Window, *, model: str, champion: str, version: str, rows: int, metric: str | None = None) -> JudgedWindow:
    """Return the record of a window in which nothing was found yet, under a champion (its digest)."""
    return JudgedWindow(model=model, champion=champion, version=version, window=window, status="seen", rows=rows, metric=metric, decision=carry_on(window))


def carry_on(window: Window, reasons: tuple[str, ...] = ()) -> Decision:
    """Return the decision that asks for nothing."""
    return Decision(window=window.id, action="continue", ground=None, cause=None, target=None, reasons=reasons)


def counted_again(stored: JudgedWindow, *, late_rows: int, disagreeing: Sequence[str], awaited: AwaitedLabels | None = None) -> JudgedWindow:
    """Return the window with how many rows came after it was closed, how many have labels that disagree by now, and what is `awaited` (None: as before)."""
    found = replace(stored, late_rows=late_rows, disagreeing=len(disagreeing), disagreeing_rows=tuple(disagreeing[:EXAMPLES]))
    return found if awaited is None else replace(found, to_come=awaited.rows, labels_due=awaited.due)
