from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from keepfit.gate.history import replaced_by, told, unexplained, waived
from keepfit.records import JournalRow

AT = datetime(2026, 1, 1, tzinfo=UTC)


def promoted(version, target):
    return JournalRow(at=AT, kind="promoted", model="m", version=version, target=target, who="tess", via="server", text="")


@pytest.mark.parametrize(
    ("standing", "said"),
    [
        ({"stage Production": ["3"]}, []),
        ({"stage Production": ["4"]}, ["the stage Production stands on v4, but the journal left it on v3"]),
        ({"stage Production": ["1", "3"]}, ["the stage Production is held by v1 too, but the journal left it to v3 alone"]),
        ({}, ["the stage Production stands nowhere, but the journal left it on v3"]),
        ({"stage Production": ["3"], "alias champion": ["3"]}, ["the alias champion stands on v3, but no promotion put it there"]),
    ],
)
def test_what_the_journal_does_not_explain_is_said_in_one_sentence_a_pointer(standing, said):
    assert [sentence for _, sentence in unexplained(standing, [promoted("3", "stage Production")])] == said


def test_a_number_that_was_given_again_is_another_version():
    moved = replace(promoted("3", "alias champion"), detail={"created": "1000"})
    assert list(unexplained({"alias champion": ["3"]}, [moved], created={"3": "1000"})) == []
    ((pointer, sentence),) = unexplained({"alias champion": ["3"]}, [moved], created={"3": "2000"})
    assert (pointer, sentence.split(",")[0]) == ("alias champion", "the alias champion stands on another v3 than the journal left it on: that was deleted")
    assert list(unexplained({"alias champion": ["3"]}, [promoted("3", "alias champion")], created={"3": "2000"})) == []


def row(kind, version, target="alias champion", previous=None):
    return replace(promoted(version, target), kind=kind, previous=previous)


def said(*rows):
    return {version: headline for version, (headline, _) in told(rows).items()}


def test_a_page_says_the_last_verdict_on_its_version_or_that_another_took_its_place():
    first, second = row("promoted", "1"), row("promoted", "2")
    assert said(first, second) == {"1": "replaced: alias champion", "2": "promoted: alias champion"}
    assert said(first, second, row("rolled back", "1")) == {"2": "replaced: alias champion", "1": "rolled back: alias champion"}
    assert said(first, row("refused", "2")) == {"1": "promoted: alias champion", "2": "refused: alias champion"}
    assert said(first, row("retired", "1"), second) == {"1": "retired: alias champion", "2": "promoted: alias champion"}


def test_another_protected_pointer_takes_nobodys_place():
    assert said(row("promoted", "1"), row("promoted", "2", "alias shadow", previous="1"))["1"] == "promoted: alias champion"


def test_what_is_about_no_move_is_on_no_page():
    assert said(row("promoted", "1"), row("refused", "1", "KF-G005"), row("approved", "1"), row("waived", "1")) == {"1": "promoted: alias champion"}


def test_a_rollback_does_not_change_what_a_version_replaced_when_it_was_promoted():
    rows = [row("promoted", "1"), row("promoted", "2", previous="1"), row("promoted", "3", previous="2"), row("rolled back", "2", previous="3")]
    assert [replaced_by(rows, version=version) for version in ("1", "2", "3", "4")] == [None, "1", "2", None]


def test_what_is_set_aside_now_is_told_by_model_and_version():
    def set_aside(model, version, rule, until):
        made = row("waived", version)
        return replace(made, model=model, detail={"rule": rule, "until": until})

    rows = [
        set_aside("m", "1", "overall", "2026-02-01T00:00:00+00:00"),
        set_aside("m", "1", "overall", "2026-03-01T00:00:00+00:00"),
        set_aside("m", "1", "slices", "2026-03-01T00:00:00+00:00"),
        set_aside("m", "2", "overall", "2026-01-01T00:00:00+00:00"),
        set_aside("n", "1", "age", "2026-03-01T00:00:00+00:00"),
        row("promoted", "1"),
    ]
    assert waived(rows, now=datetime(2026, 1, 15, tzinfo=UTC)) == {("m", "1"): {"overall", "slices"}, ("n", "1"): {"age"}}
    assert waived(rows, now=datetime(2026, 3, 1, tzinfo=UTC)) == {}
