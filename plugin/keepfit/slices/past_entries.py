"""What a candidate is held to remember: `expectations/past.yaml`, a reviewed text file, by the names that scorecards know.

Every past window judges (`window=2013-02`) unless a person retired it: it is shown then, and judges nothing. An incident (`incident=NAME`) is the rows of
a window and a slice that a resolved ticket was about; of these only the share that is held out for good judges, as the others may train.

>>> entries = past_of({
...     "window=2013-02": {"status": "retired", "reason": "the old booking system"},
...     "incident=storm": {"window": "2013-03", "slice": "origin=LGA", "rows": 412, "ticket": "T-7", "reason": "no wind in the features", "by": "ann"},
... })
>>> entries.is_retired("window=2013-02"), entries.is_retired("window=2013-01"), [(one.name, one.window) for one in entries.incidents]
(True, False, [('incident=storm', '2013-03')])
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, cast, get_args

from keepfit.errors import ParamsError, UnknownNameError
from keepfit.records import RootCause
from keepfit.slices.name import OVERALL

FILE = "past.yaml"
WINDOW, INCIDENT = "window", "incident"
INCIDENT_NAME = re.compile(r"^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$")
PastStatus = Literal["active", "retired"]
OF_WINDOW = ("status", "reason", "by")
OF_INCIDENT = ("status", "ticket", "window", "slice", "rows", "reason", "by")


def window_slice(window: str) -> str:
    """Return the slice that a past window is called.

    >>> window_slice("2013-03"), incident_slice("storm")
    ('window=2013-03', 'incident=storm')
    """
    return f"{WINDOW}={window}"


def incident_slice(name: str) -> str:
    """Return the slice that the rows of an incident are called."""
    return f"{INCIDENT}={name}"


@dataclass(frozen=True, kw_only=True)
class RegressionSet:
    """The rows that a ticket was about: those of a `window` that are of a `slice` (`overall`: all); `rows` of them were held out when it was written down."""

    name: str
    window: str
    slice: str = OVERALL
    rows: int
    status: PastStatus = "active"
    ticket: str = ""
    reason: str = ""
    by: str = ""

    @property
    def entry(self) -> dict[str, str | int]:
        """What the file holds of it."""
        said: dict[str, str | int] = {"status": self.status, "ticket": self.ticket, "window": self.window, "slice": self.slice, "rows": self.rows}
        return said | {"reason": self.reason, "by": self.by}


def slice_of_cause(root: RootCause | None) -> str:
    """Return the slice that a ticket is about: the first that its loss came from, else the first that grew, else all rows."""
    slices = () if root is None else (*root.slices, *(one for one in root.moved if one.effect > 0))
    return next((one.slice for one in slices), OVERALL)


@dataclass(frozen=True, kw_only=True)
class PastEntries:
    """Which slices of the past people retired, and why, which entries are `active`; and the incidents, in the order of their names."""

    retired: Mapping[str, str] = field(default_factory=dict)
    incidents: tuple[RegressionSet, ...] = ()
    active: Mapping[str, str] = field(default_factory=dict)

    @property
    def said(self) -> list[dict[str, str]]:
        """Every entry with its status and its reason, by its name."""
        rows = [(name, "retired", reason) for name, reason in self.retired.items()] + [(name, "active", reason) for name, reason in self.active.items()]
        return [{"name": name, "status": status, "reason": reason} for name, status, reason in sorted(rows)]

    def is_retired(self, name: str) -> bool:
        """Whether a slice of the past is shown and judges nothing."""
        return name in self.retired


def past_of(entries: Mapping[str, Any]) -> PastEntries:
    """Return what `expectations/past.yaml` holds; raises `ParamsError` for an entry that is none, `UnknownNameError` for a key that is none."""
    retired, active, incidents = dict[str, str](), dict[str, str](), list[RegressionSet]()
    for name, entry in sorted(entries.items()):
        kind, _, rest = name.partition("=")
        where = f"{FILE}: {name}"
        if kind not in (WINDOW, INCIDENT) or not rest:
            raise ParamsError("an entry is a window or an incident", where=where, fix="window=2013-02, or incident=NAME")
        said = _checked(entry, OF_WINDOW if kind == WINDOW else OF_INCIDENT, where=where)
        if kind == INCIDENT:
            incidents.append(_incident(name, said, where=where))
        (retired if said["status"] == "retired" else active)[name] = said["reason"]
    return PastEntries(retired=retired, incidents=tuple(incidents), active=active)


def _checked(entry: Any, keys: tuple[str, ...], *, where: str) -> dict[str, Any]:
    """The entry with its status and its reason; without a status it is active, and whatever it is somebody said why."""
    if not isinstance(entry, dict):
        raise ParamsError("an entry is a map", where=where, fix="{status: retired, reason: why}")
    for key in entry:
        if key not in keys:
            raise UnknownNameError("key", str(key), known=keys, where=where)
    status, reason = entry.get("status", "active"), entry.get("reason")
    if status not in get_args(PastStatus):
        raise ParamsError(f"the status {status!r} is neither active nor retired", where=where, fix="keepfit window retire|activate WINDOW --reason …")
    if not isinstance(reason, str) or not reason.strip():
        raise ParamsError("it has no reason", where=where, fix="say why: somebody will read it in a year")
    return {**entry, "status": status, "reason": " ".join(reason.split())}


def _incident(name: str, said: Mapping[str, Any], *, where: str) -> RegressionSet:
    window, rows = said.get("window"), said.get("rows")
    if not INCIDENT_NAME.match(name.partition("=")[2]):
        raise ParamsError("no name of an incident", where=where, fix="letters, digits, '.', '_' and '-', at most 64")
    if not isinstance(window, str) or not window:
        raise ParamsError("an incident has a window", where=where, fix="window: '2013-03'")
    if not isinstance(rows, int) or isinstance(rows, bool) or rows < 1:
        raise ParamsError(f"an incident says how many rows of it are held out, not {rows!r}", where=where, fix="keepfit resolve TICKET --regression NAME")
    texts = {key: str(said.get(key) or "") for key in ("ticket", "by")}
    sliced, status = str(said.get("slice") or OVERALL), cast("PastStatus", said["status"])
    return RegressionSet(name=name, window=window, slice=sliced, rows=rows, status=status, reason=said["reason"], **texts)
