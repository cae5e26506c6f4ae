"""The grammar's promises, on which benches and walks of texts stand."""

from collections import Counter

from tests.grammar import TOPICS, Change, new_words, texts


def test_before_a_change_nothing_depends_on_it():
    plain, changed = texts(3, windows=4, rows=30), texts(3, windows=4, rows=30, change=Change(since=2))
    assert plain.slice(0, 60).equals(changed.slice(0, 60))
    assert not plain.slice(60).equals(changed.slice(60))


def test_a_longer_stream_begins_as_a_shorter_one():
    assert texts(5, windows=4, rows=20).slice(0, 40).equals(texts(5, windows=2, rows=20))


def test_only_the_changed_topic_gets_the_new_words():
    table = texts(1, windows=6, rows=200, change=Change(topic="outage", since=3))
    new = new_words()
    hit = [bool(new & set(text.lower().replace(".", "").replace(",", "").split())) for text in table["text"].to_pylist()]
    shares = {topic: [] for topic in TOPICS}
    for row, (topic, found) in enumerate(zip(table["topic"].to_pylist(), hit, strict=True)):
        assert not (found and row < 600)
        if row >= 600:
            shares[topic].append(found)
    assert sum(shares["outage"]) / len(shares["outage"]) > 0.9
    assert max(sum(shares[topic]) / len(shares[topic]) for topic in TOPICS if topic != "outage") < 0.15  # muddled sentences


def test_topics_are_about_as_frequent_as_one_another():
    counts = Counter(texts(2, windows=4, rows=250)["topic"].to_pylist())
    assert set(counts) == set(TOPICS)
    assert min(counts.values()) > 180
