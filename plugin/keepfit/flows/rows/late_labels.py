"""Labels that came after their window was closed: kept beside its rows in `.keepfit/labels/`, each with the number of its arrival.

A closed window's file never changes. Its labels are the file's and, where the file has none, those that came later. The ledger says
how many arrivals a window was scored on, so a run that was killed between keeping and scoring is made up for exactly once.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from keepfit.flows.project import Project
from keepfit.integrations.tables import read_table, write_parquet
from keepfit.tables.columns import id_column
from keepfit.tables.join_labels import fill
from keepfit.tables.labels import labels
from keepfit.tables.late_labels import answered, arrivals, ids_since, with_arrival

if TYPE_CHECKING:
    import pyarrow as pa


@dataclass(frozen=True)
class LateLabels:
    """The late labels of a project's windows, by window id."""

    project: Project

    def complete(self, window: str, rows: pa.Table) -> pa.Table:
        """Return a closed window's rows with the labels that came later."""
        return fill(rows, self._kept(window), self.project.params)

    def arrivals(self, window: str) -> int:
        """How many times labels have come for a window after it was closed."""
        return arrivals(self._kept(window))

    def since(self, window: str, arrival: int) -> tuple[str, ...]:
        """The ids of the rows whose label came after the arrival of this number."""
        return ids_since(self._kept(window), arrival, self.project.params)

    def came(self, window: str) -> pa.Table | None:
        """The labels (id, target) that came after a window was closed; None if none did."""
        kept, params = self._kept(window), self.project.params
        return None if kept is None else kept.select([id_column(params), params.model.target])

    def keep(self, window: str, rows: pa.Table, known: pa.Table) -> int:
        """Keep the `known` labels of those rows that still wait for one, as one more arrival; return how many there were.

        `rows` are the window's with all labels that it has; raises `DataError`, and keeps nothing, for values that are no labels.
        """
        came = answered(rows, known, self.project.params)
        if came is None:
            return 0
        labels(self.project.params, came)
        write_parquet(with_arrival(self._kept(window), came), self._path(window))
        return int(came.num_rows)

    def _kept(self, window: str) -> pa.Table | None:
        path = self._path(window)
        return read_table(path) if path.is_file() else None

    def _path(self, window: str) -> Path:
        return self.project.state / "labels" / f"{window}.parquet"
