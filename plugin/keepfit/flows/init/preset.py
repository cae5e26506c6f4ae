"""The preset of rules that init writes into params.yaml and gate.yaml, with the loss that the first windows may find."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from keepfit.integrations.yaml_files import put_block
from keepfit.stats.planned import absolute_spread, auc_spread, error_spread, planned_loss

if TYPE_CHECKING:
    from keepfit.expect.own_table import TableFacts

GROUPS = {"month": 30, "week": 21, "day": 8}
"""In how many groups of rows that vary together a window comes: days, in a week or a day stretches of hours."""
FEWEST = 8
LEAST, MOST = 0.005, 0.05
"""Between which losses a bound makes sense: in AUC, or as a share of the error of always saying the median."""
LINE = re.compile(r"^( *)preset:.*$", re.MULTILINE)
OWN = re.compile(r"^( *)rules:\n(?:\1 +.*\n?)+", re.MULTILINE)
FLOOR = ("floor:", "  kind: at", "  metric: m", "  slice: overall", "  bound: 0.0", "  first_only: true  # later models are held against the champion")


def findable_loss(facts: TableFacts) -> float:
    """Return the loss that a window of the table may find with power .8, before anything was measured, as far as such a bound makes sense."""
    binary, trivial = facts.task == "classification", facts.first.trivial
    unit = 1.0 if binary else trivial or 1.0
    rows = max(1, round(facts.rows_a_window * facts.first.labelled_share))
    spread = error_spread(trivial) if facts.many else auc_spread(trivial) if binary else absolute_spread(unit)
    found = planned_loss(rows=rows, days=GROUPS.get(facts.window, FEWEST), spread=spread)
    return float(f"{min(max(found, LEAST * unit), MOST * unit):.2g}")


def renewing_params(text: str, loss: float, *, said: str) -> str:
    """Return params.yaml with the preset in place of the rules that compare, and what is `said` beside it; its floor is left for the caller to fill.

    What must not be forgotten is for a person to say: no rule about the past is written.
    """
    text = put_block(text, "evaluate.rules", FLOOR)
    return LINE.sub(lambda found: f"{found[1]}{_line(loss)}  # {said}", text, count=1)


def renewing_gate(text: str, loss: float) -> str:
    """Return gate.yaml with the preset in place of its rules, and with who may let pass what is undecided."""
    who = "approvers: ['*']            # who may approve what is undecided, others than who asks; on a server with users name them"
    line = f"{_line(loss)}  # promoted unless shown worse; what a window cannot tell passes by approval"
    kept = OWN.sub("", text, count=1)
    if LINE.search(kept) is None:
        kept += "    preset:\n"
    return LINE.sub(lambda found: "\n".join(f"{found[1]}{said}" for said in ([] if "approvers:" in kept else [who]) + [line]), kept, count=1)


def _line(loss: float) -> str:
    return f"preset: {{name: renew, max_loss: {loss:g}, undecided: approve}}"
