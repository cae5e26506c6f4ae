"""One cause behind tickets of several models: the same upstream column that changed, or expectation that broke, in the same window.

Two tickets are of one cause if their windows are the same, and what lies behind them is the same kind of change of the same column (of broken quality: the
same expectation), and either both models read that column from one place, or it moved the same way. Both are needed to be known: of two columns of one name
in two places nobody says that they are one, unless they moved alike. What names no column is never shared: that several models became worse is no
cause. Blind to a column that has another name in another model. No ticket is lost: each is in exactly one cause, most are alone in theirs.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from keepfit.records import FoundSlice, RootCause, Ticket

NUMBER = r"[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?"
LOW, HIGH = re.compile(rf"^<=?\s*({NUMBER})$"), re.compile(rf"^>=?\s*({NUMBER})$")
BETWEEN = re.compile(rf"^ in [\[(]({NUMBER}), ({NUMBER})[\])]$")


@dataclass(frozen=True, kw_only=True)
class SharedCause:
    """Tickets of one cause: `what` changed in words, in which window, and the tickets of the models that it concerns, ordered by model and id."""

    what: str
    window: str
    tickets: tuple[Ticket, ...]

    @property
    def models(self) -> tuple[str, ...]:
        """The models that it concerns."""
        return tuple(dict.fromkeys(ticket.model for ticket in self.tickets))

    @property
    def subject(self) -> str:
        """What its messages are about: the first of its tickets."""
        return f"{self.tickets[0].model}/{self.tickets[0].id}"


def shared_causes(tickets: Sequence[Ticket], places: Mapping[str, Mapping[str, Collection[str]]]) -> tuple[SharedCause, ...]:
    """Return the causes of tickets, those of most models first, by any order of the input the same.

    `places` says for each model where each column comes from; under the name "" where all others do.

    >>> from datetime import datetime
    >>> rest = {"champion": "1", "action": "inspect", "ground": "drift", "cause": "drift:x", "window": "w", "opened": datetime(2013, 2, 1)}
    >>> rest |= {"target": None, "reasons": (), "evidence": (), "affected": "", "next": (), "root": RootCause(kind="covariate", column="x")}
    >>> of = [Ticket(id="w-drift", model=model, **rest) for model in ("b", "a", "c")]
    >>> [cause.models for cause in shared_causes(of, {"a": {"": ["rows"]}, "b": {"": ["rows"]}, "c": {"": ["others"]}})]
    [('a', 'b'), ('c',)]
    """
    groups: list[list[Ticket]] = []
    at: dict[Hashable, int] = {}
    for ticket in sorted(tickets, key=lambda one: (one.model, one.id)):
        keys = list(_keys(ticket, places.get(ticket.model, {})))
        known = sorted({at[key] for key in keys if key in at})
        into = known[0] if known else len(groups)
        if not known:
            groups.append([])
        groups[into].append(ticket)
        for other in known[1:]:  # the ticket ties what seemed to be two
            groups[into] += groups[other]
            groups[other] = []
            at.update({key: into for key, number in at.items() if number == other})
        at.update(dict.fromkeys(keys, into))
    causes = [_cause(group) for group in groups if group]
    return tuple(sorted(causes, key=lambda cause: (-len(cause.models), cause.models, cause.tickets[0].id)))


def _cause(group: Sequence[Ticket]) -> SharedCause:
    ordered = sorted(group, key=lambda one: (one.model, one.id))
    return SharedCause(what=what_changed(ordered[0]), window=ordered[0].window, tickets=tuple(ordered))


def what_changed(ticket: Ticket) -> str:
    """Return in words what lies behind a ticket: its column and kind of change, its expectation, or its cause as it is named."""
    subject, root = _subject(ticket), ticket.root
    if root is None or not subject:
        return ticket.cause
    if root.kind in ("schema", "quality"):
        return f"{root.kind} of {subject}" if root.kind == "schema" else f"expectation {subject} failed"
    way = direction(root)
    return f"{subject} moved" + (f" {way}" if way in ("up", "down") else f" to {way}" if way else "")


def _subject(ticket: Ticket) -> str:
    """The column, or of broken quality the expectation; empty where the cause names none."""
    if ticket.root is None or ticket.root.kind in ("concept", "none"):
        return ""
    named = ticket.cause.partition(":")[2].partition(":")[0] if ticket.root.kind == "quality" else ""
    return ticket.root.column or named


def _keys(ticket: Ticket, places: Mapping[str, Collection[str]]) -> Iterator[Hashable]:
    """What a ticket has in common with another of its cause: one of these is enough."""
    subject = _subject(ticket)
    if ticket.root is None or not subject:
        return
    same = (ticket.window, ticket.root.kind, subject)
    yield from ((*same, "from", place) for place in places.get(subject, places.get("", ())))
    if way := direction(ticket.root):
        yield (*same, "to", way)


def direction(root: RootCause) -> str:
    """Return which way a column moved: `up`, `down`, or the category that grew most; empty where nothing says so.

    >>> grown = FoundSlice(question="share", slice="x>3.1", columns=("x",), rows=9, share=1, effect=0.4, low=0, high=1, p_value=0, explained=0, n=9, tests=1)
    >>> direction(RootCause(kind="covariate", column="x", moved=(grown,)))
    'up'
    """
    own = [one for one in root.moved if one.columns == (root.column,)]
    grown = max((one for one in own if one.effect > 0), key=lambda one: one.effect, default=None)
    if grown is None:
        return ""
    said = grown.slice.removeprefix(root.column)
    if said.startswith("="):
        return said.removeprefix("=")
    shrunk = min((one for one in own if one.effect < 0), key=lambda one: one.effect, default=None)
    return _side(said) or _from_to(None if shrunk is None else shrunk, grown, root.column)


def _side(said: str) -> str:
    return "up" if HIGH.match(said) else "down" if LOW.match(said) else ""


def _from_to(shrunk: FoundSlice | None, grown: FoundSlice, column: str) -> str:
    """Whether the values that became more lie above those that became fewer."""
    before, now = (None if one is None else _middle(one.slice.removeprefix(column)) for one in (shrunk, grown))
    if before is None or now is None or before == now:
        return ""
    return "up" if now > before else "down"


def _middle(said: str) -> float | None:
    """A value inside of an interval as a slice names it, None of something else."""
    if found := BETWEEN.match(said):
        return (float(found[1]) + float(found[2])) / 2
    one = LOW.match(said) or HIGH.match(said)
    return float(one[1]) if one else None
