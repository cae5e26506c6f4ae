"""A replayed decision for people and for programs."""

from __future__ import annotations

import difflib
import json

from keepfit.records import Decision, PolicyStep, to_data, to_json


def replay_text(ticket: str, taken: PolicyStep, again: Decision) -> str:
    """Return one sentence, and the difference of both decisions as a diff if there is one."""
    diff = list(difflib.unified_diff(to_json(taken.decision).splitlines(), to_json(again).splitlines(), "decided", "replayed", lineterm=""))
    on = f"on {len(taken.evidence)} pieces of evidence of window {taken.window.id}"
    if not diff:
        return f"{ticket}: the same decision again, {taken.decision.action} ({taken.decision.cause}), {on}\n"
    return "\n".join([f"{ticket}: another decision {on}", *diff]) + "\n"


def replay_json(ticket: str, taken: PolicyStep, again: Decision, *, same: bool) -> str:
    """Return one JSON object: the whole recorded step, what was decided again, and whether both are the same bytes."""
    return json.dumps({"ticket": ticket, "same": same, "taken": to_data(taken), "replayed": to_data(again)}, indent=2, ensure_ascii=False) + "\n"
