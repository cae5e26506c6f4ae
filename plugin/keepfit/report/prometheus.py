r"""A fleet for Prometheus, in its text format: for the textfile collector of node_exporter, or any file that is served.

Ages are those at the moment of the look, which is a metric itself: a file that is not written any more shows in `keepfit_fleet_looked_timestamp_seconds`.

>>> print(prometheus_text([FleetLine(model='a"b', folder="a", state="ok")], at=0.0).splitlines()[-1])
keepfit_dead_messages{model="a\"b",folder="a"} 0
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from typing import get_args

from keepfit.records import Severity
from keepfit.records.fleet import FleetLine, FleetState

Value = float | int | None
SECONDS = 86_400
ESCAPED = str.maketrans({"\\": r"\\", '"': r"\"", "\n": r"\n"})

OF_A_MODEL: dict[str, tuple[str, Callable[[FleetLine], Value]]] = {
    "keepfit_champion_data_age_seconds": ("How long ago the champion's training data ended.", lambda line: _seconds(line.age_days)),
    "keepfit_last_look_age_seconds": ("How long ago the newest window ended that was judged.", lambda line: _seconds(line.look_days)),
    "keepfit_labels_age_seconds": ("How long ago the newest window with labels ended.", lambda line: _seconds(line.labels_days)),
    "keepfit_acknowledged_tickets": ("Tickets that are silenced until later.", lambda line: line.acknowledged),
    "keepfit_windows": ("How many of the newest windows were looked at.", lambda line: line.windows),
    "keepfit_alert_windows": ("In how many of these a change was called for the first time.", lambda line: line.alerts),
    "keepfit_promised_false_alerts": ("How many of these may be false by what params promise.", lambda line: line.promised),
    "keepfit_waivers": ("Waivers that stand for the champion.", lambda line: line.waivers),
    "keepfit_dead_messages": ("Messages that were given up.", lambda line: line.dead),
}
"""The gauges of a model, each with what it says; a line that does not know one has no sample of it."""


def prometheus_text(lines: Sequence[FleetLine], *, at: float) -> str:
    """Return all lines in Prometheus' text format, version 0.0.4; `at` is the time of the look in seconds since 1970, in UTC."""
    written = [*_gauge("keepfit_fleet_looked_timestamp_seconds", "When the fleet was looked at.", [({}, at)])]
    states = Counter(line.state for line in lines)
    every = get_args(FleetState)
    written += _gauge("keepfit_fleet_models", "Models by their state.", [({"state": state}, states[state]) for state in every])
    standing = [({**_of(line), "state": state}, int(line.state == state)) for line in lines for state in every]
    written += _gauge("keepfit_model_state", "1 for the state that a model is in.", standing)
    versions = [({**_of(line), "version": line.version}, 1) for line in lines if line.version is not None]
    written += _gauge("keepfit_champion_info", "The champion's version.", versions)
    tickets = [({**_of(line), "severity": severity}, line.tickets.get(severity, 0)) for line in lines for severity in get_args(Severity)]
    written += _gauge("keepfit_open_tickets", "Tickets that are open.", tickets)
    for name, (says, value) in OF_A_MODEL.items():
        written += _gauge(name, says, [(_of(line), known) for line in lines if (known := value(line)) is not None])
    return "\n".join(written) + "\n"


def _of(line: FleetLine) -> dict[str, str]:
    return {"model": line.model, "folder": line.folder}


def _gauge(name: str, says: str, samples: Sequence[tuple[dict[str, str], float | int]]) -> Iterator[str]:
    yield f"# HELP {name} {says}"
    yield f"# TYPE {name} gauge"
    for labels, value in samples:
        named = ",".join(f'{key}="{text.translate(ESCAPED)}"' for key, text in labels.items())
        yield f"{name}{{{named}}} {value!r}" if named else f"{name} {value!r}"


def _seconds(days: float | None) -> float | None:
    return None if days is None else days * SECONDS
