"""Bars: hollow beside filled, each as tall as its share, every label readable, whatever the data."""

import re

from hypothesis import given
from hypothesis import strategies as st
from tests.report.drawn import assert_readable, texts

from keepfit.report.bars import Bin, PictureWords, named, upright

WORDS = PictureWords(title="Histogram of x", text="said", now="window 2013-03", line="share of the rows; missing 0.0%")
SHARES = st.none() | st.floats(0, 1)
BINS = st.lists(st.builds(Bin, st.text(max_size=60), SHARES, SHARES), max_size=24)


@given(BINS)
def test_named_bars_are_readable_whatever_the_names(bins):
    assert_readable(named(bins, words=WORDS))


@given(st.lists(st.tuples(SHARES, SHARES, st.floats(0.001, 1e5)), min_size=1, max_size=40), st.integers(0, 2))
def test_upright_bars_are_readable_whatever_the_numbers(found, aside):
    bins = [Bin("", reference, current) for reference, current, _ in found]
    edges = [None, *(round(sum(step for _, _, step in found[: index + 1]) - 1e4, 3) for index in range(len(found) - 1)), None]
    assert_readable(upright(bins, edges, aside=[Bin("infinite", 0.1, None), Bin("missing", 0.0, 0.3)][:aside], words=WORDS))


def test_a_bar_is_as_long_as_its_share_against_the_axis():
    svg = named([Bin("a", 0.4, 0.1), Bin("b", 0.2, None)], words=WORDS)
    (a, b), (c,) = ([float(wide) for wide in re.findall(rf'class="{css}" x="[\d.]+" y="\d+" width="([\d.]+)" height="8"', svg)] for css in ("ref", "cur"))
    assert abs(a / b - 2) < 0.01
    assert abs(a / c - 4) < 0.01
    assert [text.replace("\xa0", " ") for text, _ in texts(svg) if text.endswith("%") and "missing" not in text] == ["0 %", "20 %", "40 %"]


def test_what_is_cut_shows_that_it_is():
    cut = [text for text, _ in texts(named([Bin("a very long name of an airline", 0.5, 0.5)], words=WORDS)) if text.startswith("a very")]
    assert len(cut) == 1
    assert cut[0].endswith("…")
