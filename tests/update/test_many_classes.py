"""Windows of ten classes judged week after week: the small version of `tests/bench/bench_classes.py`, whose figures are in docs/benchmarks.md."""

from __future__ import annotations

import json
from functools import cache

import numpy as np
import pyarrow as pa
import pytest
from tests.bench.digits_stream import CLASSES, DigitsStream

from keepfit.records import CONFIDENCE, PREDICTION
from keepfit.report.monitor import window_html
from keepfit.report.ticket_page import explain_html, explain_markdown
from keepfit.tables.written_targets import WRITTEN

SINCE = 4


@cache
def planted():
    """Three weeks as they were, then two classes that are confused in a fifth of their rows."""
    stream = DigitsStream(0, since=SINCE)
    return stream, [judged for _, judged in stream.judged(SINCE + 1)]


def opened():
    return next(judged.ticket for judged in planted()[1] if judged.opened)


def of(judged, kind, subject):
    return next(one for one in judged.record.evidence if (one.kind, one.subject) == (kind, subject))


def test_weeks_in_which_nothing_changed_call_nobody():
    _, judged = planted()
    assert [one.record.decision.action for one in judged[: SINCE - 1]] == ["continue"] * (SINCE - 1)
    assert not any(one.since for week in judged[: SINCE - 1] for one in week.record.evidence)


def test_the_ticket_names_the_two_classes_that_are_confused_first():
    stream, _ = planted()
    ticket, pair = opened(), {str(code) for code in stream.pair}
    first = ticket.root.confusions[0]
    assert (ticket.action, ticket.ground, ticket.root.kind) == ("improve", "harm", "concept")
    assert {first.label, first.taken_for} == pair
    assert ticket.root.where == f"class={first.label} taken for {first.taken_for}: {first.before:.1%} → {first.now:.1%}"
    assert ticket.root.share == first.share


def test_page_and_terminal_say_which_class_is_taken_for_which():
    ticket = opened()
    first = ticket.root.confusions[0]
    for text in (explain_markdown(ticket), explain_html(ticket)):
        assert ticket.root.where in text
        assert "classes that are surely taken for others more than" in text
        assert f"{first.now:.1%} of {first.rows}" in text


def test_evidence_over_time_watches_each_class():
    stream, judged = planted()
    changed = {one.subject for week in judged[SINCE - 1 :] for one in week.record.evidence if one.since}
    assert changed & {f"errors of class={code}" for code in stream.pair}
    assert changed <= {"errors", *(f"errors of class={code}" for code in stream.pair)}


def test_while_the_errors_stand_as_changed_each_week_says_what_is_taken_for_what_with_or_without_a_ticket():
    stream, judged = planted()
    one, other = (str(code) for code in stream.pair)
    changed = [week for week in judged if any(one.since and one.kind == "performance" for one in week.record.evidence)]
    assert changed
    for week in changed:
        assert any(note.startswith((f"class={one} taken for {other}: ", f"class={other} taken for {one}: ")) for note in week.record.notes)
    assert not any(" taken for " in note for week in judged if week not in changed for note in week.record.notes)


def test_answers_are_watched_by_class_and_by_how_sure_they_are():
    judged = planted()[1][0]
    assert {of(judged, "prediction", name).detector for name in (PREDICTION, CONFIDENCE)} == {"chi2", "ks"}
    assert of(judged, "target", "digit").detector == "chi2"


def test_a_classes_own_value_is_told_beside_the_whole_with_its_rows():
    stream, judged = planted()
    rows = stream.rows(1)["digit"].to_numpy()
    for code, name in enumerate(CLASSES):
        found = [one for one in judged[0].record.evidence if (one.kind, one.subject) == ("performance", f"class={name}")]
        assert {one.detector for one in found} == {"accuracy", "calibration"}
        assert next(one.n for one in found if one.detector == "accuracy") == (rows == code).sum()


def test_the_estimate_before_labels_holds_and_does_not_see_the_confusion():
    _, judged = planted()
    found = [one.record.estimate for one in judged]
    assert all(one.held for one in found[: SINCE - 1])
    assert found[SINCE - 1].value == pytest.approx(found[0].value, abs=0.03)
    assert found[SINCE - 1].held is False


def test_the_window_of_a_week_is_a_page():
    judged = planted()[1][SINCE - 1]
    text = window_html(judged.record, drift=judged.step.found.drift)
    assert "errors of class=" in text
    assert CONFIDENCE in text


# -- a class that is not in the list -------------------------------------------------------------------------------------


class WithATenth(DigitsStream):
    """From week 2 on every tenth label is of a class that nobody listed."""

    def rows(self, number: int) -> pa.Table:
        table = super().rows(number)
        y, odd = table["digit"].to_numpy().copy(), (np.arange(table.num_rows) % 10 == 0) & (number >= 2)
        y[odd] = 10.0
        written = pa.array([json.dumps("ten") if one else json.dumps(int(code)) for one, code in zip(odd, y, strict=True)])
        return table.set_column(table.column_names.index("digit"), "digit", pa.array(y)).append_column(WRITTEN, written)


@cache
def tenth():
    return [judged for _, judged in WithATenth(1).judged(3)]


def test_a_new_class_is_an_event_by_its_written_value_in_decision_ticket_and_page():
    judged = tenth()[1]
    found = of(judged, "target", "digit=ten")
    assert (found.statistic, found.effect) == (70.0, 0.1)
    assert any("digit=ten: 70 of 700 labels (10.0%) are of a class that is not in model.classes" in reason for reason in judged.record.decision.reasons)
    page = window_html(judged.record, drift=judged.step.found.drift)
    assert "digit=ten" in page


def test_where_it_does_no_harm_for_sure_a_person_is_asked_about_it():
    rare = WithATenth(1)
    rare.rows = lambda number: _rare(number)  # type: ignore[method-assign]
    judged = [judged for _, judged in rare.judged(3)]
    assert [one.opened for one in judged] == [False, True, False]
    ticket = judged[1].ticket
    assert (ticket.action, ticket.cause) == ("inspect", "drift:digit=ten")
    assert ticket.severity != "critical"
    assert (ticket.root.kind, ticket.root.column, ticket.root.share) == ("target", "digit=ten", 7 / 700)
    assert "labels of a class that is not in the list" in explain_markdown(ticket)
    assert "how sure: certain: it was counted, not estimated" in explain_markdown(ticket)
    assert "keepfit window" not in " ".join(ticket.next)


def _rare(number):
    table = WithATenth(1).rows(number)
    usual = DigitsStream(1).rows(number)
    kept = np.arange(table.num_rows) % 100 == 0
    y = np.where(kept, table["digit"].to_numpy(), usual["digit"].to_numpy())
    written = pa.array([json.dumps("ten") if code == 10 else json.dumps(int(code)) for code in y])
    usual = usual.set_column(usual.column_names.index("digit"), "digit", pa.array(y))
    return usual.append_column(WRITTEN, written)
