from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from tests.certificates import row

import keepfit.gate
from keepfit.gate.certificate import Attestation, unsigned
from keepfit.gate.codes import CODES
from keepfit.gate.decide import Evidence, Standing, decide, demands
from keepfit.gate.rules import parse_rules, read_rules
from keepfit.gate.sentence import sentence
from keepfit.records import Certificate, ExpectationOutcome, Pin, Scorecard

NOW = datetime(2026, 1, 10, tzinfo=UTC)
RULES = """
models:
  m:
    trust: self
    max_data_age_days: 30
    rules:
      overall: {kind: not_worse_than, metric: roc_auc, bound: 0.01}
      slices: {kind: no_proof_of_harm, metric: '*', slice: '*', bound: 0.05}
      floor: {kind: at_least, metric: roc_auc, bound: 0.6}
"""
PIN = Pin(model="m", version="1", digest="sha256:one", trained_until=None, evaluated_until=None)


GREEN = {"overall": row("not_worse_than", 0.01), "slices": row("no_proof_of_harm", 0.05, slice_="carrier=EV"), "floor": row("at_least", 0.6)}


def again(name, **changes):
    """A row of `GREEN` as an evaluation would have written it with another status or bound."""
    was = GREEN[name]
    return row(**{"rule": was.rule, "bound": was.bound, "status": was.status, "slice_": was.slice} | changes)


def outcome(status="fail", level="batch", severity="critical"):
    about = {"suite": "rows", "expectation": "weather_is_there", "type": "x", "column": None, "observed": "0 of 842", "unexpected": 0}
    return ExpectationOutcome(severity=severity, level=level, status=status, **about)


def verdict(*, rows=GREEN, here="default", standing=Standing(champion="1"), rules=RULES, now=NOW, attested="self", digest="sha256:two", **changes):  # noqa: B008 - frozen
    card = {"basis": "later", "champion": PIN, "expectations": (), "evaluated_until": datetime(2026, 1, 1)}
    card |= {key: changes.pop(key) for key in list(changes) if key in card and key != "expectations"}
    card["expectations"] = changes.pop("model_expectations", ())
    scorecard = Scorecard(model="m", task="classification", metric="roc_auc", evaluated_from=None, n=500, rows=tuple(rows.values()), **card)
    values = {"version": "2", "model_id": None, "model_digest": "sha256:two", "expectations": (), "merged": True, "expires": None}
    made = Certificate(
        model="m", train_md5="a", data={}, params="p", suites={}, scorecard=scorecard, commit="c" * 40, issued=NOW, signer="self", **(values | changes)
    )
    evidence = Evidence(
        model="m",
        version="2",
        model_id=None,
        signed=unsigned(made),
        attestation=Attestation(by=attested, problem="no"),
        model_digest=digest,
        problem="gone",
        workspace=here,
    )
    return decide(evidence, standing, rules=parse_rules(rules), target="alias champion", now=now)


def refusing(found):
    return [reason.code for reason in found.reasons if reason.blocking]


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


@pytest.mark.parametrize(
    ("name", "changes", "codes"),
    [
        ("overall", None, ["KF-G020"]),
        ("slices", None, ["KF-G020"]),
        ("overall", {"status": "fail"}, ["KF-G021"]),
        ("overall", {"status": "undecided"}, ["KF-G022"]),
        ("floor", {"status": "undecided"}, ["KF-G022"]),
        ("slices", {"status": "undecided"}, []),
        ("slices", {"status": "error"}, ["KF-G023"]),
        ("overall", {"bound": 0.02}, ["KF-G024"]),
        ("overall", {"bound": 0.0}, []),
        ("overall", {"bound": None}, ["KF-G024"]),
        ("slices", {"bound": 0.01}, ["KF-G024"]),
        ("floor", {"bound": 0.5}, ["KF-G024"]),
        ("floor", {"bound": 0.65}, []),
    ],
)
def test_each_row_refuses_on_its_own(name, changes, codes):
    rows = {key: one for key, one in GREEN.items() if key != name} if changes is None else GREEN | {name: again(name, **changes)}
    assert refusing(verdict(rows=rows)) == codes


def test_a_row_that_failed_a_rule_of_the_project_alone_refuses_too():
    own = RULES.replace("      floor: {kind: at_least, metric: roc_auc, bound: 0.6}\n", "")
    for status, codes in {"pass": [], "undecided": ["KF-G022"], "fail": ["KF-G021"], "error": ["KF-G023"]}.items():
        assert refusing(verdict(rows=GREEN | {"floor": again("floor", status=status)}, rules=own)) == codes


def test_a_first_model_is_judged_by_absolute_bounds_only_and_the_verdict_says_so():
    first = {"standing": Standing(champion=None), "champion": None, "basis": "same-period"}
    found = verdict(rows={"floor": GREEN["floor"]}, **first)
    assert found.promote
    assert [reason.rule for reason in found.reasons if reason.code == "KF-G025"] == ["overall", "slices"]
    only_comparisons = RULES.replace("      floor: {kind: at_least, metric: roc_auc, bound: 0.6}\n", "")
    assert refusing(verdict(rows={}, rules=only_comparisons, **first)) == ["KF-G026"]
    assert refusing(verdict(rows={"floor": again("floor", status="fail")}, rules=only_comparisons, **first)) == ["KF-G021"]


@pytest.mark.parametrize(
    ("named", "here", "codes"),
    [
        ("default", "default", []),
        ("a-team", "a-team", []),
        ("a-team", "b-team", ["KF-G014"]),
        ("default", "a-team", ["KF-G014"]),
        ("a-team", "default", ["KF-G014"]),
        (None, "default", []),
        (None, "a-team", ["KF-G014"]),
    ],
)
def test_a_certificate_speaks_in_its_own_workspace_and_one_that_names_none_in_the_default_one(named, here, codes):
    assert refusing(verdict(workspace=named, here=here)) == codes


def test_a_former_champion_of_another_workspace_than_the_default_comes_back_on_a_certificate_that_names_none():
    back = {"standing": Standing(champion="5", former_digests=frozenset({"sha256:two"})), "rows": {}, "here": "a-team"}
    assert verdict(**back).kind == "rolled back"
    assert verdict(**back, workspace="b-team").kind == "refused"


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


def test_a_former_champion_needs_only_files_and_signature():
    back = {"standing": Standing(champion="5", former_digests=frozenset({"sha256:two"})), "expires": NOW - timedelta(days=9), "rows": {}}
    assert verdict(**back).kind == "rolled back"
    assert refusing(verdict(**back | {"attested": None})) == ["KF-G010"]
    assert refusing(verdict(**back | {"model_digest": "sha256:other"})) == ["KF-G012"]
    assert not verdict(**back | {"digest": "sha256:other"}).promote


def test_the_champion_s_other_pointer_is_judged_as_the_champion_was_but_not_with_other_bytes():
    first = {"champion": None, "basis": "same-period"}
    stands = Standing(champion="2", champion_digest="sha256:two")
    assert verdict(standing=stands, **first).kind == "promoted"
    assert verdict(standing=stands).kind == "promoted"
    overwritten = replace(stands, champion_digest="sha256:before")
    assert refusing(verdict(standing=overwritten)) == ["KF-G018"]
    assert "KF-G019" in refusing(verdict(standing=overwritten, **first))


def test_an_adopted_champion_comes_back_without_a_certificate_only_if_evidence_does_not_carry_it():
    stood = Standing(champion="1", former_digests=frozenset({"sha256:two"}), adopted_digests=frozenset({"sha256:two"}))
    assert verdict(standing=stood).kind == "promoted"
    assert verdict(standing=stood, attested=None).kind == "rolled back"
    forbidden = RULES.replace("max_data_age_days: 30", "rollback: {allowed: false}")
    assert verdict(standing=stood, attested=None, rules=forbidden).kind == "refused"


def test_without_rules_nothing_passes():
    evidence = Evidence(model="x", version="1", model_id=None, signed=None, attestation=Attestation(by="self"), model_digest="d")
    (only,) = demands(evidence, Standing(champion=None), rules=read_rules(None), now=NOW)
    assert (only.code, only.blocking) == ("KF-G001", True)


def test_a_first_model_that_stands_by_its_alias_is_promoted_to_its_stage_not_rolled_back():
    stands = Standing(champion="2", champion_digest="sha256:two", former_digests=frozenset({"sha256:two"}))
    found = verdict(rows={"floor": GREEN["floor"]}, standing=stands, champion=None, basis="same-period")
    assert (found.promote, found.kind) == (True, "promoted")


@pytest.mark.parametrize("count", [1, 2, 4, 5, 60])
def test_a_refusal_names_rule_value_and_bound_first_and_stays_short(count):
    rows = {f"{number}": row("no_proof_of_harm", 0.05, "fail", f"carrier={'X' * 30}{number}", difference=-0.0312) for number in range(count)}
    text = sentence(verdict(rows=GREEN | rows), page="/#/models/m/versions/2")
    assert len(text) <= 400
    assert re.search(r"as alias champion \(self-attested\): \[KF-G021\] slices: carrier=X+0 .*-0\.0312.*bound 0\.05", text)
    assert text.endswith("All reasons: reload /#/models/m/versions/2")
    if count > 5:
        assert re.search(r" and \d+ more\.", text)


@pytest.mark.parametrize("length", range(1, 60, 3))
def test_a_refusal_that_is_cut_is_cut_between_words(length):
    rows = {f"{number}": row("no_proof_of_harm", 0.05, "fail", f"carrier={'X' * length}{number}", difference=-0.0312) for number in range(5)}
    found = verdict(rows=GREEN | rows)
    words = {word.rstrip(",;:") for reason in found.reasons for word in f"[{reason.code}] {reason.rule}: {reason.text} → {reason.fix}".split()}
    for last in re.findall(r"(\S+)…", sentence(found, page="/")):
        assert last in words


def test_a_name_in_a_command_to_type_is_one_word_of_the_shell():
    evidence = Evidence(model="m $(id) > x", version="1", model_id=None, signed=None, attestation=Attestation(by=None), model_digest=None)
    (only,) = demands(evidence, Standing(champion=None), rules=parse_rules(RULES.replace("  m:", "  'm*':")), now=NOW)
    assert only.fix == "keepfit certify 'm $(id) > x' 1"


def test_a_rollback_is_not_said_to_roll_the_version_back():
    stood = Standing(champion="3", former_digests=frozenset({"sha256:two"}))
    assert sentence(verdict(standing=stood), page="/") == "keepfit: rolled back: m v2 is alias champion again (self-attested)"


def test_the_bound_of_no_proof_of_harm_is_said_to_be_an_error_rate():
    """Beside a difference it would read as the size that is allowed."""
    found = verdict(rows=GREEN | {"slice": row("no_proof_of_harm", 0.05, "fail", "carrier=EV", difference=-0.03)})
    assert "significantly worse at bound 0.05" in next(reason.text for reason in found.reasons if reason.slice == "carrier=EV")


def test_every_code_is_known_and_used():
    text = "".join(
        path.read_text() for folder in ("gate", "integrations/mlflow/store") for path in (Path(keepfit.gate.__file__).parents[1] / folder).glob("*.py")
    )
    used = set(re.findall(r"KF-G\d{3}", text.replace((Path(keepfit.gate.__file__).parent / "codes.py").read_text(), "")))
    assert used == set(CODES)
