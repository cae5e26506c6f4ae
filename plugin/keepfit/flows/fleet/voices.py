"""What many projects say at once, for one reader: each line with its model's name, and what all of them say only from the first few."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field

FIRST = 3


@dataclass(frozen=True, kw_only=True)
class Voices:
    """Passes lines on to `say`; of a line that more than three models say the rest are counted.

    >>> said = []
    >>> voices = Voices(say=said.append)
    >>> for model in "abcde":
    ...     voices.hear(model, "no server answers")
    >>> voices.rest()
    >>> said[0], said[-1], len(said)
    ('a: no server answers', '2 more models said: no server answers', 4)
    """

    say: Callable[[str], None]
    _said: Counter[str] = field(default_factory=Counter)

    def hear(self, model: str, line: str) -> None:
        """Pass a line on, or count it."""
        text = line.strip().removeprefix("keepfit: ")
        if not text:
            return
        self._said[text] += 1
        if self._said[text] <= FIRST:
            self.say(f"{model}: {text}")

    def rest(self) -> None:
        """Say what was counted, the most frequent first."""
        for text, times in self._said.most_common():
            if times > FIRST:
                more = times - FIRST
                self.say(f"{more} more model{'s' * (more != 1)} said: {text}")
        self._said.clear()
