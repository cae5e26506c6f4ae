"""Which names two patterns share: found by walking both at once, so that the answer is a name and not a guess.

The patterns are those of `fnmatch`: `*`, `?`, `[abc]`, `[!abc]`. Blind to characters beyond the patterns' own, a to z, digits
and `-_.=`: a class that holds only others is taken as empty.

>>> name_of(["flights-*", "*-late"]), name_of(["flights-*", "parts"])
('flights-late', None)
>>> name_of(["fl*"], but_not=["f*"]) is None
True
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from fnmatch import fnmatchcase
from string import ascii_lowercase, digits

STAR = "*"
PLAIN = "x" + ascii_lowercase + digits + "-_.="
MOST_STATES = 20_000

Positions = frozenset[int]


def name_of(patterns: Sequence[str], *, but_not: Sequence[str] = ()) -> str | None:
    """Return a shortest name that all `patterns` match and none of `but_not`; None if there is none."""
    wanted, unwanted = [tokens(one) for one in patterns], [tokens(one) for one in but_not]
    machines = (*wanted, *unwanted)
    letters = _letters((*patterns, *but_not))
    start = tuple(_reached(machine, {0}) for machine in machines)
    seen, waiting = {start}, [("", start)]
    for name, state in waiting:  # grows while it is walked: breadth first
        for longer, after in _steps(name, state, machines, letters):
            alive = after[: len(wanted)]
            if all(_ended(alive, wanted)) and not any(_ended(after[len(wanted) :], unwanted)):
                return longer
            if after not in seen and all(alive):
                seen.add(after)
                waiting.append((longer, after))
        if len(seen) > MOST_STATES:  # patterns made to be slow: say nothing about them
            return None
    return None


def is_literal(pattern: str) -> bool:
    """Whether a pattern matches one name only."""
    return all(len(part) == 1 and part not in "*?" for part in tokens(pattern))


def tokens(pattern: str) -> tuple[str, ...]:
    """Return a pattern's parts: `*`, `?`, a class with its brackets, or one letter.

    >>> tokens("a[!b-]?*[")
    ('a', '[!b-]', '?', '*', '[[]')
    """
    return tuple(_tokens(pattern))


def _tokens(pattern: str) -> Iterator[str]:
    at = 0
    while at < len(pattern):
        end = _class_end(pattern, at) if pattern[at] == "[" else None
        letter = "[[]" if pattern[at] == "[" and end is None else pattern[at]
        yield letter if end is None else pattern[at:end]
        at = at + 1 if end is None else end


def _class_end(pattern: str, at: int) -> int | None:
    """Where the class that opens at `at` ends; None if it never does, then the bracket is a letter."""
    first = at + 2 if pattern[at + 1 : at + 2] == "!" else at + 1
    end = pattern.find("]", first + 1)
    return None if end == -1 else end + 1


def _letters(patterns: Iterable[str]) -> str:
    """A few letters stand for all others, unless a class tells them apart."""
    used = dict.fromkeys(letter for pattern in patterns for letter in pattern if letter not in "*?")
    fresh = [letter for letter in PLAIN if letter not in used]
    classes = any("[" in pattern for pattern in patterns)
    return "".join(used) + "".join(fresh if classes else fresh[:2])


def _steps(name: str, state: tuple[Positions, ...], machines: Sequence[Sequence[str]], letters: str) -> Iterator[tuple[str, tuple[Positions, ...]]]:
    for letter in letters:
        yield name + letter, tuple(_reached(machine, _after(machine, at, letter)) for machine, at in zip(machines, state, strict=True))


def _after(machine: Sequence[str], at: Positions, letter: str) -> set[int]:
    stays = {position for position in at if position < len(machine) and machine[position] == STAR}
    goes = {position + 1 for position in at if position < len(machine) and machine[position] != STAR and fnmatchcase(letter, machine[position])}
    return stays | goes


def _reached(machine: Sequence[str], at: set[int]) -> Positions:
    """A star may match nothing: where one is reached, what follows it is reached too."""
    reached = set(at)
    for position in range(len(machine)):
        if position in reached and machine[position] == STAR:
            reached.add(position + 1)
    return frozenset(reached)


def _ended(state: Sequence[Positions], machines: Sequence[Sequence[str]]) -> list[bool]:
    return [len(machine) in at for machine, at in zip(machines, state, strict=True)]
