"""Monitoring of ten classes: scikit-learn's digits in weeks of 700 rows, 20 seeds, with nothing planted and with two classes that are confused.

    python tests/bench/bench_classes.py

Of streams in which nothing changes: tickets, and changes that evidence over time told, in so many weeks of seven days each. Of streams in which the label of a
share of the rows of two classes is the other's from week 5 on: how many weeks later the evidence and a ticket tell, whether the pair is named first,
and what the gate's rules say of a model that learned from such labels. KEEPFIT_BENCH_SIZE=tiny only shows that it runs.
"""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
from tests.bench.digits_stream import DigitsStream

from keepfit.flows.backtesting.review import passes

TINY = os.environ.get("KEEPFIT_BENCH_SIZE") == "tiny"
SEEDS, WEEKS, SINCE, MOST = (1, 3, 3, 4) if TINY else (20, 25, 5, 16)
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
    evidence, tickets, first, classes = [], [], 0, 0
    for seed in range(SEEDS):
        stream = DigitsStream(seed, since=SINCE, share=share)
        pair, subjects = {str(code) for code in stream.pair}, {"errors", *(f"errors of class={code}" for code in stream.pair)}
        seen = named = None
        for number, judged in stream.judged(SINCE + MOST - 1):
            if seen is None and any(one.since and one.subject in subjects for one in judged.record.evidence) and number >= SINCE:
                seen = number - SINCE + 1
            if judged.opened and number >= SINCE and judged.ticket is not None and judged.ticket.root is not None:
                named = judged.ticket.root.confusions
                tickets.append(number - SINCE + 1)
                break
        evidence += [] if seen is None else [seen]
        first += bool(named) and {named[0].label, named[0].taken_for} == pair
        classes += bool(named) and named[0].label in pair
        shown, after = ", ".join(one.slice for one in named or ()), None if named is None else tickets[-1]
        print(f"share {share}, seed {seed:2}, {sorted(pair)}: evidence after {seen} weeks, ticket after {after}: {shown}", flush=True)
    waits = [f"median {np.median(found):g}, longest {max(found)} weeks of {len(found)}" if found else "never" for found in (evidence, tickets)]
    print(f"share {share}: evidence {waits[0]}; tickets {waits[1]}")
    print(f"share {share}: the pair named first {first}, one of its classes {classes} of {SEEDS}", flush=True)


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
    start = time.process_time()
    gate()
    for share in SHARES:
        planted(share)
    unchanged()
    print(f"{time.process_time() - start:.0f} CPU s")
