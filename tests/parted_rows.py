"""Rows that run a pass in parts, as an engine does: pass and states travel pickled, parts are joined in their order; nothing else may read them."""

import pickle
from dataclasses import dataclass
from itertools import pairwise

import pyarrow as pa

from keepfit.tables.passes import run_part


@dataclass(frozen=True)
class PartedRows:
    """A table cut before the rows `cuts`, each part in batches of `size` rows."""

    table: pa.Table
    cuts: tuple[int, ...]
    size: int = 1 << 20
    columns_at_once: int = 1000

    @property
    def schema(self):
        return self.table.schema

    @property
    def rows_at_most(self):
        return self.table.num_rows

    def batches(self, columns):
        raise AssertionError(f"{columns} were read here, not where the rows are")

    def run(self, look):
        bounds = [0, *self.cuts, self.table.num_rows]
        state = None
        for start, end in pairwise(bounds):
            sent = travelled(look)
            done = travelled(run_part(sent, lambda part=(start, end), columns=sent.columns: self._batches(*part, columns), first_row=start))
            state = done if state is None else look.join(state, done)
        return state

    def _batches(self, start, end, columns):
        part = self.table.select(list(columns)).slice(start, end - start)
        for first in range(0, part.num_rows, self.size):
            yield part.slice(first, self.size)


def travelled(value):
    """What arrives of a value at another process."""
    return pickle.loads(pickle.dumps(value))
