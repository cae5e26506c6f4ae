"""What there is to find in a window: is its data sound, and what does it say of the champion?

Suites first, then (on what they left) drift, performance, scout and regret. A window that its suites block is looked at no further: evidence from
broken data is no evidence. What a person decided on a window is followed: excluded windows give no evidence, accepted ones are judged with what
failed noted as accepted.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from keepfit.monitor.champion import Champion
from keepfit.monitor.compared import compared
from keepfit.monitor.evidence import age_evidence
from keepfit.monitor.new_classes import new_classes
from keepfit.monitor.selected_labels import labels_follow_scores
from keepfit.monitor.sound import Soundness
from keepfit.monitor.volume import surprises, volume_evidence
from keepfit.monitor.window_counts import completed
from keepfit.params import Params
from keepfit.profiles.stored import weighed
from keepfit.records import Evidence, JudgedWindow, Pin, Window
from keepfit.tables.labels import labels
from keepfit.update.before_labels import estimate_before_labels
from keepfit.update.found import EXAMPLES, Found, nothing_found
from keepfit.update.gathered import Gathered, ModelAnswers
from keepfit.update.promise import Promise, performance
from keepfit.update.rivals import Paired, newer_gain, regret_since, scout_gain


@dataclass(frozen=True, kw_only=True)
class Finder:
    """Looks at windows of one champion."""

    params: Params
    pin: Pin

    def find(self, champion: Champion | None, gathered: Gathered, earlier: Sequence[JudgedWindow]) -> Found:
        """Return what there is to find in a window; `earlier` are those judged under the champion before it, in the order of time.

        `champion` may be None where it was asked for nothing.
        """
        found = self._find(champion, gathered, earlier)
        found = found.having(notes=(*found.judged.notes, *self._selected(gathered, earlier)))
        chosen = (f"{gathered.chosen:,} rows that people were asked about by choice judge nothing",) if gathered.chosen else ()
        return found.having(
            notes=(*found.judged.notes, *chosen),
            arrivals=gathered.arrivals,
            disagreeing=len(gathered.disagreeing),
            disagreeing_rows=gathered.disagreeing[:EXAMPLES],
            to_come=gathered.awaited.rows,
            labels_due=gathered.awaited.due,
        )

    def _selected(self, gathered: Gathered, earlier: Sequence[JudgedWindow]) -> tuple[str, ...]:
        """Once: that labels follow the champion's score, where params do not say so and no label is still to come."""
        asked, known = gathered.asked, self.params.evaluate.selected_labels is not None
        if asked is None or known or gathered.awaited.rows or self.params.model.target not in asked.rows.column_names:
            return ()
        note = labels_follow_scores(labels(self.params, asked.rows), asked.answer.values)
        return (note,) if note and not any(note in one.notes for one in earlier) else ()

    def _find(self, champion: Champion | None, gathered: Gathered, earlier: Sequence[JudgedWindow]) -> Found:
        found = Found(judged=self._record(gathered))
        if gathered.verdict == "exclude":
            return found.having(verdict="exclude", notes=(f"excluded: {gathered.reason}",))
        if gathered.silent is not None and gathered.verdict is None:
            return _silent(found, gathered, gathered.silent)
        found = self._judged(found, champion, gathered, earlier)
        volume = () if gathered.rows_before is None else volume_evidence(gathered.rows_before, gathered.rows)
        accepted = () if gathered.silent is None else (replace(gathered.silent, effect=0.0, detail=f"accepted: {gathered.silent.detail}"),)
        notes = (*found.judged.notes, *surprises(volume, alpha=self.params.monitor.alpha))
        return found.having(evidence=(*accepted, *found.evidence, *volume), notes=notes)

    def _record(self, gathered: Gathered) -> JudgedWindow:
        name, metric, pin = self.params.model.name, self.params.evaluate.metric, self.pin
        return nothing_found(gathered.window, model=name, champion=pin.digest, version=pin.version, rows=gathered.rows, metric=metric)

    def _judged(self, found: Found, champion: Champion | None, gathered: Gathered, earlier: Sequence[JudgedWindow]) -> Found:
        sound, asked, least = gathered.sound, gathered.asked, self.params.monitor.min_rows
        if sound is None or champion is None:
            return replace(found, undecided=True).having(notes=(f"{gathered.table.num_rows} rows are too few to judge, {least} are needed",))
        if asked is None:
            return found.having(status="blocked", quarantined=sound.checked.aside, evidence=sound.evidence)
        unread = weighed(sound.unread, champion.total, least=self.params.monitor.min_effect)
        look = self._look(found, champion, asked, earlier)
        evidence = (*unread, *look.evidence)
        said = (*sound.checked.broken, *sound.words, *(map(_accepted, evidence) if gathered.verdict is not None else evidence))
        notes = (*look.judged.notes, *_notes(gathered, sound, unread))
        verdict = None if gathered.verdict is None else "accept"
        return look.having(rows=gathered.rows, quarantined=sound.checked.aside, evidence=said, notes=notes, verdict=verdict)

    def _look(self, found: Found, champion: Champion, asked: ModelAnswers, earlier: Sequence[JudgedWindow]) -> Found:
        """What sound rows say of the champion."""
        params, window, scores = self.params, found.window, asked.answer.values
        read, profile, steps = champion.read(asked.rows), champion.profile(asked.rows, scores, window), champion.steps(asked.rows, scores, window)
        if asked.counts is not None:
            profile, steps = completed(profile, steps, asked.counts)
        against = compared(champion, asked.season, asked.season_scores)
        drift, drifts = against.drift(profile)
        promise = Promise.of(params, self._certified, first=champion.basis != "later", earlier=earlier)
        measured = performance(params, promise, read.table, asked.answer, earlier=earlier)
        sound = [one.estimate for one in earlier if one.sound and one.estimate is not None]
        told = {note for one in earlier for note in one.notes}
        news = new_classes(params, read.table)
        looked = replace(found, drift=drift, profile=profile, steps=steps, rule=against.rule)
        return looked.having(
            labelled=measured.labelled,
            value=measured.value,
            low=measured.low,
            high=measured.high,
            evidence=(*read.evidence, *drifts, *news, *measured.evidence, *self._paired(asked), *self._age(window)),
            estimate=estimate_before_labels(params, asked.learned, read.table, asked.answer, window=window, earlier=sound),
            notes=(
                *(note for note in read.notes if note not in told),
                *(f"{one.subject}: {one.detail}" for one in news),
                *against.notes,
                *(() if asked.counts is None else (asked.counts.sentence,)),
                *self._provisional(champion, measured.value, earlier),
            ),
        )

    def _provisional(self, champion: Champion, value: float | None, earlier: Sequence[JudgedWindow]) -> tuple[str, ...]:
        """What a reader has to know of a refit: until its first labelled window nothing has judged its own bytes."""
        if not champion.refit or any(one.sound and one.value is not None for one in earlier):
            return ()
        name = f"v{self.pin.version} is a refit"
        if value is None:
            return (f"{name} and provisional: no labelled window has judged its own bytes yet; what it is held to is what the model reached that was judged",)
        return (f"{name}: this is the first labelled window that judges its own bytes",)

    @property
    def _certified(self) -> float | None:
        return self.pin.value if self.pin.metric == self.params.evaluate.metric else None

    def _paired(self, asked: ModelAnswers) -> tuple[Evidence, ...]:
        """What a retraining, and the champion before, would have gained."""
        scout = scout_gain(self.params, asked.scout) if isinstance(asked.scout, Paired) else asked.scout
        regret = regret_since(self.params, asked.regret, version=asked.previous) if isinstance(asked.regret, tuple) else asked.regret
        newer = None if asked.newer is None else newer_gain(self.params, asked.newer)
        return tuple(one for one in (scout, newer, regret) if one is not None)

    def _age(self, window: Window) -> tuple[Evidence, ...]:
        return () if window.end is None else (age_evidence(self.pin, window.end),)


def _silent(found: Found, gathered: Gathered, silent: Evidence) -> Found:
    """Block the window in which the source fell silent; one after it that stayed empty is not judged, as it was told."""
    if not gathered.table.num_rows and gathered.silent_before:
        return replace(found, undecided=True).having(evidence=(silent,), notes=(silent.detail,))
    return found.having(status="blocked", evidence=(silent,))


def _accepted(one: Evidence) -> Evidence:
    """Values that could not be read ask for nobody once a person has accepted the window."""
    return replace(one, effect=0.0, detail=f"accepted: {one.detail}") if one.kind == "schema" else one


def _notes(gathered: Gathered, sound: Soundness, unread: Sequence[Evidence]) -> list[str]:
    aside, waiting = sound.checked.aside, sound.checked.waiting
    notes = [] if gathered.verdict is None else [f"accepted: {gathered.reason}"]
    notes += [f"{len(aside)} rows set aside by row-level expectations"] if aside else []
    notes += [f"not yet decidable without all labels: {', '.join(waiting)}"] if waiting else []
    return [*notes, *(f"{one.subject}: {one.detail}" for one in (*sound.words, *unread))]
