"""What `decision.json` asks for, and whether the windows that are tracked can give it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, cast, get_args

from keepfit.compose.assemble import CompositionRequest
from keepfit.errors import DataError, ProjectError
from keepfit.params import DataParams
from keepfit.records import Action, Pin, Window
from keepfit.tables.windows import rows_per_window, windows_covering

DECISION = "decision.json"


def asked_of(decision: Mapping[str, Any], champion: Pin | None) -> CompositionRequest:
    """Return what a decision asks for beside this champion; raises `ProjectError` for an action or a target that is none.

    >>> asked_of({"action": "improve", "target": "2013-03-01T01:00:00+01:00"}, None).target
    datetime.datetime(2013, 3, 1, 0, 0)
    """
    action, target = decision.get("action"), decision.get("target")
    if action not in get_args(Action):
        raise ProjectError(f"the action {action!r} is none of {', '.join(get_args(Action))}", where=f"{DECISION}: action", fix="improve")
    return CompositionRequest(
        action=cast("Action", action),
        target=_time(target) if action == "improve" and target is not None else None,
        champion=champion is not None,
        champion_trained_until=champion.trained_until if champion else None,
        holds_back=True,
    )


def _time(text: Any) -> datetime:
    """An ISO 8601 date or time, naive (the table's own clock) or made naive UTC."""
    try:
        time = datetime.fromisoformat(text)
    except (TypeError, ValueError) as bad:
        raise ProjectError(f"the target {text!r} is no time", where=f"{DECISION}: target", fix="an ISO date, e.g. 2013-03-01, or null") from bad
    return time if time.tzinfo is None else time.astimezone(UTC).replace(tzinfo=None)


def check_first_windows(asked: CompositionRequest, windows: Sequence[Window], data: DataParams) -> None:
    """A first model learns from all windows up to `data.as_of`: raise `DataError` if some that closed by then are not among the tracked ones."""
    newest = max((window.end for window in windows if window.end is not None), default=None)
    if asked.champion or asked.target is not None or data.history is not None or data.as_of is None or newest is None or rows_per_window(data.window):
        return
    lacking = windows_covering(data.window, newest, data.as_of)
    if lacking:
        what = f"data.as_of is {data.as_of:%Y-%m-%d}, but data/windows ends before {newest:%Y-%m-%d}: {len(lacking)} windows up to there are not tracked"
        raise DataError(what, where="params.yaml: data.as_of", fix=f"keepfit init --as-of {data.as_of:%Y-%m-%d}, which brings them from data.live")
