"""Labels that came after their window was closed: kept beside its rows in `.keepfit/labels/`, each with the number of its arrival.

A closed window's file never changes. Its labels are the file's and, where the file has none, those that came later. The ledger says
how many arrivals a window was scored on, so a run that was killed between keeping and scoring is made up for exactly once.

Labels of people (`labels/*.csv`) are no part of what is kept here: they are read anew each time, and may be taken back. What is kept is how the window
was judged by them (`WINDOW.people.parquet`, `tables/people_arrivals.py`), so that a change is an arrival.
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
from keepfit.tables.people_arrivals import fresh_since, judged_otherwise, with_people_arrival

if TYPE_CHECKING:
    import pyarrow as pa

    from keepfit.tables.people_labels import PeopleLabels

PEOPLE = ".people"


@dataclass(frozen=True)
class LateLabels:
    """The late labels of a project's windows, by window id."""

    project: Project

    def complete(self, window: str, rows: pa.Table) -> pa.Table:
        """Return a closed window's rows with the labels that came later."""
        return fill(rows, self._kept(window), self.project.params)

    def arrivals(self, window: str) -> int:
        """How many times labels have come for a window after it was closed."""
        return max(arrivals(self._kept(window)), arrivals(self._kept(window, PEOPLE)))

    def since(self, window: str, arrival: int) -> tuple[str, ...]:
        """The ids of the rows whose first label came after the arrival of this number."""
        params = self.project.params
        return (*ids_since(self._kept(window), arrival, params), *fresh_since(self._kept(window, PEOPLE), arrival, params))

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
        write_parquet(with_arrival(self._kept(window), came, self.arrivals(window) + 1), self._path(window))
        return int(came.num_rows)

    def note(self, window: str, own: pa.Table, people: PeopleLabels | None) -> int:
        """Note how a window's rows, with their own labels, are judged by what people said: what changed is one more arrival; return how many rows did."""
        params = self.project.params
        noted, changed = with_people_arrival(self._kept(window, PEOPLE), judged_otherwise(own, people, params), params, number=self.arrivals(window) + 1)
        if changed and noted is not None:
            write_parquet(noted, self._path(window, PEOPLE))
        return changed

    def noted(self, window: str) -> bool:
        """Whether it was noted how a window's rows are judged by what people said."""
        return self._path(window, PEOPLE).is_file()

    def _kept(self, window: str, whose: str = "") -> pa.Table | None:
        path = self._path(window, whose)
        return read_table(path) if path.is_file() else None

    def _path(self, window: str, whose: str = "") -> Path:
        return self.project.state / "labels" / f"{window}{whose}.parquet"
