"""What the gate says of evidence that was found outside a project: on a table that a person named, of which no commit says how it came to be.

No commit was reviewed or merged, and whether a row of the table trained one of the models may be unknown: that is shown, or refused (`unknown_rows: refuse`).
"""

from __future__ import annotations

from collections.abc import Iterator
from shlex import quote

from keepfit.gate.move import Move
from keepfit.gate.reasons import blocked, met
from keepfit.gate.version_evidence import VersionEvidence
from keepfit.records import Certificate, Reason

RULE = "unknown_rows"
UNKNOWN = "it is not known whether the rows on which it was judged trained one of the two models: a model that has seen them looks better than it is"


def is_outside(certificate: Certificate) -> bool:
    """Whether no project made what the certificate says."""
    return not certificate.commit


def evaluate_command(evidence: VersionEvidence) -> str:
    """Return the command that judges the version anew."""
    return f"keepfit evaluate {quote(evidence.model)} {evidence.version} --data TABLE --target COLUMN"


def outside_reasons(move: Move) -> Iterator[Reason]:
    """Yield what is known of the rows that judged; nothing of a project's, which composes them."""
    unseen = move.certificate.scorecard.unseen
    if unseen == "known":
        yield met(RULE, "no row on which it was judged trained one of the two models")
    elif unseen == "unknown" and move.held.unknown_rows == "allow":
        yield Reason(code="KF-G036", rule=RULE, text=UNKNOWN, blocking=False)
    elif unseen == "unknown":
        how = f"{evaluate_command(move.evidence)} --time COLUMN"
        yield blocked("KF-G036", RULE, UNKNOWN, f"rows later than both models' training data, which --time or --trained-on shows: {how}")
