"""A window scored again because labels came for it after it was judged: what they say is folded into the policy, once.

The labels are one more step of the rule over evidence and of the policy, at the time of this run: what needs no label (drift of the
inputs and of the predictions) was folded in when the window was judged and is not told a second time. A ticket that the window
opened stays with people; labels that ask for more open one.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from keepfit.monitor.champion import Champion, of_labels
from keepfit.monitor.compare import Drift, as_called
from keepfit.records import Decision, Estimate, Evidence, EvidenceKind, EvidenceMemory, JudgedWindow, Profile, Window
from keepfit.update.fold import Step, recorded
from keepfit.update.found import Found
from keepfit.update.gathered import ModelAnswers
from keepfit.update.judge import Before, Judge, WindowJudgement
from keepfit.update.policy import step

FROM_LABELS: tuple[EvidenceKind, ...] = ("target", "performance", "scout", "newer", "regret")


@dataclass(frozen=True, kw_only=True)
class News:
    """What labels that came late tell: the profile of their rows, and of each base window in them (none: it is one)."""

    profile: Profile
    steps: tuple[Profile, ...] = ()

    @classmethod
    def of(cls, champion: Champion, asked: ModelAnswers, ids: Collection[str], *, key: str, window: Window) -> News | None:
        """Look at the rows with these ids (in the column `key`); None where none of them counts."""
        came = pc.is_in(asked.rows[key], value_set=pa.array(list(ids), pa.string()))
        rows, scores = asked.rows.filter(came), asked.answer.values[np.array(came.to_pylist(), np.bool_)]
        if not rows.num_rows:
            return None
        told = [of_labels(one, champion.meta.features) for one in (champion.profile(rows, scores, window), *champion.steps(rows, scores, window))]
        return cls(profile=told[0], steps=tuple(told[1:]))


@dataclass(frozen=True, kw_only=True)
class Rescored:
    """A window found with all labels known by now; `news` is what is known through the labels that came."""

    found: Found
    news: News | None
    arrivals: int
    late_rows: int

    @property
    def unused(self) -> str:
        """Why the window cannot be scored with them; empty where it can."""
        if self.found.undecided:
            return "too few rows"
        if self.found.judged.status != "blocked":
            return ""
        failed = [one for one in self.found.evidence if one.effect]
        broken = "; ".join(f"{one.subject}: {one.detail}" for one in failed if one.kind == "schema")
        return broken or f"its expectations fail with them ({', '.join(one.subject for one in failed)})"


def not_used(stored: JudgedWindow, rescored: Rescored) -> JudgedWindow:
    """Return the window as it was judged, with why its late labels say nothing."""
    notes = (*stored.notes, f"labels that came late are not used: {rescored.unused}")
    now = rescored.found.judged
    told = replace(stored, arrivals=rescored.arrivals, notes=notes, late_rows=rescored.late_rows)
    return replace(told, disagreeing=now.disagreeing, disagreeing_rows=now.disagreeing_rows)


def judge_again(judge: Judge, stored: JudgedWindow, rescored: Rescored, past: Before) -> WindowJudgement:
    """Take the step on what the labels say: the window's first decision stands unless they ask for something."""
    found, before = rescored.found.having(window=stored.window), judge.state(past)
    said = tuple(one for one in found.evidence if one.kind in FROM_LABELS)
    memory, loud, over_time = _weigh(before.memory, rescored, said)
    after, decision = step(judge.policy, before, evidence=said, window=stored.window, now=judge.now, loud=loud)
    taken = recorded(judge.policy, before, found.having(evidence=said), decision, loud=loud, now=judge.now)
    # a window is counted once, and what needs no label still drifts or not as it did
    state = replace(after, windows=before.windows, drifting=before.drifting, memory=memory)
    evidence = (*(one for one in stored.evidence if one.kind not in FROM_LABELS), *said, *over_time)
    found = judge.with_confusions(found.having(evidence=evidence, decision=decision), before.memory)
    told = replace(found, drift=_drift(judge, found, evidence))
    judged = judge.called(Step(state=state, found=told, taken=taken), past)
    return replace(judged, kept=_kept(stored, rescored, told.judged))


def _kept(stored: JudgedWindow, rescored: Rescored, again: JudgedWindow) -> JudgedWindow:
    """The window's new record."""
    asks = again.decision.ground is not None or stored.decision.ground is None
    return replace(
        stored,
        labelled=again.labelled,
        quarantined=again.quarantined,
        value=again.value,
        low=again.low,
        high=again.high,
        evidence=again.evidence,
        decision=_with_reasons(stored.decision, again.decision) if asks else stored.decision,
        arrivals=rescored.arrivals,
        late_rows=rescored.late_rows,
        estimate=_held(stored.estimate, again.estimate),
        notes=again.notes,
        disagreeing=again.disagreeing,
        disagreeing_rows=again.disagreeing_rows,
        to_come=again.to_come,
        labels_due=again.labels_due,
    )


def _drift(judge: Judge, found: Found, evidence: Sequence[Evidence]) -> Drift | None:
    if found.drift is None or found.rule is None:
        return None
    return as_called(found.drift, {one.subject for one in judge.causes.loud(evidence)}, rule=found.rule.name)


def _held(said: Estimate | None, again: Estimate | None) -> Estimate | None:
    """The estimate as it was made before the labels, with the truth and whether it holds; one that was not made then is not made now."""
    if said is None or again is None or said.status == "not estimated":
        return said
    return replace(said, truth=again.truth, labelled=again.labelled, held=again.held)


def _with_reasons(first: Decision, again: Decision) -> Decision:
    """The decision on the labels, with what was said of the window before where neither asks for anything."""
    return again if again.ground is not None else replace(again, reasons=tuple(dict.fromkeys((*first.reasons, *again.reasons))))


def _weigh(memory: EvidenceMemory, rescored: Rescored, said: tuple[Evidence, ...]) -> tuple[EvidenceMemory, tuple[Evidence, ...], tuple[Evidence, ...]]:
    """The rule's step on what the labels say: its memory, the drift it calls, its evidence. A stream that still calibrates learns only of errors."""
    rule, news = rescored.found.rule, rescored.news
    if rule is None or news is None or not news.profile.columns:
        return memory, (), ()
    weighed = rule.step(memory, news.profile, said, steps=news.steps)
    learned = weighed.memory
    kept = replace(
        memory,
        rule=learned.rule,
        reference=learned.reference,
        worth=learned.worth,
        recent=learned.recent,
        labelled=learned.labelled,
        waiting=learned.waiting,
        incidents=learned.incidents,
    )
    if learned.calibrating != memory.calibrating:
        return kept, (), tuple(one for one in weighed.evidence if one.kind == "performance")
    return kept, weighed.loud, weighed.evidence
