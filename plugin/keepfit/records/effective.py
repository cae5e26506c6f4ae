"""What `keepfit params` says of one key."""

from __future__ import annotations

from typing import Any

from keepfit.records.form import record


@record
class EffectiveKey:
    """A key of params.yaml, dotted, with the value that holds (plain JSON) and where it is written: `params.yaml:12`; None: it is the `default`.

    `changed`: whether the value is another than the default's; of a key that has none, and of an entry of a map, it is.
    """

    key: str
    value: Any
    origin: str | None
    changed: bool
