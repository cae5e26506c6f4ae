"""What is redacted is nowhere in a record: neither in examples nor in slices, pairs, keys or people's rules."""

from __future__ import annotations

from datetime import datetime

from keepfit.records import Composition, CurationReport, Part, Stratum, to_json
from keepfit.records.data_diff import CellChange, ColumnChange, DataDiff, RepeatedKeys, RowExample, SliceChange, ValuePair
from keepfit.report.redaction import redacted_composition, redacted_diff

DIFF = DataDiff(
    what="w",
    before="a",
    now="b",
    key=("person",),
    rows_before=2,
    rows_now=2,
    added=0,
    removed=0,
    changed=1,
    repeated=RepeatedKeys(before=1, now=0, rows=2, examples=("Ann",)),
    columns=(
        ColumnChange(
            name="town", kind="text", stored="text", stored_before="text", rows=1, pairs=(ValuePair(before="Ulm", now="Bonn", rows=1),), low=1.0, factor=2.0
        ),
    ),
    slices=(SliceChange(slice="town=Ulm", before=1, now=0), SliceChange(slice="line=a", before=1, now=2)),
    examples=(RowExample(key="Ann", state="changed", cells=(CellChange(column="town", before="Ulm", now="Bonn"), CellChange(column="x", before=1, now=2))),),
)


def test_a_difference_keeps_its_counts_and_no_value():
    found = redacted_diff(DIFF, ["town", "person"])
    assert not any(word in to_json(found) for word in ("Ulm", "Bonn", "Ann"))
    assert (found.changed, found.columns[0].rows, [one.slice for one in found.slices]) == (1, 1, ["line=a"])
    assert found.examples[0].cells[1].now == 2


def test_nothing_to_redact_changes_nothing():
    assert redacted_diff(DIFF, []) is DIFF


def test_a_renamed_column_is_redacted_by_either_name():
    import dataclasses

    renamed = dataclasses.replace(DIFF, columns=(dataclasses.replace(DIFF.columns[0], name="city", was="town"),))
    assert redacted_diff(renamed, ["town"]).columns[0].pairs == ()


def test_a_composition_without_the_slices_and_rules_that_quote_values():
    made = Composition(
        action="improve",
        basis="later",
        trained_from=None,
        trained_until=None,
        evaluated_from=None,
        evaluated_until=None,
        parts=(Part(window="2026-01", part="out", reason="over town=Ulm: at_most 5", rows=1, labelled=1),),
        strata=(Stratum(name="town=Ulm", part="train", available=1, rows=1, share=0.5, weight=0.5),),
        curation=CurationReport(end=datetime(2026, 2, 1), rules=()),
    )
    found = redacted_composition(made, ["town"])
    assert "Ulm" not in to_json(found)
    assert (found.parts[0].reason, found.curation) == ("over town=(redacted) at_most 5", None)
    assert redacted_composition(made, ()) is made
