"""Questions to a gated server that change nothing: what it would say to a move, and what its journal says and counts of a model.

They travel as an alias that is looked up, since that needs no more than the right to read the model, and MLflow's registry has
no other verb for them. An ungated server, or one that does not protect the model, knows no such alias and says so.

>>> asked("keepfit-explain-v3"), asked("keepfit-history"), asked("champion"), asked("keepfit-explain-vx")
(Question(about='explain', version='3'), Question(about='history', version=None), None, None)
>>> asked("keepfit-rules")
Question(about='rules', version=None)
>>> asked("keepfit-requests")
Question(about='requests', version=None)
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final, Literal

HISTORY: Final = "keepfit-history"
RULES: Final = "keepfit-rules"
REQUESTS: Final = "keepfit-requests"
ATTEMPTS: Final = "keepfit-attempts"
ANSWER: Final = "keepfit.answer"
"""The tag of the answered version that holds the answer's text."""
MOST_ROWS: Final = 1000
MOST_REQUESTS: Final = 20
_EXPLAIN: Final = "keepfit-explain-v"
_NUMBER = re.compile(r"[0-9]{1,9}")


@dataclass(frozen=True)
class Question:
    """What is asked about a model: `explain` a version, its `history`, the `rules` that hold for it, its open `requests`, or which `attempts` are counted."""

    about: Literal["explain", "history", "rules", "requests", "attempts"]
    version: str | None = None


_ABOUT_A_MODEL: Final[dict[str, Literal["history", "rules", "requests", "attempts"]]] = {
    HISTORY: "history",
    RULES: "rules",
    REQUESTS: "requests",
    ATTEMPTS: "attempts",
}


def explaining(version: str) -> str:
    """Return the alias that asks what the gate would say to a version."""
    return f"{_EXPLAIN}{version}"


def asked(alias: str) -> Question | None:
    """Return the question that an alias stands for, None for an alias that is one."""
    if alias in _ABOUT_A_MODEL:
        return Question(_ABOUT_A_MODEL[alias])
    version = alias.removeprefix(_EXPLAIN)
    return Question("explain", version) if version != alias and _NUMBER.fullmatch(version) else None
