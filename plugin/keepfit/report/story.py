"""The demo's table: what happened month by month, as text and as JSON. Record -> text: same record, same bytes."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence

from keepfit.records import Action, Ground, record
from keepfit.report.tables import bounded, markdown_table, number

SHOWN_REASONS = 2


@record
class StoryRow:
    """One decision about one month: `champion` is the version that served in it, the three numbers are its and its rivals' metric.

    `verdict` is what became of it: promoted, refused, rolled back, blocked, accepted, or nothing; `slices` are those on which a
    candidate was refused. `static` is a model trained once on January, `calendar` one retrained every month on all history;
    None where they were not measured.
    """

    month: str
    decision: Action
    ground: Ground | None = None
    ticket: str | None = None
    candidate: str | None = None
    verdict: str | None = None
    reasons: tuple[str, ...] = ()
    slices: tuple[str, ...] = ()
    champion: str | None = None
    value: float | None = None
    static: float | None = None
    calendar: float | None = None

    @property
    def plain(self) -> dict[str, object]:
        """The row as JSON-able values."""
        return {
            "month": self.month,
            "decision": self.decision,
            "ground": self.ground,
            "ticket": self.ticket,
            "candidate": self.candidate,
            "verdict": self.verdict,
            "reasons": list(self.reasons),
            "champion": self.champion,
            "auc": {"champion": self.value, "static": self.static, "calendar": self.calendar},
        }


def story_json(rows: Iterable[StoryRow], *, seconds: float, project: str, server: str) -> str:
    """Return one JSON object with the months and where everything lies."""
    told = {"months": [row.plain for row in rows], "seconds": round(seconds, 1), "project": project, "server": server}
    return json.dumps(told, indent=2, ensure_ascii=False, allow_nan=False) + "\n"


def story_table(rows: Sequence[StoryRow]) -> str:
    """Return the rows as a Markdown table."""
    header = ("month", "decision", "ground", "candidate", "verdict", "reasons", "champion", "AUC champion", "static", "calendar")
    cells = [
        (
            row.month,
            row.decision,
            row.ground,
            row.candidate and f"v{row.candidate}",
            row.verdict,
            f"refused on {', '.join(row.slices)}" if row.slices else _short(row.reasons),
            row.champion and f"v{row.champion}",
            *(number(value) for value in (row.value, row.static, row.calendar)),
        )
        for row in rows
    ]
    return markdown_table(header, cells)


def _short(reasons: Sequence[str]) -> str:
    more = [f"and {len(reasons) - SHOWN_REASONS} more"] if len(reasons) > SHOWN_REASONS else []
    return "; ".join([*map(bounded, reasons[:SHOWN_REASONS]), *more])
