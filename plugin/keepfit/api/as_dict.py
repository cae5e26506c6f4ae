"""What the command line prints with `--json`, of a record that Python holds."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from keepfit.api.comparison import TableComparison
from keepfit.api.one_sentence import in_one_sentence
from keepfit.errors import KeepfitError
from keepfit.records import JudgedWindow, to_data


@in_one_sentence
def to_dict(value: object) -> Any:
    """Return a record as plain values (times as ISO 8601), as the command line's JSON has it; of several records a list.

    Raises `KeepfitError` for what is no record.

    >>> from keepfit.records import Window
    >>> to_dict(Window(source="live", id="2013-02"))["id"]
    '2013-02'
    """
    if isinstance(value, TableComparison):
        return value.to_dict()
    if isinstance(value, JudgedWindow):
        from keepfit.report.monitoring import window_data

        return window_data(value)
    if isinstance(value, Sequence) and not isinstance(value, str | bytes):
        return [to_dict(one) for one in value]
    if (text := getattr(value, "json_text", None)) is not None:
        return json.loads(text)
    if not hasattr(value, "__dataclass_fields__"):
        raise KeepfitError(f"a {type(value).__name__} is no record of keepfit", fix="what keepfit.compare or a Project's methods return")
    return to_data(value)
