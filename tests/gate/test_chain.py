from __future__ import annotations

import hashlib
import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import pytest

from keepfit.errors import KeepfitError
from keepfit.gate.chain import ORIGIN, Link, broken, link_of_version_1, linked, row_of
from keepfit.records import JournalRow, digest, from_data, to_data
from keepfit.records.envelope import NewerFormError
from keepfit.records.v1 import JournalRowV1

ROW = JournalRow(
    at=datetime(2026, 1, 1, 12, 0, 0, 123456, tzinfo=timezone(timedelta(hours=5))),
    kind="promoted",
    model="m",
    version="3",
    target="alias champion",
    who="Łukasz",
    via="server",
    text="said",
    detail={"reason": "known"},
)


def chained(*rows):
    links = []
    for row in rows:
        links.append(linked(row, id=len(links) + 1, parent=links[-1].row.hash if links else ORIGIN))
    return links


def of_version_1(row, *, id, parent):  # noqa: A002 - the record's word
    """The row as keepfit hashed it before its bytes were stored."""
    placed = replace(row, at=datetime(2026, 1, 1, tzinfo=UTC), id=id, parent=parent)
    return replace(placed, hash=digest(from_data(JournalRowV1, to_data(placed))))


def test_a_chain_holds_as_long_as_nothing_is_done_to_it():
    first, second, third = chained(ROW, replace(ROW, version="4"), ROW)
    assert broken([first, second, third]) is None
    assert broken([third], after=second.row) is None
    assert broken([first, third]) == "row 3 stands where row 2 should be"
    assert broken([first, replace(third, row=replace(third.row, id=2))]) == "row 2 does not follow the row before it"
    assert broken([first, replace(second, row=replace(second.row, version="5"))]) == "row 2 was changed after it was written"
    assert broken([first, replace(second, body=second.body.replace(b'"4"', b'"5"'))]) == "row 2 was changed after it was written"


def test_a_row_is_kept_with_the_bytes_that_its_hash_is_over():
    (link,) = chained(ROW)
    assert link.body.isascii()
    assert json.loads(link.body)["schema"] == 2
    assert row_of(link.body, hash=link.row.hash) == link.row
    assert link.row.at == datetime(2026, 1, 1, 7, 0, 0, 123000, tzinfo=UTC)


def test_a_row_with_fields_that_are_not_known_here_holds_and_says_what_is_known():
    (link,) = chained(ROW)
    (plain,) = chained(ROW)
    body = json.dumps(json.loads(link.body) | {"mood": "calm"}).encode()
    found = row_of(body, hash="sha256:" + hashlib.sha256(body).hexdigest())
    assert broken([Link(row=found, body=body)]) is None
    assert replace(found, hash="") == replace(plain.row, hash="")


@pytest.mark.parametrize(("kind", "form"), [("promoted", 2), ("withdrawn", 2), ("requested", 3), ("rejected", 3), ("request withdrawn", 3)])
def test_a_row_is_written_in_the_oldest_form_that_holds_it(kind, form):
    """So that a keepfit that knows no requests reads every model that has none."""
    (link,) = chained(replace(ROW, kind=kind))
    assert json.loads(link.body)["schema"] == form
    assert row_of(link.body, hash=link.row.hash) == link.row


def test_a_row_of_a_newer_form_is_refused_by_name():
    (link,) = chained(ROW)
    body = link.body.replace(b'"schema":2', b'"schema":4')
    with pytest.raises(NewerFormError) as refused:
        row_of(body, hash="", where="keepfit_journal, row 1")
    assert str(refused.value) == (
        "a row of the gate's journal has form v4; this keepfit reads forms up to v3 (keepfit_journal, row 1)\n"
        "  fix: upgrade keepfit here: pip install -U keepfit"
    )


def test_bytes_that_are_no_row_are_refused():
    for body in ("{}", "3", "", '{"schema": 2}'):
        with pytest.raises(KeepfitError, match=r"not a (RowForm|JournalRow) record"):
            row_of(body, hash="")


def test_rows_of_version_1_verify_and_newer_ones_follow_them():
    first = of_version_1(ROW, id=1, parent=ORIGIN)
    second = linked(ROW, id=2, parent=first.hash)
    third = of_version_1(ROW, id=3, parent=second.row.hash)
    assert broken([link_of_version_1(first), second, link_of_version_1(third)]) is None
    assert broken([link_of_version_1(replace(first, who="x"))]) == "row 1 was changed after it was written"


def test_a_row_of_version_1_that_nobody_wrote_is_refused():
    with pytest.raises(KeepfitError, match=r"kind: .*\(keepfit_journal, row 1\)"):
        link_of_version_1(replace(of_version_1(ROW, id=1, parent=ORIGIN), kind="cheered"))
