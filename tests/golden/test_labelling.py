"""A queue that was asked, the sheet that people have, and what they answered mean the same for ever: a sheet may lie on a desk for years."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from tests.golden.make import versions
from tests.golden.test_golden import kept

from keepfit.compose.answers.sheet import sheet
from keepfit.records import Queue, from_json, to_json
from keepfit.records.labels import Ties
from keepfit.tables.label_file import read, written


@pytest.fixture(params=versions("labelling"), ids=lambda path: path.name)
def golden(request) -> Path:
    return request.param


@pytest.mark.parametrize(("name", "record"), [("queue", Queue), ("ties", Ties)])
def test_what_was_stored_is_kept_when_it_is_written_again(golden, name, record):
    text = (golden / f"{name}.json").read_text(encoding="utf-8")
    assert kept(json.loads(text), json.loads(to_json(from_json(record, text))))


def test_a_queue_says_why_and_how_likely_each_row_was_selected(golden):
    made = from_json(Queue, (golden / "queue.json").read_bytes())
    assert (made.name, made.ticket, made.classes) == ("november", "2026-11-harm", ("no", "yes"))
    assert [(row.row, row.selected, row.probability) for row in made.rows] == [("0071", "random", 0.05), ("=b2", "ticket", 0.5), ("c3", "active", 1.0)]


def test_a_sheet_that_is_handed_in_names_the_rows_that_were_asked_about(golden):
    text = (golden / "sheet.csv").read_text(encoding="utf-8-sig")
    filled = text.replace(",,a", ",yes,a").replace(",,b", ",no,b")
    found = sheet(filled.encode(), ids={"row"}, labels={"label"}, where="sheet.csv")
    assert [(answer.row, answer.label) for answer in found.answers] == [("0071", "yes"), ("=b2", "no"), ("c3", "no")]


def test_labels_say_whose_word_they_are_from_when_on_and_whether_their_row_may_judge(golden):
    text = (golden / "labels.csv").read_text(encoding="utf-8")
    found = {label.row: label for label in read(text, where="labels.csv")}
    assert written(found.values()) == text
    assert {row: (label.label, label.origin, label.judges) for row, label in found.items()} == {
        "0071": ("yes", "annotator", True),
        "=b2": ("no", "annotator", False),
        "z9": ("yes", "gold", True),
    }
    assert {label.known_at for label in found.values()} == {datetime(2026, 12, 1, 8, 30, tzinfo=UTC)}
