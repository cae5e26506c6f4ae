"""Passes that the tests run, in a module that workers can import."""

from __future__ import annotations

import os
import signal
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pyarrow as pa

from keepfit.errors import DataError


@dataclass(frozen=True)
class ValuesByRow:
    """What each row holds, by its number in the table; the state holds every value."""

    columns: Sequence[str]

    def start(self, first_row: int) -> list[tuple[int, int, list[Any]]]:
        return [(first_row, 0, [])]

    def add(self, state, batch: pa.Table):
        assert batch.column_names == list(self.columns)
        *before, (first, rows, values) = state
        return [*before, (first, rows + batch.num_rows, [*values, *batch.to_pylist()])]

    def join(self, before, after):
        return [*before, *after]


@dataclass(frozen=True)
class LoadedModules:
    """Which modules of others a worker has loaded once it has read rows."""

    columns: Sequence[str] = ()

    def start(self, first_row: int) -> frozenset[str]:
        return frozenset()

    def add(self, state, batch: pa.Table):
        import sys

        return state | {name.partition(".")[0] for name in sys.modules}

    def join(self, before, after):
        return before | after


@dataclass(frozen=True)
class FailingLook:
    """Fails on the batch that holds the number 700, in one of four ways."""

    how: str
    columns: Sequence[str] = ("n",)

    def start(self, first_row: int) -> int:
        return 0

    def add(self, state, batch: pa.Table):
        if 700 in batch["n"].to_pylist():
            if self.how == "ours":
                raise DataError("no such thing", where="column n", fix="write it again")
            if self.how == "python":
                raise ZeroDivisionError("division\nby zero")
            if self.how == "large":
                return os.urandom(1 << 24)
            os.kill(os.getpid(), signal.SIGKILL)
        return state

    def join(self, before, after):
        return before


@dataclass(frozen=True)
class FirstBatch:
    """How many batches a part needs until one has rows: one."""

    columns: Sequence[str]

    def start(self, first_row: int) -> int:
        return 0

    def add(self, state, batch: pa.Table):
        return state + 1

    def join(self, before, after):
        return max(before, after)

    def done(self, state) -> bool:
        return state > 0
