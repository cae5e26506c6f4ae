"""One state of each database for all reads of a run: rows, labels and rows once more, as they were at the first read.

>>> with one_state() as outer, one_state() as inner:
...     inner is outer
True
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pyarrow as pa

    from keepfit.integrations.sql.snapshot import Snapshot
    from keepfit.params.row_source import SqlParams


@dataclass
class States:
    """The databases that were read, by the name that the environment has for their URL."""

    _open: dict[str, Snapshot] = field(default_factory=dict)
    whole: dict[tuple[str, str], pa.Table] = field(default_factory=dict)
    """What queries returned that were read whole (labels are, several times in a run), by variable and query: of one state it is the same."""

    def of(self, source: SqlParams, *, where: str, root: Path) -> Snapshot:
        """Return the state of a source's database; its own `timeout_seconds` and place in params hold for what is read next."""
        from dataclasses import replace

        from keepfit.integrations.sql.address import address_of
        from keepfit.integrations.sql.patience import Patience
        from keepfit.integrations.sql.snapshot import Snapshot

        if source.url_env not in self._open:
            self._open[source.url_env] = Snapshot(address_of(source.url_env, where=where, root=root), Patience(source.timeout_seconds))
        state = self._open[source.url_env]
        state.address, state.patience.seconds = replace(state.address, where=where), source.timeout_seconds
        return state

    def close(self) -> None:
        """Let go of the databases; what is read later sees a new state."""
        for state in self._open.values():
            state.close()
        self._open.clear()
        self.whole.clear()


_STATES: ContextVar[States | None] = ContextVar("keepfit_states", default=None)


@contextmanager
def one_state() -> Iterator[States]:
    """Inside, every database is read as it was at the first read; one inside another shares its states, which end with the outermost."""
    outer = _STATES.get()
    if outer is not None:
        yield outer
        return
    states = States()
    token = _STATES.set(states)
    try:
        yield states
    finally:
        _STATES.reset(token)
        states.close()
