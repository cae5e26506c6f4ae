from __future__ import annotations

from dataclasses import replace

import pytest
from tests.certificates import NOW, certificate, pinned, row, scorecard
from tests.gate.verdicts import refusing

from keepfit.gate.attempts import attempt_reasons
from keepfit.gate.attestation import Attestation
from keepfit.gate.certificate import unsigned
from keepfit.gate.decide import decide
from keepfit.gate.move import Move
from keepfit.gate.rules import parse_rules
from keepfit.gate.standing import Standing
from keepfit.gate.version_evidence import VersionEvidence
from keepfit.records import Attempt
from keepfit.rule_kinds.spending import spent

RULES = """
models:
  m:
    trust: self
    waivers: {rules: ['*']}
    rules: {overall: {kind: not_worse_than, metric: roc_auc, bound: 0.01}}
"""
ROWS = "sha256:" + "a" * 64
CARD = replace(scorecard("m", champion=pinned("m", 1, "sha256:one")), judged_digest=ROWS, judged_model="mine", attempt=1, confidence=0.95)
PROVEN, SHOWN, FLOOR = row("not_worse_than", 0.01), row("no_proof_of_harm", 0.05, slice_="carrier=EV"), row("at_least", 0.6)


def others(count):
    return tuple(Attempt(rows=ROWS, model=f"other {at}") for at in range(count))


def judged(card, *, known=(), **standing):
    made = replace(certificate("m", 2, "sha256:two"), scorecard=card)
    evidence = VersionEvidence(model="m", version="2", model_id=None, signed=unsigned(made), attestation=Attestation(by="self"), model_digest="sha256:two")
    return evidence, Standing(champion="1", champion_digest="sha256:one", attempts=known, **standing)


def verdict(card, *, known=(), **standing):
    evidence, where = judged(card, known=known, **standing)
    return decide(evidence, where, rules=parse_rules(RULES), target="alias champion", now=NOW)


def reasons(card, *, known=()):
    evidence, where = judged(card, known=known)
    return [*attempt_reasons(Move(evidence=evidence, standing=where, held=parse_rules(RULES).of("m"), now=NOW))]


def drawn(*rows, confidence):
    return tuple(replace(one, confidence=confidence) for one in rows)


def test_a_first_attempt_passes_as_it_always_did():
    card = replace(CARD, rows=drawn(PROVEN, SHOWN, confidence=0.95))
    assert verdict(card).promote
    assert [one.blocking for one in reasons(card)] == [False]


@pytest.mark.parametrize("attempt", [None, 1, 2, -7])
def test_the_journal_counts_and_not_the_scorecard(attempt):
    found = verdict(replace(CARD, attempt=attempt, rows=drawn(PROVEN, confidence=0.9999)), known=others(2))
    assert refusing(found) == ["KF-G037"]
    [reason] = [one for one in found.reasons if one.blocking]
    assert f"judged as attempt {attempt or 1} of these rows, the journal counts 3" in reason.text
    assert "evaluate again" in reason.fix


def test_a_model_that_is_counted_already_keeps_its_place():
    known = (*others(1), Attempt(rows=ROWS, model="mine"), *others(9))
    assert verdict(replace(CARD, attempt=2, rows=drawn(PROVEN, confidence=spent(0.95, 2))), known=known).promote


def test_other_rows_count_by_themselves():
    assert verdict(CARD, known=tuple(replace(one, rows="sha256:other") for one in others(5))).promote


@pytest.mark.parametrize(
    ("attempt", "confidence", "code"), [(3, 0.95, "KF-G038"), (3, 0.99, "KF-G038"), (3, 0.9945, None), (9, 0.9945, "KF-G038"), (3, None, "KF-G038")]
)
def test_what_must_be_shown_is_shown_at_what_a_later_attempt_has_to_spend(attempt, confidence, code):
    found = verdict(replace(CARD, attempt=attempt, rows=drawn(PROVEN, FLOOR, confidence=confidence)), known=others(2))
    assert refusing(found) == ([code] if code else [])


def test_a_scorecard_that_does_not_say_what_a_first_attempt_asks_for_passes_as_such_alone():
    card = replace(CARD, confidence=None, rows=drawn(PROVEN, confidence=0.99999))
    assert verdict(card).promote
    assert refusing(verdict(replace(card, attempt=2), known=others(1))) == ["KF-G038"]


def test_a_row_that_passes_unless_harm_is_shown_gets_no_easier_by_a_wider_interval():
    """Its interval is drawn as at the first attempt: at a higher confidence harm would be harder to show."""
    card = replace(CARD, attempt=4, rows=(*drawn(PROVEN, confidence=spent(0.95, 4)), *drawn(SHOWN, confidence=0.95)))
    assert verdict(card, known=others(3)).promote


def test_a_refits_own_rows_and_those_beside_are_counted_by_nobody():
    beside = replace(FLOOR, basis="past", confidence=0.95)
    assert verdict(replace(CARD, attempt=2, rows=(*drawn(PROVEN, confidence=spent(0.95, 2)), beside)), known=others(1)).promote


def test_a_certificate_of_before_attempts_were_counted_is_judged_as_it_was():
    assert reasons(replace(CARD, judged_digest="", attempt=None, confidence=None), known=others(5)) == []
    assert verdict(replace(CARD, judged_digest="", attempt=None, confidence=None), known=others(5)).promote


def test_a_person_can_set_it_aside_by_a_waiver_that_names_it():
    found = verdict(CARD, known=others(5), waivers={"attempts": "until 2030-01-01 by ci (the others were of a broken build)"})
    assert found.promote
    assert "KF-G042" in [one.code for one in found.reasons]
