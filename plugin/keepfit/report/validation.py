"""`reports/validation.md`: what the expectations said, short enough to be read in a diff."""

from __future__ import annotations

from keepfit.records import ExpectationOutcome, Validation, WindowValidation
from keepfit.report.tables import Raw, markdown_table

WHAT_FOLLOWS = (
    "A blocked window stays out of use until a person decides: `keepfit window exclude WINDOW --reason '…'` or `keepfit window accept WINDOW --reason '…'`."
)


def validation_report(validation: Validation) -> str:
    """Return Markdown: one line a window, then every expectation that did not pass with at most five rows."""
    headers = ["window", "rows", "quarantined", "checks passed", "state"]
    lines = [(one.window, one.rows, one.quarantined, f"{_passed(one)} of {len(one.outcomes)}", _state(one)) for one in validation.windows]
    parts = ["# Validation\n", markdown_table(headers, lines)]
    failed = [outcome for one in validation.windows for outcome in one.outcomes if outcome.status != "pass"]
    if failed:
        parts += ["## What did not pass\n", markdown_table(["window", "expectation", "severity", "status", "observed", "rows", "such as"], map(_row, failed))]
    if any(one.blocked for one in validation.windows):
        parts.append(f"{WHAT_FOLLOWS}\n")
    return "\n".join(parts)


def _passed(window: WindowValidation) -> int:
    return sum(outcome.status == "pass" for outcome in window.outcomes)


def _state(window: WindowValidation) -> str | Raw:
    if window.blocked:
        return Raw("**blocked**")
    return "no suite" if not window.outcomes else "usable"


def _row(outcome: ExpectationOutcome) -> tuple[object, ...]:
    name = f"{outcome.suite}/{outcome.expectation}" + (f" ({outcome.column})" if outcome.column else "")
    said = "; ".join(text for text in (outcome.observed, outcome.detail) if text)
    return (outcome.window, name, f"{outcome.severity}, {outcome.level}", outcome.status, said, outcome.unexpected, ", ".join(outcome.sample[:3]))
