"""What a ticket says of a column of texts: how many more words are unknown, and which."""

import pyarrow as pa
from tests.grammar import Change as Changed
from tests.grammar import new_words, texts

from keepfit.monitor.compare import Change
from keepfit.profiles.layout import learn_layout
from keepfit.profiles.profile import profile_table
from keepfit.update.changed_texts import text_where

STREAM = texts(0, windows=6, rows=200, change=Changed(since=5))
BEFORE, NOW = (STREAM.select(["text"]).slice(start, rows) for start, rows in ((0, 1000), (1000, 200)))
LAYOUT = learn_layout(BEFORE, {"text": "text"})


def change(now, layout=LAYOUT):
    sides = (profile_table(BEFORE, layout, "ref", own=True), profile_table(now, layout, "now"))
    before, after = (side.columns["text"] for side in sides)
    return Change(column="text", kind="data", drifts=True, effect=0.3, evidence=(), psi=None, reference=before, current=after)


def test_new_words_are_counted_and_the_most_frequent_named():
    said = text_where(change(NOW), LAYOUT["text"], NOW)
    assert said.startswith(("words unknown to the reference 1.", "words unknown to the reference 2."))
    named = [part.split(" (in ")[0] for part in said.partition("the most frequent: ")[2].split(", ")]
    assert len(named) == 5
    assert set(named) <= new_words()


def test_a_redacted_column_has_no_word_named():
    said = [text_where(change(NOW), LAYOUT["text"], NOW, redacted=names) for names in (["text"], ["te*"])]
    assert all("most frequent" not in one and "words unknown" in one for one in said)
    assert "most frequent" in text_where(change(NOW), LAYOUT["text"], NOW, redacted=["body"])


def test_without_rows_the_shares_are_said_alone():
    assert "most frequent" not in text_where(change(NOW), LAYOUT["text"], None)


def test_longer_texts_are_said_to_be_longer():
    longer = pa.table({"text": [f"{one} {one}" for one in BEFORE["text"].to_pylist()]})
    assert text_where(change(longer), LAYOUT["text"], longer).startswith("words a text: ")
