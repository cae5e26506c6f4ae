"""Which answers are labels, and why the others are none."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from keepfit.compose.answers.accept import Asked, accept
from keepfit.compose.answers.answer import GivenAnswer, HandedIn, Misread
from keepfit.records import Queue, QueueRow

NOW = datetime(2026, 11, 30, tzinfo=UTC)


def handed(*said, **more):
    return HandedIn(answers=[GivenAnswer(place=f"line {line}", row=row, label=label, **more) for line, (row, label) in enumerate(said, start=2)])


def asked(**changed):
    return Asked(
        **{"rows": {"1", "2", "3", "007"}, "classes": ("no", "yes"), "numbers": False, "queues": [], "now": NOW, "alike": {"1", "2", "3", "007"}, **changed}
    )


def why(accepted):
    return [(one.place, one.why) for one in accepted.refused]


def queue(name, *rows, day=1):
    return Queue(name=name, made_at=datetime(2026, 11, day, tzinfo=UTC), strategy="margin", seed=0, format="csv", model="m", rows=rows)


def test_answers_become_labels_that_are_known_from_now_on():
    found = accept(handed(("1", "yes"), ("2", "no")), asked(origin="gold", annotator="ann"))
    assert [(one.row, one.label, one.origin, one.annotator, one.known_at) for one in found.labels] == [
        ("1", "yes", "gold", "ann", NOW),
        ("2", "no", "gold", "ann", NOW),
    ]
    assert not found.refused


def test_an_unknown_id_a_label_outside_the_classes_and_a_formula_are_refused_by_their_lines():
    found = accept(handed(("9", "yes"), ("1", "maybe"), ("2", "=A1"), ("=1+1", "yes"), ("3", "yes")), asked())
    assert why(found) == [
        ("line 2", "no row has this id"),
        ("line 3", "the label 'maybe' is none of 'no', 'yes'"),
        ("line 4", "the label '=A1' is a formula"),
        ("line 5", "a formula stands in place of the id"),
    ]
    assert [one.row for one in found.labels] == ["3"]


def test_an_id_that_a_spreadsheet_damaged_is_refused_with_the_id_that_it_may_have_been():
    assert why(accept(handed(("7", "yes")), asked())) == [("line 2", "no row has this id: a spreadsheet may have turned '007' into it")]


def test_two_labels_of_one_person_for_one_row_refuse_both_lines_and_the_same_label_twice_is_counted():
    found = accept(handed(("1", "yes"), ("2", "no"), ("1", "no"), ("2", "no")), asked())
    assert why(found) == [("line 2", "two labels for one row (line 2, line 4)"), ("line 4", "two labels for one row (line 2, line 4)")]
    assert found.repeated == 1
    assert [one.row for one in found.labels] == ["2"]


def test_of_two_answers_that_say_their_times_the_newest_stands():
    answers = [
        GivenAnswer(place=f"line {n}", row="1", label=label, known_at=NOW - timedelta(days=age)) for n, (label, age) in enumerate([("no", 1), ("yes", 2)])
    ]
    found = accept(HandedIn(answers=answers), asked())
    assert [(one.label, one.known_at) for one in found.labels] == [("no", NOW - timedelta(days=1))]
    assert not found.refused


def test_a_label_of_the_future_is_refused_and_a_clock_that_is_a_little_ahead_is_forgiven():
    found = accept(handed(("1", "yes"), known_at=NOW + timedelta(minutes=6)), asked())
    assert why(found) == [("line 2", "known_at 2026-11-30T00:06:00Z is in the future")]
    found = accept(handed(("1", "yes"), known_at=NOW + timedelta(minutes=4)), asked())
    assert [one.known_at for one in found.labels] == [NOW]


def test_an_empty_answer_is_no_answer_whatever_its_row():
    found = accept(handed(("1", ""), ("sum", ""), ("2", "#N/A")), asked())
    assert found.empty == 3
    assert not found.labels
    assert not found.refused


def test_a_label_says_which_queue_had_selected_its_row_and_how():
    old = queue("old", QueueRow(row="1", selected="active", probability=0.5), QueueRow(row="2", selected="active", probability=1.0))
    new = queue("new", QueueRow(row="1", selected="random", probability=0.125), day=2)
    found = accept(handed(("1", "yes"), ("2", "no"), ("3", "no")), asked(queues=[new, old]))
    assert [(one.queue, one.selected, one.probability, one.judges) for one in found.labels] == [
        ("new", "random", 0.125, True),
        ("old", "active", 1.0, False),
        ("", None, None, True),
    ]


def test_a_row_that_the_named_queue_did_not_ask_about_is_refused():
    found = accept(handed(("1", "yes"), ("2", "no")), asked(queues=[queue("q", QueueRow(row="1", selected="random"))], only="q"))
    assert why(found) == [("line 3", "the queue q did not ask about it")]


def test_numbers_are_read_as_numbers_and_what_is_none_is_refused():
    found = accept(handed(("1", "3,5"), ("2", "much"), ("3", "inf")), asked(classes=(), numbers=True))
    assert [one.label for one in found.labels] == ["3.5"]
    assert why(found) == [("line 3", "the label 'much' is no number"), ("line 4", "the label 'inf' is no number")]


def test_what_was_read_otherwise_than_it_is_written_is_said():
    assert accept(handed(("1", "YES"), ("2", "No")), asked()).remarks == ["read 'No' as 'no', 'YES' as 'yes'"]


def test_ten_thousand_classes_are_not_all_listed():
    found = accept(handed(("1", "x" * 900)), asked(classes=tuple(f"class {n}" for n in range(10_000))))
    assert why(found)[0][1].endswith("and 9990 more")
    assert len(why(found)[0][1]) < 400


def test_what_was_misread_and_what_is_refused_come_in_the_order_of_the_file():
    sheet = HandedIn(answers=handed(("9", "yes"), ("8", "yes")).answers, misread=[Misread(place="line 10", row="''", why="no id")])
    assert [one.place for one in accept(sheet, asked()).refused] == ["line 2", "line 3", "line 10"]
