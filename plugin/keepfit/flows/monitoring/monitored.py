"""What a run of `keepfit monitor` has to tell a person, and what its exit code is."""

from __future__ import annotations

from dataclasses import dataclass, field

from keepfit.errors import KeepfitError
from keepfit.flows.rows.unmatched_labels import Unmatched
from keepfit.records import JudgedWindow, Ticket
from keepfit.report.monitoring import monitored_json, windows_table
from keepfit.report.tables import inline

SHOWN = 5


@dataclass(frozen=True, kw_only=True, repr=False)
class Monitored:
    """What a run has to tell: every window judged under the champion so far, and the tickets nobody was told of yet.

    `news` are the windows that no run has shown yet: judged, or scored again, since the last one. `fresh` counts the windows judged in this
    run, `undecidable` those of them with too few rows or while evidence calibrates; `waiting` are inspect tickets told before that are
    neither acknowledged nor resolved; `unmatched` are the labels that match no row; `odd` are
    sentences on files of the live folder, or of the labels', that could not be taken in, `untimed` on the rows of others that have no time,
    `remarks` on features that only some files have and on feature tables;
    `failed` says which windows could not be judged, and why: the next run tries again.
    """

    windows: tuple[JudgedWindow, ...]
    tickets: tuple[Ticket, ...]
    waiting: tuple[Ticket, ...]
    fresh: int
    undecidable: int
    news: frozenset[str] = frozenset()
    unmatched: Unmatched = field(default_factory=Unmatched)
    odd: tuple[str, ...] = ()
    untimed: tuple[str, ...] = ()
    remarks: tuple[str, ...] = ()
    failed: tuple[KeepfitError, ...] = ()

    @property
    def exit_code(self) -> int:
        """1 if a window could not be judged, else 3 if somebody has to act (also on a file left out), 4 if none that closed could be judged, else 0."""
        if self.failed:
            return 1
        if self.tickets or self.waiting or self.odd:
            return 3
        return 4 if self.fresh and self.fresh == self.undecidable else 0

    def __repr__(self) -> str:
        """What a person at a prompt wants to know first: in a few lines, not every window."""
        new = len(self.new_windows)
        head = f"windows: {len(self.windows):,} judged, {new:,} new; tickets: {len(self.tickets):,} new, {len(self.waiting):,} that wait"
        return "\n".join((head, *self.hints, *(str(error) for error in self.failed[:SHOWN])))

    def _repr_markdown_(self) -> str:
        """What a notebook shows: the new windows, and what is asked for."""
        asked = "\n".join(f"- {inline(line)}" for line in self.hints)
        return f"{windows_table(self.new_windows)}\n{asked}\n" if self.news else f"{inline(self.left_off)}\n\n{asked}\n"

    @property
    def json_text(self) -> str:
        """All of it as one JSON object, every window among it."""
        return monitored_json(
            self.windows,
            (*self.tickets, *self.waiting),
            unmatched=(self.unmatched.count, self.unmatched.examples),
            left_out=self.odd,
            untimed=self.untimed,
            remarks=self.remarks,
            failed=[f"{error.what} ({error.where})" for error in self.failed],
        )

    @property
    def new_windows(self) -> tuple[JudgedWindow, ...]:
        """The windows that no run has shown yet."""
        return tuple(one for one in self.windows if one.window.id in self.news)

    @property
    def left_off(self) -> str:
        """What is said of the windows that were shown before; empty if there are none."""
        older = len(self.windows) - len(self.new_windows)
        what = "no window is new" if not self.news else ""
        known = f"{older:,} {'was' if older == 1 else 'were'} shown before: keepfit monitor --all" if older else ""
        return "; ".join(part for part in (what, known) if part)

    @property
    def hints(self) -> tuple[str, ...]:
        """For each ticket that needs somebody its sentence and the next command to type."""
        told = [(ticket, "") for ticket in self.tickets] + [(ticket, " still") for ticket in self.waiting]
        said = [
            (f"keepfit: {ticket.id}{still} asks to {ticket.action}: {(*ticket.reasons, '')[0]}", f"next: {ticket.next[0]}") for ticket, still in told[:SHOWN]
        ]
        more = [f"keepfit: and {len(told) - SHOWN} more, see keepfit ticket"] if len(told) > SHOWN else []
        files = [f"keepfit: {sentence}" for sentence in self.odd[:SHOWN]] + (
            [f"keepfit: and {len(self.odd) - SHOWN} more files"] if len(self.odd) > SHOWN else []
        )
        return (*files, *(line for pair in said for line in pair), *more)
