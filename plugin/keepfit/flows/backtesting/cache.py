"""What a backtest computed, kept under `.keepfit/backtest/` by content: a key is the digest of all that the number came from.

Numbers are lines that are only ever appended, models and records are folders that appear whole; so a killed run loses at most what it was
just doing, and two runs at once only do some work twice. Nothing here is ever wrong, only unused: the folder may be deleted, and
what has grown past its bound is (`prune`).
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TypeVar

from keepfit.errors import KeepfitError
from keepfit.records import canonical, from_json

Record = TypeVar("Record")
Values = tuple[float, ...] | None
KEY_LENGTH = 32
RECORD = "record.json"
MOST_MODEL_BYTES = 1 << 30
MOST_NUMBER_BYTES = 16 << 20


def key_of(*parts: object) -> str:
    """Return the key of what was made from these JSON-able parts.

    >>> key_of("all", ["a"]) == key_of("all", ["a"]), key_of("all", ["a"]) == key_of("all", ["b"])
    (True, False)
    """
    return hashlib.sha256(json.dumps(parts, sort_keys=True, default=str).encode()).hexdigest()[:KEY_LENGTH]


@dataclass(frozen=True)
class BacktestCache:
    """Numbers and models of one project's backtests."""

    folder: Path

    def values(self, key: str, make: Callable[[], Values]) -> Values:
        """Return the numbers of a key, made and kept if they are not there; None is kept too."""
        if key not in self._known:
            self._known[key] = make()
            self.folder.mkdir(parents=True, exist_ok=True)
            with self._file.open("a", encoding="utf-8") as file:
                file.write("\n" * self._torn + json.dumps([key, self._known[key]]) + "\n")
            self.__dict__["_torn"] = False
        return self._known[key]

    def __contains__(self, key: object) -> bool:
        """Whether the numbers of a key are known."""
        return key in self._known

    def model(self, key: str, make: Callable[[Path], None]) -> Path:
        """Return the folder of a key's model, made by `make(folder)` if it is not there."""
        place = self.folder / "models" / key
        if not place.is_dir():
            place.parent.mkdir(parents=True, exist_ok=True)
            with tempfile.TemporaryDirectory(dir=place.parent, prefix=".making-") as scratch:
                made = Path(scratch) / "model"
                make(made)
                if not place.is_dir():
                    made.replace(place)
        os.utime(place)  # what was asked for last is pruned last
        return place

    def record(self, kind: type[Record], key: str, make: Callable[[], Record]) -> Record:
        """Return the record of a key, made and kept beside the models if it is not there."""

        def write(out: Path) -> None:
            out.mkdir()
            (out / RECORD).write_bytes(canonical(make()))

        try:
            return from_json(kind, (self.model(key, write) / RECORD).read_bytes())
        except (KeepfitError, OSError):  # of another version, or a disk's accident: made anew
            shutil.rmtree(self.folder / "models" / key, ignore_errors=True)
            return from_json(kind, (self.model(key, write) / RECORD).read_bytes())

    def prune(self, *, models: int = MOST_MODEL_BYTES, numbers: int = MOST_NUMBER_BYTES) -> None:
        """Let go what lies past the bounds in bytes: the models that nobody asked for longest, the oldest numbers.

        Another run at the same time that wanted one of them makes it anew.
        """
        kept = 0
        for place in sorted((self.folder / "models").glob("[!.]*"), key=lambda place: place.stat().st_mtime, reverse=True):
            kept += sum(file.stat().st_size for file in place.rglob("*") if file.is_file())
            if kept > models:
                shutil.rmtree(place, ignore_errors=True)
        if self._file.is_file() and self._file.stat().st_size > numbers:
            self._keep_newest(numbers)

    def clear(self) -> None:
        """Forget everything."""
        shutil.rmtree(self.folder, ignore_errors=True)

    def _keep_newest(self, most: int) -> None:
        """Keep the last whole lines of the numbers that fit."""
        newest = self._file.read_bytes()[-most:].partition(b"\n")[2]
        with tempfile.NamedTemporaryFile(dir=self.folder, prefix=".numbers-", delete=False) as file:
            file.write(newest)
        Path(file.name).replace(self._file)

    @property
    def _file(self) -> Path:
        return self.folder / "numbers.jsonl"

    @cached_property
    def _torn(self) -> bool:
        """Whether a killed run left a last line without its end."""
        return self._file.is_file() and not self._file.read_bytes().endswith(b"\n") and self._file.stat().st_size > 0

    @cached_property
    def _known(self) -> dict[str, Values]:
        lines = self._file.read_text(encoding="utf-8", errors="replace").splitlines() if self._file.is_file() else []
        return dict(pair for pair in map(_read, lines) if pair is not None)


def _read(line: str) -> tuple[str, Values] | None:
    """A line's key and numbers, None for one that was torn."""
    try:
        key, numbers = json.loads(line)
        return str(key), None if numbers is None else tuple(float(number) for number in numbers)
    except (ValueError, TypeError):
        return None
