"""What `keepfit monitor` says: a line a window, then the tickets. Record -> text: same record, same bytes."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from keepfit.records import Decision, Estimate, Evidence, Ticket, to_data
from keepfit.report.tables import NOTHING, markdown_table, number, shorten

EXAMPLES, ID_CHARS, CALM_REASONS = 5, 40, 2


@dataclass(frozen=True, kw_only=True)
class WindowLine:
    """One judged window; `value` is the champion's (a version) metric on the labelled rows, with its bounds; `late_rows` are not judged.

    `disagreeing` rows have labels that are not one value; `disagreeing_rows` are the ids of some.
    `changed` is the evidence of what changed and stands, each with the window that it is known since.
    """

    window: str
    rows: int
    labelled: int = 0
    late_rows: int = 0
    status: str
    champion: str
    metric: str | None
    value: float | None
    low: float | None
    high: float | None
    estimate: Estimate | None = None
    decision: Decision
    ticket: str | None
    notes: tuple[str, ...]
    disagreeing: int = 0
    disagreeing_rows: tuple[str, ...] = ()
    changed: tuple[Evidence, ...] = ()

    @property
    def reasons(self) -> tuple[str, ...]:
        """The decision's reasons, then what is worth noting of the window."""
        odd = (disagreement(self.disagreeing, self.disagreeing_rows),) if self.disagreeing else ()
        return tuple(dict.fromkeys((*self.decision.reasons, *odd, *self.notes)))

    @property
    def plain(self) -> dict[str, object]:
        """The line as JSON-able values."""
        return {
            "window": self.window,
            "rows": self.rows,
            "labelled": self.labelled,
            "late_rows": self.late_rows,
            "disagreeing_labels": {"rows": self.disagreeing, "examples": list(self.disagreeing_rows)},
            "status": self.status,
            "decision": self.decision.action,
            "ground": self.decision.ground,
            "cause": self.decision.cause,
            "target": self.decision.target,
            "ticket": self.ticket,
            "champion": self.champion,
            "metric": self.metric,
            "value": self.value,
            "low": self.low,
            "high": self.high,
            "estimate": None if self.estimate is None else to_data(self.estimate),
            "changed": [{"column": one.subject, "since": one.since, "effect": one.effect} for one in self.changed],
            "reasons": list(self.reasons),
        }


def disagreement(count: int, rows: Sequence[str]) -> str:
    """Return the sentence on rows that have labels which are not one value; `rows` are ids of some.

    >>> disagreement(7, ["a", "b", "c", "d", "e", "f"])
    '7 rows have labels that disagree (ids a, b, c, d, e, …): of each the first that was known is used'
    """
    named = ", ".join(shorten(row, ID_CHARS) for row in rows[:EXAMPLES]) + (", …" if count > EXAMPLES else "")
    have = "1 row has" if count == 1 else f"{count:,} rows have"
    return f"{have} labels that disagree (ids {named}): of each the first that was known is used"


def monitored_json(
    lines: Iterable[WindowLine],
    tickets: Iterable[Ticket],
    *,
    unmatched: tuple[int, Sequence[str]] = (0, ()),
    left_out: Sequence[str] = (),
    untimed: Sequence[str] = (),
    failed: Sequence[str] = (),
) -> str:
    """Return one JSON object: `windows` with the table's fields, `tickets` whole, how many labels match no row, with some of their ids.

    And sentences on files that were `left_out`, on the rows of others that have no time, and on windows that could not be judged.
    """
    found = {
        "windows": [line.plain for line in lines],
        "tickets": [to_data(ticket) for ticket in tickets],
        "unmatched_labels": {"labels": unmatched[0], "examples": list(unmatched[1])},
        "left_out_files": list(left_out),
        "rows_without_time": list(untimed),
        "not_judged": list(failed),
    }
    return json.dumps(found, indent=2, ensure_ascii=False, allow_nan=False) + "\n"


def windows_table(lines: Iterable[WindowLine]) -> str:
    """Return one row a window: how many rows, how good the champion was on them, what was decided and why: of a calm line the first two reasons."""
    rows = [(line.window, _rows(line), _measured(line), _decided(line), line.decision.ground, line.ticket, _why(line)) for line in lines]
    return markdown_table(("window", "rows", "champion", "decision", "ground", "ticket", "why"), rows)


def _rows(line: WindowLine) -> int | str:
    return f"{line.rows:,} + {line.late_rows:,} late" if line.late_rows else line.rows


def _why(line: WindowLine) -> str | None:
    """The first reason; where nobody is called and no ticket tells the rest, also the next one, and how many more there are."""
    shown = line.reasons[: CALM_REASONS if line.decision.action == "continue" else 1]
    more = len(line.reasons) - len(shown) if len(shown) > 1 else 0
    return "; ".join((*shown, *([f"and {more} more"] if more else []))) or None


def _measured(line: WindowLine) -> str:
    said = line.estimate
    if line.value is None and said is not None and said.status == "estimated":
        labels = f"not measured on {line.labelled:,} labels" if line.labelled else "no labels yet"
        return f"{said.metric} about {number(said.value)} ({number(said.low)} to {number(said.high)}), {labels}"
    if line.value is None:
        return NOTHING
    odd = f", {line.disagreeing:,} of which disagree" if line.disagreeing else ""
    part = f" on {line.labelled:,} labels{odd}" if line.labelled < line.rows or odd else ""
    return f"{line.metric} {number(line.value)} ({number(line.low)} to {number(line.high)}){part}"


def _decided(line: WindowLine) -> str:
    return f"{line.decision.action}, blocked" if line.status == "blocked" else line.decision.action
