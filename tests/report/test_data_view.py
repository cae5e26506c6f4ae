"""The page for domain experts: everything escaped, nothing loaded, bounded whatever the data."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from html.parser import HTMLParser

import pytest

from keepfit.records import Composition, from_json, to_json
from keepfit.records.data_view import (
    ClassRows,
    Contents,
    DataView,
    Importance,
    QueueRows,
    Reliance,
    ReliancePart,
    Relied,
    SampleRow,
    Samples,
    SliceColumn,
    SliceRows,
    SuspectRow,
    SuspectRows,
)
from keepfit.records.labels import LabelCount
from keepfit.report.data_view import data_view_page

EVIL = '<script>alert("x")</script>{{ 7 * 7 }}'
COMPOSITION = Composition(
    action="improve",
    basis="later",
    trained_from=datetime(2026, 1, 1),
    trained_until=datetime(2026, 3, 1),
    evaluated_from=datetime(2026, 3, 1),
    evaluated_until=datetime(2026, 4, 1),
    parts=(),
)
ONE = Importance(value=0.08, low=0.05, high=0.11)
RELIED = Relied(
    metric="roc_auc",
    greater_is_better=True,
    confidence=0.95,
    repeats=5,
    parts=(
        ReliancePart(slice="overall", rows=600, champion=0.8, candidate=0.9, columns=(Reliance(column=EVIL, champion=ONE),), unit="day", clusters=20),
        ReliancePart(slice=f"line={EVIL}", rows=100, why="one class only"),
    ),
)
VIEW = DataView(
    model=EVIL,
    task="classification",
    target=EVIL,
    what=EVIL,
    basis="later",
    trained_from=datetime(2026, 1, 1),
    trained_until=datetime(2026, 3, 1),
    champion="version 3",
    contents=Contents(
        rows=1000,
        labelled=990,
        classes=(ClassRows(name="0", rows=750, share=0.75, weight=0.5), ClassRows(name=EVIL, rows=240, share=0.25, weight=0.5)),
        shown=("0", EVIL),
        columns=(SliceColumn(column=EVIL, slices=(SliceRows(name=f"{EVIL}={EVIL}", rows=4, share=0.4, weight=0.5, classes=(3, 1)),), others=3, other_rows=9),),
    ),
    composition=COMPOSITION,
    champion_composition=COMPOSITION,
    relied=RELIED,
    samples=Samples(columns=(EVIL,), rows=(SampleRow(id=EVIL, time="2026-01-01", label=EVIL, champion="0.250", cells=(EVIL,)),)),
    redacted=(EVIL,),
    notes=(EVIL,),
)


class Tags(HTMLParser):
    """The tags of a page that are left open, and those that could run or load something."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.bad: list[str] = []

    def handle_starttag(self, tag, attrs):
        if tag in {"script", "link", "img", "iframe", "object"} or any(
            name.startswith("on") or (name in {"src", "href"} and value[:1] != "#") for name, value in attrs
        ):
            self.bad.append(tag)
        if tag not in {"meta", "rect", "line", "circle", "br"}:
            self.open.append(tag)

    def handle_endtag(self, tag):
        if tag not in {"rect", "line", "circle"}:
            assert self.open.pop() == tag


def read(page):
    tags = Tags()
    tags.feed(page)
    assert tags.open == []
    return tags.bad


def test_every_value_is_escaped_and_nothing_runs_or_is_loaded():
    page = data_view_page(VIEW)
    assert read(page) == []
    assert "<script" not in page
    assert "&lt;script&gt;" in page
    assert "{{ 7 * 7 }}" in page  # shown as it is, not computed
    assert "http" not in page


def test_the_same_record_gives_the_same_bytes_and_survives_json():
    assert data_view_page(VIEW) == data_view_page(VIEW)
    assert from_json(DataView, to_json(VIEW)) == VIEW


def test_numbers_stand_as_text_beside_every_drawing():
    page = data_view_page(VIEW)
    for words in ("75.0\N{NO-BREAK SPACE}%", "0.0800 (0.0500 to 0.1100)", "20 days", "3 more values with 9 rows", "Not measured: one class only.", "version 3"):
        assert words in page


def test_a_screen_reader_and_a_keyboard_get_everywhere():
    page = data_view_page(VIEW)
    assert '<html lang="en">' in page
    assert page.count("<h1>") == page.count("<main>") == 1
    assert page.count('class="wide') == page.count('role="region"') == page.count('tabindex="0"')
    assert page.count('aria-hidden="true"') == page.count("<svg") > 0  # their numbers stand beside them
    assert "@media screen and (prefers-color-scheme: dark)" in page  # paper is white
    assert "@media print" in page


def test_a_page_that_would_be_too_large_leaves_samples_off_and_says_so():
    rows = tuple(replace(VIEW.samples.rows[0], id=str(at), cells=("word " * 200,)) for at in range(1_000))
    page = data_view_page(replace(VIEW, samples=replace(VIEW.samples, rows=rows)), most=60_000)
    assert len(page.encode()) < 60_000
    assert "more were left off: the page would be too large" in page
    assert read(page) == []


def test_a_long_text_is_cut():
    page = data_view_page(replace(VIEW, samples=replace(VIEW.samples, rows=(replace(VIEW.samples.rows[0], cells=("x" * 5_000_000,)),))))
    assert len(page) < 60_000


@pytest.mark.parametrize("champion", ["", "version 3"])
def test_without_models_there_are_no_columns_of_scores(champion):
    page = data_view_page(replace(VIEW, champion=champion, relied=None))
    assert ("champion says" in page) == bool(champion)
    assert "candidate says" not in page
    assert 'href="#relies"' not in page


def test_the_queue_and_whose_word_the_labels_are():
    queue = QueueRows(name=EVIL, made_at=datetime(2026, 3, 1), strategy="margin", rows=50, answered=12, ties=2)
    labelled = replace(COMPOSITION, labels=(LabelCount(origin="annotator", train=31, judge=7),))
    page = data_view_page(replace(VIEW, queues=(queue,), composition=labelled))
    for words in ("The queue", "margin", ">12<", ">38<", "Whose word the labels are", ">31<"):
        assert words in page
    assert read(page) == []
    assert "No queue waits for answers" in data_view_page(VIEW)


def test_doubtful_labels_stand_with_what_they_should_rather_be_and_nothing_is_claimed():
    doubtful = SuspectRow(row=SampleRow(id=EVIL, time="2026-01-01", label="0", champion="0.970", cells=(EVIL,)), instead=EVIL, score=0.987)
    page = data_view_page(replace(VIEW, suspects=SuspectRows(method="LogisticRegression out of 5 folds of rows", judged=990, listed=49, rows=(doubtful,))))
    assert read(page) == []
    for words in ("Doubtful labels", "0.99", "a ranking and no verdict", "of 49 listed labels, of 990 rows", "LogisticRegression out of 5 folds"):
        assert words in page
    assert "Not looked for" in data_view_page(VIEW)
    assert "None of the labels that were found doubtful" in data_view_page(replace(VIEW, suspects=SuspectRows(method="m", judged=1, listed=1)))
