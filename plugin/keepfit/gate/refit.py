"""What the gate says of a version whose bytes are a refit: not those that were judged, but the judged recipe fitted once more with the rows that judged it.

Whether an organisation takes refits at all is one line of gate.yaml (`refit: allow | refuse`). What is broken is refused by `rows.py`, whatever that says.
"""

from __future__ import annotations

from collections.abc import Iterator

from keepfit.gate.move import Move
from keepfit.gate.reasons import blocked, met
from keepfit.records import Reason

RULE = "refit"


def refit_reasons(move: Move) -> Iterator[Reason]:
    """Yield what is to be said of a refit; nothing of a certificate from before there were refits, as its version holds none."""
    shipped = move.certificate.scorecard.shipped
    if shipped is None or not shipped.refit:
        return
    if move.held.refit == "allow":
        yield met(RULE, shipped.text)
        return
    text = "the version holds a refit, whose own bytes nothing has judged, and gate.yaml says refit: refuse"
    yield blocked("KF-G034", RULE, text, "update.refit: false in params.yaml, dvc repro, merge and certify: then the judged bytes are what is promoted")
