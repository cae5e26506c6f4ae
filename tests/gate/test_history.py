from __future__ import annotations

from datetime import UTC, datetime

import pytest

from keepfit.gate.history import unexplained
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
