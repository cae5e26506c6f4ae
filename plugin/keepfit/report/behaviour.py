"""SCORECARD.md and REVIEW.md on behaviour tests: what was expected, how many rows break it, and some that do."""

from __future__ import annotations

from collections.abc import Sequence

from keepfit.evaluate.behaviour.results import BASIS, SLICE, BehaviourResult, FailingRow
from keepfit.records import Scorecard
from keepfit.report.tables import inline, markdown_table, number
from keepfit.slices.name import Slice

HEADERS = ("test", "type", "rows", "fail", "champion", "may fail", "severity", "status", "what must hold")
EXAMPLE_HEADERS = ("row", "values", "score before", "score after")
REDACTED = "(redacted)"
MOST_TESTS, NAMED = 40, 3


def behaviour_section(results: Sequence[BehaviourResult]) -> list[str]:
    """Return the section of SCORECARD.md, none without tests; of each test that fails some rows are shown, of redacted columns no value."""
    if not results:
        return []
    head = (
        "## Behaviour\n\nEach test was asked of every one of its rows, so a failure rate is a fact about them and has no interval; "
        "it says nothing of rows that were not asked."
    )
    table = markdown_table(HEADERS, [_cells(result) for result in results], max_rows=MOST_TESTS).rstrip()
    return ["\n\n".join([head, table, *(_failing(result) for result in results[:MOST_TESTS] if result.status in ("fail", "error"))])]


def _cells(result: BehaviourResult) -> tuple[object, ...]:
    test = result.test
    rates = (_percent(result.rate), _percent(result.champion), _percent(test.may_fail))
    return (test.name, test.type.replace("_", " "), result.n, *rates, test.severity, result.status, REDACTED if result.hidden else test.text)


def _percent(share: float | None) -> str | None:
    return None if share is None else f"{share:.2%}"


def _failing(result: BehaviourResult) -> str:
    """Why a test does not hold, whom to ask, and at most five rows that break it."""
    said = f"**{inline(result.test.name)}**: {inline(result.text)}. {inline(result.test.reason)} ({inline(result.test.author)})."
    if not result.examples:
        return said
    return f"{said}\n\n{markdown_table(EXAMPLE_HEADERS, [_example(row) for row in result.examples]).rstrip()}"


def _example(row: FailingRow) -> tuple[object, ...]:
    return (row.row, "; ".join(f"{name}: {value}" for name, value in row.shown), row.before, row.after or None)


def behaviour_summary(card: Scorecard) -> str:
    """Return one sentence for a reviewer: how many of the declared tests hold, and which do not; empty where none was declared."""
    tests = [(Slice.parse(row.slice).value or "", row.status) for row in card.rows if row.basis == BASIS and row.slice.startswith(f"{SLICE}=")]
    warned = [(one.expectation, one.status) for one in card.expectations if one.suite == BASIS]
    if not (tests or warned):
        return ""
    broken = [name for name, status in tests if status != "pass"]
    odd = [name for name, status in warned if status != "pass"]
    parts = [f"Behaviour: {len(tests) + len(warned) - len(broken) - len(odd)} of {number(len(tests) + len(warned))} declared tests hold"]
    parts += [f"{_some(broken)} refuse{'s' if len(broken) == 1 else ''} it"] if broken else []
    parts += [f"{_some(odd)} warn{'s' if len(odd) == 1 else ''}"] if odd else []
    return inline("; ".join(parts) + ".")


def _some(names: list[str]) -> str:
    more = f" and {len(names) - NAMED} more" if len(names) > NAMED else ""
    return f"{', '.join(names[:NAMED])}{more}"
