"""Monitoring of ten classes: scikit-learn's digits in weeks of 700 rows, 20 seeds, with nothing planted and with two classes that are confused.

    python tests/bench/bench_classes.py [gate] [planted] [unchanged]

Of streams in which nothing changes: tickets, and changes that evidence over time told, in so many weeks of seven days each. Of streams in which the label of a
share of the rows of two classes is the other's from week 5 on: how many weeks later the evidence and a ticket tell, whether the pair is named first,
and what the gate's rules say of a model that learned from such labels. KEEPFIT_BENCH_SIZE=tiny only shows that it runs.
"""

from __future__ import annotations

import os
import sys
import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
from tests.bench.digits_stream import DigitsStream

from keepfit.flows.backtesting.review import passes
from keepfit.profiles.confusions import taken_for

TINY = os.environ.get("KEEPFIT_BENCH_SIZE") == "tiny"
SEEDS, WEEKS, SINCE, MOST = (1, 3, 3, 4) if TINY else (20, 25, 5, 10)
SHARES = (0.2,)


def unchanged() -> None:
    """Print what is told of streams in which nothing changes."""
    tickets, changes, held = 0, 0, []
    for seed in range(SEEDS):
        told: set[tuple[str, str]] = set()
        for _, judged in DigitsStream(seed).judged(WEEKS):
            tickets += judged.opened
            told |= {(one.subject, one.since) for one in judged.record.evidence if one.since}
            estimate = judged.record.estimate
            held += [] if estimate is None or estimate.held is None else [estimate.held]
        changes += len(told)
        print(f"seed {seed:2}: {tickets} tickets, {changes} changes told so far {sorted(told)}", flush=True)
    weeks = SEEDS * WEEKS
    print(f"unchanged: {weeks} weeks ({7 * weeks} days looked at): {tickets} tickets, {changes} changes told")
    print(f"unchanged: the estimate held in {np.mean(held):.3f} of {len(held)} weeks", flush=True)


def planted(share: float) -> None:
    """Print when two confused classes are told, and whether they are named first."""
    evidence, tickets, names, first = [], [], [], 0
    for seed in range(SEEDS):
        found = one_planted(seed, share)
        pair = [str(code) for code in DigitsStream(seed).pair]
        first += found.said in {taken_for(*pair), taken_for(*reversed(pair))}
        for waits, wait in ((evidence, found.evidence), (tickets, found.ticket), (names, found.named)):
            waits += [] if wait is None else [wait]
        print(f"share {share}, seed {seed:2}, {pair}: evidence in week {found.evidence}, ticket {found.ticket}, named {found.named}: {found.said}", flush=True)
    for what, waits in (("evidence", evidence), ("tickets", tickets), ("named", names)):
        told = f"median {np.median(waits):g}, longest {max(waits)} weeks" if waits else "never"
        print(f"share {share}: {what} in {len(waits)} of {SEEDS}, {told}")
    print(f"share {share}: the pair named first in {first} of {SEEDS}", flush=True)


@dataclass
class Told:
    """In which week after the change the evidence, a ticket and the first name came, and what was named."""

    evidence: int | None = None
    ticket: int | None = None
    named: int | None = None
    said: str = ""


def one_planted(seed: int, share: float) -> Told:
    """Judge a seed's stream until all three have come."""
    stream, found = DigitsStream(seed, since=SINCE, share=share), Told()
    subjects = {"errors", *(f"errors of class={code}" for code in stream.pair)}
    for number, judged in stream.judged(SINCE + MOST - 1):
        week = number - SINCE + 1
        if week < 1:
            continue
        if found.evidence is None and any(one.since and one.subject in subjects for one in judged.record.evidence):
            found.evidence = week
        root = judged.ticket.root if judged.opened and judged.ticket is not None else None
        if found.ticket is None and root is not None:
            found.ticket = week
        said = [*([one.slice for one in root.confusions] if root is not None else []), *(note.partition(":")[0] for note in judged.record.notes)]
        if not found.said and (named := [one for one in said if "class=" in one]):
            found.named, found.said = week, named[0]
        if found.evidence and found.ticket and found.said:
            break
    return found


def gate() -> None:
    """Print how often the rules refuse a candidate for the class that it learned wrongly, and pass one that learned from as many other rows."""
    refused, named, passed = 0, 0, 0
    for seed in range(SEEDS):
        stream = DigitsStream(seed)
        bad, good = stream.reviewed(0.5), stream.reviewed(0.0)
        failed = [row.slice for row in bad if row.status == "fail"]
        refused += not passes(bad)
        named += f"class={stream.pair[0]}" in failed
        passed += passes(good)
        print(
            f"seed {seed:2}, class {stream.pair[0]} learned as {stream.pair[1]}: {failed}; equal: {[row.slice for row in good if row.status == 'fail']}",
            flush=True,
        )
    print(f"gate: refused {refused}, for the class {named}, an equal one passed {passed} of {SEEDS}", flush=True)


if __name__ == "__main__":
    start, wanted = time.process_time(), sys.argv[1:] or ["gate", "planted", "unchanged"]
    if "gate" in wanted:
        gate()
    for share in SHARES if "planted" in wanted else ():
        planted(share)
    if "unchanged" in wanted:
        unchanged()
    print(f"{time.process_time() - start:.0f} CPU s")
