from __future__ import annotations

import re

import pytest
from tests.certificates import row
from tests.gate.verdicts import GREEN, verdict

from keepfit.gate.sentence import sentence
from keepfit.gate.standing import Standing


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


def test_a_rollback_is_not_said_to_roll_the_version_back():
    stood = Standing(champion="3", former_digests=frozenset({"sha256:two"}))
    assert sentence(verdict(standing=stood), page="/") == "keepfit: rolled back: m v2 is alias champion again (self-attested)"
