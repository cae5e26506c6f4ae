"""What a candidate is worth in one paragraph: the gain, what the candidate costs, from when on it pays, and the verdict.

>>> from keepfit.evaluate.impact.verdict import judged
>>> found = Impact(unit="EUR", measure="costs", gain=0.5, low=0.2, high=0.8, confidence=0.95, n=900, rows_a_window=1000.0, price=550.0, horizon=3)
>>> print(impact_summary(judged(found)))
Worth it: +0.5 EUR a row (95 % interval +0.2 to +0.8), +500 EUR a window of 1,000 rows (+200 to +800). It costs 550 EUR and has paid after 2 windows (1 to 3).
"""

from __future__ import annotations

from keepfit.evaluate.impact.verdict import BreakEven, break_even, least_rows
from keepfit.records.impact import Impact
from keepfit.report.tables import inline

CHARS = 1500
SELECTED = "labels exist only for"


def impact_line(found: Impact | None) -> str:
    """Return the paragraph as one line of Markdown; empty where there is nothing to say."""
    return "" if found is None else f"What it is worth: {inline(impact_summary(found), max_chars=CHARS)}"


def selected_section(by: str | None) -> list[str]:
    """Return what a page says where labels exist only for some rows, which `by` names; nothing where params name none."""
    if by is None:
        return []
    said = f"Labels exist only for {inline(by)}: the rows that judge are of those alone, and what holds of them need not hold of all rows."
    return [f"## Selected labels\n\n{said}"]


def impact_summary(found: Impact) -> str:
    """Return the paragraph; the same record gives the same text."""
    head = "" if found.verdict is None else f"{found.verdict[0].upper()}{found.verdict[1:]}: "
    parts = [f"{head}{_gain(found)}.", _pays(found), _decides(found), *(f"{note[0].upper()}{note[1:]}." for note in found.notes)]
    return " ".join(part for part in parts if part)


def amount(value: float) -> str:
    """Return a signed amount with four digits that count.

    >>> amount(0.123456), amount(-1234567.8), amount(0.0)
    ('+0.1235', '-1,234,568', '+0')
    """
    return f"{value:+,.0f}" if abs(value) >= 1000 else f"{value:+.4g}"


def _gain(found: Impact) -> str:
    window = found.a_window
    if window is None:
        return "the gain was not measured" if found.gain is None else f"{amount(found.gain)} {found.unit}{_each(found)}, without an interval"
    sure = f"{100 * found.confidence:.4g} % interval " if found.confidence else ""
    row = f"{amount(found.gain or 0.0)} {found.unit}{_each(found)} ({sure}{_span(found.low, found.high)})"
    if found.rows_a_window is None:
        return row
    gain, low, high = window
    return f"{row}, {amount(gain)} {found.unit} a window of {found.rows_a_window:,.0f} rows ({_span(low, high)})"


def _each(found: Impact) -> str:
    return "" if found.measure == "metric" else " a row"


def _span(low: float | None, high: float | None) -> str:
    return f"{amount(low or 0.0)} to {amount(high or 0.0)}"


def _pays(found: Impact) -> str:
    when = break_even(found)
    if when is None or not found.price:
        return ""
    unit = f"{found.unit} x windows" if found.measure == "metric" else found.unit
    served = f"; it is taken to serve {found.horizon} window{'s' if found.horizon != 1 else ''}" if found.horizon is not None else ""
    return f"It costs {amount(found.price).removeprefix('+')} {unit} and {_when(when)}{_volume(found)}{served if found.verdict == 'not worth it' else ''}."


def _when(when: BreakEven) -> str:
    if when.windows is None:
        return "never pays by this gain"
    latest = "never" if when.latest is None else f"{when.latest:,}"
    return f"has paid after {when.windows:,} window{'s' if when.windows != 1 else ''} ({when.soonest or 1:,} to {latest})"


def _volume(found: Impact) -> str:
    """From how many rows a window on it would pay, where it does not."""
    rows = least_rows(found)
    if rows is None or found.rows_a_window is None or rows <= found.rows_a_window:
        return ""
    return f", within {found.horizon} from {rows:,} rows a window on"


def _decides(found: Impact) -> str:
    if found.verdict != "cannot tell":
        return ""
    if found.gain == found.low == found.high == 0:
        return "Both models come out the same on these rows."
    if any(note.startswith(SELECTED) for note in found.notes) and not found.labels:
        return "More labels of the same rows would not decide it, those of rows drawn by chance would."
    return f"About {found.labels:,} labels would decide it, there are {found.n:,}." if found.labels else "No number of labels within reach would decide it."
