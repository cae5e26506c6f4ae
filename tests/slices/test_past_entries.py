from __future__ import annotations

import pytest

from keepfit.errors import ParamsError, UnknownNameError
from keepfit.slices.past_entries import RegressionSet, past_of

STORM = {"window": "2013-03", "slice": "origin=LGA", "rows": 412, "ticket": "T-7", "reason": "no wind  in the features", "by": "ann"}
RETIRED = {"window=2013-02": {"status": "retired", "reason": "why"}, "incident=storm": STORM | {"status": "retired"}}


def test_an_incident_is_read_back_as_it_was_written():
    [found] = past_of({"incident=storm": STORM}).incidents
    assert found == RegressionSet(
        name="incident=storm", window="2013-03", slice="origin=LGA", rows=412, ticket="T-7", reason="no wind in the features", by="ann"
    )
    assert past_of({found.name: found.entry}).incidents == (found,)


def test_what_is_retired_is_retired_with_its_reason_and_what_is_active_is_not():
    entries = past_of(
        {"window=2013-02": {"status": "retired", "reason": "why"}, "window=2013-03": {"reason": "again"}, "incident=storm": STORM | {"status": "retired"}}
    )
    assert dict(entries.retired) == {"window=2013-02": "why", "incident=storm": "no wind in the features"}
    assert not entries.is_retired("window=2013-03")
    assert [one.status for one in entries.incidents] == ["retired"]


@pytest.mark.parametrize(
    ("name", "entry", "error", "said"),
    [
        ("2013-02", {"reason": "why"}, ParamsError, "an entry is a window or an incident"),
        ("window=", {"reason": "why"}, ParamsError, "an entry is a window or an incident"),
        ("window=2013-02", "retired", ParamsError, "an entry is a map"),
        ("window=2013-02", {"status": "gone", "reason": "why"}, ParamsError, "'gone' is neither active nor retired"),
        ("window=2013-02", {"status": "retired"}, ParamsError, "it has no reason"),
        ("window=2013-02", {"status": "retired", "resaon": "why"}, UnknownNameError, "resaon"),
        ("incident=a b", STORM, ParamsError, "no name of an incident"),
        ("incident=storm", STORM | {"window": None}, ParamsError, "an incident has a window"),
        ("incident=storm", STORM | {"rows": True}, ParamsError, "how many rows of it are held out, not True"),
        ("incident=storm", STORM | {"rows": 0}, ParamsError, "how many rows of it are held out, not 0"),
    ],
)
def test_what_is_no_entry_is_refused_with_its_place(name, entry, error, said):
    with pytest.raises(error, match=said) as raised:
        past_of({name: entry})
    assert raised.value.where == f"past.yaml: {name}"
