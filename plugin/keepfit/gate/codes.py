"""The codes of the gate's findings: stable, so that a script, a page or a waiver can name one. docs/trust.md explains them."""

from __future__ import annotations

from typing import Final

CODES: Final[dict[str, str]] = {
    "KF-G000": "the demand is met",
    "KF-G001": "the server has no readable rules: the built-in protection lets nothing pass",
    "KF-G002": "the version has no certificate",
    "KF-G003": "the name only looks like a protected one",
    "KF-G004": "the verb would take a protected pointer away or along",
    "KF-G005": "the tag is reserved for the gate",
    "KF-G006": "an existing model cannot be declared a prompt",
    "KF-G007": "the gate could not evaluate",
    "KF-G010": "no certificate of this version is trusted",
    "KF-G011": "the certificate is self-attested",
    "KF-G012": "the model's files are not the certified ones",
    "KF-G013": "the model's files, or its certificates, cannot be read",
    "KF-G014": "the certificate speaks for another version",
    "KF-G015": "the certificate has expired",
    "KF-G016": "the evaluation's data are too old",
    "KF-G017": "the certified commit was not merged",
    "KF-G018": "the champion compared with is not the champion any more",
    "KF-G019": "a first model's judgement does not do where a champion stands",
    "KF-G020": "the scorecard has no row for the rule",
    "KF-G021": "a row fails the rule",
    "KF-G022": "a row is undecided",
    "KF-G023": "a row could not be measured",
    "KF-G024": "a row was judged by a looser bound than the gate's",
    "KF-G025": "comparison rules do not apply to a first model",
    "KF-G026": "no absolute bound has judged this first model",
    "KF-G030": "an expectation failed or could not be measured",
    "KF-G031": "rows that failed an expectation were set aside, or a person accepted them",
    "KF-G040": "a former champion comes back: only its files and signature are verified",
    "KF-G041": "the journal does not explain where a protected pointer stands",
    "KF-G042": "a waiver sets the finding aside",
    "KF-G043": "a rollback needs a reason",
    "KF-G044": "a newer certificate of the version has been judged and is gone",
    "KF-G050": "approvals are missing",
    "KF-G051": "approvals are advisory: the server has no authentication",
    "KF-G052": "the approval cannot be taken",
    "KF-G053": "the request cannot be carried out",
}
