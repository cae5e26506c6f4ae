"""A verdict in the words of a dialog: one sentence, at most three more reasons, a count, and where the rest is.

MLflow's pages show plain text and collapse newlines; 400 characters stay readable there.
"""

from __future__ import annotations

from keepfit.gate.approvals import PASSED
from keepfit.gate.reasons import blocking
from keepfit.gate.requests import NEVER_WAIVED
from keepfit.records import Reason, Verdict

MAX_CHARS = 400
MORE_REASONS = 3
SHORTEST = 24


def sentence(verdict: Verdict, *, page: str) -> str:
    """Return at most 400 characters; the first sentence names rule, value and bound of the first reason that refuses."""
    attested = " (self-attested)" if verdict.self_attested else ""
    name = f"{_cut(' '.join(verdict.model.split()), 60)} v{verdict.version}"
    if verdict.kind == "rolled back":
        return f"keepfit: rolled back: {name} is {verdict.target} again{attested}"[:MAX_CHARS]
    if verdict.promote:
        return f"keepfit: {name} promoted to {verdict.target}{attested}{_approved(verdict)}"[:MAX_CHARS]
    refusing = blocking(verdict.reasons)
    start = f"keepfit refused {name} as {verdict.target}{attested}: "
    end = f" All reasons: reload {_cut(page, 90)}"
    return start + _reasons(refusing, room=MAX_CHARS - len(start) - len(end)) + end


def _approved(verdict: Verdict) -> str:
    """What was undecided and passed by an approval: the journal keeps the sentence."""
    passed = [reason for reason in verdict.reasons if reason.code == PASSED]
    if not passed:
        return ""
    more = f" and {len(passed) - 1} more" if len(passed) > 1 else ""
    return f", although undecided: [{PASSED}] {passed[0].text}{more}"


def _reasons(refusing: tuple[Reason, ...], *, room: int) -> str:
    """The first reason in full as far as there is room, then as many as fit of the next three, then how many are left."""
    more = f" and {len(refusing) - 1} more."
    text = _cut(_words(refusing[0]), room - len(more))
    if not text.endswith((".", "…")):
        text += "."
    shown = 1
    for number, reason in enumerate(refusing[1 : 1 + MORE_REASONS], start=1):
        left = room - len(text) - len(f" {number}) ") - len(" and 99 more.")
        if left < SHORTEST:
            break
        text += f" {number}) {_cut(_words(reason, fix=False), left)}"
        shown += 1
    hidden = len(refusing) - shown
    return text + (f" and {hidden} more." if hidden else "")


def _words(reason: Reason, *, fix: bool = True) -> str:
    cure = f" → {reason.fix}" if fix and reason.fix else ""
    plain = reason.rule in NEVER_WAIVED and reason.rule in reason.text  # else the name is the one that a waiver uses
    rule = "" if plain else f"{reason.rule}: "
    return " ".join(f"[{reason.code}] {rule}{reason.text}{cure}".split())


def _cut(text: str, room: int) -> str:
    """Cut a text to the room that there is: between words, unless that would lose most of it."""
    if len(text) <= room:
        return text
    kept = text[: max(room - 1, 0)]
    end = len(kept) if text[len(kept)] == " " else kept.rfind(" ")
    return (kept[:end].rstrip(" ,;:") if end > len(kept) // 4 else kept) + "…"
