from __future__ import annotations

import json

import pyarrow as pa
from tests.bench.digits_stream import params_of

from keepfit.monitor.new_classes import asking, is_new_class, new_classes
from keepfit.tables.written_targets import WRITTEN

PARAMS = params_of()


def table(**rows):
    """Labels by what was written; those that are no digit are of no class in the list."""
    written = [name for name, count in rows.items() for _ in range(count)]
    codes = [float(name.removeprefix("d")) if name.startswith("d") else 10.0 for name in written]
    return pa.table({"digit": [*codes, None], WRITTEN: [*(json.dumps(name) for name in written), None]})


def test_a_class_that_is_not_listed_is_told_by_what_was_written_with_its_share_of_the_labels():
    (found,) = new_classes(PARAMS, table(d3=90, ten=10))
    assert (found.kind, found.subject, found.effect, found.n) == ("target", "digit=ten", 0.1, 100)
    assert found.detail.startswith("10 of 100 labels (10.0%) are of a class that is not in model.classes")
    assert is_new_class(found)


def test_fewer_than_five_rows_are_told_and_ask_nobody():
    found = new_classes(PARAMS, table(d3=90, ten=4, eleven=6))
    assert [(one.subject, one.effect) for one in found] == [("digit=eleven", 0.06), ("digit=ten", 0.0)]
    assert asking(found) == found[:1]


def test_of_many_new_classes_five_are_told():
    found = new_classes(PARAMS, table(d3=9, **{f"x{number}": 9 for number in range(8)}))
    assert len(found) == 5
    assert found[0].detail.endswith("; 3 more classes are not listed either")


def test_listed_labels_rows_without_one_and_tables_without_a_target_say_nothing():
    assert new_classes(PARAMS, table(d1=5)) == ()
    assert new_classes(PARAMS, pa.table({"p00": [1.0]})) == ()
