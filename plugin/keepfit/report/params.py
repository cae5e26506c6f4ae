"""Params as text: one line a key."""

from __future__ import annotations

import json
from collections.abc import Sequence

from keepfit.records.effective import EffectiveKey

GAP = "  "
WIDEST = 60


def params_text(keys: Sequence[EffectiveKey], *, origin: bool) -> str:
    """Return each key with its value as JSON, and where it is from.

    >>> keys = [EffectiveKey(key="monitor.alpha", value=0.02, origin="../shared.yaml:3", changed=True)]
    >>> keys += [EffectiveKey(key="monitor.bins", value=15, origin=None, changed=False)]
    >>> print(params_text(keys, origin=True), end="")
    monitor.alpha  0.02  ../shared.yaml:3
    monitor.bins   15    default
    """
    values = [json.dumps(one.value, ensure_ascii=False) for one in keys]
    wide = max((len(one.key) for one in keys), default=0)
    values_wide = min(max(map(len, values), default=0), WIDEST)
    rows = [
        f"{one.key:<{wide}}{GAP}{value:<{values_wide}}{GAP}{one.origin or 'default'}" if origin else f"{one.key:<{wide}}{GAP}{value}"
        for one, value in zip(keys, values, strict=True)
    ]
    return "\n".join([*rows, ""])
