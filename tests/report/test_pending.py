from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from keepfit.records import PendingRequest, Reason
from keepfit.report.pending import pending_text

ONE = PendingRequest(
    model="m",
    version="2",
    target="alias champion",
    who="paul",
    at=datetime(2026, 1, 31, 18, 30, tzinfo=UTC),
    reason="fewer false alarms",
    lapsed=False,
    movers=("ci-bot",),
    approvers=("rita",),
    approvals=2,
    promote=False,
    reasons=(Reason(code="KF-G050", rule="approvals", text="1 of 2 approvals", fix="someone else approves"),),
)


def test_a_request_says_who_asks_what_is_there_and_what_is_missing():
    assert pending_text([ONE]).splitlines() == [
        "m v2 as alias champion: requested by paul on 2026-01-31 18:30 UTC: fewer false alarms",
        "  approvals: 1 of 2 (rita); who may move it: ci-bot",
        "  the gate would refuse it now:",
        "    KF-G050  approvals: 1 of 2 approvals → someone else approves",
    ]
    assert pending_text([replace(ONE, promote=True, reasons=(), movers=("*",))]).splitlines()[1:] == [
        "  approvals: 1 of 2 (rita); anybody may move it",
        "  the gate would let it pass now",
    ]


def test_many_reasons_are_counted_and_a_request_on_older_evidence_counts_no_more():
    assert pending_text([replace(ONE, reasons=ONE.reasons * 8)]).splitlines()[-1] == "    and 3 more: keepfit gate explain m 2"
    assert "counts no more → keepfit request m 2 --reason" in pending_text([replace(ONE, lapsed=True)]).splitlines()[1]
    assert pending_text([]) == "no request is open"


def test_a_name_stays_on_its_line():
    assert len(pending_text([replace(ONE, who="a\nb", reason="x\ny", reasons=())]).splitlines()) == 3
