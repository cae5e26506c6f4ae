"""Exports of Label Studio, as its documentation describes them: what is an answer, and what is none."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest

from keepfit.compose.answers.label_studio import tasks
from keepfit.errors import DataError


def choice(*labels, name="label"):
    return {"id": "Dx_aB91ISN", "from_name": name, "to_name": "text", "type": "choices", "origin": "manual", "value": {"choices": list(labels)}}


def annotation(*result, number=1001, **changed):
    return {
        "id": number,
        "completed_by": 10,
        "result": list(result),
        "was_cancelled": False,
        "ground_truth": False,
        "created_at": "2026-11-29T21:52:49.513742Z",
        "updated_at": "2026-11-29T22:16:08.728378Z",
        "draft_created_at": None,
        "lead_time": 4.288,
        "prediction": {},
        "result_count": 1,
        "task": 1,
        **changed,
    }


def task(*annotations, number=1, **data):
    return {
        "id": number,
        "annotations": list(annotations),
        "file_upload": "3f2a-queue.json",
        "drafts": [{"id": 3, "result": [choice("billing")]}],
        "predictions": [{"model_version": "2", "result": [choice("billing")], "score": 0.5}],
        "data": {"row": "7", "queue": "may", "text": "no light", **data},
        "meta": {},
        "created_at": "2026-11-29T21:00:00.000000Z",
        "updated_at": "2026-11-29T22:16:08.746926Z",
        "project": 83,
    }


def read(*listed):
    return tasks(json.dumps(listed).encode(), ids={"row", "id", "part"}, where="a.json")


def why(*listed):
    return [(one.place, one.why) for one in read(*listed).misread]


def test_an_annotation_is_an_answer_of_its_annotator_at_its_time():
    (answer,) = read(task(annotation(choice("outage")))).answers
    assert (answer.place, answer.row, answer.label, answer.annotator, answer.queue) == ("task 1, annotation 1001", "7", "outage", "10", "may")
    assert answer.known_at == datetime(2026, 11, 29, 22, 16, 8, tzinfo=UTC)


def test_a_cancelled_annotation_and_an_empty_submission_are_no_answers_though_the_task_knows_an_old_label():
    found = read(task(annotation(choice("outage"), was_cancelled=True), annotation(number=2), annotation(choice(), number=3), label="billing"))
    assert [answer.label for answer in found.answers] == ["", "", ""]
    assert not found.misread


def test_drafts_and_predictions_are_nobodys_answer():
    assert read(task()).answers == []


def test_several_annotators_answer_one_task():
    found = read(task(annotation(choice("outage")), annotation(choice("billing"), number=2, completed_by={"id": 11, "email": "b@example.org"})))
    assert [(answer.annotator, answer.label) for answer in found.answers] == [("10", "outage"), ("11", "billing")]


@pytest.mark.parametrize(
    ("kind", "value", "label"),
    [("number", {"number": 3.0}, "3"), ("number", {"number": 3.5}, "3.5"), ("rating", {"rating": 4}, "4"), ("textarea", {"text": ["outage"]}, "outage")],
)
def test_numbers_ratings_and_texts_are_read(kind, value, label):
    (answer,) = read(task(annotation({"from_name": "label", "to_name": "text", "type": kind, "value": value}))).answers
    assert answer.label == label


def test_beside_other_questions_the_one_called_label_is_the_answer():
    (answer,) = read(task(annotation(choice("hard", name="difficulty"), choice("outage")))).answers
    assert answer.label == "outage"


def test_what_cannot_be_one_label_is_named_by_task_and_annotation():
    box = {"from_name": "box", "to_name": "image", "type": "rectanglelabels", "value": {"x": 1, "rectanglelabels": ["car"]}}
    assert why(
        task(annotation(choice("a", "b"))),
        task(annotation(choice("a", name="x"), choice("b", name="y")), number=2),
        task(annotation(box), number=3),
        task(annotation(choice("a"), updated_at="lately"), number=4),
        task(annotation(choice("a")), number=5, row=None),
        task(annotation(choice("a")), number=6, row="x" * 1_000_000),
        task(annotation(choice("x" * 5_000)), number=7),
    ) == [
        ("task 1, annotation 1001", "several labels in one answer: 'a', 'b'"),
        ("task 2, annotation 1001", "it answers several questions, none of which is called 'label'"),
        ("task 3, annotation 1001", "its answer is of the type 'rectanglelabels': choices, number, rating, textarea are read"),
        ("task 4, annotation 1001", "it says 'lately' of when it was given, no time"),
        ("task 5, annotation 1001", "its data names no row"),
        ("task 6, annotation 1001", "the id has 1,000,000 characters, at most 1,000 are read"),
        ("task 7, annotation 1001", "the label has 5,000 characters, at most 1,000 are read"),
    ]


def test_a_task_that_keepfit_did_not_write_may_name_its_row_by_the_id_column():
    (answer,) = read(task(annotation(choice("a")), row=None, part=17)).answers
    assert answer.row == "17"


@pytest.mark.parametrize(
    ("content", "what"),
    [
        (b"{", "no JSON"),
        (b"", "no JSON"),
        (b"[1, 2]", "no list of tasks"),
        (b'"tasks"', "no list of tasks"),
        (b"[" * 100_000, "no JSON"),
        (json.dumps([{"id": 1, "row": "7", "label": "billing", "annotator": 1, "annotation_id": 4, "lead_time": 3.2}]).encode(), "a JSON_MIN export"),
        (json.dumps([{"id": 1, "data": {"row": "7"}}]).encode(), "a task without annotations"),
        (json.dumps([{"id": 1, "data": {"row": "7"}, "annotations": [5]}]).encode(), "a task without annotations"),
    ],
)
def test_what_is_no_full_export_is_refused_in_one_sentence(content, what):
    with pytest.raises(DataError, match=what) as bad:
        tasks(content, ids={"row"}, where="a.json")
    assert bad.value.fix == "export the project as JSON (not JSON_MIN or CSV)"
