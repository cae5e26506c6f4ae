"""What promotions promised beside what they delivered: a line for the next decision, and a table of all of them.

>>> _gain(GainInterval(gain=0.012, low=-0.001, high=0.025, confidence=0.9, n=900), " roc_auc")
'+0.012 roc_auc (-0.001 to +0.025)'
"""

from __future__ import annotations

from collections.abc import Sequence

from keepfit.records import GainInterval, Probation, PromiseKept
from keepfit.report.impact import amount
from keepfit.report.tables import inline, markdown_table
from keepfit.update.probation_record import kept_share

HEADERS = ("version", "over", "in", "promised", "delivered", "rows", "windows", "is")
MOST = 10


def promise_line(promotions: Sequence[Probation]) -> str:
    """Return one line of Markdown on the last promotion, and over all of them; empty where none was on probation."""
    if not promotions:
        return ""
    last, share = promotions[-1], kept_share(promotions)
    over = "" if share is None or share[0] < 2 else f" Over {share[0]} promotions {100 * share[1]:.0f} % of what was promised was delivered."
    return f"{inline(_last(last), max_chars=600)}{over}"


def _last(found: Probation) -> str:
    first = found.kept[0] if found.kept else None
    promised, delivered = (None, None) if first is None else (first.promised, first.delivered)
    unit = "" if first is None else f" {first.unit}"
    said = f"promised {_gain(promised, unit)}" if promised is not None else f"promised nothing that is known{f' ({found.note})' if found.note else ''}"
    got = f"later labels delivered {_gain(delivered, '')} on {_so_far(found)}" if delivered is not None else "no labelled window has judged that yet"
    return f"Version {found.version} {said} over version {found.displaced_version}; {got}."


def _gain(found: GainInterval, unit: str) -> str:
    interval = "" if found.low is None or found.high is None else f" ({amount(found.low)} to {amount(found.high)})"
    return f"{amount(found.gain)}{unit}{interval}"


def _so_far(found: Probation) -> str:
    windows = f"{len(found.windows)} window{'s' if len(found.windows) != 1 else ''}"
    return f"{found.rows:,} rows of {windows}{'' if found.over else f', of {found.wanted} that it is judged on'}"


def promises_table(promotions: Sequence[Probation]) -> str:
    """Return the newest promotions, a row for each and each unit, as a Markdown table."""
    rows = [_row(found, kept) for found in reversed(promotions) for kept in (found.kept or (PromiseKept(unit="–"),))]
    return markdown_table(HEADERS, rows, max_rows=MOST)


def _row(found: Probation, kept: PromiseKept) -> tuple[object, ...]:
    promised, delivered = (None if gain is None else _gain(gain, "") for gain in (kept.promised, kept.delivered))
    status = "over" if found.over else f"judged on {len(found.windows)} of {found.wanted}"
    return (found.version, found.displaced_version, kept.unit, promised, delivered, found.rows, ", ".join(one.window for one in found.windows), status)
