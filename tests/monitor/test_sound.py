"""Whether a window's data is sound: columns that are gone, values that are none, words that nobody trained on."""

from __future__ import annotations

from dataclasses import replace

import pyarrow as pa
import pytest
from tests.update.watched import PARAMS, champion, rows

from keepfit.monitor.sound import Checked, Soundness, schema_broken, strange_words, unreadable_noted, words_in
from keepfit.records import Evidence
from keepfit.tables.written_targets import WRITTEN

WORDS = PARAMS.model_copy(update={"model": PARAMS.model.model_copy(update={"positive": "yes"})})
KNOWN = {'"yes"', '"no"'}


def written(*words):
    return pa.table({"y": [1.0] * len(words), WRITTEN: pa.array([None if word is None else f'"{word}"' for word in words], pa.string())})


def evidence(detector, effect):
    return Evidence(kind="schema", subject="x", detector=detector, statistic=1.0, effect=effect, n=9, n_reference=0)


def test_a_feature_that_is_gone_or_another_one_is_broken():
    assert schema_broken(champion(), rows()) == ()
    gone, text = rows().drop_columns(["x"]), rows().set_column(2, "x", pa.array(["a", "b"] * 600))
    assert [(one.subject, one.effect) for table in (gone, text) for one in schema_broken(champion(), table)] == [("x", 1.0)] * 2


def test_labels_in_words_that_nobody_trained_on_are_their_share():
    (found,) = strange_words(WORDS, written("yes", "Y", "no", None), KNOWN, accepted=False)
    assert (found.statistic, found.effect, found.n) == (1.0, pytest.approx(1 / 3), 3)
    assert found.detail == "1 label is a word that nobody trained on ('Y'; known are 'no', 'yes'), and would count as 0"
    (accepted,) = strange_words(WORDS, written("yes", "Y"), KNOWN, accepted=True)
    assert (accepted.effect, accepted.detail.startswith("accepted: ")) == (0.0, True)


@pytest.mark.parametrize("known", [set(), {'"yes"'}, {'"yes"', '"no"', '"maybe"'}, {'"Y"', '"N"'}])
def test_words_are_no_news_where_the_training_had_other_than_two(known):
    assert strange_words(WORDS, written("yes", "perhaps"), known, accepted=False) == ()


def test_the_words_of_a_table_are_those_it_was_written_in():
    assert words_in(written("yes", None, "no", "yes")) == KNOWN
    assert words_in(pa.table({"y": [1.0]})) == set()


def test_values_that_could_not_be_read_block_only_where_the_column_is_another_one():
    assert unreadable_noted(rows()) == ()
    few, most = evidence("unreadable", 0.1), evidence("retyped", 1.0)
    sound = Soundness(checked=Checked(), unread=(few,))
    assert (sound.blocks, sound.evidence) == (False, (few,))
    assert replace(sound, unread=(few, most)).blocks
    assert Soundness(checked=Checked(broken=(evidence("missing", 1.0),))).blocks
    assert Soundness(checked=Checked(), words=(evidence("target_words", 0.2),)).blocks
