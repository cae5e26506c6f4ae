"""One cause for simultaneous alarms: what lies upstream explains what lies downstream.

Broken columns move distributions, moved distributions move errors: schema > quality > regret > harm > debt > age > drift.
Drift as a ground comes last: it pages only where it is asked to, and only if nothing that hurts or helps explains the window better.
(A request is no alarm: a person asked for a retraining.)
Within what changed, by the same order: inputs (X) > labels (y) > relation (y given X) — a moved input explains labels and errors that
moved with it, moved labels explain errors, and errors that rose though neither moved mean that the relation changed.
The order is fixed knowledge, not inference: two independent faults in one window are told as one cause, the other listed under it,
and an input that moved without doing harm still hides a relation that changed in the same window.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from keepfit.monitor.measures import effect_of
from keepfit.monitor.new_classes import asking, is_new_class
from keepfit.records import Action, CauseKind, Decision, Evidence, EvidenceKind, FoundSlice, Ground, GrownConfusion, RootCause
from keepfit.update.confusions import sentence

ORDER: tuple[Ground, ...] = ("schema", "quality", "regret", "harm", "debt", "opportunity", "age", "drift", "request")
ACTIONS: dict[Ground, Action] = {
    "schema": "inspect",
    "quality": "inspect",
    "regret": "rollback",
    "harm": "improve",
    "debt": "improve",
    "opportunity": "improve",
    "age": "improve",
    "drift": "inspect",
    "request": "improve",
}
INCURABLE, WITHIN, FIRST = "no retraining helps", "within the margin", "first window"
UPSTREAM: dict[EvidenceKind, CauseKind] = {"data": "covariate", "target": "target", "prediction": "prediction"}
EXPLAINED = 10


@dataclass(frozen=True, kw_only=True)
class Alarm:
    """One ground to act, about one subject, with its sentence; `size` orders alarms of the same ground.

    `incurable`: why a person has to look at a harm that a retraining would not help; empty where it would.
    """

    ground: Ground
    subject: str
    sentence: str
    size: float = 0.0
    incurable: str = ""

    @property
    def cause(self) -> str:
        """What identifies the root cause over time: `quality:flights_have_weather`, `harm:overall`, `debt`."""
        named = f"{self.ground}:{self.subject}" if self.subject else self.ground
        return f"{named}:{self.incurable}" if self.incurable else named

    @property
    def action(self) -> Action:
        """What the ground asks for."""
        return "inspect" if self.incurable else ACTIONS[self.ground]


def root_first(alarms: Sequence[Alarm]) -> tuple[Alarm, ...]:
    """Return the alarms with the root cause first, then what it explains; deterministic for any order of the input.

    >>> late = Alarm(ground="harm", subject="overall", sentence="worse")
    >>> lost = Alarm(ground="quality", subject="weather", sentence="no weather")
    >>> [alarm.cause for alarm in root_first([late, lost])]
    ['quality:weather', 'harm:overall']
    """
    return tuple(sorted(alarms, key=lambda alarm: (ORDER.index(alarm.ground), -alarm.size, alarm.subject)))


def root_cause(decision: Decision, evidence: Sequence[Evidence], *, loud: Sequence[Evidence]) -> RootCause:
    """Return what lies behind a decision: the most upstream change of its window, with all that it explains.

    `loud` is the drift that speaks (the largest effect first). Where to look and since when are added by `located` and `since`.

    >>> moved = Evidence(kind="data", subject="x", detector="ks", statistic=0.3, effect=0.3, n=900, n_reference=9000)
    >>> harm = Decision(window="w", action="improve", ground="harm", cause="harm:overall", target=None, reasons=())
    >>> root_cause(harm, [moved], loud=[moved]).kind, root_cause(harm, [moved], loud=[]).kind
    ('covariate', 'concept')
    """
    broken = _broken(decision, evidence) or _new_class(decision, evidence)
    root = broken or next((one for kind in UPSTREAM for one in loud if one.kind == kind and (kind != "prediction" or decision.ground != "harm")), None)
    return RootCause(
        kind=_kind(decision, root),
        column="" if root is None or root.kind == "quality" else root.subject,
        where=root.detail if broken is not None and root is not None else "",
        share=_share(root),
        since=(root.since if root is not None else "") or decision.window,
        harm=next((one for one in evidence if one.kind == "performance" and one.subject == "overall" and one.effect is not None), None),
        explains=_explained(evidence, loud, root=root),
    )


def _broken(decision: Decision, evidence: Sequence[Evidence]) -> Evidence | None:
    """The broken column or expectation that the decision is about."""
    if decision.ground not in ("schema", "quality"):
        return None
    return next((one for one in evidence if one.kind == decision.ground and f"{one.kind}:{one.subject}" == decision.cause), None)


def _new_class(decision: Decision, evidence: Sequence[Evidence]) -> Evidence | None:
    """The class that is not in the list, where the decision is about one."""
    if decision.ground != "drift":
        return None
    return next((one for one in asking(evidence) if f"drift:{one.subject}" == decision.cause), None)


def _kind(decision: Decision, root: Evidence | None) -> CauseKind:
    if decision.ground == "schema" or decision.ground == "quality":
        return decision.ground
    if root is not None:
        return UPSTREAM[root.kind]
    return "concept" if decision.ground in ("harm", "regret") else "none"


def _share(root: Evidence | None) -> float | None:
    """The part of the rows that the cause touches: rows that fail an expectation, or that changed their bin; None where the measure is no share of rows."""
    if root is None or root.effect is None or root.kind == "schema":
        return None
    if is_new_class(root):
        return root.effect
    effect = effect_of(root)
    if root.kind != "quality" or effect is not None:  # an index, a distance or standard deviations say nothing of how many rows moved
        return root.effect if effect is not None and effect.unit == "share of rows" else None
    share = (root.statistic or 0.0) / root.n if root.n else root.effect
    return share if 0 <= share <= 1 else None


def _explained(evidence: Sequence[Evidence], loud: Sequence[Evidence], *, root: Evidence | None) -> tuple[str, ...]:
    """What moved or broke besides, told under the root cause instead of beside it."""
    others = [one for one in evidence if (one.kind in ("schema", "quality") or is_new_class(one)) and one.effect and one is not root]
    found = [*others, *(one for one in loud if one is not root and (root is None or one.subject != root.subject))]
    said = [_said(one) for one in found]
    more = [f"and {len(said) - EXPLAINED} more"] if len(said) > EXPLAINED else []
    return (*said[:EXPLAINED], *more)


def _said(one: Evidence) -> str:
    effect = "" if one.effect is None else f" {one.effect:.3f}"
    return f"{one.kind} {one.subject}: {one.detector}{effect}" + (f", since {one.since}" if one.since else "")


def cause_over_time(decision: Decision, root: RootCause | None) -> str:
    """Return what identifies a ticket's cause over time: harm by moved inputs, by moved labels and by a changed relation are three.

    >>> harm = Decision(window="w", action="improve", ground="harm", cause="harm:overall", target=None, reasons=())
    >>> [cause_over_time(harm, RootCause(kind=kind)) for kind in ("covariate", "target", "concept")]
    ['harm:overall/covariate', 'harm:overall/target', 'harm:overall']
    """
    cause = decision.cause or ""
    return f"{cause}/{root.kind}" if decision.ground == "harm" and root is not None and root.kind in ("covariate", "target") else cause


def located(root: RootCause, *, where: str = "", slices: Sequence[FoundSlice] = (), confusions: Sequence[GrownConfusion] = ()) -> RootCause:
    """Return the root cause with the place it was found at; the share of the rows is then that of the first class, or slice, with more loss.

    Where the relation changed, the place is what is taken for what more than before, if that is known. `slices` answer either question; those whose
    share of the rows changed are told where inputs or outputs moved, and only there.
    """
    worse = tuple(one for one in slices if one.question == "loss")
    moved = tuple(one for one in slices if one.question == "share" and root.kind in ("covariate", "prediction"))
    shares = (*(one.share for one in confusions), *(one.share for one in worse))
    share = shares[0] if shares and root.kind == "concept" else root.share
    confused = sentence(confusions[0]) if confusions and root.kind in ("concept", "none") else ""
    return replace(root, where=root.where or where or confused, slices=worse, moved=moved, share=share, confusions=tuple(confusions))


def since(root: RootCause, earlier: Iterable[tuple[str, Sequence[Evidence], Sequence[Evidence]]], *, margin: float = 0.0) -> RootCause:
    """Return the root cause with the first window of its unbroken run.

    `earlier` gives window id, evidence and loud drift of the windows before, the newest first; `margin` is how far performance
    may fall below its promise before it is harm. What an incident says of its first window stands: only what lies before that one is looked at.
    """
    first, known = root.since, list(earlier)
    told = next((at for at, (window, _, _) in enumerate(known, 1) if window == first), 0)
    for window, evidence, loud in known[told:]:
        if not _present(root, evidence, loud, margin=margin):
            break
        first = window
    return replace(root, since=first)


def _present(root: RootCause, evidence: Sequence[Evidence], loud: Sequence[Evidence], *, margin: float) -> bool:
    """Whether a window already shows the cause: the column moved or broke, or performance is surely below its promise."""
    if root.kind in UPSTREAM.values():
        return any(UPSTREAM.get(one.kind) == root.kind and one.subject == root.column for one in loud)
    if root.kind == "concept":
        return any(one.kind == "performance" and one.subject == "overall" and one.high is not None and one.high < -margin for one in evidence)
    return root.kind in ("schema", "quality") and any(one.kind == root.kind and bool(one.effect) and one.detail == root.where for one in evidence)
