"""Texts from a seeded grammar, in which the words of one topic become others: are new words found, how soon, and named first?

A reference of eight weeks, then calm weeks, then weeks in which a share of one topic's sentences is made of other words; 200 texts a week, watched by
the rule over evidence day after day, beside a category and a number. Of 20 seeds: alerts in the calm weeks against the promise, the week of the
first alert on the texts, whether they are the first that is named, and whether the first word that the ticket names is one of the new ones.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
from tests.grammar import Change, new_words, texts

from keepfit.monitor.compare import drift_of
from keepfit.monitor.rules.e_detector import EvidenceOverTime
from keepfit.monitor.rules.rule import Watch
from keepfit.profiles.layout import learn_layout
from keepfit.profiles.profile import Layout, layout_of, profile_table, reference_of, total
from keepfit.records import EvidenceMemory, Profile, Reference
from keepfit.update.changed_texts import text_where

TINY = os.environ.get("KEEPFIT_BENCH_SIZE") == "tiny"
SEEDS, CALM, AFTER = (2, 2, 3) if TINY else (20, 26, 6)
REFERENCE, ROWS = 8, 200
KINDS = {"text": "text", "channel": "categorical", "waited": "numeric"}
SHARES = (1.0, 0.3)


@dataclass(frozen=True)
class Told:
    """What was said of one seed's stream: the false alerts, the weeks from the change to the first alert on texts (None: none), and what was named."""

    false: int
    delay: int | None
    texts_first: bool
    word_first: bool
    said: str = ""


def by_day(table: pa.Table) -> Iterator[tuple[str, pa.Table]]:
    """Each day's rows."""
    days = pc.strftime(table["time"], format="%Y-%m-%d")
    for day in sorted(set(days.to_pylist())):
        yield day, table.filter(pc.equal(days, day))


def lived(seed: int, share: float) -> Told:
    """Return what was said of a seed's stream."""
    change = Change(since=REFERENCE + CALM, share=share)
    stream = texts(seed, windows=REFERENCE + CALM + AFTER, rows=ROWS, change=change)
    before = stream.slice(0, REFERENCE * ROWS)
    reference = reference_of(by_day(before), learn_layout(before, KINDS))
    layout, rule, memory, false = layout_of(reference), EvidenceOverTime(Watch(reference=reference)), EvidenceMemory(), set[str]()
    for week in range(CALM + AFTER):
        rows = stream.slice((REFERENCE + week) * ROWS, ROWS)
        steps = [profile_table(day, layout, name) for name, day in by_day(rows)]
        weighed = rule.step(memory, profile_table(rows, layout, f"week-{week:02d}"), steps=steps)
        memory = weighed.memory
        if week < CALM:
            false |= {f"{one.subject}:{one.since}" for one in weighed.loud}
        elif any(one.subject == "text" for one in weighed.loud):
            said = _said(reference, layout, rows)
            first = said.partition("the most frequent: ")[2].partition(" (in ")[0]
            return Told(len(false), week - CALM, weighed.loud[0].subject == "text", first in new_words(change), said)
    return Told(len(false), None, False, False)


def _said(reference: Reference, layout: Layout, rows: pa.Table) -> str:
    before: Profile = total(reference)
    drift = drift_of(before, profile_table(rows, layout, "now"))
    return text_where(next(one for one in drift.changes if one.column == "text"), layout["text"], rows)


def summary(share: float, found: Sequence[Told]) -> str:
    """One line on all seeds of a share."""
    delays = [one.delay for one in found if one.delay is not None]
    soon = f"found in {len(delays)} of {len(found)}, after {np.mean(delays) + 1:.2f} weeks in the mean"
    first = f"texts first in {sum(one.texts_first for one in found)}, a new word first in {sum(one.word_first for one in found)}"
    return f"{share:4.0%} of the topic's sentences: {soon}; {first}; {sum(one.false for one in found)} false alerts in {SEEDS * CALM:,} calm weeks"


def main() -> None:
    """Print a line a share, and one seed's sentence."""
    for share in SHARES:
        found = [lived(seed, share) for seed in range(SEEDS)]
        print(summary(share, found))
        print(f"      {found[0].said}")


if __name__ == "__main__":
    main()
