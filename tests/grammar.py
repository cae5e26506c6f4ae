"""A seeded grammar of customers' texts in four topics, as a stream of weeks; from one week on the words of a topic can be others.

A text opens, says what is wrong in its topic's words, adds a detail that any topic may have, and closes. Topics borrow words from one another
(`MUDDLED` of the sentences are another topic's), names of people come from a long tail, so that every week brings words that no week before had.

>>> table = texts(0, windows=2, rows=3)
>>> table.column_names
['id', 'time', 'text', 'topic', 'channel', 'waited']
>>> texts(0, windows=2, rows=3).equals(table), texts(1, windows=2, rows=3).equals(table)
(True, False)
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import numpy as np
import pyarrow as pa

START = datetime(2024, 1, 1)  # a Monday
CHANNELS = ("mail", "chat", "phone")
MUDDLED = 0.08


@dataclass(frozen=True)
class Topic:
    """What a topic's sentences are made of: something happened to a thing, and a demand."""

    things: tuple[str, ...]
    events: tuple[str, ...]
    demands: tuple[str, ...]

    def sentence(self, rng: np.random.Generator) -> str:
        """Return one sentence of the topic."""
        first, second = rng.choice(len(self.things), 2, replace=False)
        return f"{self.things[first]} {_one(rng, self.events)} {_one(rng, LINKS)} {self.things[second]} {_one(rng, self.demands)}"


TOPICS: Mapping[str, Topic] = {
    "billing": Topic(
        things=("the invoice", "my bill", "the payment", "a direct debit", "the annual fee", "the receipt", "a surcharge", "the credit note"),
        events=("was charged twice", "is far too high", "was taken too early", "shows the wrong amount", "has an unexplained item"),
        demands=("please refund the difference", "kindly correct the total", "I want my money back", "send a new statement"),
    ),
    "outage": Topic(
        things=("the connection", "our internet", "the router", "the signal", "wifi at home", "the broadband", "the modem", "download speed"),
        events=("keeps dropping", "is down again", "went dead overnight", "blinks red", "is terribly slow"),
        demands=("please restore the line", "when will it work", "send an engineer", "run a test from your end"),
    ),
    "delivery": Topic(
        things=("the parcel", "my order", "the package", "the courier", "the shipment", "the tracking page", "the driver", "the replacement box"),
        events=("never arrived", "was left outside", "came damaged", "is stuck at the depot", "went to a neighbour"),
        demands=("please deliver it again", "where is it now", "dispatch another one", "give me a new date"),
    ),
    "account": Topic(
        things=("my login", "the password", "the profile", "my username", "the sign-in page", "the verification code", "the app", "my email address"),
        events=("is locked", "does not get accepted", "was changed without me", "has expired", "shows somebody else"),
        demands=("please reset the access", "unlock it today", "remove the old entry", "confirm my identity"),
    ),
}
LINKS = ("and", "so", "while", "because", "after", "although", "since")
OPENINGS = ("hello", "hi there", "dear team", "good morning", "to whom it may concern", "hey", "good evening")
DETAILS = (
    "this is the second time this month",
    "I have been a customer for years",
    "it started last Tuesday",
    "nobody called me back",
    "I already wrote twice",
    "your colleague told me to wait",
    "my family depends on it",
    "I attach a picture",
    "it worked fine before",
    "this is urgent for my work",
)
CLOSINGS = ("thank you", "regards", "best wishes", "waiting for an answer", "many thanks", "yours")
SYLLABLES = ("ba", "den", "fi", "gor", "hal", "ka", "lin", "mo", "ner", "os", "pe", "ran", "sol", "ti", "vek", "wyn")


@dataclass(frozen=True)
class Change:
    """From window `since` on (counted from 0), this share of a topic's sentences is made of other words."""

    topic: str = "billing"
    since: int = 8
    share: float = 1.0
    words: Topic = field(
        default=Topic(
            things=("the voucher", "a subscription", "the wallet", "loyalty points", "the instalment", "a cashback", "the tariff", "the mandate"),
            events=("got declined", "renewed silently", "vanished overnight", "converts badly", "bounced"),
            demands=("please cancel the plan", "reimburse my balance", "waive the penalty", "top it up again"),
        )
    )


def new_words(change: Change = Change()) -> frozenset[str]:
    """Return the words that a change brings and that no topic had before.

    >>> "cashback" in new_words(), "please" in new_words()
    (True, False)
    """
    known = {word for topic in TOPICS.values() for part in _parts(topic) for word in _words(part)}
    known |= {word for part in (*LINKS, *OPENINGS, *DETAILS, *CLOSINGS) for word in _words(part)}
    return frozenset(word for part in _parts(change.words) for word in _words(part)) - known


def texts(seed: int, *, windows: int = 12, rows: int = 200, days: int = 7, change: Change | None = None, topics: Sequence[str] = tuple(TOPICS)) -> pa.Table:
    """Return a stream of `windows` windows of `days` days with `rows` texts each, in the order of their time.

    One window's rows do not depend on how many windows there are, and before a change's first window nothing depends on the change.
    """
    parts = [_window(seed, number, rows=rows, days=days, change=change, topics=tuple(topics)) for number in range(windows)]
    return pa.concat_tables(parts)


def _window(seed: int, number: int, *, rows: int, days: int, change: Change | None, topics: tuple[str, ...]) -> pa.Table:
    rng = np.random.default_rng((seed, number))
    start, length = START + timedelta(days=days * number), days * 86_400
    seconds = np.sort(rng.integers(0, length, rows))
    named = [topics[place] for place in rng.integers(0, len(topics), rows)]
    changed = change if change is not None and number >= change.since else None
    written = [_text(np.random.default_rng((seed, number, row)), topic, change=changed) for row, topic in enumerate(named)]
    return pa.table(
        {
            "id": pa.array([f"{number:03d}-{row:05d}" for row in range(rows)]),
            "time": pa.array([start + timedelta(seconds=int(each)) for each in seconds], pa.timestamp("us")),
            "text": pa.array(written),
            "topic": pa.array(named),
            "channel": pa.array([CHANNELS[place] for place in rng.choice(len(CHANNELS), rows, p=(0.5, 0.3, 0.2))]),
            "waited": pa.array(np.round(rng.gamma(2.0, 4.0, rows), 1).tolist()),
        }
    )


def _text(rng: np.random.Generator, topic: str, *, change: Change | None) -> str:
    said = [_sentence(rng, _muddled(rng, topic), change=change) for _ in range(int(rng.integers(1, 4)))]
    details = list(rng.choice(DETAILS, int(rng.integers(0, 3)), replace=False))
    return ". ".join([f"{_one(rng, OPENINGS)}, {_name(rng)} here", *said, *details, f"{_one(rng, CLOSINGS)}, {_name(rng)}"])


def _sentence(rng: np.random.Generator, topic: str, *, change: Change | None) -> str:
    other = change is not None and change.topic == topic and rng.random() < change.share
    return (change.words if other and change is not None else TOPICS[topic]).sentence(rng)


def _muddled(rng: np.random.Generator, topic: str) -> str:
    return str(rng.choice(list(TOPICS))) if rng.random() < MUDDLED else topic


def _name(rng: np.random.Generator) -> str:
    """A name from a long tail: short ones come again and again, long ones once."""
    return "".join(_one(rng, SYLLABLES) for _ in range(1 + min(int(rng.geometric(0.6)), 4))).title()


def _one(rng: np.random.Generator, of: Sequence[str]) -> str:
    return of[int(rng.integers(len(of)))]


def _parts(topic: Topic) -> tuple[str, ...]:
    return (*topic.things, *topic.events, *topic.demands)


def _words(part: str) -> list[str]:
    return part.lower().replace("-", " ").split()
