"""How long a person waits for `keepfit --help` and `keepfit ticket --help`, beside a bare interpreter: seconds, best of n."""

from __future__ import annotations

import os
import subprocess
import sys
import time

REPEATS = 2 if os.environ.get("KEEPFIT_BENCH_SIZE") == "tiny" else 10
COMMANDS = {
    "python -c pass": ["-c", "pass"],
    "keepfit --help": ["-m", "keepfit", "--help"],
    "keepfit ticket --help": ["-m", "keepfit", "ticket", "--help"],
}


def best(arguments: list[str]) -> float:
    """Wall-clock seconds of the fastest of `REPEATS` runs."""
    seconds = []
    for _ in range(REPEATS):
        started = time.perf_counter()
        subprocess.run([sys.executable, *arguments], check=True, stdout=subprocess.DEVNULL)
        seconds.append(time.perf_counter() - started)
    return min(seconds)


if __name__ == "__main__":
    for name, arguments in COMMANDS.items():
        print(f"{best(arguments):7.3f} s  {name}")
