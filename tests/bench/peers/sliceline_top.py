"""The sliceline package's best slice of two literals: argv is the .npz with `codes` (rows × columns, from 1) and `errors`. JSON: CPU seconds, slice."""

import json
import sys
import time

import numpy as np
from sliceline.slicefinder import Slicefinder

with np.load(sys.argv[1]) as held:
    codes, errors = held["codes"], held["errors"]
started = time.process_time()
finder = Slicefinder(alpha=0.95, k=1, max_l=2, min_sup=len(errors) // 100, verbose=False).fit(codes, errors)
seconds = time.process_time() - started
print(json.dumps({"seconds": seconds, "top": [None if value is None else int(value) for row in finder.top_slices_[:1] for value in row]}))
