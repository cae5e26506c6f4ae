"""One look at all that the ledger holds of a model: read once a run, and asked as often as there are questions."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property

from keepfit.integrations.ledger.outbox import Owed
from keepfit.integrations.ledger.stored import written
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

    def with_window(self, seen: JudgedWindow) -> LedgerView:
        """Return the view with a window as it was just written: no second reading."""
        made = WindowRow(seen.champion, seen.window.id, seen.status, written(seen))
        others = [row for row in self.rows if (row.champion, row.window) != (made.champion, made.window)]
        return replace(self, rows=tuple(sorted([*others, made], key=lambda row: row.seen.window.order)))

    def again(self, book: LedgerTransaction) -> LedgerView:
        """Return what the ledger holds now; a window that is as it was is not parsed again."""
        now, known = LedgerView.of(book, self.model), {(row.champion, row.window): row for row in self.rows}
        rows = (known.get((row.champion, row.window), row) for row in now.rows)
        return replace(now, rows=tuple(old if old == row else row for old, row in zip(rows, now.rows, strict=True)))

    # -- tickets and effects ------------------------------------------------------------------------------------------------

    def ticket(self, ticket: str) -> Ticket | None:
        """Return one ticket by its id, None if there is none."""
        return next((one for one in self.tickets if one.id == ticket), None)

    def owes(self, verb: str) -> tuple[Owed, ...]:
        """Return the effects of a verb that are still owed, oldest first."""
        return tuple(one for one in self.owed if one.verb == verb)
