"""Many candidates on the same rows: how often some one passes that should not, with the error spent over attempts and without, and what the confirmation says.

A line: so many candidates, each worse than the champion by exactly what the rule allows (`tests/stats/many_attempts.py`), tried on 1,000 rows one after
the other; in what share of runs some one passed with and without spending; then of the one that looked best its mean gain on the rows that judged and on 500
rows that no rule saw, less the true one, and how often the latter's two-sided 95 % interval held the true gain. 2,000 runs a line (`KEEPFIT_BENCH_RUNS`;
`KEEPFIT_BENCH_SIZE=tiny` only shows that it runs).
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))  # as a script it sees its own folder only

from tests.stats.many_attempts import Trial, tried

TINY = os.environ.get("KEEPFIT_BENCH_SIZE") == "tiny"
RUNS = int(os.environ.get("KEEPFIT_BENCH_RUNS", "10" if TINY else "2000"))
ATTEMPTS = (1, 3) if TINY else (1, 2, 5, 10, 20)
KINDS = (("not_worse_than", 0.02, 0.95), ("not_worse_than", 0.02, 0.9696), ("not_shown_worse", 0.05, 0.95))


def line(trial: Trial, confidence: float) -> None:
    """Print what became of a trial."""
    found = tried(trial, RUNS, seed=trial.attempts, confidence=confidence)
    bias = (found.judged_gain - found.true_gain, found.unseen_gain - found.true_gain)
    print(
        f"{trial.kind:16} {trial.bound:g} at {confidence:g}, {trial.attempts:2} candidates: some one passes in {found.passed:.3f}, unspent "
        f"{found.passed_unspent:.3f} | gain of the best less the true one: judged {bias[0]:+.4f}, unseen {bias[1]:+.4f}, held {found.covered:.3f}"
    )


if __name__ == "__main__":
    for kind, bound, confidence in KINDS:
        for attempts in ATTEMPTS:
            line(Trial(attempts=attempts, gain=-bound, kind=kind, bound=bound), confidence)
