from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path

import pytest
from tests.gate.verdicts import GREEN, NOW, RULES, outcome, refusing, verdict

import keepfit.gate.decide
from keepfit.gate.attestation import Attestation
from keepfit.gate.decide import demands
from keepfit.gate.rules import parse_rules, read_rules
from keepfit.gate.sentence import sentence
from keepfit.gate.standing import Standing
from keepfit.gate.version_evidence import VersionEvidence


def test_green_evidence_is_promoted_and_called_self_attested():
    found = verdict()
    assert (found.promote, found.kind, found.self_attested) == (True, "promoted", True)
    assert "self-attested" in sentence(found, page="/")


@pytest.mark.parametrize(
    ("changes", "codes"),
    [
        ({"attested": None}, ["KF-G010"]),
        ({"digest": "sha256:other"}, ["KF-G012"]),
        ({"digest": None}, ["KF-G013"]),
        ({"version": "3"}, ["KF-G014"]),
        ({"expires": NOW - timedelta(seconds=1)}, ["KF-G015"]),
        ({"expires": NOW + timedelta(seconds=1)}, []),
        ({"now": NOW + timedelta(days=40)}, ["KF-G016"]),
        ({"evaluated_until": None}, ["KF-G016"]),
        ({"rules": RULES + "    require_merged: true\n", "merged": None}, ["KF-G017"]),
        ({"standing": Standing(champion="5")}, ["KF-G018"]),
        ({"standing": Standing(champion=None)}, ["KF-G018"]),
        ({"champion": None}, ["KF-G018"]),
        ({"standing": Standing(champion="1", champion_digest="sha256:else")}, ["KF-G018"]),
        ({"standing": Standing(champion="1", champion_digest="sha256:one")}, []),
        ({"basis": "same-period"}, ["KF-G019"]),
        ({"expectations": (outcome(),)}, ["KF-G030"]),
        ({"expectations": (outcome("error"),)}, ["KF-G030"]),
        ({"expectations": (outcome("error", "row"),)}, ["KF-G030"]),
        ({"expectations": (outcome(level="row"), outcome(severity="warning"), outcome("undecided"))}, []),
        ({"model_expectations": (outcome(level="row"),)}, ["KF-G030"]),
    ],
)
def test_each_demand_refuses_on_its_own(changes, codes):
    assert refusing(verdict(**changes)) == codes


def test_without_rules_nothing_passes():
    evidence = VersionEvidence(model="x", version="1", model_id=None, signed=None, attestation=Attestation(by="self"), model_digest="d")
    (only,) = demands(evidence, Standing(champion=None), rules=read_rules(None), now=NOW)
    assert (only.code, only.blocking) == ("KF-G001", True)


def test_a_first_model_that_stands_by_its_alias_is_promoted_to_its_stage_not_rolled_back():
    stands = Standing(champion="2", champion_digest="sha256:two", former_digests=frozenset({"sha256:two"}))
    found = verdict(rows={"floor": GREEN["floor"]}, standing=stands, champion=None, basis="same-period")
    assert (found.promote, found.kind) == (True, "promoted")


def test_a_name_in_a_command_to_type_is_one_word_of_the_shell():
    evidence = VersionEvidence(model="m $(id) > x", version="1", model_id=None, signed=None, attestation=Attestation(by=None), model_digest=None)
    (only,) = demands(evidence, Standing(champion=None), rules=parse_rules(RULES.replace("  m:", "  'm*':")), now=NOW)
    assert only.fix == "keepfit certify 'm $(id) > x' 1"


def test_the_steps_that_are_listed_lie_in_the_files_that_are_named():
    """Who asks how the gate decides reads this list first."""
    listed = keepfit.gate.decide.__doc__ or ""
    steps = re.findall(r"^\d\. `(\w+)`", listed, re.MULTILINE)
    assert len(steps) == 9
    gate = Path(keepfit.gate.decide.__file__).parent
    assert [step for step in (*steps, *re.findall(r"\(`(\w+)`[,)]", listed)) if not (gate / f"{step}.py").is_file()] == []
    assert [path for path in re.findall(r"`([\w/]+(?:\.py|/))`", listed) if not ((gate / path).exists() or (gate.parent / path).exists())] == []
