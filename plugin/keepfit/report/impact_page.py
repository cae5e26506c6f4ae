"""What `keepfit impact` prints: the candidate's verdict and break-even, then promotions with what they promised and delivered."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from keepfit.evaluate.impact.verdict import break_even
from keepfit.records import Impact, Probation, to_data
from keepfit.report.impact import impact_summary
from keepfit.report.probation import promise_line, promises_table
from keepfit.report.tables import inline
from keepfit.update.probation_record import kept_share

CHARS = 1500


def impact_page(model: str, found: Impact | None, promotions: Sequence[Probation], *, judged: bool) -> str:
    """Return the page as Markdown; `judged`: there is a candidate's scorecard."""
    nothing = "It has no champion to be compared with: a first model." if judged else "There is no scorecard: dvc repro evaluates a candidate."
    candidate = nothing if found is None else inline(impact_summary(found), max_chars=CHARS)
    past = f"{promise_line(promotions)}\n\n{promises_table(promotions).rstrip()}" if promotions else "No promotion was on probation yet: `keepfit monitor`."
    return f"# Impact of {inline(model)}\n\n## The candidate of this checkout\n\n{candidate}\n\n## What promotions promised and delivered\n\n{past}\n"


def impact_data(model: str, found: Impact | None, promotions: Sequence[Probation]) -> dict[str, Any]:
    """Return the same as JSON-able values."""
    when, share = None if found is None else break_even(found), kept_share(promotions)
    return {
        "schema": 1,
        "model": model,
        "candidate": None if found is None else to_data(found),
        "break_even_windows": None if when is None else {"estimate": when.windows, "soonest": when.soonest, "latest": when.latest},
        "promotions": [to_data(one) for one in promotions],
        "kept": None if share is None else {"promotions": share[0], "share": share[1]},
    }
