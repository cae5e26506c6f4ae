"""Evidently's default drift preset over two pandas frames to its page: CPU seconds of the first call (with its import) and of the second."""

import json
import sys
import time

from frames import frame

rows, columns = map(int, sys.argv[1:3])
reference, current = (frame(seed, rows, columns) for seed in (0, 1))
spent, loading = [], time.process_time()
from evidently import DataDefinition, Dataset, Report  # noqa: E402 - its import is on the clock
from evidently.presets import DataDriftPreset  # noqa: E402

loading = time.process_time() - loading
for _ in range(2):
    started = time.process_time()
    sides = [Dataset.from_pandas(side, data_definition=DataDefinition()) for side in (reference, current)]
    page = Report([DataDriftPreset()]).run(sides[1], sides[0]).get_html_str(as_iframe=False)
    spent.append(time.process_time() - started)
print(json.dumps({"import": loading, "first": spent[0] + loading, "again": spent[1], "bytes": len(page)}))
