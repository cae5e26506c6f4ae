"""alibi-detect's MMDDrift on PyTorch: argv is rows, columns, permutations, seeded cases and their rows. JSON: CPU seconds, decisions.

The tables are those of `bench_mmd.sample` and `bench_mmd.case`, made by numpy alone; the generator gives the same numbers in both environments.
"""

import json
import sys
import time

import numpy as np
import torch
from alibi_detect.cd import MMDDrift

from tables import case, sample

ROWS, COLUMNS, PERMUTATIONS, CASES, CASE_ROWS = map(int, sys.argv[1:])


def drifted(reference: np.ndarray, current: np.ndarray, seed: int) -> bool:
    """Its decision at .05."""
    np.random.seed(seed)  # what alibi-detect draws from
    torch.manual_seed(seed)
    detector = MMDDrift(reference.astype(np.float32), backend="pytorch", p_val=0.05, n_permutations=PERMUTATIONS)
    return bool(detector.predict(current.astype(np.float32))["data"]["is_drift"])


started = time.process_time()
drifted(*sample(ROWS, COLUMNS), 0)
seconds = time.process_time() - started
print(json.dumps({"seconds": seconds, "decisions": [drifted(*case(seed, CASE_ROWS, COLUMNS), seed) for seed in range(CASES)]}))
