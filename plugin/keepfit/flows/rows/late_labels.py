"""Labels that came after their window was closed: kept beside its rows in `.keepfit/labels/`, each with the number of its arrival.

A closed window's file never changes. Its labels are the file's and, where the file has none, those that came later. The ledger says
how many arrivals a window was scored on, so a run that was killed between keeping and scoring is made up for exactly once.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from keepfit.flows.project import Project
from keepfit.flows.rows.labels import fill
from keepfit.flows.rows.row_files import id_column
from keepfit.integrations.tables import read_table, write_parquet

if TYPE_CHECKING:
    import pyarrow as pa

ARRIVAL = "arrival"


@dataclass(frozen=True)
class LateLabels:
    """The late labels of a project's windows, by window id."""

    project: Project

    def complete(self, window: str, rows: pa.Table) -> pa.Table:
        """Return a closed window's rows with the labels that came later."""
        return fill(rows, self._kept(window), self.project.params)

    def arrivals(self, window: str) -> int:
        """How many times labels have come for a window after it was closed."""
        import pyarrow.compute as pc

        kept = self._kept(window)
        return 0 if kept is None else int(pc.max(kept[ARRIVAL]).as_py())

    def since(self, window: str, arrival: int) -> tuple[str, ...]:
        """The ids of the rows whose label came after the arrival of this number."""
        import pyarrow.compute as pc

        kept = self._kept(window)
        if kept is None:
            return ()
        return tuple(kept.filter(pc.greater(kept[ARRIVAL], arrival))[id_column(self.project.params)].to_pylist())

    def came(self, window: str) -> pa.Table | None:
        """The labels (id, target) that came after a window was closed; None if none did."""
        kept, params = self._kept(window), self.project.params
        return None if kept is None else kept.select([id_column(params), params.model.target])

    def keep(self, window: str, rows: pa.Table, labels: pa.Table) -> int:
        """Keep the labels of those rows that still wait for one, as one more arrival; return how many there were.

        `rows` are the window's with all labels that are known; raises `DataError`, and keeps nothing, for values that are no labels.
        """
        import pyarrow as pa
        import pyarrow.compute as pc

        params = self.project.params
        waiting = rows.filter(pc.is_null(rows[params.model.target])) if params.model.target in rows.column_names else rows
        key, target = id_column(params), params.model.target
        answered = fill(waiting.select([key]), labels, params)
        if target not in answered.column_names or not (came := answered.filter(pc.is_valid(answered[target]))).num_rows:
            return 0
        self._check(came)
        numbered = came.append_column(ARRIVAL, pa.array([self.arrivals(window) + 1] * came.num_rows, pa.int64()))
        before = self._kept(window)
        write_parquet(numbered if before is None else pa.concat_tables([before, numbered], promote_options="default"), self._path(window))
        return int(came.num_rows)

    def _check(self, came: pa.Table) -> None:
        from keepfit.integrations.tables import to_frame
        from keepfit.tables.labels import labels

        labels(self.project.params, to_frame(came))

    def _kept(self, window: str) -> pa.Table | None:
        path = self._path(window)
        return read_table(path) if path.is_file() else None

    def _path(self, window: str) -> Path:
        return self.project.state / "labels" / f"{window}.parquet"
