"""Storage that changes is a note; values that it loses are evidence on the schema, and neither is drift."""

from __future__ import annotations

import pyarrow as pa
import pytest
from tests.storage import NAMED, storages

from keepfit.profiles.layout import learn_layout
from keepfit.profiles.profile import profile_table
from keepfit.profiles.stored import as_known, forms_of_layout, weighed
from keepfit.tables.values import forms_of, in_own_form


def learned(values, kind="categorical"):
    table = pa.table({"v": values})
    forms = forms_of(table, {"v": kind})
    return learn_layout(in_own_form(table, {"v": kind}), {"v": kind}), forms


@pytest.mark.parametrize("name", NAMED)
def test_a_window_counts_alike_in_every_storage_and_nothing_is_evidence(name):
    stored = storages(NAMED[name])
    layout, forms = learned(next(iter(stored.values())))
    want = profile_table(as_known(pa.table({"v": next(iter(stored.values()))}), layout, forms).table, layout, "w")
    for storage, values in stored.items():
        found = as_known(pa.table({"v": values}), layout, forms)
        assert found.without_lost(profile_table(found.table, layout, "w")) == want, storage
        assert (found.lost, found.evidence) == ({}, ()), storage


def test_another_kind_of_storage_is_a_note_and_the_same_kind_is_none():
    layout, forms = learned(pa.array([True, False]))
    assert as_known(pa.table({"v": [1, 0]}), layout, forms).notes == ("v was stored as boolean and is stored as number: its values are read as before",)
    assert as_known(pa.table({"v": [True, None]}), layout, forms).notes == ()
    layout, forms = learned(pa.array([1, 2]))
    assert as_known(pa.table({"v": [1.0, None]}), layout, forms).notes == ()


def test_lost_values_are_named_counted_and_no_missing_ones():
    layout, forms = learned(pa.array([1.5, 2.5, 3.0]), "numeric")
    found = as_known(pa.table({"v": ["1.5", "2.5", "TOTAL", None]}), layout, forms)
    assert [(one.kind, one.detector, one.effect, one.detail) for one in found.evidence] == [
        ("schema", "unreadable", 1 / 3, "1 of 3 values are no number: 'TOTAL'")
    ]
    column = found.without_lost(profile_table(found.table, layout, "w")).columns["v"]
    assert (column.n, column.missing) == (2, 1)


def test_a_column_of_which_most_cannot_be_read_is_another_one():
    layout, forms = learned(pa.array([1.5, 2.5, 3.0]), "numeric")
    found = as_known(pa.table({"v": ["a", "b", "1"]}), layout, forms)
    assert [(one.detector, one.effect, one.detail) for one in found.retyped] == [("retyped", 1.0, "was number, is text")]
    assert found.table["v"].to_pylist() == ["a", "b", "1"]


def test_integers_rounded_by_a_float_are_evidence():
    layout, forms = learned(pa.array([2**53, 2**53 + 1, 5]))
    found = as_known(pa.table({"v": [float(2**53), 5.0]}), layout, forms)
    assert [(one.detector, one.effect) for one in found.evidence] == [("rounded", 0.5)]


@pytest.mark.parametrize(
    ("names", "stored"), [(("true", "false"), [True, None, False]), (("1", "0"), [True, None, False]), (("True", "False"), [1.0, None, 0.0])]
)
def test_a_reference_of_an_earlier_keepfit_knows_its_booleans_whatever_stores_them(names, stored):
    layout, _ = learned(pa.array(names))
    found = as_known(pa.table({"v": stored}), layout, forms_of_layout(layout))
    column = profile_table(found.table, layout, "w").columns["v"]
    assert (dict(zip(column.categories, column.counts, strict=True)), column.other, column.missing) == (dict.fromkeys(names, 1), 0, 1)


def test_an_earlier_reference_of_words_gives_no_form_away():
    layout, _ = learned(pa.array(["EV", "UA", "1"]))
    assert forms_of_layout(layout) == {}


def test_a_column_of_only_nulls_is_missing_and_nothing_else():
    layout, forms = learned(pa.array([True, False]))
    found = as_known(pa.table({"v": pa.nulls(3)}), layout, forms)
    assert (found.evidence, found.notes) == ((), ())
    assert profile_table(found.table, layout, "w").columns["v"].missing == 3


def test_cells_that_hold_no_number_ask_for_a_person_where_they_are_more_than_the_reference_had_missing():
    layout, forms = learned(pa.array([1.5] * 95 + [None] * 5), "numeric")
    reference = profile_table(pa.table({"v": [1.5] * 95 + [None] * 5}), layout, "w")
    lost = [one for share in (1, 5, 7, 30) for one in as_known(pa.table({"v": ["n.v."] * share + ["1.5"] * (100 - share)}), layout, forms).evidence]
    assert [one.effect for one in weighed(lost, reference, least=0.01)] == [0.0, 0.0, 0.07, 0.3]


def test_numbers_where_texts_were_are_read_as_they_are_written_and_noted():
    known = pa.table({"body": ["the bill is wrong", "no answer yet"]})
    layout = learn_layout(known, {"body": "text"})
    read = as_known(pa.table({"body": [4711, None, 3]}), layout, {"body": "text"})
    assert (read.table["body"].to_pylist(), read.lost, read.evidence) == (["4711", None, "3"], {}, ())
    assert read.notes == ("body was stored as text and is stored as number: its values are read as before",)
    profile = profile_table(read.table, layout, "w").columns["body"]
    assert (profile.n, profile.missing, profile.words, profile.unseen) == (2, 1, 2, 2)
