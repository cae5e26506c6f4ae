from __future__ import annotations

from dataclasses import replace

from tests.gate.verdicts import GREEN, refusing, verdict

from keepfit.gate.sentence import sentence
from keepfit.gate.standing import Standing


def test_a_scorecard_that_contradicts_itself_is_not_read_and_nobody_waives_that():
    rows = GREEN | {"overall": replace(GREEN["overall"], n=0)}
    assert refusing(verdict(rows=rows)) == ["KF-G027"]
    assert refusing(verdict(rows=rows, standing=Standing(champion="1", waivers={"scorecard": "by ci", "overall": "by ci"}))) == ["KF-G027"]


def test_a_scorecard_with_a_rule_kind_that_the_server_lacks_is_refused_by_the_kinds_name_and_nobody_waives_that():
    rows = GREEN | {"own": replace(GREEN["floor"], rule="within_percent", slice="carrier=EV")}
    found = verdict(rows=rows, standing=Standing(champion="1", waivers={"scorecard": "by ci", "params.yaml": "by ci", "within_percent": "by ci"}))
    assert refusing(found) == ["KF-G028"]
    assert "this server cannot judge: no rule kind 'within_percent'" in sentence(found, page="/")
    alone = verdict(rows={"own": rows["own"]}, rules="models: {m: {trust: self}}", standing=Standing(champion="1"))
    assert refusing(alone) == ["KF-G028"]
