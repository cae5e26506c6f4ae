"""Profiles of texts beside scikit-learn's HashingVectorizer on the same texts: CPU seconds and their ratio; and memory against the number of texts.

100,000 texts x 200 words, of a vocabulary of 200,000 words as frequent as in a language (Zipf). Each figure is of a process of its own, which reads the
texts from Parquet in batches; reading is counted for nobody. scikit-learn gets what it is written for, a list of strings at a time.
"""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

TINY = os.environ.get("KEEPFIT_BENCH_SIZE") == "tiny"
TEXTS, WORDS, VOCABULARY, BATCH = (1_000, 50, 5_000, 250) if TINY else (100_000, 200, 200_000, 5_000)
PARTS = (4, 1)
"""The memory is measured at a quarter of the texts as well."""


def write(path: Path, texts: int) -> None:
    """Write seeded texts, a batch at a time."""
    rng = np.random.default_rng(0)
    letters = np.array(list("abcdefghijklmnopqrstuvwxyz"))
    vocabulary = np.array(["".join(rng.choice(letters, size)) for size in rng.integers(2, 11, VOCABULARY)], object)
    with pq.ParquetWriter(path, pa.schema([("text", pa.string())])) as file:
        for _ in range(0, texts, BATCH):
            places = (rng.zipf(1.15, (BATCH, WORDS)) - 1) % VOCABULARY
            file.write_table(pa.table({"text": [" ".join(vocabulary[row]) for row in places]}))


def batches(path: Path) -> Iterator[pa.Table]:
    """The texts as Arrow tables."""
    yield from (pa.Table.from_batches([batch]) for batch in pq.ParquetFile(path).iter_batches(BATCH))


def learned(path: Path, texts: int) -> float:
    """CPU seconds to learn what the words are counted on."""
    from keepfit.profiles.layout import LayoutLearner

    learner, seconds = LayoutLearner({"text": "text"}, texts), 0.0
    for batch in batches(path):
        started = time.process_time()
        learner.add(batch)
        seconds += time.process_time() - started
    return seconds


def counted(path: Path, texts: int) -> float:
    """CPU seconds to count the texts on a layout that the first tenth of them taught."""
    from keepfit.profiles.layout import LayoutLearner
    from keepfit.profiles.profile import update, zero

    learner, seconds = LayoutLearner({"text": "text"}, texts // 10), 0.0
    for batch, _ in zip(batches(path), range(max(1, texts // BATCH // 10)), strict=False):
        learner.add(batch)
    profile = zero(learner.layout(), "w")
    for batch in batches(path):
        started = time.process_time()
        profile = update(profile, batch)
        seconds += time.process_time() - started
    assert profile.rows == texts
    return seconds


def hashed(path: Path, texts: int) -> float:
    """CPU seconds of HashingVectorizer."""
    from sklearn.feature_extraction.text import HashingVectorizer

    vectorizer, seconds = HashingVectorizer(), 0.0
    for batch in batches(path):
        values = batch["text"].to_pylist()
        started = time.process_time()
        vectorizer.transform(values)
        seconds += time.process_time() - started
    return seconds


WORK = {"learn": learned, "count": counted, "hash": hashed}


def measured(name: str, path: Path, texts: int) -> tuple[float, float]:
    """CPU seconds and the peak of memory in MB, in a process of its own."""
    found = subprocess.run([sys.executable, __file__, name, str(path), str(texts)], check=True, capture_output=True, text=True)
    seconds, peak = json.loads(found.stdout)
    return seconds, peak


def main() -> None:
    """Print the times, their ratios and the memory."""
    with tempfile.TemporaryDirectory() as folder:
        paths = {TEXTS // part: Path(folder) / f"{part}.parquet" for part in PARTS}
        for texts, path in paths.items():
            write(path, texts)
        whole = paths[TEXTS]
        seconds, peer_peak = measured("hash", whole, TEXTS)
        print(f"{TEXTS:,} texts x {WORDS} words, CPU seconds")
        print(f"{seconds:7.2f} s  HashingVectorizer, {peer_peak:,.0f} MB")
        for name, said in (("count", "profile of a window"), ("learn", "learning a reference's words")):
            (few, small), (all_, large) = (measured(name, path, texts) for texts, path in paths.items())
            print(f"{all_:7.2f} s  {said}: {all_ / seconds:.2f} x; {large:,.0f} MB, of a quarter of the texts {small:,.0f} MB and {few:.2f} s")


if __name__ == "__main__":
    if len(sys.argv) > 1:
        print(json.dumps([WORK[sys.argv[1]](Path(sys.argv[2]), int(sys.argv[3])), resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024]))
    else:
        main()
