"""What DVC takes for no change: values that are equal in Python and are not the same, such as 1, 1.0 and true; and keys that no stage names.

To an estimator `max_features: 1` is one column and `1.0` is all of them. DVC compares params as Python does, so no stage runs again,
`dvc params diff` is empty, and the candidate that lies there was trained with the other value. All other keys of params.yaml have a
type of their own, in which 1 and 1.0 are one value; `train.params` alone is passed on as it is written.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from keepfit.errors import ProjectError
from keepfit.records import TimeFeatures

FIX = "dvc repro --force --single-item train, then dvc repro"


def refuse_confused(stages: Mapping[str, Mapping[str, Any]], params: Mapping[str, Any]) -> None:
    """Raise `ProjectError` where `train.params` says another thing than the candidate was trained with and DVC sees no change."""
    held = [file["train"] for file in stages.get("train", {}).get("params", {}).values() if isinstance(file, Mapping) and "train" in file]
    trained = (held[0] or {}).get("params") or {} if held else params
    for key, before, now in confused(trained, params, "train.params"):
        what = f"{key} is {now}, and the candidate was trained with {before}: DVC takes them for equal and trained no other"
        raise ProjectError(what, where="params.yaml", fix=FIX)


def refuse_untold(trained: TimeFeatures | None, now: TimeFeatures | None) -> None:
    """Raise `ProjectError` where a model was trained with other time features than params.yaml names.

    The pipeline of a project that is older than they are does not see them change.
    """
    if trained == now:
        return
    before, after = (", ".join(one.names) if one else "none" for one in (trained, now))
    what = f"params.yaml derives other features from the time ({after}) than the candidate was trained with ({before}), and DVC trained no other"
    fix = "add data.time_features and data.timezone to the params of the stages train and evaluate in dvc.yaml, then dvc repro"
    raise ProjectError(what, where="params.yaml: data.time_features", fix=fix)


def confused(held: Any, now: Any, key: str) -> Iterator[tuple[str, str, str]]:
    """Yield key, value held and value now, as YAML writes them, where two values are equal and not the same.

    >>> list(confused({"a": 1, "b": [0, 2], "c": 3}, {"a": 1.0, "b": [False, 2], "c": 4}, "train.params"))
    [('train.params.a', '1', '1.0'), ('train.params.b[0]', '0', 'false')]
    """
    if isinstance(held, Mapping) and isinstance(now, Mapping):
        for name in (name for name in held if name in now):
            yield from confused(held[name], now[name], f"{key}.{name}")
    elif isinstance(held, list | tuple) and isinstance(now, list | tuple):
        for place, (before, after) in enumerate(zip(held, now, strict=False)):
            yield from confused(before, after, f"{key}[{place}]")
    elif held == now and _written(held) != _written(now):
        yield key, _written(held), _written(now)


def _written(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else repr(value)
