"""Whether a certificate was judged as so late an attempt on its rows as the journal counts, at the confidence that such a one has to spend.

The journal counts (`counted.py`), not the scorecard: what a scorecard says of itself must be no less. What must be shown is then judged at a confidence that
spends the error over attempts (`rule_kinds/spending.py`).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from keepfit.gate.counted import place
from keepfit.gate.move import Move
from keepfit.gate.outside import evaluate_command
from keepfit.gate.reasons import blocked, certify_command, met
from keepfit.records import Reason, Scorecard, ScoreRow
from keepfit.rule_kinds.kind import four
from keepfit.rule_kinds.known import known_kind
from keepfit.rule_kinds.spending import spent

RULE: Final = "attempts"
SLACK = 1e-9
SHOWN = 19


def attempt_reasons(move: Move) -> Iterator[Reason]:
    """Yield whether the certificate was judged as so late an attempt as the journal counts, and its rows at the confidence that asks for.

    Nothing of a certificate that does not say which rows judged: it is of before they were counted.
    """
    card = move.certificate.scorecard
    if not card.judged_digest:
        return
    number, counts = card.attempt or 1, place(move.standing.attempts, rows=card.judged_digest, model=card.judged_model)
    again = "keepfit sync brings the count along, then dvc repro" if move.certificate.commit else f"{evaluate_command(move.evidence)} asks for the count"
    fix = f"evaluate again ({again}), then {certify_command(move.evidence)}"
    loose = None if number == 1 else next((row for row in card.judged_rows if _is_loose(row, card, number)), None)
    if number < counts:
        yield blocked("KF-G037", RULE, f"judged as attempt {number} of these rows, the journal counts {counts}", fix)
    elif loose is not None:
        asked = "not known" if card.confidence is None else f"{spent(card.confidence, number):.4g}"
        text = f"{loose.slice} {loose.metric} {loose.rule} passes at the confidence {four(loose.confidence)}: attempt {number} of these rows asks for {asked}"
        yield blocked("KF-G038", RULE, text, fix)
    else:
        yield met(RULE, f"attempt {number} of the rows {card.judged_digest[:SHOWN]}…, the journal counts {counts}")


def _is_loose(row: ScoreRow, card: Scorecard, number: int) -> bool:
    """Whether a row passes by a proof that spends more than its attempt has; undecided and failed ones are no pass."""
    kind = known_kind(row.rule)
    if kind is None or kind.proof != "pass" or row.status != "pass":
        return False
    return row.confidence is None or card.confidence is None or row.confidence < spent(card.confidence, number) - SLACK
