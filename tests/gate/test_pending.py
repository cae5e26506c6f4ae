"""What the journal's rows say of requests: bound to a certificate, open until they are granted, taken back or rejected."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from keepfit.gate.history import approvers
from keepfit.gate.pending import open_request, open_requests, pending
from keepfit.records import JournalRow

NOW = datetime(2026, 1, 10, tzinfo=UTC)


def rows(*said):
    """Rows of version 2 on certificate A, as (kind, who) or with what is otherwise."""
    found = []
    for number, (kind, who, *more) in enumerate(said, start=1):
        about = {"version": "2", "target": "alias champion", "certificate": "A", "via": "server", "text": kind} | dict(*more)
        found.append(JournalRow(id=number, at=NOW, kind=kind, model="m", who=who, **about))
    return found


def state(*said, certificate="A"):
    found = pending(rows(*said), version="2", certificate=certificate)
    return None if found is None else (found.asked.who, found.rejected and found.rejected.who)


ASKED, REJECTED, TAKEN_BACK = ("requested", "paul"), ("rejected", "rita"), ("request withdrawn", "paul")


@pytest.mark.parametrize(
    ("said", "left"),
    [
        ([], None),
        ([ASKED], ("paul", None)),
        ([ASKED, REJECTED], ("paul", "rita")),
        ([ASKED, TAKEN_BACK], None),
        ([ASKED, ("promoted", "ci")], None),
        ([ASKED, ("rolled back", "ci")], None),
        ([ASKED, ("refused", "ci"), ("approved", "rita"), ("waived", "ci")], ("paul", None)),
        ([ASKED, ("promoted", "ci", {"target": "alias shadow"})], ("paul", None)),
        ([ASKED, ("promoted", "ci", {"target": "stage Production, alias champion"})], None),
        ([ASKED, ("promoted", "ci", {"version": "3"})], ("paul", None)),
        ([ASKED, REJECTED, ("requested", "eve")], ("eve", None)),
        ([ASKED, ("requested", "paul"), REJECTED, TAKEN_BACK], ("paul", "rita")),
        ([ASKED, REJECTED, ("rolled back", "ann")], ("paul", "rita")),
        ([REJECTED, ASKED], ("paul", None)),
        ([("requested", "paul", {"certificate": "B"})], None),
        ([ASKED, ("rejected", "rita", {"certificate": "B"})], ("paul", None)),
        ([ASKED, ("request withdrawn", "paul", {"certificate": "B"})], ("paul", None)),
    ],
)
def test_a_request_is_open_until_it_is_granted_taken_back_or_rejected(said, left):
    assert state(*said) == left


def test_newer_evidence_leaves_a_request_and_its_rejection_behind():
    assert state(ASKED, REJECTED, certificate="B") is None
    assert state(ASKED, certificate=None) is None
    assert state(ASKED, REJECTED, ("requested", "paul", {"certificate": "B"}), certificate="B") == ("paul", None)


def test_of_each_version_the_last_request_is_listed_oldest_first():
    found = rows(ASKED, ("requested", "eve", {"version": "3"}), ("requested", "paul", {"certificate": "B"}), ("requested", "ann", {"version": "4"}))
    assert [(one.asked.version, one.asked.certificate, one.asked.id) for one in open_requests(found)] == [("3", "A", 2), ("2", "B", 3), ("4", "A", 4)]
    assert open_request(found, version="4").asked.who == "ann"
    assert open_request(found, version="5") is None
    assert open_requests([*found, *rows(("promoted", "ci", {"version": "3"}), ("rejected", "rita", {"version": "4"}))])[0].asked.version == "2"


def test_who_rejects_approves_no_more():
    said = [("approved", "rita"), ("approved", "eve"), ASKED, REJECTED]
    assert approvers(rows(*said), version="2", certificate="A") == ("eve",)
    assert approvers(rows(*said, ("approved", "rita")), version="2", certificate="A") == ("eve", "rita")
