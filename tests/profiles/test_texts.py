"""Texts are counted by sums: however they are cut, stored or ordered, the counts are the same."""

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.grammar import texts

from keepfit.profiles.known_words import false_seen_rate
from keepfit.profiles.layout import learn_layout
from keepfit.profiles.profile import layout_of, profile_table, reference_of, total, update, zero
from keepfit.records import Profile, Reference, from_json, to_json
from keepfit.tables.words import READ, words_of

KINDS = {"t": "text"}
STREAM = texts(0, windows=2, rows=120)
LAYOUT = learn_layout(pa.table({"t": STREAM["text"]}), KINDS)
SPOKEN = st.sampled_from(["the", "invoice", "is", "neu", "Straße", "東京へ行く", "  "])
SAYINGS = st.one_of(st.none(), st.text(max_size=30), st.lists(SPOKEN, max_size=8).map(" ".join))


def counted(values, layout=LAYOUT, type_=None):
    return profile_table(pa.table({"t": pa.array(values, type_ or pa.string())}), layout, "w").columns["t"]


@settings(max_examples=40, deadline=None)
@given(st.lists(SAYINGS, max_size=12), st.lists(SAYINGS, max_size=12), st.lists(SAYINGS, max_size=12))
def test_profiles_of_texts_add_up_in_any_order(a, b, c):
    one, two, three = (counted(values) for values in (a, b, c))
    assert one + two == two + one
    assert (one + two) + three == one + (two + three) == counted(a + b + c)


@settings(max_examples=30, deadline=None)
@given(st.lists(SAYINGS, min_size=1, max_size=30), st.integers(1, 7))
def test_batches_of_any_size_count_the_same(values, size):
    table = pa.table({"t": pa.array(values, pa.string())})
    whole = profile_table(table, LAYOUT, "w")
    found = zero(LAYOUT, "w")
    for start in range(0, len(values), size):
        found = update(found, table.slice(start, size))
    assert found == whole
    assert profile_table(pa.table({"t": pa.chunked_array([values[:size], values[size:]], pa.string())}), LAYOUT, "w") == whole


@settings(max_examples=60, deadline=None)
@given(st.lists(st.one_of(st.none(), st.text(max_size=40)), max_size=10))
def test_a_text_has_the_words_that_it_is_read_as(values):
    found = counted(values)
    there = [value for value in values if value is not None]
    lengths = [len(words_of(value)) for value in there]
    assert (found.n, found.missing, found.words) == (len(there), len(values) - len(there), sum(lengths))
    assert found.unknown.n == sum(length > 0 for length in lengths)
    assert sum(found.lengths.counts) == found.lengths.n == len(there)


@pytest.mark.parametrize("type_", [pa.string(), pa.large_string(), pa.string_view(), pa.dictionary(pa.int32(), pa.string())])
def test_the_storage_of_texts_is_no_matter(type_):
    values = ["the invoice is wrong", None, "", "neue Wörter", "the invoice is wrong"]
    stored = pa.array(values).dictionary_encode() if pa.types.is_dictionary(type_) else pa.array(values, type_)
    assert profile_table(pa.table({"t": stored}), LAYOUT, "w").columns["t"] == counted(values)


def test_unknown_words_are_counted_by_text_and_by_word():
    found = counted(["the invoice quixotic", "zebra quagga", "the invoice", ""])
    assert (found.words, found.unseen) == (7, 3)
    by_edge = dict(zip((*found.unknown.edges, "more"), found.unknown.counts, strict=True))
    assert (by_edge[0.0], by_edge[0.35], by_edge["more"]) == (1, 1, 1)


def test_a_bucket_counts_texts_and_not_words():
    found = counted(["invoice invoice invoice", "invoice"])
    assert sorted(found.buckets)[-2:] == [0, 2]


def test_what_the_reference_holds_itself_is_about_as_new_as_what_comes_next():
    """A table knows all of its words, so its own rows are counted without their own part of it; the next weeks of the same stream are no news then."""
    stream = texts(3, windows=10, rows=300)
    before, after = stream.slice(0, 1500), stream.slice(1500)
    layout = learn_layout(pa.table({"t": before["text"]}), KINDS)
    own = profile_table(pa.table({"t": before["text"]}), layout, "own", own=True).columns["t"].unseen_share
    naive = profile_table(pa.table({"t": before["text"]}), layout, "own").columns["t"].unseen_share
    later = profile_table(pa.table({"t": after["text"]}), layout, "later").columns["t"].unseen_share
    assert naive == 0 < later
    assert abs(own - later) < 0.006  # 1,500 texts a side: three standard errors


def test_a_reference_keeps_its_words_once_and_says_them_to_later_windows():
    days = [(f"2024-01-{day + 1:02d}", pa.table({"t": STREAM["text"].slice(day * 24, 24)})) for day in range(10)]
    reference = reference_of(days, LAYOUT)
    stored = to_json(reference)
    assert stored.count(LAYOUT["t"].seen) == 1
    assert "shared" not in {key for key, value in from_json(Reference, stored).words.items() if value}
    again = layout_of(from_json(Reference, stored))
    window = pa.table({"t": ["the invoice quixotic"]})
    assert profile_table(window, again, "w") == profile_table(window, LAYOUT, "w")
    assert total(from_json(Reference, stored)) == total(reference)


def test_a_counted_profile_is_small_and_survives_json():
    found = profile_table(pa.table({"t": STREAM["text"]}), LAYOUT, "w")
    text = to_json(found)
    assert len(text) < 6_000
    assert from_json(Profile, text) == found


def test_a_text_of_five_megabytes_is_read_in_part_and_says_so():
    found = counted(["the invoice " * 450_000, "the invoice"])
    assert found.cut == 1
    assert found.words == len(words_of("the invoice " * 450_000)) + 2
    assert found.words < READ


def test_a_column_of_nothing_counts_nothing():
    for values, type_ in (([None, None], pa.string()), ([None, None], pa.null()), ([], pa.string())):
        found = counted(values, type_=type_)
        assert (found.n, found.missing, found.words, found.unseen_share) == (0, len(values), 0, None)
    empty = learn_layout(pa.table({"t": pa.array([None, None], pa.string())}), KINDS)
    assert counted(["a word"], empty).unseen == 2


def test_a_language_without_spaces_is_read_as_pairs_of_characters():
    layout = learn_layout(pa.table({"t": ["請求書が間違っている", "請求書を送って"] * 20}), KINDS)
    known, other = counted(["請求書が間違っている"], layout), counted(["配達が遅れています"], layout)
    assert known.words == 9
    assert known.unseen == 0 < other.unseen


def test_the_false_seen_rate_is_what_is_said():
    rng = np.random.default_rng(1)
    known, other = ([first + "".join(map(chr, row)) for row in rng.integers(97, 123, (20_000, 6)).tolist()] for first in "wx")
    layout = learn_layout(pa.table({"t": [" ".join(known[start : start + 500]) for start in range(0, 20_000, 500)]}), KINDS)
    found = counted([" ".join(other)], layout)
    said = false_seen_rate(layout["t"].seen)
    assert 0.002 < said < 0.013
    assert abs(1 - found.unseen / found.words - said) < 0.004  # 12,500 words are read: four standard errors
