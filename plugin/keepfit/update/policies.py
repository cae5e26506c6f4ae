"""The policies that a backtest knows, by name.

| name | does |
|---|---|
| `params` (or `all`) | what params.yaml says, as it is written |
| `never` | keeps the first window's model |
| `calendar` | retrains on all history at the close of each window, unseen |
| `every-K` | the same at the close of every K-th window |
| `harm`, `debt`, `age` | params.yaml with this ground alone |
| `debt:PRICE` | params.yaml with the ground debt alone and this price of a retraining |
| `reviews:N` | the same with the price that makes N reviews a year |
| `adwin` | retrains on all history where the errors of its model have risen (`adwin.py`) |
| `cara`, `cara:PRICE` | retrains on all history where the sum of its model's errors passes a threshold (`cara.py`); the price is in shares of error x windows |

>>> policy_of("every-3"), policy_of("debt:0.02").number
(NamedPolicy(name='every-3', kind='every', number=3.0), 0.02)
"""

from __future__ import annotations

from dataclasses import dataclass
from math import isfinite

from keepfit.errors import ParamsError, UnknownNameError

WHERE = "--policies"
PLAIN = ("params", "all", "never", "calendar", "harm", "debt", "age", "adwin", "cara")
KNOWN = ("params", "never", "calendar", "every-K", "harm", "debt", "age", "debt:PRICE", "reviews:N", "adwin", "cara", "cara:PRICE")
NUMBERED = {"every-": "every", "debt:": "debt", "reviews:": "reviews", "cara:": "cara"}
LEAST = {"every": 1.0, "debt": 0.0, "reviews": 0.0, "cara": 0.0}
UNIT = {"every": "windows", "debt": "a price", "reviews": "reviews a year", "cara": "a price"}
FORMER = {"opportunity": "debt"}


@dataclass(frozen=True)
class NamedPolicy:
    """A policy as it was asked for: its name, its kind, and the number that the name holds (a price, reviews a year, or windows)."""

    name: str
    kind: str
    number: float | None = None

    @property
    def folds(self) -> bool:
        """Whether it is the update policy, so that candidates are reviewed, rather than a schedule or a baseline that promotes unseen."""
        return self.kind in ("params", "all", "harm", "debt", "age", "reviews")


def policy_of(name: str) -> NamedPolicy:
    """Return the policy of a name; raises `UnknownNameError` for one that is not known, `ParamsError` for a number that cannot be."""
    if name in PLAIN:
        return NamedPolicy(name, name)
    for start, kind in NUMBERED.items():
        if name.startswith(start):
            return NamedPolicy(name, kind, _number(name, name.removeprefix(start), kind))
    if name in FORMER:
        raise ParamsError(f"the policy {name!r} is {FORMER[name]!r} by now", where=WHERE, fix=f"--policies {FORMER[name]}")
    raise UnknownNameError("policy", name, known=KNOWN, where=WHERE)


def _number(name: str, text: str, kind: str) -> float:
    try:
        number = float(text)
    except ValueError:
        number = float("nan")
    whole = kind != "every" or number.is_integer()
    if isfinite(number) and whole and (number >= LEAST[kind] if kind != "reviews" else number > 0):
        return number
    least = {"every": "a whole number from 1 on", "reviews": "a number above 0"}.get(kind, "a number from 0 on")
    raise ParamsError(f"{name!r} names no {UNIT[kind].removeprefix('a ')}: {text!r}", where=WHERE, fix=f"{least}, e.g. {_example(kind)}")


def _example(kind: str) -> str:
    return {"every": "every-3", "debt": "debt:0.02", "reviews": "reviews:4", "cara": "cara:0.05"}[kind]
