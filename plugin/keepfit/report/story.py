"""The demo's table: what happened month by month, as text and as JSON. Record -> text: same record, same bytes."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

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


@record
class YearMean:
    """What the year came to for one way of retraining: how often it retrained, and the mean of its monthly metric."""

    name: str
    retrainings: int
    mean: float


def standings(rows: Sequence[StoryRow], told: Mapping[str, Any]) -> tuple[YearMean, ...]:
    """Return the champion's year beside that of its rivals, over the months that all have a number for.

    `told` is the answer of `keepfit backtest --json` with the policies `never`, `calendar` and `params`: the last one's schedules with as many
    trainings (evenly spaced, best in hindsight) stand here too. Nothing where no month was measured.
    """
    measured = {row.month: row for row in rows if None not in (row.value, row.static, row.calendar)}  # a month may have several rows
    if not measured:
        return ()
    reviewed = len({row.candidate for row in rows if row.month in measured and row.decision == "improve" and row.candidate})
    policies = told["policies"]
    own = [
        YearMean(name="champion, as lived", retrainings=reviewed, mean=_mean(row.value for row in measured.values())),
        YearMean(name="static: January's model", retrainings=0, mean=_mean(row.static for row in measured.values())),
        YearMean(name="calendar: every month", retrainings=policies["calendar"]["trainings"], mean=_mean(row.calendar for row in measured.values())),
    ]
    same = policies["params"]["same_trainings"]
    if same is not None:
        own += [
            YearMean(name="evenly spaced", retrainings=same["trainings"], mean=same["spaced"]),
            YearMean(name="best in hindsight", retrainings=same["trainings"], mean=same["best"]),
        ]
    return tuple(own)


def _mean(values: Iterable[float | None]) -> float:
    known = [value for value in values if value is not None]
    return sum(known) / len(known)


def standings_table(found: Sequence[YearMean]) -> str:
    """Return who ended with which mean as a Markdown table."""
    return markdown_table(("the year", "retrainings", "mean AUC"), [(one.name, one.retrainings, number(one.mean)) for one in found])


def story_json(rows: Iterable[StoryRow], found: Iterable[YearMean], *, seconds: float, project: str, server: str) -> str:
    """Return one JSON object with the months, what the year came to, and where everything lies."""
    year = [{"name": one.name, "retrainings": one.retrainings, "mean": one.mean} for one in found]
    told = {"months": [row.plain for row in rows], "year": year, "seconds": round(seconds, 1), "project": project, "server": server}
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
