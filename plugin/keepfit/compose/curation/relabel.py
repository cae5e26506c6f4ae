"""Labels that a rule sets: its value as the number that keepfit works with.

>>> from keepfit.params.model import ModelParams
>>> label_of("no", ModelParams(name="m", task="classification", target="left", positive="yes"), words=("no", "yes"), where="curation.yaml: rules.a.value")
0.0
"""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING

import numpy as np

from keepfit.errors import ParamsError, UnknownNameError
from keepfit.tables.values import WORDS

if TYPE_CHECKING:
    from keepfit.params.model import ModelParams


def label_of(value: float | str, model: ModelParams, *, words: Collection[str], where: str) -> float:
    """Return a rule's value as a label; `words` are the target's own, where it has any.

    Raises `UnknownNameError` for a class that the target does not have, `ParamsError` for what is no number.
    """
    text = value if isinstance(value, str) else f"{value:g}"
    if model.classes is not None:
        if text not in model.classes:
            raise UnknownNameError(f"class of {model.target!r}", text[:60], known=model.classes, where=where)
        return float(model.classes.index(text))
    if model.task == "classification":
        classes = _classes(model.positive, words)
        if text not in classes:
            raise UnknownNameError(f"class of {model.target!r}", text[:60], known=classes, where=where)
        return classes[text]
    try:
        number = float(value)
    except ValueError:
        number = float("nan")
    if not np.isfinite(number):
        raise ParamsError(f"{text[:60]!r} is no number", where=where, fix="a number: the target is one")
    return number


def _classes(positive: str | None, words: Collection[str]) -> dict[str, float]:
    """What each class is called."""
    if positive is None:
        return {word: float(yes) for word, yes in WORDS.items()}
    return {**dict.fromkeys([word for word in words if word != positive] or ["0"], 0.0), positive: 1.0}
