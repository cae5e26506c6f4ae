from __future__ import annotations

from dataclasses import replace

from tests.gate.verdicts import refusing, verdict

from keepfit.gate.standing import Standing


def test_the_champion_s_other_pointer_is_judged_as_the_champion_was_but_not_with_other_bytes():
    first = {"champion": None, "basis": "same-period"}
    stands = Standing(champion="2", champion_digest="sha256:two")
    assert verdict(standing=stands, **first).kind == "promoted"
    assert verdict(standing=stands).kind == "promoted"
    overwritten = replace(stands, champion_digest="sha256:before")
    assert refusing(verdict(standing=overwritten)) == ["KF-G018"]
    assert "KF-G019" in refusing(verdict(standing=overwritten, **first))
