"""Detectors of texts: each sees its own kind of change, calm texts are none, and the one for all names what is strongest."""

import pyarrow as pa
import pytest
from tests.grammar import Change, texts

from keepfit.errors import DataError
from keepfit.monitor.detectors.ks import KolmogorovSmirnov
from keepfit.monitor.detectors.new_words import NewWords
from keepfit.monitor.detectors.psi import PopulationStability
from keepfit.monitor.detectors.text_change import TextChange
from keepfit.monitor.detectors.text_length import TextLength
from keepfit.monitor.detectors.word_mix import WordMix
from keepfit.monitor.rules.channels import channels_of
from keepfit.profiles.layout import learn_layout
from keepfit.profiles.profile import profile_table

STREAM = texts(0, windows=10, rows=200, change=Change(since=8)).select(["text", "topic"])
BEFORE, CALM, CHANGED = (STREAM.slice(start, rows) for start, rows in ((0, 1000), (1000, 600), (1600, 400)))
LAYOUT = learn_layout(BEFORE, {"text": "text"})
REFERENCE = profile_table(BEFORE, LAYOUT, "ref", own=True).columns["text"]
DETECTORS = (NewWords(), TextLength(), WordMix(), TextChange())


def seen_by(detector, table):
    return detector.compare(REFERENCE, profile_table(table, LAYOUT, "now").columns["text"], "text")


def one_topic(table, topic="outage"):
    return table.filter(pa.array([each == topic for each in table["topic"].to_pylist()]))


@pytest.mark.parametrize("detector", DETECTORS, ids=lambda one: one.name)
def test_calm_texts_are_no_change(detector):
    assert seen_by(detector, CALM).p_value > 0.01


@pytest.mark.parametrize("detector", DETECTORS, ids=lambda one: one.name)
def test_twenty_seeds_of_calm_texts_hold_the_level(detector):
    p = [seen_by(detector, texts(seed, windows=1, rows=200).select(["text"])).p_value for seed in range(1, 21)]
    assert sum(value < 0.05 for value in p) <= 4  # of 20 at .05: more than 4 come by chance in .3 % of cases


def test_new_words_are_seen_as_such():
    found = seen_by(NewWords(), CHANGED)
    assert found.p_value < 1e-6
    assert found.effect > 0.1
    assert seen_by(TextLength(), CHANGED).p_value > 0.001


def test_longer_texts_are_seen_as_such():
    longer = pa.table({"text": [f"{text} {text}" for text in CALM["text"].to_pylist()]})
    assert seen_by(TextLength(), longer).effect > 0.4
    assert seen_by(NewWords(), longer).p_value > 0.01


def test_another_mix_of_known_topics_is_seen_by_its_words():
    found = seen_by(WordMix(), one_topic(CALM))
    assert found.p_value < 1e-6
    assert seen_by(NewWords(), one_topic(CALM)).p_value > 0.01


def test_the_strongest_is_named_and_new_words_before_it():
    assert seen_by(TextChange(), CHANGED).detail.startswith("words unknown to the reference: ")
    assert seen_by(TextChange(), one_topic(CALM)).detail.startswith("words of bucket ")
    assert seen_by(TextChange(), CHANGED).effect == max(seen_by(one, CHANGED).effect for one in (NewWords(), TextLength(), WordMix()))


def test_detectors_of_numbers_and_categories_refuse_texts_and_name_those_for_them():
    for detector in (KolmogorovSmirnov(), PopulationStability()):
        with pytest.raises(DataError) as refused:
            detector.compare(REFERENCE, REFERENCE, "text")
        assert refused.value.fix == "one of missing, text_change, new_words, text_length, word_mix"


def test_two_references_of_other_words_are_two_layouts():
    other = profile_table(CALM, learn_layout(CALM, {"text": "text"}), "other").columns["text"]
    with pytest.raises(DataError, match="'text' is counted on two different layouts"):
        NewWords().compare(REFERENCE, other, "text")


def test_a_channel_of_texts_is_a_count_of_texts():
    profile = profile_table(CALM.append_column("n", CALM["text"]).select(["text"]), LAYOUT, "now")
    channels = channels_of(profile.columns)
    k, n = channels.counts(profile)
    assert len(channels.names) == len(k) == channels.sizes.sum()
    assert set(n) == {600}
    assert k.max() <= 600
    assert channels.names[-1] == "text missing"
