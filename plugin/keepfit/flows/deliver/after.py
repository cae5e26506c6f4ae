"""What other verbs do at their end where somebody subscribed: deliver, and whatever comes of it, end as they would have."""

from __future__ import annotations

from collections.abc import Callable

from keepfit.errors import KeepfitError, unforeseen
from keepfit.flows.deliver.keep_running import utc_now
from keepfit.flows.deliver.worker import run_hooks
from keepfit.flows.project import Project


def deliver_after(project: Project, *, say: Callable[[str], None]) -> None:
    """Deliver what is due; what was not taken, or went wrong, is one line."""
    try:
        done = run_hooks(project, now=utc_now(), say=lambda _line: None)
    except Exception as bad:  # noqa: BLE001 - no message is a reason for a run to fail that has done its work
        known = bad if isinstance(bad, KeepfitError) else unforeseen(bad)
        say(f"messages were not delivered: {known.what}; keepfit hooks run tries again")
        return
    if done.troubles:
        more = f" (and {len(done.troubles) - 1} more)" if len(done.troubles) > 1 else ""
        say(f"{done.troubles[0]}{more}")
