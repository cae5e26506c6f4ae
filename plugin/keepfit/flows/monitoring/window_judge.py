"""One closed window, judged: suites first, then (on what they left) drift, performance, scout and regret.

A window that its suites block is looked at no further: evidence from broken data is no evidence. What a person decided on a
window is followed: excluded windows give no evidence, accepted ones are judged with what failed noted as accepted.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Literal

from keepfit.flows.monitoring.window_checks import Checked, schema_broken, suite_broken, unreadable_noted
from keepfit.flows.monitoring.window_silence import Silences
from keepfit.flows.monitoring.window_volume import surprises, volume_evidence
from keepfit.flows.monitoring.window_words import strange_words
from keepfit.flows.project import Project
from keepfit.flows.rows.window_store import WindowStore
from keepfit.integrations.ledger.ledger import Ledger
from keepfit.profiles.stored import RETYPED, weighed
from keepfit.records import PREDICTION, Estimate, Evidence, FoundSlice, Pin, Profile, Window, WindowStatus
from keepfit.tables.columns import id_column
from keepfit.tables.keyed import without_rows

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa

    from keepfit.flows.monitoring.scout import Rivals
    from keepfit.flows.monitoring.window_estimate import Estimator
    from keepfit.flows.monitoring.window_evidence import Champion, Promise
    from keepfit.flows.rows.windows import Verdict
    from keepfit.monitor.compare import Drift
    from keepfit.monitor.rules.rule import EvidenceRule

Slices = Callable[[], tuple[FoundSlice, ...]]


@dataclass(frozen=True, kw_only=True)
class Finding:
    """What was found in a window before the policy has seen it; `undecided`: too few rows to judge anything.

    `profile` is what the `rule` over evidence takes its next step on (in `steps`, the base windows it is the sum of), once the ledger says
    what it remembers. `slices` searches the window's rows for where its loss comes from and which rows came or left, when somebody asks.
    `arrivals` is how often labels had come late, `disagreeing` are the ids of the rows whose labels are not one value.
    """

    status: WindowStatus = "seen"
    rows: int
    labelled: int = 0
    quarantined: tuple[str, ...] = ()
    value: float | None = None
    low: float | None = None
    high: float | None = None
    evidence: tuple[Evidence, ...] = ()
    verdict: Literal["exclude", "accept"] | None = None
    notes: tuple[str, ...] = ()
    undecided: bool = False
    arrivals: int = 0
    disagreeing: tuple[str, ...] = ()
    estimate: Estimate | None = None
    drift: Drift | None = None
    profile: Profile | None = None
    steps: tuple[Profile, ...] = ()
    rule: EvidenceRule | None = None
    slices: Slices = tuple


@dataclass(frozen=True, kw_only=True)
class News:
    """What labels that came late tell: the profile of their rows, and of each base window in them (none: it is one)."""

    profile: Profile
    steps: tuple[Profile, ...] = ()


@dataclass(frozen=True, kw_only=True)
class WindowJudge:
    """Judges windows of one champion in one process: models, profiles and tools are loaded once."""

    project: Project
    pin: Pin
    store: WindowStore
    ledger: Ledger

    def find(self, window: Window, verdict: Verdict | None) -> Finding:
        """Return what there is to find in a closed window, given what a person decided on it (None: nothing yet)."""
        found = self._find(window, verdict)
        return replace(found, arrivals=self.store.late.arrivals(window.id), disagreeing=self.store.disagreeing(window))

    def news(self, window: Window, *, after: int, aside: tuple[str, ...]) -> News | None:
        """Return what the labels that came after the arrival `after` tell; None where none came for a row that counts.

        `aside` are the ids of rows that were set aside.
        """
        import pyarrow as pa
        import pyarrow.compute as pc

        key = id_column(self.project.params)
        rows = without_rows(self.store.rows(window), aside, key)
        fresh = rows.filter(pc.is_in(rows[key], value_set=pa.array(list(self.store.late.since(window.id, after)), pa.string())))
        if not fresh.num_rows:
            return None
        scores = self.champion.scorer.score(_frame(self.champion.read(fresh).table))
        steps = self.champion.steps(fresh, scores, window)
        return News(profile=self._of_labels(self.champion.profile(fresh, scores, window)), steps=tuple(map(self._of_labels, steps)))

    def _of_labels(self, profile: Profile) -> Profile:
        """Only what labels tell: inputs, their pairs and predictions were told when the window was judged."""
        unlabelled = {*self.champion.meta.features, PREDICTION}
        columns = {name: column for name, column in profile.columns.items() if name not in unlabelled}
        return replace(profile, columns=columns, shares={name: share for name, share in profile.shares.items() if share.group != "pairs"})

    def _find(self, window: Window, verdict: Verdict | None) -> Finding:
        table = self.store.rows(window)
        if verdict is not None and verdict.verdict == "exclude":
            return Finding(rows=table.num_rows, verdict="exclude", notes=(f"excluded: {verdict.reason}",))
        silent, volume = self.silences.of(window), volume_evidence(self.project, window, table.num_rows)
        if silent is not None and verdict is None:
            return self._silent(table, window, silent)
        found = self._judged(table, window, verdict)
        if silent is not None:
            found = replace(found, evidence=(replace(silent, effect=0.0, detail=f"accepted: {silent.detail}"), *found.evidence))
        said = surprises(volume, alpha=self.project.params.monitor.alpha)
        return replace(found, evidence=(*found.evidence, *volume), notes=(*found.notes, *said))

    def _silent(self, table: pa.Table, window: Window, silent: Evidence) -> Finding:
        """Block the window in which the source fell silent; one after it that stayed empty is not judged, as it was told."""
        if not table.num_rows and self.silences.goes_on(window):
            return Finding(rows=0, undecided=True, evidence=(silent,), notes=(silent.detail,))
        return Finding(status="blocked", rows=table.num_rows, evidence=(silent,))

    def _judged(self, table: pa.Table, window: Window, verdict: Verdict | None) -> Finding:
        least = self.project.params.monitor.min_rows
        if table.num_rows < least:
            return Finding(rows=table.num_rows, undecided=True, notes=(f"{table.num_rows} rows are too few to judge, {least} are needed",))
        checked, unread = self._checked(table, window, accepted=verdict is not None), unreadable_noted(table)
        aside, words = checked.aside, strange_words(self.project, table, accepted=verdict is not None)
        if any(evidence.effect for evidence in (*checked.broken, *words, *(one for one in unread if one.detector == RETYPED))):
            return Finding(status="blocked", rows=table.num_rows, quarantined=aside, evidence=(*checked.broken, *words, *unread))
        look = self._look(without_rows(table, aside, id_column(self.project.params)), window)
        unread = weighed(unread, self.champion.total, least=self.project.params.monitor.min_effect)
        finding = _accepted(replace(look, evidence=(*unread, *look.evidence)), verdict)
        notes = [*finding.notes, *([f"accepted: {verdict.reason}"] if verdict is not None else [])]
        notes += [f"{len(aside)} rows set aside by row-level expectations"] if aside else []
        notes += [f"not yet decidable without all labels: {', '.join(checked.waiting)}"] if checked.waiting else []
        notes += [f"{one.subject}: {one.detail}" for one in (*words, *unread)]
        evidence = (*checked.broken, *words, *finding.evidence)
        return replace(finding, rows=table.num_rows, quarantined=aside, evidence=evidence, verdict="accept" if verdict else None, notes=tuple(notes))

    # -- is the data sound? ---------------------------------------------------------------------------------------------

    def _checked(self, table: pa.Table, window: Window, *, accepted: bool) -> Checked:
        """Look at the schema and, where it is whole, at the suite."""
        schema = schema_broken(self.champion, table)
        return Checked(broken=schema) if schema else suite_broken(self.project, self.champion.read(table).table, window, accepted=accepted)

    # -- what does it say of the champion? ------------------------------------------------------------------------------

    def _look(self, table: pa.Table, window: Window) -> Finding:
        from keepfit.flows.monitoring.window_evidence import performance
        from keepfit.flows.monitoring.window_reference import compared, known_rows
        from keepfit.flows.monitoring.window_slices import WindowSlices
        from keepfit.monitor.evidence import age_evidence
        from keepfit.tables.labels import labels

        read = self.champion.read(table)
        frame = _frame(read.table)
        answer = self.champion.scorer.answer(frame)
        scores = answer.scores
        profile = self.champion.profile(table, scores, window)
        against = compared(self.champion, window, known_rows(self.project, self.rivals.known))
        drift, drifts = against.drift(profile)
        measured = performance(self.project.params, self._promised(window), frame, answer)
        paired = (*self.rivals.scout(frame, scores, window), *self.rivals.regret(frame, scores, window))
        ages = (age_evidence(self.pin, window.end),) if window.end is not None else ()
        return Finding(
            rows=len(frame),
            labelled=measured.labelled,
            value=measured.value,
            low=measured.low,
            high=measured.high,
            evidence=(*read.evidence, *drifts, *measured.evidence, *paired, *ages),
            estimate=self.estimator.estimate(frame, answer, labels(self.project.params, frame), window),
            drift=drift,
            profile=profile,
            steps=self.champion.steps(table, scores, window),
            rule=against.rule,
            notes=(*self._untold(read.notes, window), *against.notes),
            slices=WindowSlices(project=self.project, pin=self.pin, champion=self.champion, table=table, scores=scores),
        )

    def _untold(self, notes: tuple[str, ...], window: Window) -> tuple[str, ...]:
        """What no window before has noted: storage that changed is said once."""
        if not notes:
            return ()
        with self.ledger.reading() as book:
            seen = book.windows(self.project.params.model.name, self.pin.digest)
        told = {note for one in seen if one.window.id < window.id for note in one.notes}
        return tuple(note for note in notes if note not in told)

    def _promised(self, window: Window) -> Promise:
        """What the champion is held to: its certified value.

        A first model was judged on days it was trained on, which promises too much: its first window with enough labels says what to expect.
        """
        from keepfit.flows.monitoring.window_evidence import Promise

        metric, enough = self.project.params.evaluate.metric, self.project.params.monitor.min_rows
        certified = self.pin.value if self.pin.metric == metric else None
        if self.champion.basis == "later":
            return Promise(value=certified)
        with self.ledger.reading() as book:
            seen = book.windows(self.project.params.model.name, self.pin.digest)
        before = (one for one in seen if one.window.id < window.id and one.metric == metric and one.value is not None and one.labelled >= enough)
        first = next((one.value for one in before), None)
        return Promise(certificate=certified) if first is None else Promise(value=first)

    @cached_property
    def silences(self) -> Silences:
        """What says whether a window ends in silence."""
        return Silences(self.store)

    @cached_property
    def champion(self) -> Champion:
        """The champion with its reference."""
        from keepfit.flows.monitoring.window_evidence import load_champion

        return load_champion(self.project)

    @cached_property
    def rivals(self) -> Rivals:
        """The models that the champion is compared with: a cheap retraining, and the one that served before."""
        from keepfit.flows.monitoring.scout import Rivals

        return Rivals(project=self.project, baseline=self.project.baseline, champion=self.champion.scorer, store=self.store, ledger=self.ledger)

    @cached_property
    def estimator(self) -> Estimator:
        """What says how good the champion should be before labels come."""
        from keepfit.flows.monitoring.window_estimate import Estimator

        return Estimator(project=self.project, pin=self.pin, champion=self.champion, store=self.store, ledger=self.ledger, known=self.rivals.known)


def _accepted(finding: Finding, verdict: Verdict | None) -> Finding:
    """Values that could not be read ask for nobody once a person has accepted the window."""
    if verdict is None:
        return finding
    evidence = (replace(one, effect=0.0, detail=f"accepted: {one.detail}") if one.kind == "schema" else one for one in finding.evidence)
    return replace(finding, evidence=tuple(evidence))


def _frame(table: pa.Table) -> pd.DataFrame:
    from keepfit.tables.frames import to_frame

    return to_frame(table)
