"""Which failures set rows aside, and which block a window."""

from __future__ import annotations

import pytest

from keepfit.expect.quarantine import blocks, quarantine_table, set_aside
from keepfit.records import ExpectationOutcome


def outcome(name="x_known", *, severity="critical", level="row", status="fail"):
    return ExpectationOutcome(
        suite="rows", expectation=name, type="t", column="x", severity=severity, level=level, status=status, observed="", unexpected=1, window="2026-01"
    )


@pytest.mark.parametrize("change", [{"severity": "warning"}, {"level": "batch"}, {"status": "pass"}, {"status": "error"}])
def test_only_a_critical_failure_of_rows_sets_them_aside(change):
    assert [one.row_id for one in set_aside("2026-01", "rows", [outcome()], {"x_known": ("b", "a")})] == ["b", "a"]
    assert set_aside("2026-01", "rows", [outcome(**change)], {"x_known": ("b", "a")}) == []


@pytest.mark.parametrize(
    ("change", "waits"),
    [({}, False), ({"level": "batch"}, True), ({"level": "batch", "severity": "warning"}, False), ({"status": "error"}, True), ({"status": "pass"}, False)],
)
def test_a_critical_failure_of_the_batch_blocks_and_so_does_what_could_not_be_measured(change, waits):
    assert blocks([outcome(**change)]) is waits


def test_the_table_is_in_order_and_of_text_also_without_rows():
    rows = set_aside("2026-01", "rows", [outcome()], {"x_known": ("b", "a")})
    assert quarantine_table(rows)["row_id"].to_pylist() == ["a", "b"]
    assert (quarantine_table([]).num_rows, quarantine_table([]).column_names) == (0, ["window", "row_id", "suite", "expectation"])
