"""What the gate says of a refit: only what is broken refuses, and whoever wants no refits says so."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import pytest
from tests.certificates import row
from tests.gate.verdicts import GREEN, RULES, refusing, verdict

from keepfit.records import Shipped

SHIPPED = Shipped(refit=True, text="judged: that; shipped: its refit", judged_until=datetime(2026, 1, 1), trained_until=datetime(2026, 2, 1))


def smoke(status, **more):
    return replace(row("no_proof_of_harm", 0.01, status, **more), basis="smoke")


def refitted(*rows, rules=RULES, shipped=SHIPPED):
    return verdict(rows={**GREEN, **{str(at): one for at, one in enumerate(rows)}}, rules=rules, shipped=shipped)


@pytest.mark.parametrize(("status", "codes"), [("pass", []), ("undecided", []), ("fail", ["KF-G033"]), ("error", ["KF-G033"])])
def test_a_broken_refit_is_refused_and_one_that_too_few_rows_looked_over_is_not(status, codes):
    assert refusing(refitted(smoke(status))) == codes


def test_no_rule_is_met_or_failed_by_a_row_of_basis_smoke():
    """Neither a demand on a slice that only the refit has a row of, nor a floor that its agreement with the judged model would not reach."""
    found = refitted(replace(row("at_least", 0.0, "pass", slice_="overall"), basis="smoke", metric="rank_agreement", challenger=0.4))
    assert refusing(found) == []
    rules = RULES + "      other: {kind: not_worse_than, metric: roc_auc, slice: 'a=b', bound: 0.01}\n"
    assert refusing(refitted(replace(row("not_worse_than", 0.01, slice_="a=b"), basis="smoke"), rules=rules)) == ["KF-G020"]


def test_who_wants_no_refits_is_told_what_to_do_instead():
    rules = RULES.replace("    trust: self\n", "    trust: self\n    refit: refuse\n")
    found = refitted(smoke("pass"), rules=rules)
    assert refusing(found) == ["KF-G034"]
    (reason,) = [reason for reason in found.reasons if reason.blocking]
    assert reason.fix.startswith("update.refit: false in params.yaml")
    assert refusing(refitted(rules=rules, shipped=replace(SHIPPED, refit=False))) == []
    assert refusing(verdict(rules=rules)) == [], "a certificate of before there were refits is of bytes that were judged"
