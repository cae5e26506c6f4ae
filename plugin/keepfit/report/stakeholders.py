"""Half a page for who pays for a model and never reads a scorecard: what it does, how well, since when, what changed, what that brought, what is open."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from keepfit.records import JournalRow, JudgedWindow, Pin, Probation, Task, Ticket
from keepfit.report.probation import promise_line
from keepfit.report.tables import inline, number

MOVED = ("promoted", "rolled back", "adopted")
OPEN, APPROVALS = 3, 3


@dataclass(frozen=True, kw_only=True)
class ModelStanding:
    """What is known of a model: its pin (None: none serves), windows judged under it, the journal (`silent`: why it is empty), promotions, open tickets."""

    model: str
    task: Task
    target: str
    features: int
    metric: str
    champion: Pin | None
    windows: Sequence[JudgedWindow] = ()
    journal: Sequence[JournalRow] = ()
    silent: str = ""
    promotions: Sequence[Probation] = ()
    tickets: Sequence[Ticket] = ()


def stakeholders_text(found: ModelStanding) -> str:
    """Return the page as Markdown that reads as plain text; the same standing gives the same bytes."""
    parts = [
        ("What it does", _does(found)),
        ("How well", _well(found)),
        ("What changed last", changed_last(found)),
        ("What that brought", promise_line(found.promotions) or "Nothing is known yet: no promotion took the place of another model under keepfit's eyes."),
        ("What is open", _open(found)),
        ("Who decided", decided_by(found)),
    ]
    return f"# {inline(found.model)}\n\n" + "\n\n".join(f"**{title}.** {text}" for title, text in parts) + "\n"


def _does(found: ModelStanding) -> str:
    what = "estimates" if found.task == "regression" else "tells"
    serves = "no version serves yet" if found.champion is None else f"version {inline(found.champion.version)} serves"
    return f"It {what} {inline(found.target)} from {found.features} columns; {serves}."


def _well(found: ModelStanding) -> str:
    pin, said = found.champion, []
    if pin is not None and pin.value is not None:
        said.append(f"When it was promoted it was judged at {inline(pin.metric or found.metric)} {number(pin.value)}.")
    newest = next((one for one in reversed(found.windows) if one.sound and one.value is not None), None)
    if newest is not None:
        interval = "" if newest.low is None or newest.high is None else f" ({number(newest.low)} to {number(newest.high)})"
        labels = f"{number(newest.labelled)} rows with a label"
        said.append(f"In {inline(newest.window.id)}, the newest window with labels, it reached {number(newest.value)}{interval} on {labels}.")
    return " ".join(said) or "Nothing has been measured yet."


def _last_move(found: ModelStanding) -> JournalRow | None:
    return next((row for row in reversed(found.journal) if row.kind in MOVED), None)


def changed_last(found: ModelStanding) -> str:
    """Return since when which version serves, in Markdown."""
    row = _last_move(found)
    if row is None:
        return f"The registry's journal could not be read: {inline(found.silent)}." if found.silent else "No version was promoted yet."
    before = f", in the place of version {inline(row.previous)}" if row.previous else ""
    return f"Version {inline(row.version)} was {row.kind} on {row.at:%Y-%m-%d}{before}; it serves since."


def _open(found: ModelStanding) -> str:
    if not found.tickets:
        return "Nothing."
    shown = "; ".join(f"{inline(one.id)} asks to {one.action}, since {inline(one.window)}" for one in found.tickets[:OPEN])
    more = f"; and {len(found.tickets) - OPEN} more" if len(found.tickets) > OPEN else ""
    return f"{shown}{more}."


def decided_by(found: ModelStanding) -> str:
    """Return who moved the pointer last and who had approved, in Markdown."""
    row = _last_move(found)
    if row is None:
        return "Nobody has yet." if not found.silent else "Not known without the registry."
    approved = [one.who for one in found.journal if one.kind == "approved" and one.version == row.version]
    names = list(dict.fromkeys(approved))
    by = f"; approved by {', '.join(inline(name) for name in names[:APPROVALS])}" if names else ""
    return f"{inline(row.who)}{by}."
