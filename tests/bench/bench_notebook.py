"""`keepfit.compare` on two pandas frames, to a notebook's cell and to a page: CPU seconds of a fresh interpreter that holds the frames.

`first`: the first call, with the import of keepfit and all that it loads; `again`: the second. pandas is loaded and the frames are made before the clock
starts. KEEPFIT_BENCH_SIZE=tiny only shows that it runs. Beside Evidently: `python tests/bench/peers/run.py notebook`.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

ROWS, COLUMNS = (2_000, 10) if os.environ.get("KEEPFIT_BENCH_SIZE") == "tiny" else (100_000, 20)
REPEATS = 1 if os.environ.get("KEEPFIT_BENCH_SIZE") == "tiny" else 3
FRAMES = Path(__file__).parent / "peers" / "frames.py"
CHILD = """
import json, sys, tempfile, time
from pathlib import Path

sys.path.insert(0, sys.argv[1])
from frames import frame

reference, current = (frame(seed, int(sys.argv[2]), int(sys.argv[3])) for seed in (0, 1))
spent = []
for _ in range(2):
    started = time.process_time()
    import keepfit
    found = keepfit.compare(reference, current)
    cell = found._repr_html_()
    with tempfile.TemporaryDirectory() as folder:
        page = found.to_html(Path(folder) / "page.html").stat().st_size
    spent.append(time.process_time() - started)
print(json.dumps({"first": spent[0], "again": spent[1], "bytes": page}))
"""


def measured() -> dict[str, float]:
    """Return the CPU seconds of the first call and of the second, and the page's bytes, the best of some fresh interpreters."""
    command = [sys.executable, "-c", CHILD, str(FRAMES.parent), str(ROWS), str(COLUMNS)]
    runs = [json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout) for _ in range(REPEATS)]
    return {name: min(run[name] for run in runs) for name in runs[0]}


def main() -> None:
    """Print both."""
    found = measured()
    print(f"{found['first']:7.2f} CPU s  the first keepfit.compare of two frames of {ROWS:,} x {COLUMNS} to a cell and a page, with the import")
    print(f"{found['again']:7.2f} CPU s  the second; the page has {found['bytes']:,} bytes")


if __name__ == "__main__":
    main()
