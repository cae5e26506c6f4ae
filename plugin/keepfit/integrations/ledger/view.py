"""One look at all that the ledger holds of a model: read once a run, and asked as often as there are questions."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property

from keepfit.integrations.ledger.outbox import Owed
from keepfit.integrations.ledger.transaction import LedgerTransaction
from keepfit.integrations.ledger.windows import WindowRow
from keepfit.records import JudgedWindow, PolicyState, Ticket, Window


@dataclass(frozen=True, kw_only=True)
class LedgerView:
    """What the ledger held of `model` when it was read; a window's record is parsed once, when it is first asked for.

    `under` is the champion (digest) that the policy's `state` was written under, None at first.
    """

    model: str
    rows: tuple[WindowRow, ...]
    state: PolicyState
    under: str | None
    tickets: tuple[Ticket, ...]
    owed: tuple[Owed, ...]

    @classmethod
    def of(cls, book: LedgerTransaction, model: str) -> LedgerView:
        """Read everything of a model."""
        state, under = book.state(model)
        return cls(model=model, rows=book.window_rows(model), state=state, under=under, tickets=book.tickets(model), owed=book.owed_of(model))

    # -- windows ----------------------------------------------------------------------------------------------------------

    def windows(self, champion: str | None = None) -> tuple[JudgedWindow, ...]:
        """Return the windows judged under a champion (its digest; None: under any), in the order of time."""
        return tuple(row.seen for row in self.rows if champion is None or row.champion == champion)

    def window(self, champion: str, window: str) -> JudgedWindow | None:
        """Return what was found in a window (by its id) under a champion, None if it was not judged yet."""
        return next((row.seen for row in self.rows if (row.champion, row.window) == (champion, window)), None)

    def before(self, champion: str, window: Window) -> tuple[JudgedWindow, ...]:
        """Return the windows judged under a champion that lie before this one, in the order of time."""
        return tuple(seen for seen in self.windows(champion) if seen.window.order < window.order)

    @property
    def blocked(self) -> frozenset[str]:
        """The ids of the windows that are blocked under any champion."""
        return frozenset(row.window for row in self.rows if row.status == "blocked")

    @cached_property
    def aside(self) -> frozenset[tuple[str, str]]:
        """The rows set aside, as (window's id, row's id), under any champion."""
        return frozenset((seen.window.id, row) for seen in self.windows() for row in seen.quarantined)

    def again(self, book: LedgerTransaction, *windows: Window) -> LedgerView:
        """Return what the ledger holds now; of windows only these are read again: nobody else writes any while a run of the model goes on."""
        named = {window.id for window in windows}
        found = book.window_rows(self.model, among=named) if named else ()
        rows = sorted([*(row for row in self.rows if row.window not in named), *found], key=lambda row: row.order) if named else self.rows
        state, under = book.state(self.model)
        return replace(self, rows=tuple(rows), state=state, under=under, tickets=book.tickets(self.model), owed=book.owed_of(self.model))

    # -- tickets and effects ------------------------------------------------------------------------------------------------

    def ticket(self, ticket: str) -> Ticket | None:
        """Return one ticket by its id, None if there is none."""
        return next((one for one in self.tickets if one.id == ticket), None)

    def owes(self, verb: str) -> tuple[Owed, ...]:
        """Return the effects of a verb that are still owed, oldest first."""
        return tuple(one for one in self.owed if one.verb == verb)
