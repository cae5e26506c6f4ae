"""What `keepfit monitor` says: a line a window, then the tickets. Record -> text: same record, same bytes."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence

from keepfit.records import JudgedWindow, Ticket, to_data
from keepfit.report.tables import NOTHING, markdown_table, number, shorten

EXAMPLES, ID_CHARS, CALM_REASONS = 5, 40, 2


def reasons_of(judged: JudgedWindow) -> tuple[str, ...]:
    """Return the decision's reasons, then what is worth noting of the window."""
    odd = (disagreement(judged.disagreeing, judged.disagreeing_rows),) if judged.disagreeing else ()
    waits = (judged.provisional,) if judged.provisional else ()
    return tuple(dict.fromkeys((*judged.decision.reasons, *waits, *odd, *judged.notes)))


def window_data(judged: JudgedWindow) -> dict[str, object]:
    """Return the window as JSON-able values."""
    return {
        "window": judged.window.id,
        "rows": judged.rows,
        "labelled": judged.labelled,
        "labels_to_come": {"rows": judged.to_come, "due": None if judged.labels_due is None else judged.labels_due.isoformat()},
        "late_rows": judged.late_rows,
        "disagreeing_labels": {"rows": judged.disagreeing, "examples": list(judged.disagreeing_rows)},
        "status": judged.status,
        "decision": judged.decision.action,
        "ground": judged.decision.ground,
        "cause": judged.decision.cause,
        "target": judged.decision.target,
        "ticket": judged.ticket,
        "champion": judged.version,
        "metric": judged.metric,
        "value": judged.value,
        "low": judged.low,
        "high": judged.high,
        "estimate": None if judged.estimate is None else to_data(judged.estimate),
        "changed": [{"column": one.subject, "since": one.since, "effect": one.effect} for one in judged.changed],
        "reasons": list(reasons_of(judged)),
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
    windows: Iterable[JudgedWindow],
    tickets: Iterable[Ticket],
    *,
    unmatched: tuple[int, Sequence[str]] = (0, ()),
    left_out: Sequence[str] = (),
    untimed: Sequence[str] = (),
    remarks: Sequence[str] = (),
    failed: Sequence[str] = (),
) -> str:
    """Return one JSON object: `windows` with the table's fields, `tickets` whole, how many labels match no row, with some of their ids.

    And sentences on files that were `left_out`, on the rows of others that have no time, `remarks` on the source, and on windows that could not be judged.
    """
    found = {
        "windows": [window_data(judged) for judged in windows],
        "tickets": [to_data(ticket) for ticket in tickets],
        "unmatched_labels": {"labels": unmatched[0], "examples": list(unmatched[1])},
        "left_out_files": list(left_out),
        "rows_without_time": list(untimed),
        "remarks": list(remarks),
        "not_judged": list(failed),
    }
    return json.dumps(found, indent=2, ensure_ascii=False, allow_nan=False) + "\n"


def windows_table(windows: Iterable[JudgedWindow]) -> str:
    """Return one row a window: how many rows, how good the champion was on them, what was decided and why: of a calm line the first two reasons."""
    rows = [(one.window.id, _rows(one), measured_said(one), _decided(one), one.decision.ground, one.ticket, _why(one)) for one in windows]
    return markdown_table(("window", "rows", "champion", "decision", "ground", "ticket", "why"), rows)


def _rows(judged: JudgedWindow) -> int | str:
    return f"{judged.rows:,} + {judged.late_rows:,} late" if judged.late_rows else judged.rows


def _why(judged: JudgedWindow) -> str | None:
    """The first reason; where nobody is called and no ticket tells the rest, also the next one, and how many more there are."""
    reasons = reasons_of(judged)
    shown = reasons[: CALM_REASONS if judged.decision.action == "continue" else 1]
    more = len(reasons) - len(shown) if len(shown) > 1 else 0
    return "; ".join((*shown, *([f"and {more} more"] if more else []))) or None


def measured_said(judged: JudgedWindow) -> str:
    """Return how good the champion was on the window's rows, in words: measured, or estimated before labels; a dash where nothing is known."""
    said = judged.estimate
    if judged.value is None and said is not None and said.status == "estimated":
        labels = f"not measured on {judged.labelled:,} labels" if judged.labelled else "no labels yet"
        return f"{said.metric} about {number(said.value)} ({number(said.low)} to {number(said.high)}), {labels}"
    if judged.value is None:
        return NOTHING
    odd = f", {judged.disagreeing:,} of which disagree" if judged.disagreeing else ""
    part = f" on {judged.labelled:,} labels{odd}" if judged.labelled < judged.rows or odd else ""
    waits = f", provisional: {judged.to_come:,} to come" if judged.to_come else ""
    return f"{judged.metric} {number(judged.value)} ({number(judged.low)} to {number(judged.high)}){part}{waits}"


def _decided(judged: JudgedWindow) -> str:
    return f"{judged.decision.action}, blocked" if judged.status == "blocked" else judged.decision.action
